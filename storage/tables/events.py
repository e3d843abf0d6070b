"""What comes in: conversations that are open, and the events handled or failed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref, sealed


class Conversation(SQLModel, table=True):
    """A form being filled: only the answers. `shown` is the outbox row with the question last asked."""

    __table_args__ = keep_plain(
        Index(
            "ix_conversation_open", "person_id", unique=True, sqlite_where=text("open"), postgresql_where=text("open")
        ),
        retention="conversation",
    )
    person_id: int = ref("person", key=True)
    form: str = Field(primary_key=True, max_length=8)
    subject: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    committee_id: int | None = ref("committee", null=True)
    answers: dict[str, Any] = data()
    open: bool = True
    shown: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    updated_at: datetime = moment()


class EventRow(SQLModel, table=True):
    """An event we have handled: its id and the day, nothing of what it said."""

    __tablename__ = "event"
    __table_args__ = keep_plain(retention="event", sqlite_with_rowid=False)
    account: str = Field(primary_key=True, max_length=60)
    id: str = Field(primary_key=True, max_length=160)
    day: date = Field(sa_column=Column(Date, nullable=False, index=True))


class Parked(SQLModel, table=True):
    """An event whose handler failed: route and error class, the payload encrypted; never of a secret route."""

    __table_args__ = keep(retention="parked")
    id: int = identity()
    account: str = Field(max_length=60)
    event_id: str = Field(max_length=160)
    route: str = Field(max_length=40)
    error: str = Field(max_length=80)
    payload: bytes | None = sealed()
    at: datetime = moment()
