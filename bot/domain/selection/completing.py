"""Whether people can be completed to a panel that keeps all hard rules: an exact search without a solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.selection.pool import Kind, Pool

MOST_STEPS = 20_000  # some seconds; a search that needs more would seldom end


class TooLarge(Exception):
    """The search would take too long; a solver is needed."""


class _Sort(NamedTuple):
    """Who is interchangeable under the hard rules: the quotas counted toward and the lines that fit, as bit masks."""

    quotas: int
    fits: int


class _Panel(NamedTuple):
    """A panel being filled: who sits on each line, how many count toward each quota, how many seats are left."""

    lines: tuple[tuple[_Sort, ...], ...]
    counts: tuple[int, ...]
    left: int


# To a line that could take one more: from which other line somebody of which sort moves there; None if a seat is free.
_Moves = Mapping[int, tuple[_Sort, int] | None]


class Completion:
    """Depth first over the people still missing, cut off where counting shows that nobody can do.

    The rule that is hardest to meet is met first (fail first: Haralick and Elliott, "Increasing Tree Search Efficiency
    for Constraint Satisfaction Problems", Artificial Intelligence 14, 1980). Whoever was tried in vain is not tried
    again beside the same others. Groups that share nobody need different people, which ends most vain searches at once.
    """

    def __init__(self, pool: Pool) -> None:
        quotas = [quota for quota in pool.quotas if quota.hard]
        self.least = tuple(quota.least for quota in quotas)
        self.most = tuple(quota.most for quota in quotas)
        self.seats = tuple(line.seats for line in pool.lines)
        self.sort_of = {
            kind: _Sort(
                sum(1 << n for n, quota in enumerate(quotas) if quota.key in kind.groups),
                sum(1 << n for n, line in enumerate(pool.lines) if line.key in dict(kind.fits)),
            )
            for kind in pool.kinds
        }
        self.sizes: Counter[_Sort] = Counter()
        for kind, people in pool.kinds.items():
            self.sizes[self.sort_of[kind]] += len(people)
        self.apart = [self._apart(n) for n in range(len(quotas))]
        self.covers = [all(any(sort.quotas >> n & 1 for n in group) for sort in self.sizes) for group in self.apart]
        self.found: Counter[_Sort] = Counter()
        self.steps = 0

    def possible(self, inside: Mapping[Kind, int]) -> bool:
        """Is there a panel with at least so many people of each kind? Raises TooLarge."""
        wanted: Counter[_Sort] = Counter()
        for kind, count in inside.items():
            wanted[self.sort_of[kind]] += count
        if self.found and wanted <= self.found:
            return True  # the panel found last holds them, too
        panel = _Panel(tuple(() for _line in self.seats), tuple(0 for _quota in self.least), sum(self.seats))
        for sort in wanted.elements():
            moves = self._moves(panel)
            if not any(sort.fits >> line & 1 for line in moves):
                return False
            panel = self._with(panel, moves, sort)
        self.steps = 0
        return self._complete(panel, self.sizes - wanted)

    def _complete(self, panel: _Panel, waiting: Counter[_Sort]) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLarge
        need = {n: least - panel.counts[n] for n, least in enumerate(self.least) if panel.counts[n] < least}
        room = [most - count for most, count in zip(self.most, panel.counts, strict=True)]
        if self._counted_out(need, room, panel.left):
            return False
        if not panel.left:
            self.found = Counter(sort for line in panel.lines for sort in line)
            return True
        moves = self._moves(panel)
        full = sum(1 << n for n, places in enumerate(room) if not places)
        lines = sum(1 << line for line in moves)
        able = [sort for sort in waiting if not sort.quotas & full and sort.fits & lines]
        supply = {n: sum(waiting[sort] for sort in able if sort.quotas >> n & 1) for n in need}
        if any(supply[n] < need[n] for n in need):
            return False
        scarcity = {n: need[n] / supply[n] for n in need}
        if scarcity:
            scarcest = max(scarcity, key=scarcity.__getitem__)
            able = [sort for sort in able if sort.quotas >> scarcest & 1]
            able.sort(
                key=lambda sort: sum(value for n, value in scarcity.items() if sort.quotas >> n & 1), reverse=True
            )
        rest = waiting.copy()
        for sort in able:
            rest[sort] -= 1
            if self._complete(self._with(panel, moves, sort), +rest):
                return True
            del rest[sort]
        return False

    def _counted_out(self, need: Mapping[int, int], room: list[int], left: int) -> bool:
        """Do groups that share nobody need more people than there are seats left, or have room for fewer?"""
        return min(room, default=0) < 0 or any(
            sum(need.get(n, 0) for n in group) > left or (covers and sum(room[n] for n in group) < left)
            for group, covers in zip(self.apart, self.covers, strict=True)
        )

    def _apart(self, first: int) -> tuple[int, ...]:
        """This quota and others, so that nobody counts toward two of them."""
        group = [first]
        for n in range(len(self.least)):
            if all(not (sort.quotas >> n & 1 and sort.quotas >> m & 1) for m in group for sort in self.sizes):
                group.append(n)
        return tuple(group)

    def _moves(self, panel: _Panel) -> _Moves:
        """The lines that could take one more, and who would move on from there; those with a free seat first."""
        moves: dict[int, tuple[_Sort, int] | None] = {
            n: None for n, sitting in enumerate(panel.lines) if len(sitting) < self.seats[n]
        }
        queue = list(moves)
        for target in queue:
            for n, sitting in enumerate(panel.lines):
                mover = None if n in moves else next((sort for sort in sitting if sort.fits >> target & 1), None)
                if mover:
                    moves[n] = (mover, target)
                    queue.append(n)
        return moves

    def _with(self, panel: _Panel, moves: _Moves, comer: _Sort) -> _Panel:
        """The panel with one more, who fits one of the lines in `moves`."""
        counts = tuple(count + (comer.quotas >> n & 1) for n, count in enumerate(panel.counts))
        lines = [list(sitting) for sitting in panel.lines]
        line = next(line for line in moves if comer.fits >> line & 1)
        step = moves[line]
        while step:
            mover, target = step
            lines[line].remove(mover)
            lines[line].append(comer)
            comer, line, step = mover, target, moves[target]
        lines[line].append(comer)
        return _Panel(tuple(tuple(sitting) for sitting in lines), counts, panel.left - 1)
