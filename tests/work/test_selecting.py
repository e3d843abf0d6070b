"""Panels are computed in a process apart, which holds up nobody and outlives nobody."""

from __future__ import annotations

import subprocess
import sys
import time

from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.solving import solve
from bot.work.selecting import apart
from tests.serve import ROOT

SMALL = Pool(
    [Applicant(name, {"a": 2}, frozenset({"w"} if name < "c" else ())) for name in "abcd"],
    [Line("a", 2)],
    [Quota("w", 1, 1)],
)
# A solver that would take a minute, in a thread as the service has it; then the service ends.
ENDING = """
import threading, time
from bot.work import selecting
from tests.work.test_selecting import SMALL, slow
if __name__ == "__main__":
    selecting._solve = slow
    threading.Thread(target=selecting.apart, args=(SMALL, 60.0), daemon=True).start()
    time.sleep(3)
"""


def slow(there: object, pool: Pool, seconds: float) -> None:
    time.sleep(seconds)


def test_a_process_apart_finds_the_same() -> None:
    found, same = apart(SMALL, 60).selection, solve(SMALL, 60).selection
    assert found is not None and same is not None
    assert (found.method, found.compositions, found.chances) == (same.method, same.compositions, same.chances)


def test_a_service_that_ends_does_not_wait_for_what_is_being_computed() -> None:
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", ENDING], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True, timeout=50)
    assert time.monotonic() - began < 45
