"""A seat whose person was drawn and is gone before anything was told: the first in line gets it."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.assessment import decider
from bot.domain.mandate import Mandate
from bot.domain.panel import seat_label, sensitive
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from handlers.appointing.deciding import confirm, noted, require_seat_free
from handlers.appointing.replacing import ask, move_all, next_words, require_next, shown
from handlers.appointing.standing import require_decides, sees_special
from storage import applications, draws, succession
from storage.applications import Application
from storage.draws import Draw
from storage.succession import Successor

router = Router()
GONE = {
    "erased": _("Whoever was drawn for this seat has had everything erased: {seat}."),
    "withdrawn": _("Whoever was drawn for this seat has withdrawn: {seat}."),
}


def require_emptied(chat: Chat, draw: Draw, seat: str) -> tuple[Mandate, str]:
    """The mandate, and how the seat of a draw fell empty. Raises Refusal where it did not, or is filled again."""
    mandate = require_decides(chat, draw.committee_id)
    how, line = draws.emptied(chat.tx, draw).get(seat), seat.rpartition(".")[0]
    if draw.state != "drawn" or how is None:
        raise not_here()
    if sensitive(mandate, line) and not sees_special(chat):
        raise not_here()
    require_seat_free(chat, mandate, draw.committee_id, line)
    return mandate, how


@router.button("firstin", Draw, str, who=decider)
def propose(chat: Chat, draw: Draw, seat: str) -> None:
    """Who is next for a drawn seat that is empty."""
    mandate, how = require_emptied(chat, draw, seat)
    show(chat, mandate, draw, seat, how, succession.first_in_line(chat.tx, chat.house.vault, draw, seat))


def show(chat: Chat, mandate: Mandate, draw: Draw, seat: str, how: str, found: Successor | None) -> None:
    """What is proposed, and a button that does it."""
    label = seat_label(mandate, seat.rpartition(".")[0])
    words = (_(GONE[how].message, seat=label), *next_words(chat, mandate, sees_special(chat), found))
    rows = [Button(_("All applications"), "overview", draw.committee_id, 0)]
    if found is not None:
        rows.insert(
            0, Button(_("Ask the reserve"), "firstyes", draw.id, seat, found.application.id, shown(found.moves))
        )
    chat.say(Lines(words, "\n"), *rows)


@router.button("firstyes", Draw, str, Application, str, who=decider)
def give(chat: Chat, draw: Draw, seat: str, application: Application, moves: str) -> None:
    """The first in line gets the seat, and is asked at the hour at which everybody is answered, or at once after it."""
    mandate, how = require_emptied(chat, draw, seat)
    found = succession.first_in_line(chat.tx, chat.house.vault, draw, seat)
    proposed = require_next(found, application)
    if shown(proposed.moves) != moves:
        show(chat, mandate, draw, seat, how, proposed)
        return
    before = applications.decision(chat.tx, application.id)
    if before is not None and before.announced_at is not None:
        ask(chat, mandate, proposed)
        return
    move_all(chat, mandate, proposed)
    applications.decide(chat.tx, proposed.application, "appointed", proposed.line, "next", chat.person.id, chat.now)
    noted(chat, proposed.application, "appointed")
    confirm(chat, draw.committee_id)
