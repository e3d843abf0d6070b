"""Putting answers in order by taps: the buttons carry the order so far, so that a half one is stored nowhere."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.questions import Ranking, places
from bot.text import Lines, Words, _

WRITE = _("Write the numbers in order, what matters most to you first, such as 2, 1, 3.")


def so_far(question: Ranking, order: str) -> Words:
    """How it is answered, and the order as tapped so far; before the first tap the numbers that can be written.

    Raises Refusal where the order names a choice that is not there.
    """
    question.left(order)
    chosen = places(order) if order else []
    shown = [question.options[place - 1].label for place in chosen] or [option.label for option in question.options]
    lines = [_("{number}. {question}", number=place, question=label) for place, label in enumerate(shown, start=1)]
    how = _("Tap what matters most to you first, then the next. You can also write the numbers in order.")
    return Lines((question.hint or how, Lines((_("Your order so far:") if chosen else "", *lines), "\n")))


def buttons(question: Ranking, about: tuple[str, int, str], order: str) -> list[tuple[Button, ...]]:
    """A button for each choice without a place; the last tap but one answers, for the last place follows from it.

    `about` is the form, its subject and the question's key. Raises Refusal as `so_far` does.
    """
    left = question.left(order)
    route = "a" if len(left) <= 2 else "rank"
    keys = [option.key for option in question.options]
    rows: list[tuple[Button, ...]] = []
    for option in left:
        place = str(keys.index(option.key) + 1)
        rows.append((Button(option.label, route, *about, f"{order},{place}" if order else place),))
    return [*rows, (Button(_("Start again"), "rank", *about, ""),)] if order else rows
