"""What a call lacks, and what is said of it to others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import i18n
from bot.domain import lacking, sharing
from bot.domain.coverage import Candidate, coverage
from bot.domain.mandate import Mandate, parse
from tests.storage.test_sources import DEMO, NOW

LINK = "https://example.org/p/ABC123"


@pytest.fixture(scope="module")
def mandate() -> Mandate:
    """Young people in Svelvik."""
    return parse(DEMO.read_text(encoding="utf-8"), NOW.date())


def said(mandate: Mandate, *people: Candidate, locale: str = "en") -> list[str]:
    return [i18n.say(gap.text, locale) for gap in lacking.gaps(mandate, coverage(mandate, people))]


def test_each_line_and_rule_says_how_many_are_missing(mandate: Mandate) -> None:
    found = said(mandate, Candidate(1, ["vgs"], "15-17", "woman"), Candidate(2, ["vgs", "fri"], "18", "man"))
    assert "Students in upper secondary school, both vocational and general: 1 person is missing." in found
    assert "At least five should be aged 13 to 18: 3 people are missing." in found
    assert not [text for text in found if "outside clubs" in text]
    assert not [text for text in found if "All ten citizens" in text], "the lines say it already"


def test_enough_on_too_few_lines_is_no_reason_to_call_for_more(mandate: Mandate) -> None:
    crowd = [Candidate(number, ["fri"], "15-17", ("woman", "man")[number % 2]) for number in range(20)]
    gaps = lacking.gaps(mandate, coverage(mandate, crowd))
    impossible = [gap for gap in gaps if "for too few different seats" in i18n.say(gap.text, "en")]
    assert len(impossible) == 3
    assert all(gap.asks is None for gap in impossible)


def test_a_line_that_a_body_fills_is_for_that_body_and_not_in_the_message(mandate: Mandate) -> None:
    body = {"nb": "Ungdomsrådet", "nn": "Ungdomsrådet", "en": "The youth council"}
    lines = tuple(replace(line, nominated_by=body) if line.key == "verv" else line for line in mandate.profiles)
    named = replace(mandate, profiles=lines)
    gaps = lacking.gaps(named, coverage(named, []))
    assert "The youth council has to name 2 people." in " ".join(i18n.say(gap.text, "en") for gap in gaps)
    text = i18n.say(lacking.message(named, gaps, LINK), "nb")
    assert "Ungdommens kommunestyre" not in text
    assert "– kvinner\n– menn" in text and "– 13 til 18 år" in text and LINK in text


def test_a_payload_fits_telegrams_links() -> None:
    assert sharing.payload("svelvik-ungdom", "ABC123") == "svelvik-ungdom_ABC123"
    assert len(sharing.payload("k" * 57, "ABC123")) == 64
    assert sharing.payload("k" * 58, "ABC123") == "_ABC123"


@pytest.mark.parametrize("locale", ["da", "nb", "nn", "en"])
def test_texts_to_share_say_the_link_and_the_deadline(mandate: Mandate, locale: str) -> None:
    again = replace(mandate, call=replace(mandate.call, profiles=("fri",)))
    for words in (sharing.short, sharing.longer):
        text = i18n.say(words(mandate, LINK), locale, "Europe/Oslo")
        assert LINK in text and "16" in text and "10 " in text
        assert len(i18n.say(sharing.short(mandate, LINK), locale)) < 280
    assert mandate.profile("fri").label["nb"] in i18n.say(sharing.longer(again, LINK), "nb")
