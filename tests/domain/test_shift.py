"""Before and after: which questions are compared, one's own change, and the sum from five on."""

from __future__ import annotations

from typing import Any

from bot import i18n
from bot.domain.questionnaire import choices_of, question_of
from bot.domain.shift import as_words, own, pairs

OPTIONS = {"options": choices_of({"en": "Bus\nTrain"})}


def scale(position: int = 1, text: str = "How safe?", steps: int = 5, **more: Any) -> Any:
    return question_of("scale", position, {"en": text}, {"steps": steps}, **more)


def said(words: Any) -> str:
    return i18n.say(words, "en")


def test_only_the_same_question_with_the_same_answers_is_compared() -> None:
    before = [
        scale(1),
        question_of("free_text", 2, {"en": "Why?"}, {}),
        question_of("yes_no", 3, {"en": "Enough?"}, {}),
    ]
    after = [question_of("yes_no", 1, {"en": "Enough?"}, {}), scale(2), question_of("free_text", 3, {"en": "Why?"}, {})]
    assert [(pair.before.key, pair.after.key) for pair in pairs(before, after)] == [("q3", "q1"), ("q1", "q2")]
    assert not pairs(before, [scale(1, text="How safe now?"), scale(2, steps=7)])


def test_ones_own_change_is_said_where_both_were_answered() -> None:
    found = pairs([scale(1)], [scale(2)])
    assert [said(line) for line in own(found, {"q1": 2}, {"q2": 4})] == ["How safe?\nBefore: 2. Now: 4."]
    assert own(found, {"q1": None}, {"q2": 4}) == () and own(found, {"q1": 2}, {"q2": None}) == ()
    assert own(pairs([scale(1, unsaid=True)], [scale(2, unsaid=True)]), {"q1": 2}, {"q2": 4}) == ()


def test_the_sum_counts_only_those_with_both_and_begins_at_five() -> None:
    found = pairs([scale(1)], [scale(1)])
    four = [({"q1": 1}, {"q1": 2})] * 4
    assert "Fewer than 5 have answered both times" in said(as_words(found, [*four, ({"q1": None}, {"q1": 5})]))
    five = [*four, ({"q1": 5}, {"q1": 3}), ({"q1": 5}, {"q1": None})]
    text = said(as_words(found, five))
    assert "5 have answered both times.\nMean 1.8 before, 2.2 now\nHigher now: 4, the same: 0, lower: 1" in text


def test_choices_are_counted_before_and_now() -> None:
    question = question_of("one_of", 1, {"en": "What?"}, OPTIONS)
    both = [({"q1": "o1"}, {"q1": "o2"})] * 3 + [({"q1": "o2"}, {"q1": "o2"})] * 2
    text = said(as_words(pairs([question], [question]), both))
    assert "Bus: 3 before, 0 now\nTrain: 2 before, 5 now" in text


def test_nothing_compared_nothing_said() -> None:
    assert as_words((), []) == ""
