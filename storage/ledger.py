"""The ledger of time of a municipality: what the owner entered, and what its task committees took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from bot.domain.ledger import GROUPS, Ledger, Standing, Task, estimated
from storage import committees, people
from storage.committees import Committee
from storage.database import Tx, every, first, insert
from storage.tables import HoursCorrection, LedgerEntry, Meeting, Prompt, SeasonItem

YEAR = timedelta(days=365)  # what the owner enters is hours a year, too


def enter(tx: Tx, municipality: str, figures: Mapping[str, str], person_id: int, now: datetime) -> None:
    """What the owner knows of the standing committees; an earlier entry stays, and no longer counts."""
    values = {"municipality": municipality, "figures": dict(figures), "entered_by": person_id, "entered_at": now}
    tx.execute(insert(tx, LedgerEntry).values(**values))


def figures(tx: Tx, municipality: str) -> Mapping[str, str] | None:
    """What was entered last; None where nothing was."""
    statement = select(LedgerEntry).where(LedgerEntry.municipality == municipality)
    row = first(tx, LedgerEntry, statement.order_by(LedgerEntry.id.desc()).limit(1))
    return None if row is None else row.figures


def correct(tx: Tx, committee_id: int, hours: Mapping[str, str], person_id: int, now: datetime) -> None:
    """Somebody knows better than the estimate what a committee took."""
    values = {"hours": dict(hours), "corrected_by": person_id, "corrected_at": now}
    statement = insert(tx, HoursCorrection).values(committee_id=committee_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["committee_id"], set_=values))


def corrected(tx: Tx, committee_id: int) -> Mapping[str, str] | None:
    """The hours as they were corrected; None where the estimate holds."""
    row = first(tx, HoursCorrection, select(HoursCorrection).where(HoursCorrection.committee_id == committee_id))
    return None if row is None else row.hours


def of_municipality(tx: Tx, municipality: str) -> Sequence[Committee]:
    """The task committees of a municipality."""
    there = (one for one in committees.all_of(tx) if committees.newest_version(tx, one.id))
    return [one for one in there if committees.mandate(tx, one.id).municipality.key == municipality]


def of(tx: Tx, municipality: str, now: datetime) -> Ledger | None:
    """The ledger as it stands; None until the owner has entered the standing committees."""
    known = figures(tx, municipality)
    if known is None:
        return None
    found = of_municipality(tx, municipality)
    return Ledger(
        _standing(known, "before"),
        _standing(known, "after"),
        tuple(task(tx, one, now) for one in found),
        _drafts(tx, [one.id for one in found], now),
        Decimal(known["minutes"]),
    )


def _standing(known: Mapping[str, str], when: str) -> Standing:
    return Standing(int(known[f"{when}_n"]), int(known[f"{when}_p"]), Decimal(known[f"{when}_h"]))


def task(tx: Tx, committee: Committee, now: datetime) -> Task:
    """A committee's hours in the meetings it has held within a year, or as they were corrected."""
    mandate = committees.mandate(tx, committee.id)
    seats = {
        "politicians": mandate.politicians,
        "citizens": mandate.citizens,
        "administration": len(people.facilitators(tx, committee.id)),
    }
    known = corrected(tx, committee.id)
    if known is not None:
        return Task(committee.key, seats, {group: Decimal(known[group]) for group in GROUPS}, corrected=True)
    within = (Meeting.starts_at > now - YEAR, Meeting.starts_at <= now)
    held = (Meeting.committee_id == committee.id, Meeting.state == "announced", *within)
    lengths = [one.length for one in every(tx, Meeting, select(Meeting).where(*held))]
    return Task(committee.key, seats, estimated(lengths, seats))


def _drafts(tx: Tx, committee_ids: Sequence[int], now: datetime) -> int:
    """How many of the season's proposals were sent within a year: the service drafted those, and nothing else."""
    drafted = select(SeasonItem.prompt_id).where(SeasonItem.committee_id.in_(committee_ids))
    sent = (Prompt.id.in_(drafted), Prompt.sent_at > now - YEAR)
    return tx.execute(select(func.count()).select_from(Prompt).where(*sent)).scalar_one()
