"""People: where they are reached, their roles, what they were told and agreed to, and who is forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, identity, keep, keep_plain, moment, ref, sealed


class PersonRow(SQLModel, table=True):
    """Somebody who writes to us; `committee_id` is the committee last talked about."""

    __tablename__ = "person"
    __table_args__ = keep(retention="person")
    id: int = identity()
    name: str = Field(default="", max_length=80)
    locale: str | None = Field(default=None, max_length=8)
    zone: str | None = Field(default=None, max_length=40)
    state: str = Field(default="active", max_length=12)
    paused_until: datetime | None = moment(null=True)
    committee_id: int | None = ref("committee", null=True)
    created_at: datetime = moment()


class AddressRow(SQLModel, table=True):
    """Where a person is reached. For e-mail `chat` is a keyed hash and `sealed` the address itself, encrypted."""

    __tablename__ = "address"
    __table_args__ = keep(UniqueConstraint("account", "chat"), retention="person")
    id: int = identity()
    account: str = Field(max_length=60)
    chat: str = Field(max_length=120)
    person_id: int = ref("person", index=True)
    state: str = Field(default="active", max_length=12)
    sealed: bytes | None = sealed()
    used_at: datetime = moment()


class RoleRow(SQLModel, table=True):
    """A role in a committee; the owner's has none."""

    __tablename__ = "role"
    __table_args__ = keep(
        UniqueConstraint("person_id", "committee_id", "role"),
        Index("ix_role_committee", "committee_id", "person_id"),
        retention="person",
    )
    id: int = identity()
    person_id: int = ref("person")
    committee_id: int | None = ref("committee", null=True)
    role: str = Field(max_length=16)
    seat: str | None = Field(default=None, max_length=8)
    since: datetime = moment()


class ToldRow(SQLModel, table=True):
    """Which version of the information text a person was told."""

    __tablename__ = "told"
    __table_args__ = keep(retention="person")
    id: int = identity()
    person_id: int = ref("person", index=True)
    committee_id: int = ref("committee")
    version: int
    at: datetime = moment()


class ConsentRow(SQLModel, table=True):
    """A consent given or refused, for one purpose."""

    __tablename__ = "consent"
    __table_args__ = keep(retention="person")
    id: int = identity()
    person_id: int = ref("person", index=True)
    committee_id: int = ref("committee")
    purpose: str = Field(max_length=40)
    version: int
    given: bool
    at: datetime = moment()


class Forgotten(SQLModel, table=True):
    """People erased; applied again after a backup is restored."""

    __table_args__ = keep_plain(retention="audit")
    person_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    at: datetime = moment()
