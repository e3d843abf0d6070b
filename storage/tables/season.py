"""The season's calendar, and what members say of the committee's work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import data, identity, keep, keep_plain, moment, ref


class SeasonItem(SQLModel, table=True):
    """One thing the season's calendar proposes for a moment. `state`: proposed, approved, done, dropped.

    An item hangs on a meeting and moves with it. `prompt_id` is the draft that approving made.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    meeting_id: int | None = ref("meeting", null=True, index=True)
    kind: str = Field(max_length=12)
    due_at: datetime = moment()
    state: str = Field(default="proposed", max_length=12)
    prompt_id: int | None = ref("prompt", null=True)


class Survey(SQLModel, table=True):
    """Five questions about what a committee gives, at the first meeting and at the last. `round`: first, last.

    `tally` counts how many agree with each statement: what one person ticked stands nowhere together.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "round"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    round: str = Field(max_length=8)
    tally: list[int] = data()


class SurveyTaken(SQLModel, table=True):
    """Who has answered a survey, without a time: only so that nobody answers twice."""

    __table_args__ = keep_plain(retention="attendance", sqlite_with_rowid=False)
    survey_id: int = ref("survey", key=True)
    person_id: int = ref("person", key=True)
