"""What the page for applicants tells them to type gives what the program says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.selection.drawing import drawn, index
from bot.domain.selection.file import HASH, INDEX, ORDER, digest, panels_file, rules_of
from bot.domain.selection.reading import read, receipts
from bot.domain.selection.seeds import SEED_RULES, Source
from tests.domain.selection.tiny import FACTS, frozen, lottery, youth

PAGE = (Path(__file__).parents[3] / "docs" / "lottery.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SEED = "03-08-17-25-30-41"

ICE = frozen(youth())
CONTENT = panels_file(ICE, lottery(ICE.pool), replace(FACTS, source=Source("vikinglotto", FACTS.source.at)))
RECORD = next(record for record in receipts(ICE, CONTENT).values() if record.pseudonym == "P007")


@pytest.fixture
def typed(tmp_path: Path) -> list[str]:
    """What each block of the page prints, typed one after the other into a shell."""
    (tmp_path / "panels.txt").write_bytes(CONTENT)
    (tmp_path / "record.json").write_bytes(RECORD.document())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "echo ----\n".join(BLOCKS)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split("----\n")


def test_checking_by_hand_finds_what_the_program_finds(typed: list[str]) -> None:
    file = read(CONTENT)
    hashed, panel, chance, commitment, pool = typed
    assert hashed == f"{digest(CONTENT)}  panels.txt\n"
    line = ",".join(f"{seat}={who}" for seat, who in drawn(CONTENT, SEED).items())
    assert panel == f"{index(digest(CONTENT), SEED)}\n{line}\n"
    assert chance == f"{RECORD.chance}\n"
    assert RECORD.chance
    assert commitment == 2 * f"P007={RECORD.commitment}\n"
    assert pool == f"{file.header.pool_hash}  -\n"


def test_the_page_names_every_source_and_every_key_of_the_header() -> None:
    for rule in SEED_RULES:
        assert re.search(rf"^\| {rule} ", PAGE, re.MULTILINE | re.IGNORECASE)
    for key in read(CONTENT).header.document().keys() - {"format"}:
        assert f"`{key}`" in PAGE


def test_the_file_says_by_itself_how_it_is_used() -> None:
    header = read(CONTENT).header
    assert (header.document()["hash"], header.document()["index"]) == (HASH, INDEX)
    assert replace(header, method="hash-ordered").document()["index"] == ORDER
    assert rules_of(header.rules).items() <= header.document().items()
