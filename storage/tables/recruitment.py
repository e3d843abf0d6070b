"""Recruitment: calls, sign-ups and where they came from, nominations and ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref, sealed


class Application(SQLModel, table=True):
    """A sign-up: `special` holds declared special-category lines, encrypted.

    `door` is seat, ad_hoc, follow, politics (a politician's own), named (by a body) or invited (never applied).
    `call` is the number of the call it answers last, 0 being the mandate's own. `entered_by` took it down on
    somebody's behalf, `entered_how` from paper or phone.
    """

    __table_args__ = keep(UniqueConstraint("person_id", "committee_id"), retention="application")
    id: int = identity()
    person_id: int = ref("person")
    committee_id: int = ref("committee", index=True)
    call: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    door: str = Field(max_length=8)
    state: str = Field(default="sent", max_length=16)
    answers: dict[str, Any] = data()
    special: bytes | None = sealed()
    mandate_version: int
    guardian: str | None = Field(default=None, max_length=12)
    guardian_id: int | None = ref("person", null=True)
    source_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_how: str | None = Field(default=None, max_length=8)
    sent_at: datetime = moment()
    updated_at: datetime = moment()


class Call(SQLModel, table=True):
    """A further call of a committee, for seats that are missing or fell empty; its number counts from 1.

    `profiles` are the lines that are called; none means all of them.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    number: int
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    answered_at: datetime = moment()
    profiles: list[str] = data()
    reason: str
    opened_by: int = ref("person")
    opened_at: datetime = moment()


class Source(SQLModel, table=True):
    """Where people heard of a call: a poster, a school, a newspaper. Its code stands in the link of that poster."""

    __table_args__ = keep(UniqueConstraint("code"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    code: str = Field(max_length=8)
    label: str = Field(max_length=80)
    created_by: int = ref("person")
    created_at: datetime = moment()


class Arrival(SQLModel, table=True):
    """Somebody who began to sign up came by a source."""

    __table_args__ = keep_plain(retention="arrival")
    person_id: int = ref("person", key=True)
    committee_id: int = ref("committee", key=True)
    source_id: int = ref("source", index=True)
    at: datetime = moment()


class Nomination(SQLModel, table=True):
    """A body names a person for a line that it fills. `state`: asked, confirmed, declined, withdrawn."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    seat: str = Field(max_length=8)
    body: str = Field(max_length=200)
    person_id: int = ref("person")
    application_id: int | None = ref("application", null=True)
    state: str = Field(default="asked", max_length=12)
    nominated_by: int = ref("person")
    asked_at: datetime = moment()
    answered_at: datetime | None = moment(null=True)


class Rating(SQLModel, table=True):
    """How well a person fits a line, 0 to 3, in the eyes of one rater; a new rating is a new row, the newest counts."""

    __table_args__ = keep(Index("ix_rating_application", "application_id", "line"), retention="application")
    id: int = identity()
    application_id: int = ref("application")
    line: str = Field(max_length=8)
    rater_id: int = ref("person")
    value: int
    note: str = ""
    at: datetime = moment()
