"""Seats that nobody could take over: those who decide are warned in time, and one of them settles it."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain.assessment import decider, deciding
from bot.domain.mandate import Mandate
from bot.domain.panel import seat_label
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Lines, Many, Words, _
from handlers.appointing.standing import require_decides
from storage import applications, audit, committees, people, schedules, succession
from storage.committees import Committee

router = Router()
WARNED_BEFORE = timedelta(days=2)


def said(chat: Chat, mandate: Mandate, committee_id: int) -> list[Words]:
    """The warning for whoever has just decided, once all are decided; the others hear it two days before the answers.

    Where that has passed they hear it at once.
    """
    answered = mandate.call.answered
    if chat.now < answered - WARNED_BEFORE:
        schedules.plan(chat.tx, "nobench", committee_id, answered - WARNED_BEFORE, committee_id)
    if not all_are_decided(chat, committee_id):
        return []
    if answered - WARNED_BEFORE <= chat.now < answered:
        tell(chat, mandate, committee_id, but=chat.person.id)
    return warning(chat, mandate, committee_id)


def all_are_decided(errand: Errand, committee_id: int) -> bool:
    """Whether nobody is without a decision."""
    decided = applications.decisions(errand.tx, committee_id)
    return all(one.id in decided for one in applications.to_decide(errand.tx, committee_id))


def bare_seats(chat: Chat, mandate: Mandate, committee_id: int) -> list[Words]:
    """The seats on which somebody sits whom nobody could follow."""
    return [
        _(
            "There is no reserve for this seat: {seat}. If it falls empty, you have to call it again.",
            seat=seat_label(mandate, seat),
        )
        for seat in succession.without_reserve(chat.tx, chat.house.vault, committee_id)
    ]


def warning(errand: Errand, mandate: Mandate, committee_id: int) -> list[Words]:
    """A warning about seats without a reserve, unless somebody has said that they may be."""
    found = succession.unsettled(errand.tx, errand.house.vault, committee_id)
    if not found:
        return []
    return [
        _(
            "Nobody could take over these seats if they fall empty: {seats}. Keep somebody as a reserve who fits them, "
            "or go on without.",
            seats=Many(tuple(seat_label(mandate, key) for key in found)),
        )
    ]


@router.due("nobench")
def warn(errand: Errand, committee_id: int) -> None:
    """Two days before the answers, those who decide hear which seats have no reserve, where nobody has settled it."""
    mandate = committees.mandate(errand.tx, committee_id)
    if mandate.call.answered - WARNED_BEFORE <= errand.now < mandate.call.answered:
        tell(errand, mandate, committee_id)


def tell(errand: Errand, mandate: Mandate, committee_id: int, but: int | None = None) -> None:
    """The warning for all who decide, once for each hour of answers; the answers do not wait for it."""
    errand.about(committee_id)
    answered = mandate.call.answered
    found = warning(errand, mandate, committee_id)
    for person in people.holding(errand.tx, committee_id, deciding(mandate)) if found else ():
        if person.id != but:
            errand.tell(
                person,
                Lines((*found, _("Everybody is answered {when}.", when=answered))),
                Button(_("Yes, go on without a reserve"), "bareok", committee_id),
                Button(_("All applications"), "overview", committee_id, 0),
                notice=_("a seat has no reserve"),
                kind="necessary",
                dedupe=f"bare:{committee_id}:{answered.isoformat()}:{person.id}",
                equals=True,
            )


@router.button("bareok", Committee, who=decider)
def go_on(chat: Chat, committee: Committee) -> None:
    """A person knows that a seat has no reserve, and the record says who."""
    require_decides(chat, committee.id)
    found = succession.without_reserve(chat.tx, chat.house.vault, committee.id)
    audit.log(
        chat.tx,
        chat.now,
        chat.person.id,
        committee.id,
        succession.SETTLED,
        f"committee:{committee.id}",
        ", ".join(found),
    )
    chat.say(
        _("Noted. If such a seat falls empty, appoint somebody who did not apply, or call it again."), instead=True
    )
