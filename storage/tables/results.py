"""What a committee hands over, and what the council answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref


class Recommendation(SQLModel, table=True):
    """A text for the council. `actions` are what follows from it; `revision` rises with each change of its words.

    `state`: draft, agreed (the committee stands behind this revision, as `agreed_by` said), delivered.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    number: int
    title: dict[str, str] = data()
    text: dict[str, str] = data()
    actions: list[dict[str, Any]] = data()
    state: str = Field(default="draft", max_length=12)
    revision: int = 1
    created_by: int = ref("person")
    created_at: datetime = moment()
    agreed_by: int | None = ref("person", null=True)
    agreed_at: datetime | None = moment(null=True)


class RecommendationSource(SQLModel, table=True):
    """What fed a recommendation. `kind`: idea, prompt (the answers to it), meeting."""

    __tablename__ = "recommendation_source"
    __table_args__ = keep_plain(retention="record")
    recommendation_id: int = ref("recommendation", key=True)
    kind: str = Field(primary_key=True, max_length=8)
    source_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))


class Attempt(SQLModel, table=True):
    """An idea that was tried: what, by whom, when, and what was learnt."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    idea_id: int | None = ref("idea", null=True)
    what: dict[str, str] = data()
    who: str = Field(max_length=120)
    tried_on: date = Field(sa_column=Column(Date, nullable=False))
    learnt: dict[str, str] = data()
    created_by: int = ref("person")
    created_at: datetime = moment()


class Result(SQLModel, table=True):
    """What a committee hands over as a whole: the case in short, when it was delivered, and when made public.

    While the council's answers are being told, `telling_at` says since when and `cursor` who was told last.
    """

    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    summary: dict[str, str] = data()
    delivered_by: int | None = ref("person", null=True)
    delivered_at: datetime | None = moment(null=True)
    released_by: int | None = ref("person", null=True)
    released_at: datetime | None = moment(null=True)
    telling_at: datetime | None = moment(null=True)
    cursor: int = Field(default=0, sa_column=Column(BIG, nullable=False, server_default="0"))


class CouncilAnswer(SQLModel, table=True):
    """What the council answers to a recommendation; a correction is a new row, and the newest told one holds.

    `outcome`: adopted, changed, rejected, undealt (not treated). It is a draft until `told_at`.
    """

    __tablename__ = "council_answer"
    __table_args__ = keep(retention="record")
    id: int = identity()
    recommendation_id: int = ref("recommendation", index=True)
    outcome: str = Field(max_length=8)
    reason: dict[str, str] = data()
    decided_on: date = Field(sa_column=Column(Date, nullable=False))
    entered_by: int = ref("person")
    entered_at: datetime = moment()
    told_by: int | None = ref("person", null=True)
    told_at: datetime | None = moment(null=True)


class Inquiry(SQLModel, table=True):
    """A politician asks the committee and those who follow along before its item is treated.

    `prompts` are the drafts of it that the facilitator sends. `told_at` is when the politician got the answers.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    asked_by: int = ref("person")
    treated_on: date = Field(sa_column=Column(Date, nullable=False))
    prompts: list[int] = data()
    asked_at: datetime = moment()
    told_at: datetime | None = moment(null=True)
