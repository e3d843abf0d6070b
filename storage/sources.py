"""Sources: where people heard of a call, who began to sign up by each, and how many applications came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain import codes
from storage.database import Tx, every, first, insert
from storage.database import find as find_row
from storage.tables import Application, Arrival
from storage.tables import Source as Source

CODE = 6  # letters: nobody types another poster's by a slip


@dataclass(frozen=True, slots=True)
class Counted:
    """A source, how many began to sign up by it, and how many applications were sent."""

    source: Source
    begun: int
    sent: int


def add(tx: Tx, committee_id: int, label: str, created_by: int, now: datetime) -> Source:
    """A new source with a code of its own."""
    values = {"committee_id": committee_id, "label": label, "created_by": created_by, "created_at": now}
    number = None
    while number is None:
        statement = insert(tx, Source).values(**values, code=codes.new(CODE)).on_conflict_do_nothing()
        number = tx.execute(statement.returning(Source.id)).scalar()
    added = find_row(tx, Source, number)
    assert added is not None
    return added


def by_code(tx: Tx, code: str) -> Source | None:
    """The source with this code, however it was typed."""
    return first(tx, Source, select(Source).where(Source.code == codes.tidy(code)))


def of_committee(tx: Tx, code: str, committee_id: int) -> Source | None:
    """The source with this code, if it is one of this committee's."""
    found = by_code(tx, code) if code else None
    return found if found is not None and found.committee_id == committee_id else None


def listed(tx: Tx, committee_id: int) -> Sequence[Counted]:
    """The sources of a committee, the oldest first, with what came of each."""
    begun = _counts(tx, Arrival, committee_id)
    sent = _counts(tx, Application, committee_id)
    rows = every(tx, Source, select(Source).where(Source.committee_id == committee_id).order_by(Source.id))
    return [Counted(row, begun.get(row.id, 0), sent.get(row.id, 0)) for row in rows]


def _counts(tx: Tx, table: type[Arrival] | type[Application], committee_id: int) -> dict[int, int]:
    statement = select(table.source_id, func.count()).where(
        table.committee_id == committee_id, table.source_id.is_not(None)
    )
    return {row[0]: row[1] for row in tx.execute(statement.group_by(table.source_id))}


def arrived(tx: Tx, person_id: int, source: Source, now: datetime) -> None:
    """Somebody begins to sign up by a source; the first one counts."""
    values = {"person_id": person_id, "committee_id": source.committee_id, "source_id": source.id, "at": now}
    tx.execute(insert(tx, Arrival).values(**values).on_conflict_do_nothing())


def brought(tx: Tx, person_id: int, committee_id: int) -> int | None:
    """The source by which a person began to sign up."""
    return tx.execute(
        select(Arrival.source_id).where(Arrival.person_id == person_id, Arrival.committee_id == committee_id)
    ).scalar()
