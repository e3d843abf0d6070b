"""Minutes in short, and the questions to whoever was not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.questions import FreeText
from bot.text import Words, _

ESSENCE = 600  # characters: what is read on a lock screen and a little more
FULL = 20_000
MOST = 3
LONGEST_ANSWER = 2000

USUAL: tuple[Words, ...] = (
    _("What would you have said if you had been there?"),
    _("What have we not thought of?"),
    _("Is there something you would like to work on before the next meeting?"),
)


def asked(own: Mapping[str, Sequence[str]] | None) -> tuple[FreeText, ...]:
    """The questions to whoever was not there: the usual three, or the facilitator's own (empty: none).

    `own` are lines by language, at most three; where a language has fewer, its readers read the first language.
    """
    texts = USUAL if own is None else _by_question(own)
    return tuple(
        FreeText(key=f"q{place}", text=text, optional=True, longest=LONGEST_ANSWER)
        for place, text in enumerate(texts[:MOST], start=1)
    )


def _by_question(own: Mapping[str, Sequence[str]]) -> tuple[Words, ...]:
    count = max((len(lines) for lines in own.values()), default=0)
    return tuple(
        {locale: lines[place] for locale, lines in own.items() if place < len(lines)} for place in range(count)
    )
