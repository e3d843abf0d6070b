"""What to relax where no panel keeps the rules, and which rules keep a kind of people off every panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from bot.domain.selection.elastic import Elastic
from bot.domain.selection.feasible import falling_short, flowing, members, panels_of
from bot.domain.selection.limit import Limit
from bot.domain.selection.pool import Kind, Pool
from bot.domain.selection.program import INFINITY, Term
from bot.domain.selection.relaxing import Relaxation

SECONDS = 30.0


def advice(pool: Pool, *, most: int = 3, limit_seconds: float = SECONDS) -> Sequence[Sequence[Relaxation]]:
    """Up to `most` alternative sets of relaxations, the smallest first; with any of them there is a panel.

    A quota's least or most, seats that stay empty, a lower rating that a line accepts (never 0: nobody is put where
    they did not offer to be). Within `lowest` and `highest` of the quotas where that does, else beyond. Empty where
    nobody could take any seat. Apply one with `relaxing.relaxed`. Raises OutOfTime.
    """
    limit = Limit(limit_seconds)
    for bounded in (True, False):
        found = tuple(islice(_elastic(pool, bounded=bounded).alternatives(limit), most))
        if found:
            return found
    return ()


def _elastic(pool: Pool, *, bounded: bool) -> Elastic:
    lines = tuple(sorted((replace(line, threshold=1) for line in pool.lines), key=lambda one: one.key))
    asked = {line.key: pool.asked(line) for line in pool.lines}
    wide = replace(pool, lines=lines, slack=0)  # with a slack, kinds tell each rating
    kinds = tuple(wide.kinds)
    program, flows = flowing(wide, kinds)
    elastic = Elastic(program)
    for line in lines:
        elastic.seats([(flow, 1.0) for flow, _rating in flows[line.key]], line.key, line.seats)
        for accepted in range(1, asked[line.key]):
            below = [(flow, 1.0) for flow, rating in flows[line.key] if rating == accepted]
            elastic.rating(below, line.key, asked[line.key], accepted, line.seats)
    for quota in sorted(pool.quotas, key=lambda one: one.key):
        if quota.hard:
            elastic.quota(members(kinds, quota), quota, bounded=bounded)
    program.row([(number, 1.0) for number in range(len(kinds))], 1, INFINITY)
    return elastic


def causes(pool: Pool, kind: Kind, *, limit_seconds: float = SECONDS) -> Sequence[Relaxation]:
    """The least that would have to give for a panel with somebody of this kind: the rules that keep them off.

    Empty where nothing has to. Of soft rules and the slack it says what stands against them in this pool, as the panels
    of the pool keep both as far as can be. Raises Infeasible, OutOfTime; KeyError for a kind that fits no line.
    """
    limit = Limit(limit_seconds)
    panels = panels_of(pool, limit)
    kinds = tuple(pool.kinds)
    program, flows = flowing(pool, kinds)
    elastic = Elastic(program)
    for line in pool.lines:
        program.row([(flow, 1.0) for flow, _rating in flows[line.key]], line.seats, line.seats)
    soft: list[Term] = []
    for quota in sorted(pool.quotas, key=lambda one: one.key):
        if quota.hard:
            elastic.quota(members(kinds, quota), quota, bounded=False)
        else:
            soft += elastic.soft(quota, falling_short(program, kinds, quota))
    if soft:
        program.row(soft, -INFINITY, panels.shortfall)
    if panels.rating is not None and pool.slack is not None:
        worth = [(flow, float(rating)) for line in flows.values() for flow, rating in line]
        elastic.slack(worth, panels.rating - pool.slack, pool.slack)
    program.least[{one: number for number, one in enumerate(kinds)}[kind]] = 1
    return next(elastic.alternatives(limit), ())
