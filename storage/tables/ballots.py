"""Ideas, and the prioritisation of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref, sealed


class Idea(SQLModel, table=True):
    """An idea in its author's words. `state`: offered, shortlisted, withdrawn.

    `entered_by` took it down on the author's behalf, `entered_how` from paper or phone.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    person_id: int = ref("person")
    text: str
    state: str = Field(default="offered", max_length=12)
    entered_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_how: str | None = Field(default=None, max_length=8)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Second(SQLModel, table=True):
    """A person supports an idea."""

    __table_args__ = keep_plain(retention="idea")
    idea_id: int = ref("idea", key=True)
    person_id: int = ref("person", key=True)


class Ballot(SQLModel, table=True):
    """A prioritisation. `options` are [{idea, text}], frozen at opening; `tally` is there only once counted.

    `sealed_by` says who keeps the private key: service (in the key folder) or chair (as a closing code).
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    meeting_id: int | None = ref("meeting", null=True)
    title: dict[str, str] = data()
    method: str = Field(default="approval", max_length=16)
    state: str = Field(default="draft", max_length=12)
    options: list[dict[str, Any]] = data()
    sealed_by: str = Field(default="service", max_length=8)
    papers_shown: bool = False
    public_key: bytes | None = sealed()
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    entitled: int = 0
    tally: dict[str, Any] | None = data(null=True)
    chart: str | None = Field(default=None, max_length=64)
    created_by: int = ref("person")
    created_at: datetime = moment()


class Voter(SQLModel, table=True):
    """One row per entitled person from the opening; `box` is the sealed vote. No time, language or platform.

    `entered_by` is whoever entered a vote given on paper or by phone, until the person votes with the own hand.
    """

    __table_args__ = keep_plain(retention="roll")
    ballot_id: int = ref("ballot", key=True)
    person_id: int = ref("person", key=True)
    box: bytes | None = sealed()
    entered_by: int | None = ref("person", null=True)


class Paper(SQLModel, table=True):
    """A counted vote that belongs to nobody; its key is random, and SQLite keeps no order of its own."""

    __table_args__ = keep_plain(retention="record", sqlite_with_rowid=False)
    id: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    ballot_id: int = ref("ballot", index=True)
    choice: int = Field(sa_column=Column(BIG, nullable=False))
