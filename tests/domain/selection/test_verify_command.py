"""samskab panel verify: plain sentences, exit 1 on any fault, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.commands import panel_verify
from bot.domain.selection.drawing import drawn, index
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Pool
from bot.domain.selection.reading import receipts
from bot.domain.selection.replaying import Replay
from tests.domain.selection.tiny import FACTS, ORDERED, SEED, frozen, lottery, youth

ICE = frozen(youth())
CONTENT = panels_file(ICE, lottery(ICE.pool, [1, 2, 5]), FACTS)
TOLD = receipts(ICE, CONTENT)
SITTING = drawn(CONTENT, SEED)

Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Run the command in a folder with a panels file, a record and all records; its exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    Path("panels.txt").write_bytes(CONTENT)
    Path("record.json").write_bytes(TOLD["Ada"].document())
    Path("pool.jsonl").write_bytes(b"".join(record.document() for record in TOLD.values()))

    def run(*arguments: str, replay: Replay | None = None) -> tuple[int, str]:
        group = typer.Typer()
        panel_verify.add(group, replay)
        done = CliRunner().invoke(group, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, done.output

    return run


def test_the_panel_is_told_with_its_line(verify: Verify) -> None:
    code, said = verify("panels.txt", SEED)
    assert code == 0
    place = index(digest(CONTENT), SEED)
    assert said == "\n".join(
        [
            f"panels.txt: its hash is {digest(CONTENT)}. It must be the one that was announced.",
            "Draw 1 of svelvik-ungdom: 12 applicants, 4 seats.",
            "It is a lottery over 1000 panels (leximin, complete).",
            "The seed is from dice, the first one at 2026-12-09T19:00:00Z or later.",
            f"The seed {SEED} draws panel {place}, which is line {14 + place} of the file:",
            *(f"  {seat} {who}" for seat, who in SITTING.items()),
            "No fault was found.",
            "",
        ]
    )


def test_an_applicant_checks_the_record(verify: Verify) -> None:
    code, said = verify("panels.txt", SEED, "--record", "record.json")
    who, chance = TOLD["Ada"].pseudonym, TOLD["Ada"].chance
    assert code == 0
    assert "ok    This is the file whose hash was announced.\n" in said
    assert f"ok    The commitment of {who} is that of the record.\n" in said
    assert f"ok    {who} is on {chance} of 1000 panels.\n" in said
    assert (f"{who} has the seat " in said) == (who in SITTING.values())


def test_a_member_is_told_the_seat_and_the_others_that_they_have_none(verify: Verify) -> None:
    seats = {who: seat for seat, who in SITTING.items()}
    for record in TOLD.values():
        Path("record.json").write_bytes(record.document())
        code, said = verify("panels.txt", SEED, "--record", "record.json")
        who = record.pseudonym
        assert code == 0
        assert (f"{who} has the seat {seats[who]}." if who in seats else f"{who} is not on the panel.") in said


def test_an_auditor_checks_every_panel_and_sees_the_reserves(verify: Verify) -> None:
    code, said = verify("panels.txt", SEED, "--rules", "pool.jsonl", "--hash", digest(CONTENT).upper())
    assert code == 0
    assert "ok    All 12 records are those that the file commits to.\n" in said
    assert "ok    All 1000 panels keep every hard rule, equals have equal chances" in said
    assert said.count("Reserves for ") == 4


def test_another_hash_than_announced_is_a_fault(verify: Verify) -> None:
    code, said = verify("panels.txt", SEED, "--hash", "ab" * 32)
    assert code == 1
    assert f"FAULT This is not the file whose hash was announced: that was {'ab' * 32}" in said
    assert said.endswith("This draw does not hold.\n")


def test_every_fault_is_told_and_counted(verify: Verify) -> None:
    wrong = replace(TOLD["Ada"], ratings={"pupil": 1, "sport": 1}, chance=999)
    Path("record.json").write_bytes(wrong.document())
    code, said = verify("panels.txt", SEED, "--record", "record.json")
    assert code == 1
    assert "FAULT The commitment of" in said and "and not on 999 as told" in said
    assert "which the record does not fit" in said
    assert said.endswith("4 faults were found: this draw does not hold.\n")


def test_more_faults_than_anybody_reads_are_cut_short(verify: Verify) -> None:
    code, said = verify("panels.txt", SEED, "--rules", "record.json")
    assert code == 1 and "The record of" in said
    lines = CONTENT.decode().splitlines()
    broken = [*lines[:13], *(line.replace("pupil.2", "pupil.3") for line in lines[13:])]
    Path("panels.txt").write_text("".join(f"{line}\n" for line in broken), "utf-8")
    code, said = verify("panels.txt", SEED)
    assert code == 1
    assert "panels.txt:14: A panel should fill the seats pupil.1, pupil.2, sport.1, parent.1, in this order.\n" in said
    assert said.endswith("There are 980 more faults.\n")


def test_a_seed_of_another_kind_is_refused_with_advice(verify: Verify) -> None:
    code, said = verify("panels.txt", "03-08-17-25-30-41")
    assert code == 1
    assert "The seed 03-08-17-25-30-41 is none of dice. Type 20 digits from 1 to 6, in the order of the throws." in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("panels.txt", b"", "panels.txt:1: The file breaks off"),
        ("panels.txt", b"\x00\xff\x00\n", "panels.txt:1: The file is not UTF-8."),
        ("panels.txt", b"{}\n", "panels.txt:1: “format” is missing."),
        ("panels.txt", b"[" * 9999 + b"\n", "panels.txt:1: It is nested too deeply."),
        ("record.json", b"", "record.json:1: It is not JSON"),
        ("record.json", b"\xff", "record.json:1: It is not UTF-8."),
        ("record.json", b'{"format":"samskab/record/1","salt":1}', "record.json:1: “lines” is missing."),
        ("pool.jsonl", TOLD["Ada"].document() + b"\n[1]\n", "pool.jsonl:3: It is not an object in curly brackets."),
        ("pool.jsonl", b"", "The record of P001 is missing."),
    ],
)
def test_a_bad_file_is_named_with_its_line(verify: Verify, name: str, content: bytes, said: str) -> None:
    Path(name).write_bytes(content)
    code, output = verify("panels.txt", SEED, "--record", "record.json", "--rules", "pool.jsonl")
    assert code == 1
    assert said in output


def test_a_file_that_is_not_there_is_named(verify: Verify) -> None:
    for arguments in (("gone.txt", SEED), ("panels.txt", SEED, "--record", "gone.txt"), (".", SEED)):
        code, said = verify(*arguments)
        assert code == 1 and "It cannot be read (" in said


def test_a_hash_ordered_lottery_is_replayed_without_a_solver(verify: Verify) -> None:
    content = panels_file(ICE, ORDERED, FACTS)
    Path("panels.txt").write_bytes(content)
    Path("pool.jsonl").write_bytes(b"".join(record.document() for record in receipts(ICE, content).values()))
    code, said = verify("panels.txt", SEED, "--rules", "pool.jsonl")
    assert code == 0
    assert "It is a lottery over people in an order that the seed gives (hash-ordered, complete).\n" in said
    assert f"The seed {SEED} draws:\n" in said
    for seat, who in drawn(content, SEED).items():
        assert f"  {seat} {who}\n" in said
    assert said.count("Reserves for ") == 4


def test_what_only_a_solver_can_replay_is_said_and_is_no_success(verify: Verify) -> None:
    ice = frozen(replace(youth(), slack=1))
    content = panels_file(ice, ORDERED, FACTS)
    Path("panels.txt").write_bytes(content)
    code, said = verify("panels.txt", SEED)
    assert code == 1 and "Only a solver can replay this draw" in said

    def solver(pool: Pool, order: object) -> list[str]:
        return list(drawn(panels_file(ICE, ORDERED, FACTS), SEED).values())

    code, said = verify("panels.txt", SEED, replay=solver)
    assert code == 0 and "draws:" in said


def test_a_pool_that_has_no_panel_draws_none(verify: Verify) -> None:
    pool = replace(youth(), applicants=[one for one in youth().applicants if "parent" not in one.ratings])
    ice = frozen(pool)
    Path("panels.txt").write_bytes(panels_file(ice, ORDERED, FACTS))
    code, said = verify("panels.txt", SEED)
    assert code == 1 and "draws no panel: no panel of this pool keeps all rules." in said
