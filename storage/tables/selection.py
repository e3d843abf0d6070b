"""Selection: trials, the lottery, and what was decided about each application."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref, sealed


class Trial(SQLModel, table=True):
    """A selection tried out, which binds nobody. `changed` is what is new since the trial before.

    `state`: waiting, computing (by `owner` until `until`), done, failed.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    call: int
    state: str = Field(default="waiting", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    until: datetime | None = moment(null=True)
    changed: list[dict[str, Any]] = data()
    result: dict[str, Any] | None = data(null=True)
    started_by: int = ref("person")
    started_at: datetime = moment()


class Draw(SQLModel, table=True):
    """A lottery over panels, numbered within its call; nothing of it changes once it is announced.

    `state`: frozen, computing, ready, announced, typed (a seed waits to be confirmed), drawn, void. `facts` are what
    the panels file says of itself, `file` is that file and `hash` its SHA-256. Each step has its person and moment.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "call", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    call: int
    number: int
    state: str = Field(default="frozen", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    until: datetime | None = moment(null=True)
    facts: dict[str, Any] = data()
    file: bytes | None = sealed()
    hash: str | None = Field(default=None, max_length=64)
    seed_rule: str = Field(default="", max_length=20)
    seed_source: str = Field(default="", max_length=200)
    seed_at: datetime | None = moment(null=True)
    seed: str | None = Field(default=None, max_length=200)
    result: dict[str, Any] | None = data(null=True)
    frozen_by: int = ref("person")
    frozen_at: datetime = moment()
    announced_by: int | None = ref("person", null=True)
    announced_at: datetime | None = moment(null=True)
    typed_by: int | None = ref("person", null=True)
    typed_at: datetime | None = moment(null=True)
    drawn_by: int | None = ref("person", null=True)
    drawn_at: datetime | None = moment(null=True)
    void_asked_by: int | None = ref("person", null=True)
    void_by: int | None = ref("person", null=True)
    void_at: datetime | None = moment(null=True)
    void_reason: str = ""


class Entrant(SQLModel, table=True):
    """An applicant in a draw. Erasing the person empties all but the pseudonym, which then says nothing."""

    __table_args__ = keep_plain(retention="record")
    draw_id: int = ref("draw", key=True)
    pseudonym: str = Field(primary_key=True, max_length=8)
    application_id: int | None = ref("application", null=True, index=True)
    record: bytes | None = sealed()  # with the lines declared, of which some say something sensitive


class Reserve(SQLModel, table=True):
    """Who comes next for a seat of a panel, in lottery order. `state`: waiting, asked, seated, out."""

    __table_args__ = keep_plain(retention="reserve")
    draw_id: int = ref("draw", key=True)
    seat: str = Field(primary_key=True, max_length=12)
    application_id: int = ref("application", key=True)
    place: int
    state: str = Field(default="waiting", max_length=12)


class Appointment(SQLModel, table=True):
    """What was decided about an application, by whom and why, when it is told, and what the person answered.

    `drawn_in` is the draw it follows from, `replaces` the appointment whose seat it takes over. `reply`: accepted,
    declined, expired; until `reply_by`.
    """

    __table_args__ = keep(UniqueConstraint("application_id"), retention="record")
    id: int = identity()
    application_id: int = ref("application")
    committee_id: int = ref("committee", index=True)
    person_id: int = ref("person")
    seat: str | None = Field(default=None, max_length=8)
    outcome: str = Field(max_length=16)
    reason: str
    decided_by: int = ref("person")
    decided_at: datetime = moment()
    announced_at: datetime | None = moment(null=True)
    drawn_in: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    replaces: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    reply: str | None = Field(default=None, max_length=12)
    reply_by: datetime | None = moment(null=True)
    replied_at: datetime | None = moment(null=True)
