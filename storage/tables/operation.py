"""What is due, who did what, and what this database is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, identity, keep, keep_plain, moment, ref


class Schedule(SQLModel, table=True):
    """Something due at a moment: what kind, about which row. A row is one occurrence and fires once."""

    __table_args__ = keep(
        UniqueConstraint("kind", "subject", "due_at"),
        Index(
            "ix_schedule_due",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        retention="schedule",
    )
    id: int = identity()
    kind: str = Field(max_length=20)
    subject: int = Field(sa_column=Column(BIG, nullable=False))
    committee_id: int | None = ref("committee", null=True)
    due_at: datetime = moment()
    useful_until: datetime | None = moment(null=True)
    state: str = Field(default="waiting", max_length=12)
    fired_at: datetime | None = moment(null=True)


class Audit(SQLModel, table=True):
    """Who did what to which object, by number. `reason` may be a decider's own words; nobody else's are here."""

    __table_args__ = keep(retention="audit")
    id: int = identity()
    at: datetime = moment()
    person_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    committee_id: int | None = ref("committee", null=True)
    action: str = Field(max_length=40)
    object: str = Field(max_length=80)
    reason: str = ""


class Mark(SQLModel, table=True):
    """A fact about this database: whether it is a demo, when it was last cleaned."""

    __table_args__ = keep_plain(retention="live")
    key: str = Field(primary_key=True, max_length=40)
    value: str = Field(sa_column=Column(String, nullable=False))
