"""`make crash`: every trial, a table of what each showed, and one line at the end; exit code 1 on any violation."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

from tests.crash.cluster import cluster
from tests.crash.killing import killing
from tests.crash.trial import Line
from tests.crash.trials import database_stopped, flooded, in_trouble, paused, stopped_in_order

ALL = 200


def main() -> int:
    """Run the laboratory: KILLS in all, SEED for the same dice, ONLY for one trial."""
    kills = int(os.environ.get("KILLS") or ALL)
    seed = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
    only = os.environ.get("ONLY", "")
    began = time.monotonic()
    lines: list[Line] = []
    with cluster() as postgres:
        for name, place in (("sqlite", None), ("postgresql", postgres)):
            if only in ("", name):
                lines += show(in_time(name, partial(killing, place, kills // 2, seed)))
        others: Mapping[str, Callable[[], Line]] = {
            "database": lambda: database_stopped(postgres, seed),
            "trouble": lambda: in_trouble(seed),
            "sigterm": lambda: stopped_in_order(seed),
            "paused": lambda: paused(postgres, seed),
            "flooder": lambda: flooded(seed),
        }
        for name, trial in others.items():
            if only in ("", name):
                lines += show(in_time(name, partial(_alone, trial)))
    wrong = [what for line in lines for what in line.wrong]
    for what in wrong:
        print(f"WRONG: {what}")
    print(f"crash: {kills} kills, {len(wrong)} violations, seed {seed}, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def in_time(name: str, trial: Callable[[], list[Line]]) -> list[Line]:
    """A trial's lines; one that waits in vain is a violation, and the others go on."""
    try:
        return trial()
    except TimeoutError as error:
        return [Line(name, "did not end", [f"{name}: {error}"])]


def _alone(trial: Callable[[], Line]) -> list[Line]:
    return [trial()]


def show(lines: list[Line]) -> list[Line]:
    """Print a trial's lines."""
    for line in lines:
        print(f"{'!' if line.wrong else ' '} {line.name:<40} {line.figures}", flush=True)
    return lines


if __name__ == "__main__":
    sys.exit(main())
