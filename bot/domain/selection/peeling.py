"""Panels that make up given chances: one after another is peeled off, until nothing is left."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.selection.limit import Limit
from bot.domain.selection.program import INFINITY, Program, Solver, Unsolved
from bot.domain.selection.search import Counts, Search

NOTHING = 1e-11  # a part of a person that is taken for none
ENOUGH = 1e-7  # a rest of the lottery that is not worth a panel
BLURRED = 1e-2
BLUR = 1e-9  # how exact a rule is kept while the whole lottery is there
NEAR = 20  # so many times as far from a rule's edge is taken for being at the edge
FELT = 1e-7  # a price from which on a rule stands in the way
ANY = 1e12  # more than any wishes come to
STEEP = 1e4  # no wish is stronger than this, or the numbers go wrong


class Peeling:
    """Carathéodory's theorem as a procedure (Grötschel, Lovász and Schrijver 1988, theorem 6.5.11).

    A point that is a mixture of panels lies on some faces of the polytope, and so does each panel of the mixture. Take
    a panel on those faces, give it the weight that leaves the rest just inside, and the rest lies on one face more.
    """

    def __init__(self, search: Search, limit: Limit) -> None:
        self._search, self._limit = search, limit
        self._program, self._kinds = search.panels.program, search.panels.counts
        rows = self._program.rows
        self._parts = [[term for term in row if term[0] not in self._kinds] for row in rows]
        self._sums = [[column for column, _ in row if column in self._kinds] for row in rows]
        self._empty: set[int] = set()  # columns other than counts that are 0 on the face
        self._tight: set[tuple[int, bool]] = set()  # rows with such columns that are at their most, or at their least

    def peel(self, point: Sequence[float]) -> list[Counts]:
        """The panels of a mixture that has these counts; not all of them where the point is none. Raises OutOfTime."""
        rest, mass, error, found = list(point), 1.0, BLUR, list[Counts]()
        while mass > ENOUGH and error / mass < BLURRED:
            scaled = [0.0 if part < NOTHING * mass else part / mass for part in rest]
            blur = max(BLUR, error / mass)
            panel = self._on_faces(scaled, blur)
            share = None if panel is None else self._share(scaled, panel, blur)
            if panel is None or share is None:
                error *= 2
            elif share:
                found.append(panel)
                rest = [part - mass * share * count for part, count in zip(rest, panel, strict=True)]
                mass *= 1 - share
        return found

    def _on_faces(self, point: Sequence[float], blur: float) -> Counts | None:
        """A panel on every face that the point lies on, and otherwise near to what the point is near to."""
        bounds, worth = self._search.bounds(), [0.0] * len(self._program.most)
        for kind in self._kinds:
            above, below = point[kind], bounds.most[kind] - point[kind]
            if above <= blur:
                bounds.most[kind] = 0
            elif below <= NEAR * blur:
                bounds.least[kind] = bounds.most[kind]
            else:
                worth[kind] += 1 / below - 1 / above
        for row, (parts, sums) in enumerate(zip(self._parts, self._sums, strict=True)):
            least, most = self._program.row_least[row], self._program.row_most[row]
            if parts or least == most:
                continue
            total = sum(point[kind] for kind in sums)
            if total - least <= NEAR * blur:
                bounds.row_most[row] = least
            elif most - total <= NEAR * blur:
                bounds.row_least[row] = most
            else:
                for kind in sums:
                    worth[kind] += 1 / (most - total) - 1 / (total - least)
        for column in self._empty:
            bounds.most[column] = 0
        for row, at_most in self._tight:
            least, most = self._program.row_least[row], self._program.row_most[row]
            bounds.row_least[row], bounds.row_most[row] = (most, most) if at_most else (least, least)
        self._search.within(bounds)
        worth = [max(-STEEP, min(STEEP, wish)) for wish in worth]
        panel, bound = self._search.good(worth)
        return panel if panel or bound == -INFINITY else self._search.best(worth, enough=-ANY)

    def _share(self, point: Sequence[float], panel: Counts, blur: float) -> float | None:
        """The greatest weight of a panel that leaves the rest among the panels; None where even 0 does not.

        Where it is 0, the rules about columns other than counts stand in the way: they are noted, so that the next
        panel keeps them.
        """
        solver, edges = self._remaining(point, panel, blur)
        try:
            found = solver.solve()
        except Unsolved:
            return None
        if found is None:
            return None
        share = found.values[-1]
        if share <= NEAR * blur and share < 0.99 * self._until_empty(point, panel):
            others = range(len(self._kinds), len(self._program.most))
            empty = {column for column in others if abs(found.column_prices[column - len(self._kinds)]) > FELT}
            tight = {edge for edge, price in zip(edges, found.row_prices, strict=True) if edge and abs(price) > FELT}
            if empty <= self._empty and tight <= self._tight:
                return None
            share = 0.0
            self._empty |= empty
            self._tight |= tight
        return share

    def _remaining(
        self, point: Sequence[float], panel: Counts, blur: float
    ) -> tuple[Solver, list[tuple[int, bool] | None]]:
        """The greatest weight of the panel with which (point - weight * panel) keeps (1 - weight) of each rule."""
        first, rest = len(self._kinds), Program()
        for _column in range(first, len(self._program.most)):
            rest.column(INFINITY)
        weight = rest.column(self._until_empty(point, panel))
        meant: list[tuple[int, bool] | None] = []
        for row, (parts, sums) in enumerate(zip(self._parts, self._sums, strict=True)):
            before, taken = sum(point[kind] for kind in sums), sum(panel[kind] for kind in sums)
            terms = [(column - first, by) for column, by in parts]
            rule = self._program.row_least[row], self._program.row_most[row]
            for bound, at_most in zip(rule, (False, True), strict=True):
                if abs(bound) < INFINITY:
                    apart = bound - before
                    least, most = (-INFINITY, apart + blur) if at_most else (apart - blur, INFINITY)
                    rest.row([*terms, (weight, bound - taken)], least, most)
                    meant.append((row, at_most) if parts and rule[0] != rule[1] else None)
        solver = Solver(rest, self._limit)
        solver.cost([0.0] * weight + [1.0])
        return solver, meant

    def _until_empty(self, point: Sequence[float], panel: Counts) -> float:
        """The weight at which the first kind is used up, or the rest has to take all there are of one."""
        weight = 1.0
        for kind, (there, count) in enumerate(zip(point, panel, strict=True)):
            most = self._program.most[kind]
            if count:
                weight = min(weight, there / count)
            if count < most:
                weight = min(weight, max(0.0, most - there) / (most - count))
        return weight
