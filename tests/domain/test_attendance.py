"""Two misses in a row are worth a word; two in a year are not."""

from __future__ import annotations

import pytest

from bot.domain.attendance import came, missed_in_a_row, worth_asking
from bot.domain.minutes import USUAL, asked


@pytest.mark.parametrize(
    ("there", "row", "asks"),
    [
        ((), 0, False),
        ((True,), 0, False),
        ((False,), 1, False),
        ((False, True, False), 1, False),
        ((True, False, False), 2, True),
        ((False, False, True), 0, False),
    ],
)
def test_only_the_newest_misses_count(there: tuple[bool, ...], row: int, asks: bool) -> None:
    assert (missed_in_a_row(there), worth_asking(there)) == (row, asks)
    assert came(there) == (sum(there), len(there))


def test_the_usual_questions_stand_unless_the_facilitator_wrote_own_ones() -> None:
    assert [question.text for question in asked(None)] == list(USUAL)
    assert asked({}) == ()
    own = asked({"nb": ["Hva nå?", "Hvem?", "Når?", "Hvor?"], "nn": ["Kva no?"]})
    assert [question.text for question in own] == [{"nb": "Hva nå?", "nn": "Kva no?"}, {"nb": "Hvem?"}, {"nb": "Når?"}]
    assert all(question.optional for question in own)
