"""A panels file read back: every fault with its line, and what the file says of each person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TypeVar

from bot.domain.selection.canonical import NotCanonical, canonical, parse
from bot.domain.selection.commitments import Frozen, pool_hash, pseudonyms
from bot.domain.selection.dealing import PANELS
from bot.domain.selection.facts import Facts
from bot.domain.selection.fields import Fields
from bot.domain.selection.file import FORMAT, METHODS, NO_SLACK, Header, digest
from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.records import Record, take_committed
from bot.domain.selection.seating import seat_names
from bot.domain.selection.seeds import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line of a file, counted from 1."""

    line: int
    sentence: str


class Unreadable(Exception):
    """The file is no panels file as Samskab writes it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True)
class PanelsFile:
    """What a panels file says. Each of `panels` names the pseudonyms in the order of `seats`.

    With the hash-ordered lottery there are no panels, and `applicants` are the people it orders.
    """

    digest: str
    header: Header
    commitments: Mapping[str, str]
    panels: tuple[tuple[str, ...], ...] = ()
    applicants: tuple[Applicant, ...] = ()

    @property
    def seats(self) -> tuple[str, ...]:
        """The names of the seats."""
        return seat_names(self.header.rules.lines)

    @property
    def pool(self) -> Pool:
        """The pool of a hash-ordered lottery, by pseudonym; without applicants where the file holds panels."""
        return replace(self.header.rules, applicants=self.applicants)

    @cached_property
    def chances(self) -> Mapping[str, int]:
        """On how many of the 1,000 panels each pseudonym is; empty for the hash-ordered lottery."""
        counts = Counter(pseudonym for panel in self.panels for pseudonym in panel)
        return {pseudonym: counts[pseudonym] for pseudonym in self.commitments} if self.panels else {}

    @cached_property
    def lines_of(self) -> Mapping[str, Mapping[str, int]]:
        """On which profile lines a pseudonym sits anywhere, each with the place of the first such panel."""
        found: dict[str, dict[str, int]] = {pseudonym: {} for pseudonym in self.commitments}
        keys = [seat.rpartition(".")[0] for seat in self.seats]
        for place, panel in enumerate(self.panels):
            for key, pseudonym in zip(keys, panel, strict=True):
                found[pseudonym].setdefault(key, place)
        return found

    def sitting(self, place: int) -> dict[str, str]:
        """The panel at a place (0-999): seat to pseudonym."""
        return dict(zip(self.seats, self.panels[place], strict=True))

    def line(self, place: int) -> int:
        """The line of the file where the panel of a place stands, counted from 1."""
        return 2 + len(self.commitments) + place


def chances_per_mille(content: bytes) -> Mapping[str, int]:
    """Everybody's chance, by pseudonym, in panels of 1,000. Raises Unreadable."""
    return read(content).chances


def receipts(frozen: Frozen, content: bytes) -> Mapping[str, Record]:
    """What each applicant is given once the file stands, by the applicant's own id. Raises Unreadable."""
    file = read(content)
    return {
        applicant: replace(record, chance=file.chances.get(record.pseudonym), digest=file.digest)
        for applicant, record in frozen.records.items()
    }


def read(content: bytes) -> PanelsFile:
    """Read a panels file. Raises Unreadable with every fault, each with its line."""
    lines = _lines(content)
    header = _header(lines[0])
    size = header.applicants
    wanted = 1 + size + (size if header.ordered else PANELS)
    if len(lines) != wanted or size < header.rules.seats:
        rest = f"{size} people" if header.ordered else f"{PANELS} panels"
        sentence = f"The file has {len(lines)} lines, not {wanted}: a header, {size} commitments, {rest}."
        raise Unreadable(Fault(min(len(lines), wanted), sentence))
    names = pseudonyms(size)
    commitments, faults = _each(lines[1 : 1 + size], 2, partial(_commitment, names))
    if not faults and pool_hash(commitments) != header.pool_hash:
        faults = [Fault(1, "“pool” is not the hash of the commitments below.")]
    people, panels, more = _rest(header, names, lines[1 + size :], 2 + size)
    if faults or more:
        raise Unreadable(*faults, *more)
    by_name = dict(zip(names, commitments, strict=True))
    return PanelsFile(digest(content), header, by_name, tuple(panels), tuple(people))


def _rest(
    header: Header, names: tuple[str, ...], lines: list[str], first: int
) -> tuple[list[Applicant], list[tuple[str, ...]], list[Fault]]:
    """The people of a hash-ordered lottery, or the panels, and the faults of either."""
    if header.ordered:
        people, faults = _each(lines, first, partial(_person, names, {line.key for line in header.rules.lines}))
        return people, [], faults
    panels, faults = _each(lines, first, partial(_panel, frozenset(names), seat_names(header.rules.lines)))
    if not faults:
        unsorted = (n for n in range(1, len(lines)) if lines[n] < lines[n - 1])
        faults = [Fault(first + n, "The panels are not sorted.") for n in unsorted][:1]
    return [], panels, faults


def _lines(content: bytes) -> list[str]:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(Fault(content[: error.start].count(b"\n") + 1, "The file is not UTF-8.")) from None
    if not text.endswith("\n"):
        raise Unreadable(Fault(text.count("\n") + 1, "The file breaks off: its last line has no end."))
    return text.split("\n")[:-1]


def _each(lines: list[str], first: int, read_one: Callable[[int, str], T]) -> tuple[list[T], list[Fault]]:
    """Read line after line, each with its place from 0, and go on after a fault."""
    found, faults = [], []
    for place, line in enumerate(lines):
        try:
            found.append(read_one(place, line))
        except NotCanonical as error:
            faults.append(Fault(first + place, error.sentence))
    return found, faults


def _commitment(names: tuple[str, ...], place: int, line: str) -> str:
    name, _equals, commitment = line.partition("=")
    if name != names[place]:
        raise NotCanonical(f"the commitment of {names[place]} should stand here")
    if not re.fullmatch(r"[0-9a-f]{64}", commitment):
        raise NotCanonical(f"the commitment of {name} is not 64 hexadecimal digits")
    return commitment


def _panel(known: frozenset[str], seats: tuple[str, ...], _place: int, line: str) -> tuple[str, ...]:
    pairs = [part.partition("=") for part in line.split(",")]
    people = tuple(name for _seat, _equals, name in pairs)
    if tuple(seat for seat, _equals, _name in pairs) != seats:
        raise NotCanonical(f"a panel should fill the seats {', '.join(seats)}, in this order")
    if strangers := [name for name in people if name not in known]:
        raise NotCanonical(f"“{strangers[0]}” is not one of the applicants")
    if len(set(people)) < len(people):
        raise NotCanonical("somebody has two seats")
    return people


def _person(names: tuple[str, ...], keys: set[str], place: int, line: str) -> Applicant:
    document = parse(line)
    if canonical(document) != line.encode():
        raise NotCanonical("this is not in canonical form")
    fields = Fields(document)
    name, declared, ratings, groups = take_committed(fields)
    fields.end()
    if name != names[place]:
        raise NotCanonical(f"{names[place]} should stand here")
    if strange := sorted(set(declared) - keys):
        raise NotCanonical(f"there is no line “{strange[0]}”")
    return Applicant(name, ratings, frozenset(groups))


def _header(line: str) -> Header:
    try:
        document = parse(line)
        header = _header_of(Fields(document))
        written = header.document()
        assert isinstance(document, dict)
        for key, value in written.items():
            if canonical(document.get(key, "")) != canonical(value):
                raise NotCanonical(f"“{key}” should be {canonical(value).decode()}")
        if strange := sorted(document.keys() - written.keys()):
            raise NotCanonical(f"“{strange[0]}” does not belong here")
        if canonical(written) != line.encode():
            raise NotCanonical("the header is not in canonical form")
    except NotCanonical as error:
        raise Unreadable(Fault(1, error.sentence)) from None
    return header


def _header_of(fields: Fields) -> Header:
    """What the header says freely; the rest follows from it and is compared afterwards."""
    if fields.text("format") != FORMAT:
        raise NotCanonical(f"“format” should be {FORMAT}")
    method = fields.text("method")
    if method not in METHODS:
        raise NotCanonical(f"“method” should be one of {', '.join(METHODS)}")
    return Header(
        Facts(
            call=fields.text("call"),
            number=fields.number("draw", 1),
            mandate=fields.number("mandate", 1),
            source=_source(fields.text("seed_rule"), fields.text("seed_from")),
            time_limit=fields.number("time_limit"),
            program=fields.text("program"),
            solver=fields.text("solver"),
        ),
        _rules(fields),
        fields.number("applicants", 1),
        fields.text("pool"),
        method,
        fields.text("complete") == "yes",
        fields.number("levels"),
    )


def _rules(fields: Fields) -> Pool:
    lines = tuple(Line(one.text("key"), one.number("seats")) for one in fields.objects("lines"))
    keys = [line.key for line in lines]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]+", key) for key in keys):
        raise NotCanonical("the keys of lines have letters, digits, - and _ only")
    if len(set(keys)) < len(keys):
        raise NotCanonical(f"two lines have the key “{max(keys, key=keys.count)}”")
    quotas = tuple(
        Quota(one.text("key"), one.number("least"), one.number("most"), one.text("hard") == "yes")
        for one in fields.objects("quotas")
    )
    slack = None if fields.left.get("slack") == NO_SLACK else fields.number("slack")
    return Pool((), lines, quotas, fields.number("threshold"), slack)


def _source(rule: str, moment: str) -> Source:
    try:
        return Source(rule, datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
    except ValueError:
        raise NotCanonical(f"no seed can come from the rule “{rule}” at “{moment}”") from None
