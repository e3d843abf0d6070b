"""The panels file: everything a draw rests on, in one text whose hash is announced before the seed is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.domain.selection.canonical import Plain, canonical
from bot.domain.selection.commitments import Frozen
from bot.domain.selection.dealing import PANELS, deal
from bot.domain.selection.facts import Facts
from bot.domain.selection.pool import Applicant, Composition, Pool, Selection
from bot.domain.selection.seating import meets, seat_names, seated

FORMAT = "samskab/panels/1"
HASH_ORDERED = "hash-ordered"
METHODS = ("leximin", "maximin", HASH_ORDERED)
NO_SLACK = "none"
# The file says by itself how it is used, for whoever finds it in an archive.
HASH = "H is the SHA-256 of this whole file, as 64 hexadecimal digits"
INDEX = (
    "int(SHA-256('samskab/draw/1\\n' + H + '\\n' + seed + '\\n' + k)) mod 1000, and k = 1 gives the panel; "
    "the panels are the last 1000 lines of this file, counted from 0"
)
ORDER = (
    "people in the order of SHA-256('samskab/order/1\\n' + H + '\\n' + seed + '\\n' + pseudonym); each enters where a "
    "panel with all before and this one meets every hard rule; the people are the last lines of this file"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a panels file.

    `rules` is the pool without its applicants, of whom there are `applicants`; `pool_hash` covers their commitments.
    `levels` is how many levels of leximin were finished; `complete` that there were no more.
    """

    facts: Facts
    rules: Pool
    applicants: int
    pool_hash: str
    method: str
    complete: bool
    levels: int

    @property
    def ordered(self) -> bool:
        """Whether the file holds people and a rule, rather than panels."""
        return self.method == HASH_ORDERED

    def document(self) -> dict[str, Plain]:
        """The header as it is written."""
        facts = self.facts
        return {
            **rules_of(self.rules),
            "applicants": self.applicants,
            "call": facts.call,
            "complete": _yes(self.complete),
            "draw": facts.number,
            "format": FORMAT,
            "hash": HASH,
            "index": ORDER if self.ordered else INDEX,
            "levels": self.levels,
            "mandate": facts.mandate,
            "method": self.method,
            "panels": 0 if self.ordered else PANELS,
            "pool": self.pool_hash,
            "program": facts.program,
            "rules": rules_hash(self.rules),
            "seats": self.rules.seats,
            "seed_from": facts.source.moment,
            "seed_rule": facts.source.rule,
            "solver": facts.solver,
            "time_limit": facts.time_limit,
        }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def rules_of(pool: Pool) -> dict[str, Plain]:
    """Lines, quotas, threshold and slack of a pool, as they are written; the order of lines is that of the mandate."""
    return {
        "lines": [{"key": line.key, "seats": line.seats} for line in pool.lines],
        "quotas": [
            {"hard": _yes(quota.hard), "key": quota.key, "least": quota.least, "most": quota.most}
            for quota in pool.quotas
        ],
        "slack": NO_SLACK if pool.slack is None else pool.slack,
        "threshold": pool.threshold,
    }


def rules_hash(pool: Pool) -> str:
    """SHA-256 (64 hexadecimal digits) of the rules, which can be published before anybody has applied."""
    return sha256(b"samskab/rules/1\n" + canonical(rules_of(pool))).hexdigest()


def panels_file(frozen: Frozen, selection: Selection, facts: Facts) -> bytes:
    """The file: a header, each pseudonym's commitment, and 1,000 panels or the people of a hash-ordered lottery.

    The panels are sorted, so that their order tells nothing and can be told by nobody. Raises ValueError where the
    selection does not fit the pool, or a panel breaks a hard rule: such a file must never be announced.
    """
    rules = replace(frozen.pool, applicants=())
    if selection.method not in METHODS or not all(re.fullmatch(r"[A-Za-z0-9_-]+", line.key) for line in rules.lines):
        raise ValueError("the method must be known, and the keys of lines letters, digits, - and _")
    header = Header(
        facts,
        rules,
        len(frozen.pool.applicants),
        frozen.pool_hash,
        selection.method,
        selection.complete,
        selection.levels,
    )
    lines = [
        canonical(header.document()).decode(),
        *(f"{pseudonym}={commitment}" for pseudonym, commitment in frozen.commitments.items()),
        *(_people(frozen) if header.ordered else dealt(frozen.pool, selection.compositions, frozen.pool_hash)),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def digest(content: bytes) -> str:
    """H, the hash of a panels file: SHA-256 as 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def _people(frozen: Frozen) -> list[str]:
    records = sorted(frozen.records.values(), key=lambda record: record.pseudonym)
    return [canonical(record.committed()).decode() for record in records]


def dealt(pool: Pool, compositions: Sequence[Composition], salt: str) -> list[str]:
    """The lines of the 1,000 panels, sorted; `salt` is the hash of the pool. Raises ValueError as `panels_file`."""
    known: dict[tuple[str, ...], str] = {}
    lines = []
    for people in deal(pool, compositions, salt):
        who = tuple(sorted(one.id for one in people))
        if who not in known:
            known[who] = _line(pool, people, salt)
        lines.append(known[who])
    return sorted(lines)


def _line(pool: Pool, people: Sequence[Applicant], salt: str) -> str:
    seats = seated(pool, people, salt)
    if seats is None or (broken := meets(pool, people)):
        raise ValueError(f"a panel of the selection breaks a hard rule: {broken if seats else 'seats stay empty'}")
    return ",".join(f"{seat}={seats[seat]}" for seat in seat_names(pool.lines))
