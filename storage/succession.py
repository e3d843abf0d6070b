"""Who comes next for a seat that fell empty: the lottery's rule for a replacement, on the panel as it sits today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import NamedTuple

from sqlalchemy import select, update

from bot.domain.eligibility import fits
from bot.domain.mandate import Mandate
from bot.domain.panel import POLITICAL, role_of
from bot.domain.selection.assembling import Rated, Seated, assemble
from bot.domain.selection.pool import BEST, Line, Pool
from bot.domain.selection.reserves import replacement
from storage import applications, committees, draws, offers, people, ratings
from storage.applications import ACTIVE, Appointment
from storage.candidates import candidate
from storage.database import Tx, every
from storage.tables import Application
from storage.vault import Vault


class Successor(NamedTuple):
    """A reserve, the line they take a seat on, and who moves to which line for that (appointment to line)."""

    application: Application
    line: str
    moves: Mapping[int, str]


Ratings = Mapping[int, Mapping[str, int]]


def next_reserve(tx: Tx, vault: Vault, vacated: Appointment) -> Successor | None:
    """The first in line with whom lines and hard rules hold; None where there is nobody, or the seat is filled.

    Asked of somebody who still sits, it is who would come next. A line that a body fills is that body's, so nobody is
    proposed for it.
    """
    return _next(tx, vault, vacated, ratings.of_all_calls(tx, vacated.committee_id, vault))


def _next(tx: Tx, vault: Vault, vacated: Appointment, rated: Ratings) -> Successor | None:
    mandate = committees.mandate(tx, vacated.committee_id)
    mandate = replace(mandate, call=replace(mandate.call, profiles=()))  # every line, whatever is called now
    lines = {one.key: one for one in mandate.profiles if one.nominated_by is None}
    seated = applications.seated(tx, vacated.committee_id)
    rows = [row for row in seated if row.seat not in POLITICAL and row.id != vacated.id]
    seats = _numbered([row for row in rows if row.seat in lines])
    line = lines.get(vacated.seat or "")
    if line is None or f"{line.key}.{line.seats}" in seats:
        return None
    empty = next(name for n in count(1) if (name := f"{line.key}.{n}") not in seats)
    waiting = _waiting(tx, vacated)
    pool = _only(_pool(tx, vault, mandate, [*rows, vacated], waiting, rated), [*seats, empty])
    sitting = {seat: str(row.application_id) for seat, row in seats.items()}
    gone = str(vacated.application_id)
    if applications.get(tx, vacated.application_id) is None:
        pool = _supposed(pool, gone, sitting.values())
    found = replacement(pool, {**sitting, empty: gone}, gone, [str(one.id) for one in waiting])
    if found is None:
        return None
    now = {who: seat.rpartition(".")[0] for seat, who in found.seats.items()}
    moves = {row.id: now[str(row.application_id)] for row in seats.values() if row.seat != now[str(row.application_id)]}
    return Successor(next(one for one in waiting if str(one.id) == found.id), now[found.id], moves)


def without_reserve(tx: Tx, vault: Vault, committee_id: int) -> Collection[str]:
    """The lines on which somebody sits whom nobody could follow, in the mandate's order; a body fills its own again."""
    mandate = committees.mandate(tx, committee_id)
    rows = applications.seated(tx, committee_id)
    rated = ratings.of_all_calls(tx, committee_id, vault)
    return [
        line.key
        for line in mandate.profiles
        if line.nominated_by is None
        and any(_next(tx, vault, row, rated) is None for row in rows if row.seat == line.key)
    ]


def move(tx: Tx, appointment_id: int, line: str) -> Appointment:
    """Somebody who has a seat sits on another line from here on."""
    tx.execute(update(Appointment).where(Appointment.id == appointment_id).values(seat=line))
    row = offers.get(tx, appointment_id)
    assert row is not None
    people.reseat(tx, row.person_id, row.committee_id, role_of(line), line)
    return row


def _numbered(rows: Sequence[Appointment]) -> Mapping[str, Appointment]:
    """Who sits, by seats of each line ("line.1"): which number is whose means nothing."""
    taken: Counter[str | None] = Counter()
    found = {}
    for row in rows:
        taken[row.seat] += 1
        found[f"{row.seat}.{taken[row.seat]}"] = row
    return found


def _only(pool: Pool, seats: Collection[str]) -> Pool:
    """The pool with these seats alone: another that is empty as well waits for somebody of its own."""
    taken = Counter(seat.rpartition(".")[0] for seat in seats)
    return replace(pool, lines=tuple(Line(line.key, taken[line.key]) for line in pool.lines if taken[line.key]))


def _waiting(tx: Tx, vacated: Appointment) -> list[Application]:
    """The reserves who may be asked: in the draw's order for the seat, then for its line, then all others of the draw.

    Those kept by hand come last, in the order of the decisions.
    """
    own = draws.seat_of(tx, vacated)
    drawn = sorted(
        offers.waiting(tx, vacated.committee_id),
        key=lambda row: (row.seat != own, row.seat.rpartition(".")[0] != vacated.seat),
    )
    decided = applications.decisions(tx, vacated.committee_id)
    kept = sorted(decided.values(), key=lambda row: (row.decided_at, row.id))
    order = [*(row.application_id for row in drawn), *(row.application_id for row in kept if row.outcome == "reserve")]
    found = _applications(tx, order)
    return [
        found[number]
        for number in dict.fromkeys(order)
        if found[number].state in ACTIVE
        and found[number].guardian in (None, "yes")
        and (number not in decided or decided[number].outcome == "reserve")
    ]


def _pool(
    tx: Tx,
    vault: Vault,
    mandate: Mandate,
    rows: Sequence[Appointment],
    waiting: Sequence[Application],
    rated: Ratings,
) -> Pool:
    """Everybody concerned, as applicants: who was given a line fits it, and a reserve kept by hand fits all declared.

    People who chose them said so. Whoever sits on a line that a body fills only counts toward the rules.
    """
    fixed = {one.key for one in mandate.profiles if one.nominated_by is not None}
    given = {row.application_id: row.seat for row in rows if row.seat is not None}
    panel = _applications(tx, given)
    drawn = offers.places(tx, rows[-1].committee_id)

    def entered(one: Application) -> Rated:
        age = one.answers.get("age")
        declared = [profile for profile in ratings.declared(mandate, vault, one) if fits(profile, age)]
        known = rated.get(one.id) if one.id in given or one.id in drawn else None
        values = known or dict.fromkeys((profile.key for profile in declared), mandate.selection.threshold)
        able = {profile.key: values[profile.key] for profile in declared if profile.key in values}
        return Rated(candidate(mandate, vault, one), {**able, **({given[one.id]: BEST} if one.id in given else {})})

    return assemble(
        mandate,
        [entered(one) for one in (*panel.values(), *waiting) if given.get(one.id) not in fixed],
        [Seated(candidate(mandate, vault, one), given[one.id]) for one in panel.values() if given[one.id] in fixed],
    )


def _supposed(pool: Pool, gone: str, others: Collection[str]) -> Pool:
    """Nothing is known any more of somebody erased: what the others miss by one was met with them, so it is again."""
    people = {one.id: one for one in pool.applicants}
    counts = {quota.key: sum(quota.key in people[other].groups for other in others) for quota in pool.quotas}
    needed = {quota.key for quota in pool.quotas if counts[quota.key] == quota.least - 1}
    people[gone] = replace(people[gone], groups=frozenset(needed))
    return replace(pool, applicants=tuple(people.values()))


def _applications(tx: Tx, numbers: Collection[int]) -> dict[int, Application]:
    """Applications by number, in whatever state."""
    rows = every(tx, Application, select(Application).where(Application.id.in_(list(numbers))))
    return {row.id: row for row in rows}
