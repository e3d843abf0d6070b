"""The time ledger: what is known of hours, and what was corrected."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import data, identity, keep, keep_plain, moment, ref


class LedgerEntry(SQLModel, table=True):
    """What the owner knows of standing committees' time, before and after; the newest of a municipality counts."""

    __tablename__ = "ledger_entry"
    __table_args__ = keep(retention="record")
    id: int = identity()
    municipality: str = Field(max_length=60, index=True)
    figures: dict[str, str] = data()
    entered_by: int = ref("person")
    entered_at: datetime = moment()


class HoursCorrection(SQLModel, table=True):
    """Hours of a task committee by group, where somebody knows better than the estimate."""

    __tablename__ = "hours_correction"
    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    hours: dict[str, str] = data()
    corrected_by: int = ref("person")
    corrected_at: datetime = moment()
