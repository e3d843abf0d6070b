"""Approval voting: everybody ticks the ideas they can support, and the most supported comes first."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.voting.base import Place, Tally


def tally(papers: Iterable[int], options: int) -> Tally:
    """Count papers (bit masks, the least significant bit the first of `options`); equal counts share a place.

    After two options on place 1 comes place 3. A blank paper counts in the turnout alone. Raises ValueError for a paper
    that ticks more than there is. Source: Lackner and Skowron, "Multi-Winner Voting with Approval Preferences", 2023,
    section 2.2 (approval voting, AV).
    """
    votes = tuple(papers)
    if any(vote < 0 or vote >> options for vote in votes):
        raise ValueError("a paper ticks an option that the ballot does not have")
    counts = tuple(sum(vote >> option & 1 for vote in votes) for option in range(options))
    return Tally(counts, _ranking(counts), len(votes))


def _ranking(counts: tuple[int, ...]) -> tuple[Place, ...]:
    return tuple(
        Place(
            1 + sum(count > level for count in counts),
            tuple(option for option, count in enumerate(counts) if count == level),
        )
        for level in sorted(set(counts), reverse=True)
    )
