"""The kinds of question a facilitator can ask: what each takes for an answer, says back and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from bot import i18n
from bot.domain.errors import Refusal
from bot.domain.questionnaire import as_shown, choices_of, question_of

OPTIONS = {"options": choices_of({"en": "Bus\nTrain\nBike"})}
MINUTES = {"unit": {"en": "minutes", "da": "minutter"}, "least": "0", "most": "90.5"}


def ask(kind: str, settings: dict[str, Any] | None = None) -> Any:
    return question_of(kind, 1, {"en": "What?"}, settings or {})


def said(words: Any, locale: str = "en") -> str:
    return i18n.say(words, locale)


@pytest.mark.parametrize(
    "raw", [("o2", "o3", "o1"), ("2,3,1",), ("2, 3, 1",), ("2 3 1",), ("2. 3. 1.",), ("2, 3",), ("2>3>1",)]
)
def test_an_order_is_given_by_choosing_or_by_numbers_and_the_last_one_follows(raw: tuple[str, ...]) -> None:
    question = ask("ranking", OPTIONS)
    assert question.parse(raw) == ["o2", "o3", "o1"]
    assert said(question.show(["o2", "o3", "o1"])) == "1. Train\n2. Bike\n3. Bus"


@pytest.mark.parametrize(
    "raw", [("2",), ("1, 1, 2",), ("1, 2, 4",), ("bus first",), ("o1", "o1", "o2"), ("o1", "o2"), ("1, 1",)]
)
def test_half_an_order_is_none(raw: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        ask("ranking", OPTIONS).parse(raw)
    assert said(refused.value.text).startswith("Please put all 3 in order, each once. You can write the numbers")


@pytest.mark.parametrize(
    ("raw", "value"),
    [("30", "30"), ("12,50", "12.5"), ("0", "0"), ("90.5", "90.5"), ("45 minutes", "45"), (" 7 min.", "7")],
)
def test_a_number_is_kept_exactly_and_said_with_its_unit(raw: str, value: str) -> None:
    question = ask("number", MINUTES)
    assert question.parse((raw,)) == value
    assert said(question.show(value)) == f"{value} minutes"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("91", "The most is 90.5 minutes"),
        ("-1", "The least is 0 minutes"),
        ("many", "in figures"),
        ("1-2", "in figures"),
    ],
)
def test_what_is_no_number_or_out_of_range_is_refused(raw: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask("number", MINUTES).parse((raw,))
    assert why in said(refused.value.text)


def test_thousands_may_be_parted_and_a_number_needs_no_unit() -> None:
    question = ask("number")
    assert question.parse(("1 250 000 kroner",)) == "1250000"
    assert said(question.show("1250000")) == "1250000"
    assert said(question.hint) == "A number"


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (MINUTES, "A number from 0 to 90.5 minutes"),
        ({"least": "1"}, "A number, at least 1"),
        ({"most": "9", "unit": {"en": "km"}}, "A number, at most 9 km"),
        ({"unit": {"en": "km"}}, "A number of km"),
    ],
)
def test_the_preview_says_what_can_be_answered(ends: dict[str, Any], words: str) -> None:
    assert said(as_shown([ask("number", ends)])) == f"1. What?\n{words}"


@pytest.mark.parametrize("raw", ["2026-03-05", "5/3/2026", "5.3.2026", "05. 03. 2026"])
def test_a_date_is_read_in_the_usual_ways(raw: str) -> None:
    question = ask("date")
    assert question.parse((raw,)) == "2026-03-05"
    assert said(question.show("2026-03-05")) == "5 March 2026"


@pytest.mark.parametrize("raw", ["2026-02-30", "5/3", "soon", "1/1/1700"])
def test_a_date_that_is_none_is_asked_again(raw: str) -> None:
    with pytest.raises(Refusal) as refused:
        ask("date").parse((raw,))
    assert "like this: 2026-12-03" in said(refused.value.text)
