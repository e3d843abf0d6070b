"""Signing in, and joining the platforms of one person."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import identity, keep, keep_plain, moment, ref


class Login(SQLModel, table=True):
    """A sign-in link: only its hash. `reusable` exists for the demo on loopback alone."""

    __table_args__ = keep_plain(retention="login")
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int = ref("person")
    path: str = Field(default="/", max_length=200)
    code: str | None = Field(default=None, max_length=64)
    tries: int = 0
    staff: bool = False
    reusable: bool = False
    expires_at: datetime = moment()
    used_at: datetime | None = moment(null=True)


class Session(SQLModel, table=True):
    """A browser: only the hash of its id. `chat` is its address on the web platform."""

    __table_args__ = keep_plain(retention="session")
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int | None = ref("person", null=True, index=True)
    chat: str = Field(max_length=120)
    csrf: str = Field(max_length=64)
    locale: str | None = Field(default=None, max_length=8)
    staff: bool = False
    created_at: datetime = moment()
    signed_in_at: datetime | None = moment(null=True)
    expires_at: datetime = moment()


class LinkCode(SQLModel, table=True):
    """A code that joins two platforms of one person: a keyed hash, and who wants to join once it was typed."""

    __tablename__ = "link_code"
    __table_args__ = keep_plain(retention="login")
    person_id: int = ref("person", key=True)
    hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = moment()
    claimant: int | None = ref("address", null=True)
    previous: int | None = ref("person", null=True)
    joined_at: datetime | None = moment(null=True)


class WrongCode(SQLModel, table=True):
    """A wrong try at a code, counted by address for an hour."""

    __tablename__ = "wrong_code"
    __table_args__ = keep(retention="login")
    id: int = identity()
    address_id: int = ref("address", index=True)
    at: datetime = moment()
