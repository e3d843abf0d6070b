"""Attendance over time: what a facilitator sees of each member, and when it is time to ask how somebody is."""

from __future__ import annotations

from collections.abc import Sequence

MISSES = 2


def came(there: Sequence[bool]) -> tuple[int, int]:
    """At how many meetings somebody was, and of how many; `there` is the oldest first."""
    return sum(there), len(there)


def missed_in_a_row(there: Sequence[bool]) -> int:
    """How many of the newest meetings somebody missed without a break."""
    count = 0
    for one in reversed(there):
        if one:
            break
        count += 1
    return count


def worth_asking(there: Sequence[bool]) -> bool:
    """Whether somebody has missed so many meetings in a row that their contact person should ask how they are."""
    return missed_in_a_row(there) >= MISSES
