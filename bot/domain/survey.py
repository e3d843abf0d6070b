"""Five statements, one for each gain the model claims, ticked at the first meeting and again at the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.text import Text, _

ROUNDS: Mapping[str, Text] = {"first": _("At the first meeting"), "last": _("At the last meeting")}

STATEMENTS: tuple[Text, ...] = (
    _("Working together like this is worth my time."),
    _("I understand the problem well."),
    _("The solutions we are talking about can work in daily life."),
    _("The municipality can do more with what it has when people help to shape it."),
    _("I trust that politicians will listen to what comes out of it."),
)


def counted(tally: Sequence[int], ticked: int) -> list[int]:
    """The counts with one more person's ticks in them. Raises ValueError for a box that does not exist."""
    if ticked >> len(STATEMENTS):
        raise ValueError("not a set of statements")
    return [count + (ticked >> place & 1) for place, count in enumerate(tally)]
