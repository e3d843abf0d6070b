"""Freezing a pool: pseudonyms, salts, and the commitments that later edits cannot reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

from bot.domain.selection.facts import Facts
from bot.domain.selection.pool import Pool
from bot.domain.selection.records import SALT, Record


def pseudonyms(count: int) -> tuple[str, ...]:
    """The pseudonyms of a pool of so many people: P001, P002 and so on, all of one length."""
    width = max(3, len(str(count)))
    return tuple(f"P{number:0{width}}" for number in range(1, count + 1))


def pool_hash(commitments: Iterable[str]) -> str:
    """SHA-256 (64 hexadecimal digits) over all applicants' commitments, sorted, one a line."""
    return sha256("".join(f"{one}\n" for one in ("samskab/pool/1", *sorted(commitments))).encode()).hexdigest()


def pool_of(records: Iterable[Record], rules: Pool) -> Pool:
    """The pool of these records, by pseudonym, under the lines, quotas, threshold and slack of `rules`."""
    people = sorted((record.applicant for record in records), key=lambda one: one.id)
    return replace(rules, applicants=tuple(people), lines=tuple(rules.lines), quotas=tuple(rules.quotas))


@dataclass(frozen=True)
class Frozen:
    """A pool that later edits do not reach: everybody's record by the applicant's own id, and the pool by pseudonym."""

    records: Mapping[str, Record] = field(repr=False)
    pool: Pool = field(repr=False)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """Each pseudonym's applicant, by the applicant's own id."""
        return {record.pseudonym: id_ for id_, record in self.records.items()}

    @cached_property
    def commitments(self) -> Mapping[str, str]:
        """Each pseudonym's commitment, in the order of the pseudonyms."""
        found = {record.pseudonym: record.commitment for record in self.records.values()}
        return {pseudonym: found[pseudonym] for pseudonym in sorted(found)}

    @cached_property
    def pool_hash(self) -> str:
        """The hash over all commitments."""
        return pool_hash(self.commitments.values())


def freeze(pool: Pool, facts: Facts, shuffle: Callable[[list[str]], object], salt: Callable[[], bytes]) -> Frozen:
    """Give everybody a pseudonym and a salt, and copy what the draw rests on.

    In earnest `shuffle` is `secrets.SystemRandom().shuffle` and `salt` is `secrets.token_bytes(32)`: whoever could
    foresee them could tell from the file who is who. Ratings of lines that are not in the pool, and groups of no quota,
    stay out. Raises ValueError for ids that stand twice and for salts that repeat or are not 32 bytes.
    """
    names = list(pseudonyms(len(pool.applicants)))
    shuffle(names)
    known = {quota.key for quota in pool.quotas}
    records = {
        one.id: Record(
            facts.call,
            facts.number,
            name,
            salt(),
            tuple(line.key for line in pool.lines if line.key in one.ratings),
            {line.key: one.ratings[line.key] for line in pool.lines if line.key in one.ratings},
            tuple(sorted(one.groups & known)),
        )
        for one, name in zip(pool.applicants, names, strict=True)
    }
    salts = {record.salt for record in records.values()}
    if len(records) < len(names) or len(salts) < len(names) or any(len(one) != SALT for one in salts):
        raise ValueError("every applicant needs an id and a salt of 32 bytes of his or her own")
    return Frozen(records, pool_of(records.values(), pool))
