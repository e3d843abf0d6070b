"""Advice on drafts: what is hard to read, asked twice at once, proposed in disguise, or too long."""

from __future__ import annotations

import pytest

from bot import i18n
from bot.domain.draft_check import Written, advice, as_words, lix


def said(*texts: Written) -> str:
    return i18n.say(as_words(advice(texts)), "en")


def question(words: str, locale: str = "da") -> str:
    return said(Written("question 1", {locale: words}, question=True))


def test_lix_counts_words_a_sentence_and_long_words_in_a_hundred() -> None:
    # 10 words, 2 sentences, 2 of more than six letters: 10/2 + 100*2/10.
    assert lix("Vi mødes på torsdag i byhallen. Kom og sig noget.") == pytest.approx(10 / 2 + 100 * 2 / 10)
    assert lix("Ein to tre") == pytest.approx(3)
    assert lix("1234 ...") == 0


def test_seven_letters_make_a_long_word_and_six_do_not() -> None:
    assert lix("bussen") == pytest.approx(1)
    assert lix("bussene") == pytest.approx(101)


@pytest.mark.parametrize(
    ("words", "locale"),
    [
        ("Hvad savner I, og hvordan skal det se ud?", "da"),
        ("Hva savner du? Hvor?", "nb"),
        ("Kva saknar du, og kven skal gjere det?", "nn"),
        ("What is missing and who should do it?", "en"),
    ],
)
def test_two_questions_in_one_are_seen(words: str, locale: str) -> None:
    assert "this looks like two questions" in question(words, locale)


@pytest.mark.parametrize(
    ("words", "locale"),
    [
        ("Støtter du en ny svømmehal?", "da"),
        ("Er du enig i at skolen flyttes?", "nb"),
        ("Støttar du ein ny symjehall?", "nn"),
        ("Er du samd i at skulen blir flytta?", "nn"),
        ("Do you support a new pool?", "en"),
        ("Shouldn’t we move the school?", "en"),
    ],
)
def test_a_proposal_in_disguise_is_seen(words: str, locale: str) -> None:
    assert "asks for support of a proposal" in question(words, locale)


@pytest.mark.parametrize(
    "words",
    [
        "Hvad savner du i hallen?",
        "Hvem skal bruge hallen, og til hvad?",
        "Hva liker du ved busser og tog?",
        "Kva er viktigast for deg?",
        "What would make the bus better for you and your neighbours?",
    ],
)
def test_an_open_question_gets_no_advice(words: str) -> None:
    assert question(words) == ""


def test_a_long_sentence_is_quoted_by_its_beginning() -> None:
    words = " ".join(["Vi vil gerne"] + ["se"] * 18)
    assert "1 sentence has more than 20 words. It begins “Vi vil gerne se se”." in question(words)
    assert "more than 20 words" not in question(" ".join(["se"] * 20))


def test_a_background_of_more_than_a_page_and_a_hard_one_are_said_once_for_all_languages() -> None:
    long = "ord. " * 301
    text = said(Written("the background", {"da": long, "nb": long}))
    assert text.count("301 words are more than a page") == 1
    assert "more than a page" not in said(Written("the background", {"da": "ord. " * 300}))
    hard = "Kommunalbestyrelsens beslutning om forvaltningens indstilling. " * 5
    assert "hard to read (LIX 8" in said(Written("the background", {"da": hard}))


def test_no_advice_no_words() -> None:
    assert said(Written("the message", {"da": "Vi ses på torsdag. Tag en ven med."})) == ""
