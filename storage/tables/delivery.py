"""What goes out: messages, what they share, and who sends them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref, sealed


class Body(SQLModel, table=True):
    """A message shared by all recipients of one prompt in one language and zone."""

    __table_args__ = keep(UniqueConstraint("key"), retention="message")
    id: int = identity()
    key: str = Field(max_length=80)
    content: dict[str, Any] = data()


class Outbox(SQLModel, table=True):
    """A message on its way. `lane`: 0 replies, 1 deadlines, 2 bulk; 10 more while it is held until `due_at`.

    `target`: the row to edit or delete, or the message in which this one went along.
    """

    __table_args__ = keep(
        # Replies have neither of these two, and they are the most.
        Index(
            "ix_outbox_dedupe",
            "dedupe",
            unique=True,
            sqlite_where=text("dedupe IS NOT NULL"),
            postgresql_where=text("dedupe IS NOT NULL"),
        ),
        Index(
            "ix_outbox_about",
            "about",
            "about_id",
            sqlite_where=text("about IS NOT NULL"),
            postgresql_where=text("about IS NOT NULL"),
        ),
        Index(
            "ix_outbox_ready",
            "account",
            "lane",
            "id",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_outbox_held",
            "account",
            "state",
            "chat",
            sqlite_where=text("state IN ('leased','sending','uncertain')"),
            postgresql_where=text("state IN ('leased','sending','uncertain')"),
        ),
        Index(
            "ix_outbox_target",
            "target",
            sqlite_where=text("target IS NOT NULL"),
            postgresql_where=text("target IS NOT NULL"),
        ),
        Index(
            "ix_outbox_unasked",
            "person_id",
            sqlite_where=text("kind IN ('prompt','reminder')"),
            postgresql_where=text("kind IN ('prompt','reminder')"),
        ),
        Index(
            "ix_outbox_hours",
            "due_at",
            sqlite_where=text("state = 'ready' AND lane >= 10"),
            postgresql_where=text("state = 'ready' AND lane >= 10"),
        ),
        Index("ix_outbox_person", "person_id", "account", "id"),
        CheckConstraint(
            "state IN ('ready','leased','sending','sent','failed','unreachable','cancelled','expired','uncertain')",
            name="state",
        ),
        retention="message",
    )
    id: int = identity()
    account: str = Field(max_length=60)
    chat: str = Field(max_length=120)
    person_id: int = ref("person")
    committee_id: int | None = ref("committee", null=True)
    about: str | None = Field(default=None, max_length=12)
    about_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    kind: str = Field(default="reply", max_length=12)
    lane: int = 0
    op: str = Field(default="send", max_length=8)
    target: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    content: dict[str, Any] | None = data(null=True)
    body_id: int | None = ref("body", null=True)
    dedupe: str | None = Field(default=None, max_length=120)
    state: str = Field(default="ready", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    epoch: int = 0
    attempts: int = 0
    platform_id: str | None = Field(default=None, max_length=120)
    created_at: datetime = moment()
    due_at: datetime | None = moment(null=True)
    expires_at: datetime | None = moment(null=True)
    sent_at: datetime | None = moment(null=True)


class Blob(SQLModel, table=True):
    """The bytes of a picture or file."""

    __table_args__ = keep_plain(retention="blob")
    sha256: str = Field(primary_key=True, max_length=64)
    mime: str = Field(max_length=60)
    content: bytes = sealed(null=False)
    expires_at: datetime = moment()


class Lease(SQLModel, table=True):
    """Which process sends for an account; the epoch fences off a former owner."""

    __table_args__ = keep_plain(retention="live")
    account: str = Field(primary_key=True, max_length=60)
    owner: str = Field(max_length=40)
    epoch: int
    until: datetime = moment()
