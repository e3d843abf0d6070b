"""Who comes next for a seat that fell empty: the lottery's rule for a replacement, on the panel as it sits today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple

from sqlalchemy import select, update

from bot.domain.eligibility import fits
from bot.domain.mandate import Mandate
from bot.domain.panel import POLITICAL, role_of
from bot.domain.selection.assembling import Rated, Seated, assemble
from bot.domain.selection.pool import BEST, Applicant, Pool
from bot.domain.selection.reserves import replacement
from storage import applications, committees, draws, offers, people, ratings
from storage.applications import ACTIVE, Appointment
from storage.candidates import candidate
from storage.database import Tx, every
from storage.draws import Draw
from storage.tables import Application, Audit
from storage.vault import Vault

SETTLED = "no reserve"  # what is logged where somebody goes on without one
GONE = "gone"  # in place of somebody of whom nothing is known any more


class Successor(NamedTuple):
    """A reserve, the line they take a seat on, and who moves to which line for that (appointment to line)."""

    application: Application
    line: str
    moves: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """Who sits and who waits, read once for all the seats that are asked about.

    `seats` are those filled from the pool ("line.1"; which number is whose means nothing), `panel` the applications of
    all who sit, in whatever state.
    """

    mandate: Mandate
    seats: Mapping[str, Appointment]
    panel: Mapping[int, Application]
    waiting: Sequence[Application]
    pool: Pool


def next_reserve(tx: Tx, vault: Vault, vacated: Appointment) -> Successor | None:
    """The first in line with whom lines and hard rules hold; None where there is nobody, or the seat is filled.

    Asked of somebody who still sits, it is who would come next. A line that a body fills is that body's, so nobody is
    proposed for it.
    """
    own = draws.seat_of(tx, vacated)
    return _next(_bench(tx, vault, vacated.committee_id, vacated.seat, own, vacated), vacated.seat, vacated)


def first_in_line(tx: Tx, vault: Vault, draw: Draw, seat: str) -> Successor | None:
    """The same for a seat of a drawn panel ("line.1") whose person was gone before anything was told."""
    line = seat.rpartition(".")[0]
    return _next(_bench(tx, vault, draw.committee_id, line, seat), line, None)


def without_reserve(tx: Tx, vault: Vault, committee_id: int) -> Collection[str]:
    """The lines on which somebody sits whom nobody could follow, in the mandate's order; a body fills its own again."""
    if not applications.seated(tx, committee_id):
        return ()
    bench = _bench(tx, vault, committee_id)
    bare = {row.seat for row in bench.seats.values() if _next(bench, row.seat, row) is None}
    return [line.key for line in bench.mandate.profiles if line.key in bare]


def unsettled(tx: Tx, vault: Vault, committee_id: int) -> Collection[str]:
    """The lines without a reserve, unless somebody has said of all of them that this is all right."""
    found = without_reserve(tx, vault, committee_id)
    settled = select(Audit.reason).where(Audit.committee_id == committee_id, Audit.action == SETTLED)
    newest = tx.execute(settled.order_by(Audit.id.desc()).limit(1)).scalar() or ""
    return found if set(found) - set(newest.split(", ")) else ()


def _bench(
    tx: Tx,
    vault: Vault,
    committee_id: int,
    line: str | None = None,
    own: str | None = None,
    vacated: Appointment | None = None,
) -> Bench:
    """The bench of a committee, in the order for a seat of a draw (`own`) on a line, with who has left it."""
    mandate = committees.mandate(tx, committee_id)
    mandate = replace(mandate, call=replace(mandate.call, profiles=()))  # every line, whatever is called now
    open_lines = {one.key for one in mandate.profiles if one.nominated_by is None}
    sitting = [row for row in applications.seated(tx, committee_id) if row.seat not in POLITICAL]
    rows = [*sitting, *([vacated] if vacated is not None and vacated.id not in {row.id for row in sitting} else [])]
    panel = _applications(tx, [row.application_id for row in rows])
    waiting = _waiting(tx, committee_id, line, own)
    given = {row.application_id: row.seat for row in rows if row.seat is not None}
    known = given.keys() | offers.places(tx, committee_id).keys()
    rated = {one: lines for one, lines in ratings.of_all_calls(tx, committee_id, vault).items() if one in known}
    pool = _pool(mandate, vault, given, panel, waiting, rated)
    return Bench(mandate, _numbered([row for row in sitting if row.seat in open_lines]), panel, waiting, pool)


def _next(bench: Bench, key: str | None, leaving: Appointment | None) -> Successor | None:
    seats = {seat: row for seat, row in bench.seats.items() if leaving is None or row.id != leaving.id}
    line = next((one for one in bench.mandate.profiles if one.key == key and one.nominated_by is None), None)
    if line is None or sum(row.seat == key for row in seats.values()) >= line.seats:
        return None
    empty = next(name for n in count(1) if (name := f"{key}.{n}") not in seats)
    sitting = {seat: str(row.application_id) for seat, row in seats.items()}
    gone, pool = GONE, bench.pool
    if leaving is not None and bench.panel[leaving.application_id].state in ACTIVE:
        gone = str(leaving.application_id)
    else:
        pool = _supposed(pool, line.key, sitting.values())
    found = replacement(pool, {**sitting, empty: gone}, gone, [str(one.id) for one in bench.waiting])
    if found is None:
        return None
    now = {who: seat.rpartition(".")[0] for seat, who in found.seats.items()}
    moves = {row.id: now[str(row.application_id)] for row in seats.values() if row.seat != now[str(row.application_id)]}
    return Successor(next(one for one in bench.waiting if str(one.id) == found.id), now[found.id], moves)


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


def _waiting(tx: Tx, committee_id: int, line: str | None, own: str | None) -> list[Application]:
    """The reserves who may be asked: in the draw's order for the seat, then for its line, then all others of the draw.

    Those kept by hand come last, in the order of the decisions.
    """
    drawn = sorted(
        offers.waiting(tx, committee_id),
        key=lambda row: (row.seat != own, row.seat.rpartition(".")[0] != line),
    )
    decided = applications.decisions(tx, committee_id)
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
    mandate: Mandate,
    vault: Vault,
    given: Mapping[int, str],
    panel: Mapping[int, Application],
    waiting: Sequence[Application],
    rated: Mapping[int, Mapping[str, int]],
) -> Pool:
    """Everybody concerned, as applicants: who was given a line fits it, and a reserve kept by hand fits all declared.

    People who chose them said so. Whoever sits on a line that a body fills only counts toward the rules.
    """
    fixed = {one.key for one in mandate.profiles if one.nominated_by is not None}

    def entered(one: Application) -> Rated:
        age = one.answers.get("age")
        declared = [profile for profile in ratings.declared(mandate, vault, one) if fits(profile, age)]
        values = rated.get(one.id) or dict.fromkeys((profile.key for profile in declared), mandate.selection.threshold)
        able = {profile.key: values[profile.key] for profile in declared if profile.key in values}
        return Rated(candidate(mandate, vault, one), {**able, **({given[one.id]: BEST} if one.id in given else {})})

    return assemble(
        mandate,
        [entered(one) for one in (*panel.values(), *waiting) if given.get(one.id) not in fixed],
        [Seated(candidate(mandate, vault, one), given[one.id]) for one in panel.values() if given[one.id] in fixed],
    )


def _supposed(pool: Pool, line: str, others: Collection[str]) -> Pool:
    """Nothing is known any more of who is gone: what the others miss by one was met with them, so it is again."""
    people = {one.id: one for one in pool.applicants}
    counts = {quota.key: sum(quota.key in people[other].groups for other in others) for quota in pool.quotas}
    needed = {quota.key for quota in pool.quotas if counts[quota.key] == quota.least - 1}
    return replace(pool, applicants=(*people.values(), Applicant(GONE, {line: BEST}, frozenset(needed))))


def _applications(tx: Tx, numbers: Collection[int]) -> dict[int, Application]:
    """Applications by number, in whatever state."""
    rows = every(tx, Application, select(Application).where(Application.id.in_(list(numbers))))
    return {row.id: row for row in rows}
