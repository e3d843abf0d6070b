"""From a lottery over compositions to 1,000 panels of people, each of which is one ticket of a draw."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import cycle, islice

from bot.domain.selection.pool import Applicant, Composition, Pool

PANELS = 1000


def rounded(weights: Sequence[float | Fraction], total: int = PANELS) -> tuple[int, ...]:
    """Whole shares of `total`, one for each weight: the exact share rounded down or up, and together `total`.

    Largest remainder (Hamilton's method; Balinski and Young, "Fair Representation", 1982), in exact
    fractions; of equal remainders the earlier comes first. Raises ValueError for weights below zero, or all zero.
    """
    exact = [Fraction(weight) for weight in weights]
    if not sum(exact) > 0 or min(exact) < 0:
        raise ValueError("the panels of a lottery need weights that are not below zero, and one above it")
    shares = [weight * total / sum(exact) for weight in exact]
    whole = [int(share) for share in shares]
    missing = total - sum(whole)
    for n in sorted(range(len(shares)), key=lambda n: whole[n] - shares[n])[:missing]:
        whole[n] += 1
    return tuple(whole)


def deal(pool: Pool, compositions: Sequence[Composition], salt: str) -> tuple[tuple[Applicant, ...], ...]:
    """The people of each of the 1,000 panels; equal compositions stand next to each other.

    The people of a kind are dealt in turn, so that two of a kind are on equally many panels, or one on one more. Both
    the turns and the panels come in the order of SHA-256("samskab/deal/1\\n" + salt + "\\n" + what), where `what` is a
    person's id, or the kind's number, a slash and the panel's number. So nobody's name or place in a file counts, and
    it is not always the same people who meet. Raises ValueError where a composition does not fit the pool.
    """
    merged: dict[tuple[int, ...], Fraction] = {}
    for one in compositions:
        merged[one.counts] = merged.get(one.counts, Fraction(0)) + Fraction(one.weight)
    ordered = sorted(merged)
    kinds = list(pool.kinds.values())
    for counts in ordered:
        if len(counts) != len(kinds) or any(not 0 <= n <= len(them) for n, them in zip(counts, kinds, strict=True)):
            raise ValueError("a composition asks for people whom the pool does not have")
    shares = rounded([merged[counts] for counts in ordered])
    counts_of = [counts for counts, share in zip(ordered, shares, strict=True) for _time in range(share)]
    panels: list[list[Applicant]] = [[] for _counts in counts_of]
    for kind, people in enumerate(kinds):
        turns = cycle(sorted(people, key=lambda one: _place(salt, one.id)))
        wanting = [panel for panel, counts in enumerate(counts_of) if counts[kind]]
        for panel in sorted(wanting, key=lambda panel: _place(salt, f"{kind}/{panel}")):
            panels[panel] += islice(turns, counts_of[panel][kind])
    return tuple(tuple(panel) for panel in panels)


def _place(salt: str, what: str) -> bytes:
    return sha256(f"samskab/deal/1\n{salt}\n{what}".encode()).digest()
