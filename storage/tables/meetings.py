"""Meetings: who comes, the minutes, how dates are found, and calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref


class Meeting(SQLModel, table=True):
    """A meeting; `place` and `agenda` are the facilitator's words by language.

    `state`: draft, announced, cancelled, or dropped before anybody knew of it. It takes `length` minutes; `link` is
    where one joins from afar; `sequence` rises with each change, for calendars.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    starts_at: datetime = moment()
    length: int = Field(default=120, sa_column=Column(Integer, nullable=False, server_default="120"))
    place: dict[str, str] = data()
    link: str | None = Field(default=None, max_length=500)
    agenda: dict[str, str] = data()
    state: str = Field(default="draft", max_length=12)
    sequence: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    created_by: int = ref("person")
    created_at: datetime = moment()


class Attendance(SQLModel, table=True):
    """What somebody said about a meeting (`reply`: yes, no, late), and whether they were `there`, once it is ticked."""

    __table_args__ = keep_plain(retention="attendance")
    meeting_id: int = ref("meeting", key=True)
    person_id: int = ref("person", key=True)
    reply: str | None = Field(default=None, max_length=8)
    there: bool | None = None


class Minutes(SQLModel, table=True):
    """The minutes of a meeting by language, in short and in full; `questions` go to those who were not there.

    `state`: draft, published. Nobody is asked whether they have read them.
    """

    __table_args__ = keep_plain(retention="record")
    meeting_id: int = ref("meeting", key=True)
    essence: dict[str, str] = data()
    text: dict[str, str] = data()
    questions: dict[str, list[str]] | None = data(null=True)
    state: str = Field(default="draft", max_length=12)
    written_by: int = ref("person")
    published_at: datetime | None = moment(null=True)


class Afterwards(SQLModel, table=True):
    """What somebody who missed a meeting answered afterwards: it belongs to that meeting's record, and is marked."""

    __table_args__ = keep_plain(retention="answer")
    meeting_id: int = ref("meeting", key=True)
    person_id: int = ref("person", key=True)
    values: dict[str, Any] = data()
    sent_at: datetime = moment()


class DatePoll(SQLModel, table=True):
    """Members are asked which of a few `moments` fit, each in UTC. `state`: draft, open, chosen, cancelled."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    moments: list[str] = data()
    state: str = Field(default="draft", max_length=12)
    created_by: int = ref("person")
    created_at: datetime = moment()


class DateTick(SQLModel, table=True):
    """The moments that fit somebody, as bits, the first moment being the lowest."""

    __table_args__ = keep_plain(retention="attendance")
    poll_id: int = ref("datepoll", key=True)
    person_id: int = ref("person", key=True)
    ticked: int = Field(sa_column=Column(BIG, nullable=False))


class Feed(SQLModel, table=True):
    """The secret address of a person's calendar: only its hash is stored, so it is shown once and never again."""

    __table_args__ = keep_plain(UniqueConstraint("hash"), retention="person")
    person_id: int = ref("person", key=True)
    hash: str = Field(max_length=64)
    created_at: datetime = moment()
