"""samskab panel verify: check a draw with nothing but its file and its seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.console import fail, say

if TYPE_CHECKING:
    from bot.domain.selection.reading import PanelsFile
    from bot.domain.selection.records import Record
    from bot.domain.selection.replaying import Replay
    from bot.domain.selection.verifying import Check

MOST_FAULTS = 20


def add(group: typer.Typer, replay: Replay | None = None) -> None:
    """Register `verify`. `replay` replays a hash-ordered lottery; unless given, a search without a solver does."""

    @group.command("verify")
    def verify(
        file: Annotated[Path, typer.Argument(help="the panels file")],
        seed: Annotated[str, typer.Argument(help="the seed, as its source has published it")],
        record: Annotated[Path | None, typer.Option(help="your record: were you in the draw as you were told?")] = None,
        rules: Annotated[
            Path | None, typer.Option(help="all records, one a line: does every panel keep the rules?")
        ] = None,
        announced: Annotated[str, typer.Option("--hash", help="the hash that was announced")] = "",
    ) -> None:
        """Check a draw: its file, the panel that the seed draws, your own record, the rules. Needs no solver."""
        opened = _opened(file)
        normal = _seed(opened, seed)
        own = _record(record, _content(record), 1) if record else None
        all_of = _records(rules) if rules else ()
        faults = _told(_checks(opened, own, all_of if rules else None, announced))
        sitting = _drawn(opened, normal, replay)
        if own:
            seats = [seat for seat, who in sitting.items() if who == own.pseudonym]
            say(f"{own.pseudonym} has the seat {seats[0]}." if seats else f"{own.pseudonym} is not on the panel.")
        if all_of and not faults:
            _tell_reserves(opened, all_of, sitting, normal)
        if faults:
            fail(f"{faults} faults were found: this draw does not hold." if faults > 1 else "This draw does not hold.")
        say("No fault was found.")


def _opened(path: Path) -> PanelsFile:
    from bot.domain.selection.file import digest
    from bot.domain.selection.reading import Unreadable, read

    content = _content(path)
    say(f"{path}: its hash is {digest(content)}. It must be the one that was announced.")
    try:
        file = read(content)
    except Unreadable as error:
        lines = [f"{path}:{fault.line}: {fault.sentence}" for fault in error.faults]
        more = len(lines) - MOST_FAULTS
        fail(*lines[:MOST_FAULTS], *([f"There are {more} more faults."] if more > 0 else []))
    header, facts = file.header, file.header.facts
    what = "people in an order that the seed gives" if header.ordered else f"{len(file.panels)} panels"
    ended = "complete" if header.complete else "cut short by the time limit"
    say(f"Draw {facts.number} of {facts.call}: {header.applicants} applicants, {header.rules.seats} seats.")
    say(f"It is a lottery over {what} ({header.method}, {ended}).")
    say(f"The seed is from {facts.source.rule}, the first one at {facts.source.moment} or later.")
    return file


def _seed(file: PanelsFile, typed: str) -> str:
    from bot import i18n
    from bot.domain.errors import Refusal

    try:
        return file.header.facts.source.normalise(typed)
    except Refusal as refusal:
        fail(f"The seed {typed} is none of {file.header.facts.source.rule}. {i18n.say(refusal.text, 'en')}")


def _checks(file: PanelsFile, own: Record | None, all_of: Sequence[Record] | None, announced: str) -> Sequence[Check]:
    from bot.domain.selection.verifying import check_hash, check_record, check_rules

    checks = [check_hash(file.digest, announced)] if announced else []
    if own is not None:
        checks += check_record(file, own)
    if all_of is not None:
        checks += check_rules(file, all_of)
    return checks


def _told(checks: Sequence[Check]) -> int:
    """Say what was looked at, and return the number of faults."""
    faults = [check for check in checks if not check.fine]
    for check in (*(check for check in checks if check.fine), *faults[:MOST_FAULTS]):
        say(f"{'ok   ' if check.fine else 'FAULT'} {check.sentence}")
    if len(faults) > MOST_FAULTS:
        say(f"There are {len(faults) - MOST_FAULTS} more faults.")
    return len(faults)


def _drawn(file: PanelsFile, seed: str, replay: Replay | None) -> Mapping[str, str]:
    from bot.domain.selection import replaying
    from bot.domain.selection.completing import TooLarge
    from bot.domain.selection.drawing import drawn_from, place_of

    try:
        sitting = drawn_from(file, seed, 1, replay or replaying.replay)
    except TooLarge:
        fail("Only a solver can replay this draw, as it has a slack or too many rules at once. All else was checked.")
    except ValueError as error:
        fail(f"The seed {seed} draws no panel: {error}.")
    place = None if file.header.ordered else place_of(file, seed)
    where = "" if place is None else f" panel {place}, which is line {file.line(place)} of the file"
    say(f"The seed {seed} draws{where}:")
    for seat, who in sitting.items():
        say(f"  {seat} {who}")
    return sitting


def _tell_reserves(file: PanelsFile, all_of: Sequence[Record], sitting: Mapping[str, str], seed: str) -> None:
    from bot.domain.selection.commitments import pool_of
    from bot.domain.selection.reserves import reserves

    for seat, able in reserves(pool_of(all_of, file.header.rules), sitting, file.digest, seed).items():
        say(f"Reserves for {seat}: {', '.join(able) or 'none'}.")


def _records(path: Path) -> Sequence[Record]:
    return tuple(_record(path, line, n) for n, line in enumerate(_content(path).splitlines(), 1) if line.strip())


def _record(path: Path, text: bytes, line: int) -> Record:
    from bot.domain.selection.canonical import NotCanonical
    from bot.domain.selection.records import Record

    try:
        return Record.read(text)
    except NotCanonical as error:
        fail(f"{path}:{line}: {error.sentence}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fail(f"{path}: It cannot be read ({error.strerror}).")
