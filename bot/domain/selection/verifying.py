"""Checking a draw without trusting who held it, and without a solver: the file, an applicant's record, the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.selection.commitments import pool_of
from bot.domain.selection.dealing import PANELS
from bot.domain.selection.file import dealt
from bot.domain.selection.pool import Applicant, Composition, Pool
from bot.domain.selection.reading import PanelsFile
from bot.domain.selection.records import Record
from bot.domain.selection.seating import Violation, meets


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what came of it in a sentence."""

    fine: bool
    sentence: str


def check_hash(found: str, announced: str) -> Check:
    """Is this the file whose hash was announced? Both are 64 hexadecimal digits, however they are spaced."""
    if "".join(announced.split()).lower() == found:
        return Check(True, "This is the file whose hash was announced.")
    return Check(False, f"This is not the file whose hash was announced: that was {announced}, and this has {found}.")


def check_record(file: PanelsFile, record: Record) -> tuple[Check, ...]:
    """Was this applicant in the draw as he or she was told, with the chance he or she was told?"""
    facts, who = file.header.facts, record.pseudonym
    if (record.call, record.draw) != (facts.call, facts.number):
        return (
            Check(
                False,
                f"The record is of draw {record.draw} of {record.call}, "
                f"and the file is of draw {facts.number} of {facts.call}.",
            ),
        )
    checks = [_commitment(file, record), *_seats(file, record)]
    if record.digest is not None:
        checks.insert(0, check_hash(file.digest, record.digest))
    if file.header.ordered:
        same = record.applicant in file.applicants
        checks.append(
            Check(same, f"{who} stands in the file as in the record.")
            if same
            else Check(False, f"{who} stands in the file with other ratings or groups than in the record.")
        )
    else:
        checks.append(_chance(file, record))
    return tuple(checks)


def _commitment(file: PanelsFile, record: Record) -> Check:
    known = file.commitments.get(record.pseudonym)
    if known == record.commitment:
        return Check(True, f"The commitment of {record.pseudonym} is that of the record.")
    if known is None:
        return Check(False, f"{record.pseudonym} is not among the applicants of the file.")
    return Check(
        False,
        f"The commitment of {record.pseudonym} is not that of the record: somebody else has this pseudonym, "
        "or the lines, ratings or groups are others than those frozen.",
    )


def _chance(file: PanelsFile, record: Record) -> Check:
    found = file.chances.get(record.pseudonym, 0)
    if record.chance in (None, found):
        return Check(True, f"{record.pseudonym} is on {found} of {PANELS} panels.")
    return Check(False, f"{record.pseudonym} is on {found} of {PANELS} panels, and not on {record.chance} as told.")


def _seats(file: PanelsFile, record: Record) -> Iterator[Check]:
    """A seat on a line that the person does not fit would give away somebody else's chance."""
    fits = file.header.rules.fits(record.applicant)
    for key, place in file.lines_of.get(record.pseudonym, {}).items():
        if key not in fits:
            where = f"Line {file.line(place)} seats {record.pseudonym} on the line {key}"
            yield Check(False, f"{where}, which the record does not fit.")


def check_rules(file: PanelsFile, records: Sequence[Record]) -> tuple[Check, ...]:
    """For an auditor who has all records: are they those committed to, and does each panel keep every rule?

    That the lottery is the fairest one, a solver must show; that it is fair within the rules, this does.
    """
    whole = list(_records(file, records))
    if not all(check.fine for check in whole):
        return tuple(whole)
    pool = pool_of(records, file.header.rules)
    whole.append(Check(True, f"All {len(records)} records are those that the file commits to."))
    if file.header.ordered:
        return (*whole, *(check for record in records for check in check_record(file, record) if not check.fine))
    whole += _panels(file, pool)
    whole += _kinds(file, pool)
    if all(check.fine for check in whole):
        whole.append(_dealt(file, pool))
    return tuple(whole)


def _records(file: PanelsFile, records: Sequence[Record]) -> Iterator[Check]:
    names = [record.pseudonym for record in records]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Check(False, f"Two records have the pseudonym {name}.")
    for name in sorted(file.commitments.keys() - set(names)):
        yield Check(False, f"The record of {name} is missing. Records that were erased cannot be checked any more.")
    for record in records:
        yield from (check for check in check_record(file, record) if not check.fine)


def _panels(file: PanelsFile, pool: Pool) -> Iterator[Check]:
    people = {one.id: one for one in pool.applicants}
    known: dict[tuple[str, ...], tuple[Violation, ...]] = {}
    totals = [_total(file, people, panel) for panel in file.panels]
    for place, panel in enumerate(file.panels):
        if panel not in known:
            known[panel] = meets(pool, [people[name] for name in panel])
        for broken in known[panel]:
            yield Check(False, f"Line {file.line(place)} has {_sentence(broken)}.")
        if pool.slack is not None and totals[place] < max(totals) - pool.slack:
            yield Check(False, f"Line {file.line(place)} has ratings further below the best than the slack allows.")


def _dealt(file: PanelsFile, pool: Pool) -> Check:
    """Deal anew what the file's own panels are made of; with the hash of the pool there is one way only."""
    people = {one.id: pool.kind(one) for one in pool.applicants}
    found = Counter(
        tuple(Counter(people[name] for name in panel)[kind] for kind in pool.kinds) for panel in file.panels
    )
    anew = dealt(pool, [Composition(counts, times) for counts, times in found.items()], file.header.pool_hash)
    for place, line in enumerate(anew):
        if line != ",".join(f"{seat}={name}" for seat, name in file.sitting(place).items()):
            return Check(False, f"Line {file.line(place)} is not what dealing the seats by the rule gives: {line}")
    return Check(
        True, f"All {PANELS} panels keep every hard rule, equals have equal chances, and seats are dealt by the rule."
    )


def _sentence(broken: Violation) -> str:
    wanted = f"{broken.least}" if broken.least == broken.most else f"{broken.least} to {broken.most}"
    what = {"size": "people", "quota": f"of the group {broken.key}", "line": f"for the line {broken.key}"}[broken.what]
    return f"{broken.found} {what}, where {wanted} should be"


def _total(file: PanelsFile, people: Mapping[str, Applicant], panel: Sequence[str]) -> int:
    pairs = zip(file.seats, panel, strict=True)
    return sum(people[name].ratings.get(seat.rpartition(".")[0], 0) for seat, name in pairs)


def _kinds(file: PanelsFile, pool: Pool) -> Iterator[Check]:
    for people in pool.kinds.values():
        chances = {one.id: file.chances[one.id] for one in people}
        low, high = min(chances, key=chances.__getitem__), max(chances, key=chances.__getitem__)
        if chances[high] - chances[low] > 1:
            yield Check(
                False,
                f"{low} and {high} are equals under the rules, and are on {chances[low]} and {chances[high]} panels.",
            )
