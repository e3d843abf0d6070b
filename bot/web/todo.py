"""What waits for somebody at the desk, and what a draw waits for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.text import Many, Text, Words, _, n_
from storage.draws import Waiting


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that waits for those who look after a committee; with a button where a press does it."""

    text: Text
    data: str = ""
    label: Text | None = None


def unrated(count: int, answered: datetime) -> Text:
    """How many are to be assessed, and what it is in time for."""
    return n_(
        "{count} application is to be assessed. Everybody is answered {when}.",
        "{count} applications are to be assessed. Everybody is answered {when}.",
        count,
        when=answered,
    )


def undecided(count: int, answered: datetime, now: datetime) -> Text:
    """How many wait for a decision, and until when it is wanted."""
    if now >= answered:
        return n_(
            "{count} application waits for a decision. Everybody was to be answered {when}.",
            "{count} applications wait for a decision. Everybody was to be answered {when}.",
            count,
            when=answered,
        )
    return n_(
        "{count} application waits for a decision. Everybody is answered {when}.",
        "{count} applications wait for a decision. Everybody is answered {when}.",
        count,
        when=answered,
    )


def without_reserve(seats: Sequence[Words], committee_id: int) -> Iterator[ToDo]:
    """The seats that nobody could take over, until somebody says that they may be."""
    if seats:
        text = _("Nobody could take over these seats if they fall empty: {seats}.", seats=Many(tuple(seats)))
        yield ToDo(text, f"bareok:{committee_id}", _("Yes, go on without a reserve"))


def of_draw(draw: Waiting, committee_id: int, undecided: int, now: datetime) -> Iterator[ToDo]:
    """What a draw waits for: two people at each step, and none of it happens by itself."""
    number = draw.number
    if draw.state == "ready":
        text = _("Draw {number} is ready. Somebody who did not freeze the pool announces it.", number=number)
        yield ToDo(text, f"drawtell:{draw.id}", _("Announce draw {number}", number=number))
    elif draw.state == "announced" and draw.seed_at is not None and draw.seed_at <= now:
        text = _("The hour has come that decides draw {number}. Type what came out.", number=number)
        yield ToDo(text, f"open:seed:{draw.id}", _("Type what decides draw {number}", number=number))
    elif draw.state == "typed":
        text = _("What decides draw {number} is typed. Somebody else compares it with the source.", number=number)
        yield ToDo(text, f"confirm:{draw.id}", _("Confirm draw {number}", number=number))
    elif draw.state == "drawn" and undecided:
        text = _("The panel of draw {number} is drawn, and waits for your decision, seat by seat.", number=number)
        yield ToDo(text, f"panel:{committee_id}", _("See the panel"))
