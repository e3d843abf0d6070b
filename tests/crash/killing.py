"""The main trial: kill -9 at random moments and at every named step, under load, and then the reckoning."""

from __future__ import annotations

import random
import time
from contextlib import suppress

from tests.crash.cluster import Cluster
from tests.crash.house import WITHIN, wait_until
from tests.crash.scene import Size
from tests.crash.steps import CLOSING, STEPS
from tests.crash.trial import Line, Stage, stage

LAG = (0.02, 0.03)
RANDOM_WAIT = (0.2, 1.5)
USUAL_START = 2.0


def killing(cluster: Cluster | None, kills: int, seed: int, steps: tuple[str, ...] = STEPS) -> list[Line]:
    """Kill KILLS times at random, then once at each step, then while the ballot is closed; the lines of the table."""
    name = "PostgreSQL, two processes" if cluster else "SQLite, one process"
    seconds = int(kills * 3.5 + len(steps) * 5 + 30)
    with stage(cluster, seed, Size(seconds=seconds), processes=2 if cluster else 1) as found:
        found.fake.lag(*LAG)
        found.town.live()
        _at_random(found, kills, random.Random(seed))
        missed = [step for step in steps if not _at(found, step)]
        _all_ready(found)
        time.sleep(1)
        found.town.go_home()
        found.all_taken()  # a vote that is still on its way when the ballot closes would rightly not count
        missed += _while_closing(found, CLOSING if steps == STEPS else CLOSING[:1])
        _all_ready(found)
        found.due_is_done()
        found.settle()
        reckoning = found.reckon(closed=True)
        ledger = found.town.ledger
        killed = len(found.in_flight)
        return [
            Line(name, f"{killed} kills ({kills} at random), {ledger.done} things done, {_uses(found)}"),
            *(
                Line(f"  {what}", f"{len(count.wrong)} of {count.looked_at}", count.wrong)
                for what, count in reckoning.counts.items()
            ),
            Line("  duplicates", _doubled(found, reckoning.doubled.looked_at)),
            Line("  left uncertain and shown", str(reckoning.uncertain)),
            Line("  errors in the logs", str(len(found.house.errors())), found.house.errors()[:5]),
            Line("  steps not reached", str(len(missed)), [f"never came to {step!r}" for step in missed]),
        ]


def _doubled(found: Stage, came_again: int) -> str:
    taken = found.house.takeovers()
    at_kills, handed_over = sum(map(len, found.in_flight)), sum(map(len, taken))
    return f"{came_again}; in flight {at_kills} at kills, {handed_over} at {len(taken)} changes of sender"


def _uses(found: Stage) -> str:
    waits = sorted(found.town.ledger.waits)
    middle = waits[len(waits) // 2] if waits else 0.0
    return f"{len(found.fake.attempts)} deliveries, answered within {middle:.2f} s in the middle"


def _at_random(found: Stage, kills: int, dice: random.Random) -> None:
    """Kill one that answers, again and again."""
    for _kill in range(kills):
        wait_until(lambda: any(process.ready for process in found.house.processes), "a process to answer")
        ready = [number for number, process in enumerate(found.house.processes) if process.ready]
        # On a busy machine everything takes longer, so there must be more time for something to happen.
        slower = max(1.0, max(process.started_in for process in found.house.processes) / USUAL_START)
        time.sleep(dice.uniform(*RANDOM_WAIT) * slower)
        found.kill(dice.choice(ready))


def _at(found: Stage, step: str) -> bool:
    """Have somebody die at a step; False where nobody came to it."""
    _all_ready(found)
    found.house.order(step)
    return _dies(found, step)


def _dies(found: Stage, step: str) -> bool:
    """Wait for a death at a step, and start again; False where nobody died."""
    try:
        wait_until(lambda: _revived(found), step, WITHIN)
    except TimeoutError:
        return False
    finally:
        found.house.order()
    return True


def _revived(found: Stage) -> bool:
    """Start whoever has died; whether anybody had."""
    over = [process for process in found.house.processes if process.over]
    for process in over:
        found.in_flight.append(found.house.sending(process.pid))
        process.start()
    return bool(over)


def _while_closing(found: Stage, steps: tuple[str, ...]) -> list[str]:
    """Die at each step of the closing of the ballot, in the order in which they come.

    All are ordered beforehand: with two processes the next step comes before anybody could order it.
    """
    _all_ready(found)
    found.house.order(*steps)
    found.close_ballot()

    def released() -> bool:
        _revived(found)
        return found.ballot_state == "released"

    wait_until(released, "the ballot to be released", 120, 0.05)
    with suppress(TimeoutError):
        wait_until(lambda: not found.house.ordered, "the last step", 5)
    missed = found.house.ordered
    found.house.order()
    time.sleep(1)  # whoever dies at the last step has died
    _revived(found)
    _all_ready(found)
    return missed


def _all_ready(found: Stage) -> None:
    for process in found.house.processes:
        process.wait_ready()
