"""Telegram: how our messages look there."""

from __future__ import annotations

import pytest

from bot.chat.messages import Rendered
from bot.platforms.telegram_shape import cut, keyboard, parts, shortened, size, words

LONG = "En nattbuss mellom Svelvik og Drammen hver fredag og lørdag"


def labels(message: Rendered) -> list[list[str]]:
    markup = keyboard(message)
    return [] if markup is None else [[button["text"] for button in row] for row in markup["inline_keyboard"]]


def data(message: Rendered) -> list[str]:
    markup = keyboard(message)
    return (
        []
        if markup is None
        else [str(button.get("callback_data")) for row in markup["inline_keyboard"] for button in row]
    )


def ballot(*options: str, ticked: int = 0) -> Rendered:
    ticks = {"view": "mark", "send": "vote", "args": ("17",), "options": options, "send_label": "Send"}
    return Rendered("Hva er viktigst?", ticks={**ticks, "ticked": ticked})


def test_the_subject_stands_first_and_a_table_is_read_as_lines() -> None:
    shown = Rendered("Slik gikk det.", table=(("Benker", "7"), ("Nattbuss", "12")), subject="Svelvik: resultat")
    assert words(shown) == "Svelvik: resultat\n\nSlik gikk det.\n\nBenker · 7\nNattbuss · 12"


def test_a_box_is_a_button_that_carries_all_boxes() -> None:
    shown = ballot("Benker", "Nattbuss", "Skatepark", ticked=0b101)
    assert labels(shown) == [["☑ Benker"], ["☐ Nattbuss"], ["☑ Skatepark"], ["Send"]]
    assert data(shown) == ["mark:17:4", "mark:17:7", "mark:17:1", "vote:17:5"]


def test_boxes_too_long_for_a_button_stand_in_full_in_the_text() -> None:
    shown = ballot("Benker", LONG)
    assert words(shown) == f"Hva er viktigst?\n\n1. Benker\n2. {LONG}"
    assert labels(shown) == [["☐ 1. Benker"], [f"☐ 2. {LONG[:40]}…"], ["Send"]]


def test_a_button_too_long_stands_in_full_in_the_text() -> None:
    shown = Rendered("Hva?", (({"label": LONG, "data": "a:1"},), ({"label": "Benker", "data": "a:2"},)))
    assert words(shown) == f"Hva?\n\n1. {LONG}\n2. Benker"
    assert labels(shown) == [[f"1. {LONG[:36]}…"], ["Benker"]]


@pytest.mark.parametrize("url", ["http://localhost:8000/me", "http://kommune/me", "https://localhost/me"])
def test_an_address_telegram_takes_on_no_button_is_written_out(url: str) -> None:
    shown = Rendered("Logg inn her.", (({"label": "Nettsiden", "url": url},),))
    assert labels(shown) == [] and words(shown) == f"Logg inn her.\n\nNettsiden: {url}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/me", "https://samskab.example/me"])
def test_any_other_address_is_a_button(url: str) -> None:
    shown = Rendered("Logg inn her.", (({"label": "Nettsiden", "url": url},),))
    assert labels(shown) == [["Nettsiden"]] and words(shown) == "Logg inn her."


def test_no_buttons_is_no_keyboard() -> None:
    assert keyboard(Rendered("Hei")) is None


def test_length_is_counted_as_telegram_counts() -> None:
    assert (size("å"), size("😀"), size("مرحبا")) == (1, 2, 5)
    assert (cut("😀😀", 3), cut("😀😀", 4)) == ("😀", "😀😀")
    assert (shortened("abc", 3), shortened("abcd", 3), shortened("😀😀", 3)) == ("abc", "ab…", "😀…")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hei",
        "x" * 4096,
        "x" * 10_000,
        "😀" * 5000,
        "Kort.\n\n" + "ord " * 3000,
        " \n\n" + "y" * 5000,
        "\n\n".join("ord " * 200 for _paragraph in range(30)),
        "linje\n" * 4000,
    ],
)
def test_a_long_text_comes_in_parts_that_fit_and_lose_nothing(text: str) -> None:
    found = parts(text)
    assert all(size(part) <= 4096 and part == part.strip() for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(found) or found == [""]
    assert len(found) <= 1 + size(text) // 2048


def test_a_text_is_cut_between_paragraphs_where_there_is_one() -> None:
    first, second = "a " * 1500, "b " * 1500
    assert parts(f"{first}\n\n{second}") == [first.strip(), second.strip()]
