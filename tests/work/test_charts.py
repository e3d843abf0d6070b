"""The picture of a result: readable on a phone, small, and drawn from any words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from bot.work.charts import bar_chart, wrap

IDEAS = ["Flere bænke ved åen", "En natbus til Ørsta", "Grøn skulevei"]


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def filled(picture: Image.Image) -> list[int]:
    """The length of each bar from the top, in pixels, found by its colour."""
    lengths: list[int] = []
    inside = False
    for y in range(picture.height):
        row = [picture.getpixel((x, y)) for x in range(0, picture.width, 2)]
        blue = sum(2 for pixel in row if isinstance(pixel, tuple) and pixel[2] - pixel[0] > 40)
        if blue > 6 and not inside:
            lengths.append(blue)
        inside = blue > 6
    return lengths


def test_bars_are_as_long_as_their_counts_in_the_given_order() -> None:
    lengths = filled(opened(bar_chart(IDEAS, [5, 10, 2], "Prioritering", "11 af 15 har stemt")))
    assert len(lengths) == 3
    assert lengths[0] / lengths[1] == pytest.approx(5 / 10, abs=0.02)
    assert lengths[2] / lengths[1] == pytest.approx(2 / 10, abs=0.02)


def test_nobody_voted_for_anything_draws_no_bar() -> None:
    assert filled(opened(bar_chart(IDEAS, [0, 0, 0], "Prioritering", "0 af 15 har stemt"))) == []


def test_a_longer_label_makes_the_picture_higher_and_never_wider() -> None:
    short = opened(bar_chart(["Bænke"], [1], "T", "1"))
    long = opened(bar_chart(["Bænke ved åen og i parken og foran rådhuset og ved skolen"], [1], "T", "1"))
    assert long.width == short.width == 720
    assert long.height > short.height


def test_the_largest_prioritisation_stays_small_enough_to_send() -> None:
    words = "Sjælland ønsker væsentligt flere brugte gågader, hvor børn kan lege trygt hver dag " * 6
    png = bar_chart([f"{number} {words[number:]}" for number in range(30)], list(range(30)), words, words)
    assert len(png) < 60_000
    picture = opened(png)
    assert picture.width + picture.height < 10_000 and picture.height / picture.width < 20


@pytest.mark.parametrize("label", ["Bænke 🪑", "🪑", "", "$5 og $10", "$\\frac{$", "a\nb\x00", "長い椅子", "<b>&"])
def test_any_words_of_a_person_can_be_drawn(label: str) -> None:
    assert filled(opened(bar_chart([label], [3], label, label)))


def test_the_letters_of_danish_and_norwegian_are_drawn_and_what_the_font_lacks_is_left_out() -> None:
    blank = bar_chart(["e"], [1], "", "")
    assert len({bar_chart([sign], [1], "", "") for sign in "æøåÆØÅ"} | {blank}) == 7
    assert bar_chart(["Bænke \n 🪑 nu"], [1], "", "") == bar_chart(["Bænke nu"], [1], "", "")


def test_the_same_result_is_the_same_picture_from_several_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: bar_chart(IDEAS, [1, 2, 3], "Prioritering", "3"), range(6)))
    assert set(drawn) == {bar_chart(IDEAS, [1, 2, 3], "Prioritering", "3")}


def test_a_count_for_each_label() -> None:
    with pytest.raises(ValueError):
        bar_chart(IDEAS, [1, 2], "Prioritering", "3")


@pytest.mark.parametrize(
    ("words", "most", "lines"),
    [
        ("", 3, []),
        ("one", 3, ["one"]),
        ("one two three", 3, ["one two", "three"]),
        ("one two three four five six", 2, ["one two", "three…"]),
        ("abcdefghijklm", 3, ["abcdefghij", "klm"]),
        ("abcdefghijklmnopqrstu", 1, ["abcdefghi…"]),
        ("abcdefghij klm", 3, ["abcdefghij", "klm"]),
    ],
)
def test_lines_are_cut_between_words_and_end_in_an_ellipsis(words: str, most: int, lines: list[str]) -> None:
    assert wrap(words, lambda line: float(len(line)), 10, most) == lines
