"""Committees, their mandates, and what the owner has changed of their legal form."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Date, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import identity, keep, keep_plain, moment, ref


class Committee(SQLModel, table=True):
    """A task committee; its facts stand in its newest mandate."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    key: str = Field(unique=True, max_length=60)
    created_at: datetime = moment()


class MandateVersion(SQLModel, table=True):
    """A version of a mandate as loaded; `loaded_on` resolves the file's relative dates."""

    __tablename__ = "mandate"
    __table_args__ = keep(UniqueConstraint("committee_id", "version"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    version: int
    source: str
    loaded_on: date = Field(sa_column=Column(Date, nullable=False))
    approved_on: date = Field(sa_column=Column(Date, nullable=False))
    approved_by: str
    loaded_at: datetime = moment()


class Switch(SQLModel, table=True):
    """An effect of the legal form that the owner has changed, with the reason."""

    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    name: str = Field(primary_key=True, max_length=60)
    value: bool
    reason: str
    changed_by: int = ref("person")
    changed_at: datetime = moment()
