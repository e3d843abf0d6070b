"""Summaries per question: counts, a scale's middle, texts as written, and a table no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given as having
from hypothesis import strategies as st

from bot import i18n
from bot.domain.questionnaire import choices_of, question_of
from bot.domain.questions import Answers, Question
from bot.domain.summary import Given, as_csv, as_words, safe, summarise

AT = datetime(2026, 3, 12, 11, tzinfo=UTC)
OPTIONS = {"options": choices_of({"nb": "Buss\nTog\nSykkel", "nn": "Buss\nTog\nSykkel (nn)"})}


def ask(kind: str, settings: dict[str, Any] | None = None) -> tuple[Question, ...]:
    return (question_of(kind, 1, {"nb": "Hva?", "nn": "Kva?"}, settings or {}),)


def people(*values: Any) -> list[Given]:
    return [Given(f"P{place}", {"q1": value, "q2": "x"}, AT) for place, value in enumerate(values, 1)]


def say(words: Any) -> str:
    return i18n.say(words, "nb")


def test_one_of_is_counted_in_the_order_asked_with_nought_for_what_nobody_chose() -> None:
    (found,) = summarise(ask("one_of", OPTIONS), people("o2", "o2", None, "o1"))
    assert [(say(label), count) for label, count in found.counts] == [("Buss", 1), ("Tog", 2), ("Sykkel", 0)]
    assert (found.answered, found.skipped) == (3, 1)


def test_some_of_counts_each_choice() -> None:
    (found,) = summarise(ask("some_of", OPTIONS), people(["o1", "o3"], ["o3"]))
    assert [count for _label, count in found.counts] == [1, 0, 2]
    assert found.answered == 2


def test_a_scale_has_mean_median_and_spread() -> None:
    (found,) = summarise(ask("scale", {"steps": 5, "low": {"nb": "lite"}}), people(1, 2, 2, 5, None))
    assert (found.mean, found.middle) == (2.5, 2.0)
    assert [count for _label, count in found.counts] == [1, 2, 0, 0, 1]
    assert found.skipped == 1


def test_an_order_is_summed_up_by_mean_place_with_how_often_each_came_first() -> None:
    given = people(["o2", "o1", "o3"], ["o2", "o3", "o1"], ["o1", "o2", "o3"], None)
    (found,) = summarise(ask("ranking", OPTIONS), given)
    assert [(say(label), round(mean, 2), first) for label, mean, first in found.order] == [
        ("Tog", 1.33, 2),
        ("Buss", 2.0, 1),
        ("Sykkel", 2.67, 0),
    ]
    assert i18n.say(as_words([found], names=False), "en").splitlines()[3] == "Tog: mean place 1.3, first for 2"
    assert (found.answered, found.skipped) == (3, 1)


def test_an_order_nobody_gave_has_no_places() -> None:
    (found,) = summarise(ask("ranking", OPTIONS), people(None))
    assert found.order == ()


def test_numbers_have_mean_median_and_ends() -> None:
    (found,) = summarise(ask("number", {"unit": {"nb": "minutter"}}), people("10", "2.5", "40", None))
    assert (found.mean, found.middle, found.ends) == (17.5, 10.0, ("2.5", "40"))
    assert "From 2.5 to 40 minutter" in i18n.say(as_words([found], names=False), "en")


def test_dates_are_counted_in_order() -> None:
    (found,) = summarise(ask("date"), people("2026-05-05", "2026-04-30", "2026-05-05"))
    assert [(say(label), count) for label, count in found.counts] == [("30. april 2026", 1), ("5. mai 2026", 2)]


def test_orders_numbers_and_dates_stand_plainly_in_a_table() -> None:
    questions = (
        question_of("ranking", 1, {"nb": "Hva?"}, OPTIONS),
        question_of("number", 2, {"nb": "Hvor?"}, {"unit": {"nb": "km"}}),
        question_of("date", 3, {"nb": "Når?"}, {}),
    )
    raw = as_csv(questions, [Given("Ola", {"q1": ["o3", "o1", "o2"], "q2": "2.5", "q3": "2026-05-05"}, AT)], say)
    assert raw.decode("utf-8-sig").splitlines()[1].split(";", 3)[3] == '"Sykkel; Buss; Tog";2.5;2026-05-05'


def test_a_scale_nobody_answered_has_no_mean() -> None:
    (found,) = summarise(ask("scale", {"steps": 3}), people(None))
    assert (found.mean, found.middle, found.answered) == (None, None, 0)


def test_yes_and_no_are_counted() -> None:
    (found,) = summarise(ask("yes_no"), people(True, False, True))
    assert [count for _label, count in found.counts] == [2, 1]


def test_texts_are_listed_as_they_came_and_named_only_where_they_may_be() -> None:
    (found,) = summarise(ask("free_text"), people("Zebra", "alpaca"))
    assert found.texts == (("P1", "Zebra"), ("P2", "alpaca"))
    assert "P1" not in say(as_words([found], names=False))
    assert "P1: Zebra" in say(as_words([found], names=True))


def test_choices_are_never_named_and_whoever_skipped_all_is_not_counted() -> None:
    given = [Given("Ola", {"q1": "o1"}, AT), Given("Kari", {"q1": None}, AT)]
    (found,) = summarise(ask("one_of", OPTIONS), given)
    assert (found.answered, found.skipped) == (1, 0)
    assert "Ola" not in say(as_words([found], names=True))


def test_lists_of_different_length_are_no_choices() -> None:
    with pytest.raises(ValueError):
        choices_of({"nb": "En\nTo", "nn": "Ein"})


def table(questions: tuple[Question, ...], given: list[Given]) -> list[list[str]]:
    raw = as_csv(questions, given, say)
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_table_has_a_row_a_person_and_the_answers_in_words() -> None:
    questions = (*ask("some_of", OPTIONS), question_of("free_text", 2, {"nb": "Hvorfor?"}, {}))
    values: Answers = {"q1": ["o1", "o2"], "q2": 'Semikolon; "sitat"\nny linje'}
    head, row = table(questions, [Given("Ola", values, AT, late=True)])
    assert head[-2:] == ["Hva?", "Hvorfor?"]
    assert row[0] == "Ola" and row[1] == "2026-03-12T11:00+00:00"
    assert row[-2:] == ["Buss og Tog", 'Semikolon; "sitat"\nny linje']


@pytest.mark.parametrize("cell", ["=1+1", "+47 1", "-2", "@SUM(A1)", "\tx", "\r=1", "  =1", "\u00a0=1", "\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == "'" + cell
    ((*_head,), row) = table(ask("free_text"), [Given(cell, {"q1": cell}, AT)])
    assert row[0].startswith("'") and row[-1].startswith("'")


@having(st.text(max_size=30))
def test_any_text_comes_back_from_the_table(text: str) -> None:
    cell = safe(text)
    assert cell in (text, f"'{text}")
    assert not cell.lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@"))


@having(st.lists(st.integers(1, 7), min_size=1))
def test_a_scales_counts_add_up(steps: list[int]) -> None:
    (found,) = summarise(ask("scale", {"steps": 7}), people(*steps))
    assert sum(count for _label, count in found.counts) == len(steps) == found.answered
    assert found.mean is not None and min(steps) <= found.mean <= max(steps)
