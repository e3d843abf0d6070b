"""From a mandate to a pool: what is free, what is still asked of it, and who stands out of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.domain.coverage import Candidate
from bot.domain.mandate import Mandate, parse
from bot.domain.selection.assembling import Rated, Seated, assemble

DEMO = Path(__file__).parents[3] / "docs" / "demo" / "svelvik-ungdom.toml"


def youth() -> Mandate:
    return parse(DEMO.read_text(encoding="utf-8"), date(2026, 3, 2))


def anna(line: str = "lag") -> Rated:
    return Rated(Candidate("anna", [line], "15-17", "woman"), {line: 2})


def test_every_line_and_every_rule_that_asks_something_is_there() -> None:
    pool = assemble(youth(), [anna()])
    assert pool.seats == 10
    assert {quota.key: (quota.least, quota.most, quota.hard) for quota in pool.quotas} == {
        "age-1": (10, 10, True),
        "age-2": (5, 10, False),
        "sex-3-woman": (4, 10, False),
        "sex-3-man": (4, 10, False),
    }
    assert pool.applicants[0].groups == {"age-1", "age-2", "sex-3-woman"}


def test_who_sits_takes_a_seat_and_counts_toward_the_rules() -> None:
    named = Seated(Candidate("nora", ["vgs"], "15-17", "woman"), "vgs")
    pool = assemble(youth(), [anna()], [named])
    assert pool.seats == 9
    assert {line.key: line.seats for line in pool.lines}["vgs"] == 2
    assert {quota.key: quota.least for quota in pool.quotas} == {
        "age-1": 9,
        "age-2": 4,
        "sex-3-woman": 3,
        "sex-3-man": 4,
    }


def test_a_line_without_a_free_seat_is_no_line_and_its_ratings_are_nothing() -> None:
    pool = assemble(youth(), [anna("lag")], [Seated(Candidate("nora", ["lag"], "15-17", "woman"), "lag")])
    assert "lag" not in {line.key for line in pool.lines}
    assert pool.applicants[0].ratings == {}
