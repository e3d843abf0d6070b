"""Panels from files, each in a process of its own: ours, and sortition-algorithms beside it, which knows no profiles.

The peer is under the GPL: it lives in an environment of its own, made at the first run, and nothing imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from bot.domain.selection.pool import Pool
from tests.bench.rows import Row, at_most
from tests.bench.selection_files import write
from tests.domain.selection.pools import municipality
from tests.serve import ROOT

PEER = "sortition-algorithms, maximin"
LOCK = Path(__file__).with_name("peers") / "requirements-sortition.txt"
HOME = ROOT / "var" / "bench-venv"
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Done:
    """How long a process took, the most it held, and what it printed; nothing where it was stopped."""

    seconds: float
    megabytes: float
    said: str | None


def selection(rounds: int) -> list[Row]:
    """200, 1,000 and 10,000 applicants for 10 seats in 5 profiles."""
    with _files(municipality(200)) as folder:
        fair = [_ours(folder) for _round in range(rounds)]
        beside = median(_peer(folder, 120).seconds for _round in range(rounds))
        figure = _median(fair, {"leximin"}, complete=True)
        rows = [replace(at_most("200 applicants, leximin complete", figure, "s", 4), references={PEER: beside})]
    with _files(municipality(1000)) as folder:
        proven = [_ours(folder) for _round in range(rounds)]
        figure = _median(proven, {"leximin", "maximin"}, complete=False)
        rows.append(
            replace(at_most("1,000 applicants, maximin proven", figure, "s", 40), references=_capped(folder, 240))
        )
    with _files(municipality(10_000)) as folder:
        many = [_ours(folder) for _round in range(rounds)]
        figure = _median(many, {"hash-ordered"}, complete=False)
        held = median(one.megabytes for one in many)
        rows.append(replace(at_most("10,000 applicants, hash-ordered", figure, "s", 9), references=_capped(folder, 60)))
        rows.append(at_most("10,000 applicants, memory", held, "MB", 500))
    return rows


@contextmanager
def _files(pool: Pool) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        write(pool, Path(name))
        yield Path(name)


def _median(all_of: Sequence[Done], methods: set[str], *, complete: bool) -> float:
    """The median time; never, where one of them did something else than it should."""
    objects: list[dict[str, Any]] = [json.loads(one.said or "{}") for one in all_of]
    right = all(one.get("method") in methods and (one["complete"] or not complete) for one in objects)
    return median(one.seconds for one in all_of) if right else NEVER


def _ours(folder: Path) -> Done:
    files = [f"--{name}={folder / name}.csv" for name in ("features", "people", "profiles")]
    return _run([str(Path(sys.executable).with_name("samskab")), "panel", *files, "--seats=10", "--json"], 300)


def _peer(folder: Path, cap: float) -> Done:
    """One panel from the same pool, its profiles told as features of who could fill them."""
    command = [str(_environment() / "sortition"), "csv", "--settings", str(folder / "settings.toml")]
    for switch, name in {
        "--features-csv": "peer-features.csv",
        "--people-csv": "peer-people.csv",
        "--selected-csv": "selected.csv",
        "--remaining-csv": "remaining.csv",
    }.items():
        command += [switch, str(folder / name)]
    done = _run([*command, "--number-wanted", "10"], cap)
    if done.said is not None and not (folder / "selected.csv").exists():
        raise RuntimeError(f"the peer selected nobody: {done.said[-2000:]}")
    return done


def _capped(folder: Path, cap: float) -> dict[str, float]:
    done = _peer(folder, cap)
    return {PEER if done.said is not None else f"{PEER}, stopped at {cap:.0f} s": done.seconds}


def _environment() -> Path:
    """Where the peer's programs are, apart from ours."""
    programs = HOME / "bin"
    stamp = HOME / LOCK.name
    if not stamp.exists() or stamp.read_text() != LOCK.read_text():
        print("       installing sortition-algorithms into var/bench-venv", flush=True)
        venv.create(HOME, clear=True, with_pip=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
        install = [*pip, "--require-hashes", "--no-deps", "-r", str(LOCK)]
        subprocess.run(install, check=True)
        stamp.write_text(LOCK.read_text())
    return programs


def _run(command: Sequence[str], cap: float) -> Done:
    """A process to its end, or to the cap."""
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        stopped = False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > cap and not stopped:
                process.kill()
                stopped = True
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read().decode(errors="replace")
        if process.returncode and not stopped:
            raise RuntimeError(f"{command} ended with {process.returncode}: {said[-2000:]}")
        return Done(time.monotonic() - began, usage.ru_maxrss / 1024, None if stopped else said)
