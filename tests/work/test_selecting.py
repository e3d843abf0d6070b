"""Panels are computed in a process apart, which holds up nobody and outlives nobody."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.domain.selection.pool import Applicant, Line, Pool, Quota
from bot.domain.selection.solving import solve
from bot.work import apart as other_process
from bot.work.apart import apart
from tests.serve import ROOT

SMALL = Pool(
    [Applicant(name, {"a": 2}, frozenset({"w"} if name < "c" else ())) for name in "abcd"],
    [Line("a", 2)],
    [Quota("w", 1, 1)],
)
# A process apart that would take a minute.
SLOW = """
import time
from bot.domain.selection import solving
from bot.work import apart
solving.solve = lambda pool, seconds: time.sleep(60)
apart.main()
"""
# A service that ends while its thread waits for one.
ENDING = """
import sys, threading, time
from bot.work import apart
from tests.work.test_selecting import SLOW, SMALL
apart.PROGRAM = (sys.executable, "-c", SLOW)
threading.Thread(target=apart.apart, args=(SMALL, 60.0), daemon=True).start()
time.sleep(2)
"""


def test_a_process_apart_finds_the_same() -> None:
    found, same = apart(SMALL, 60).selection, solve(SMALL, 60).selection
    assert found is not None and same is not None
    assert (found.method, found.compositions, found.chances) == (same.method, same.compositions, same.chances)


def test_a_service_that_ends_neither_waits_for_what_is_being_computed_nor_leaves_it_behind() -> None:
    # Its errors are read until nobody is left who could write any, the process apart among them.
    ended = subprocess.run(
        [sys.executable, "-c", ENDING], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, timeout=50
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_process_apart_that_dies_is_said_to_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_process, "PROGRAM", (sys.executable, "-c", "import sys; sys.stdin.buffer.read(9)"))
    with pytest.raises((EOFError, BrokenPipeError)):
        apart(SMALL, 60)


def test_a_service_does_without_the_solver_itself() -> None:
    asked = "import bot.app, sys; sys.exit('numpy' in sys.modules or 'highspy' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True)
