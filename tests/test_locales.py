"""The catalogues: complete, with the same holes as in English, and in the words that citizens use."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot import i18n
from bot.catalogues import LOCALES
from bot.text import Short

ROOT = Path(__file__).parent.parent
TRANSLATED = [locale for locale in LOCALES if locale != "en"]

# Words of the administration that citizens are not to meet (the left column of the list of words to write instead),
# and words that promise a decision where there is none.
FORBIDDEN = {
    "da": (
        "kommissori",
        "præmis",
        "leverance",
        "afslag",
        "afstemning",
        "facilitator",
        "afbud",
        "habilitet",
        "persondata",
    ),
    "nb": ("premiss", "leveranse", "avslag", "avstemning", "fasilitator", "forfall", "habilitet", "personvern"),
    "nn": ("premiss", "leveranse", "avslag", "avrøysting", "fasilitator", "forfall", "habilitet", "personvern"),
}
# What is Bokmål or Danish where Nynorsk is meant, as whole words.
NOT_NYNORSK = re.compile(
    r"\b(ikke|jeg|hva|hvem|hvordan|hvorfor|hvor|noe|noen|bare|flere|dere|deres|fra|uke|være|gjøre|også|"
    r"(?<!å )(?<!vi )nå|ble|mye|hun|medlemmer|ideer|stemme|stemmen|svarene|spørsmålene|opplysninger|hverandre|egne)\b",
    re.IGNORECASE,
)


def template() -> Catalog:
    with (ROOT / "locales" / "messages.pot").open("rb") as file:
        return read_po(file)


def catalog(locale: str) -> Catalog:
    with (ROOT / "locales" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else str(message.id)


def holes(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_the_template_holds_every_text_of_the_code(tmp_path: Path) -> None:
    fresh = tmp_path / "messages.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "_",
        "-k",
        "n_:1,2",
    ]
    subprocess.run([*command, "-o", str(fresh), "bot", "handlers", "storage"], cwd=ROOT, check=True)
    with fresh.open("rb") as file:
        wanted = {key(message) for message in read_po(file) if message.id}
    known = {key(message) for message in template() if message.id}
    assert wanted == known, "run: make messages"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(locale: str) -> None:
    wanted = {key(message) for message in template() if message.id}
    found = {key(message): message for message in catalog(locale) if message.id}
    assert set(found) == wanted, "run: make messages"
    assert not [text for text, message in found.items() if message.fuzzy]
    assert not [text for text, message in found.items() if not all(forms(message))]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_texts_stand_as_make_messages_writes_them(locale: str) -> None:
    """Else the next who collects the texts changes a thousand lines beside the two of their own."""
    assert [message.id for message in catalog(locale)][1:] == [message.id for message in template()][1:]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_holes_are_those_of_the_english_text(locale: str) -> None:
    wrong = []
    for message in catalog(locale):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
        wanted = set().union(*(holes(text) for text in ids))
        for text in forms(message):
            if not holes(text) <= wanted or (len(ids) == 1 and holes(text) != wanted):
                wrong.append((key(message), text))
    assert not wrong


@pytest.mark.parametrize("locale", TRANSLATED)
def test_plurals_have_two_forms(locale: str) -> None:
    plural = [message for message in catalog(locale) if isinstance(message.id, list | tuple)]
    assert plural
    assert all(len(forms(message)) == 2 for message in plural)


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_word_is_one_that_citizens_should_not_meet(locale: str) -> None:
    found = [
        (word, text)
        for message in catalog(locale)
        for text in forms(message)
        for word in FORBIDDEN[locale]
        if message.id and word in re.sub(r"\{.*?\}", "", text).casefold() and not staff_only(message)
    ]
    assert not found


def staff_only(message: Message) -> bool:
    """Texts that only the administration reads are marked so for translators."""
    return any("staff" in comment for comment in message.auto_comments)


def test_nynorsk_is_not_mixed_with_bokmaal() -> None:
    found = [
        (match.group(), text)
        for message in catalog("nn")
        for text in forms(message)
        if message.id and (match := NOT_NYNORSK.search(text))
    ]
    assert not found


@pytest.mark.parametrize("locale", TRANSLATED)
def test_there_is_no_exclamation_mark(locale: str) -> None:
    assert not [text for message in catalog(locale) for text in forms(message) if message.id and "!" in text]


def test_a_label_is_cut_after_a_word_and_a_long_word_is_cut_itself() -> None:
    assert i18n.say(Short("one two\nthree", 16), "en") == "one two three"
    assert i18n.say(Short("one two three, four five", 16), "en") == "one two three…"
    assert i18n.say(Short("a" * 20, 16), "en") == "a" * 15 + "…"
