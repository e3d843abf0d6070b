"""Who can be on a panel at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.selection.search import Counts, Search

ALMOST = 1e-6  # parts of people that are nobody


def uncovered(panels: Iterable[Counts], kinds: Sequence[int]) -> list[int]:
    """Those of the kinds that sit on none of the panels."""
    seated = {kind for panel in panels for kind, count in enumerate(panel) if count}
    return [kind for kind in kinds if kind not in seated]


def cover(search: Search, missing: Sequence[int]) -> tuple[list[Counts], list[int]]:
    """Panels on which the missing kinds sit, as many on each as can be; and the kinds that sit on no panel at all.

    Raises OutOfTime.
    """
    search.within(search.bounds())
    found: list[Counts] = []
    missing = list(missing)
    while missing:
        worth = [0.0] * len(search.panels.program.most)
        for kind in missing:
            worth[kind] = 1.0
        panel, bound = search.good(worth)
        if (panel is None or not any(panel[kind] for kind in missing)) and bound > ALMOST:
            panel = search.best(worth, enough=1)
        if panel is None or not any(panel[kind] for kind in missing):
            return found, missing
        found.append(panel)
        missing = uncovered([panel], missing)
    return found, []
