"""Deciding the rest: everybody without a decision gets one at once, with the true reason."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.messages import Button
from bot.domain.assessment import decider
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.panel import seats_of
from bot.domain.questions import Answers
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from handlers.appointing.deciding import confirm, noted, reason_class
from handlers.appointing.reserving import bare_seats
from handlers.appointing.standing import require_decides
from storage import applications, draws, offers
from storage.applications import Application
from storage.committees import Committee

router = Router()


@router.button("rest", Committee, who=decider)
def ask_rest(chat: Chat, committee: Committee) -> None:
    """Say what becomes of whom before it is done, and what to know about reserves."""
    mandate = require_decides(chat, committee.id)
    named, reserves, others = sorted_out(chat, committee)
    if not (named or reserves or others):
        raise Refusal(_("All applications are decided. You see them under /applications."))
    lines: list[Words] = []
    if named:
        lines.append(
            n_(
                "{count} was named by a body and gets that seat.",
                "{count} were named by a body and get those seats.",
                len(named),
            )
        )
    if reserves:
        lines.append(n_("{count} stands in line as a reserve.", "{count} stand in line as reserves.", len(reserves)))
    if others:
        lines.append(n_("{count} is not appointed.", "{count} are not appointed.", len(others)))
    lines += bare_seats(chat, mandate, committee.id)
    drawn = draws.newest_drawn(chat.tx, committee.id) is not None
    button = Button(_("Yes, decide the rest"), "restyes", committee.id)
    if not drawn:
        button = Button(_("Choose the reason"), "open", "restwhy", committee.id)
    chat.say(Lines(tuple(lines), "\n"), button, Button(_("The panel"), "panel", committee.id))


def sorted_out(chat: Chat, committee: Committee) -> tuple[list[Application], list[Application], list[Application]]:
    """Those without a decision: named by a body, in line for a seat, and all others."""
    decided = applications.decisions(chat.tx, committee.id)
    left = [one for one in applications.to_decide(chat.tx, committee.id) if one.id not in decided]
    line = offers.places(chat.tx, committee.id)
    named = [one for one in left if one.door == "named" and one.guardian in (None, "yes")]
    reserves = [one for one in left if one not in named and one.id in line]
    return named, reserves, [one for one in left if one not in named and one not in reserves]


@router.button("restyes", Committee, who=decider)
def rest_of_draw(chat: Chat, committee: Committee) -> None:
    """After a draw: the draw says who had a chance and what kept others out; without a word it was the lot."""
    require_decides(chat, committee.id)
    draw = draws.newest_drawn(chat.tx, committee.id)
    if draw is None:
        raise Refusal(_("No panel has been drawn. Choose a reason for those who are not appointed."))
    decide_rest(chat, committee, "lot", draws.reasons(draw))


def rest_form(chat: Chat, committee: Committee) -> Form:
    """Without a draw the reason is chosen."""
    require_decides(chat, committee.id)
    return Form("restwhy", (reason_class(chat, committee.id),), title=_("Decide the rest"))


@router.form("restwhy", Committee, rest_form, who=decider)
def rest_by_hand(chat: Chat, committee: Committee, answers: Answers) -> None:
    """One reason for all who are not appointed."""
    require_decides(chat, committee.id)
    decide_rest(chat, committee, str(answers["reason"]), {})


def decide_rest(chat: Chat, committee: Committee, otherwise: str, reasons: Mapping[int, str]) -> None:
    """Enter a decision for everybody who has none."""
    named, reserves, others = sorted_out(chat, committee)
    mandate = require_decides(chat, committee.id)
    by, now = chat.person.id, chat.now
    for one in named:
        seat = applications.nominated_seat(chat.tx, one.id)
        filled = applications.filled(chat.tx, committee.id)
        if seat is not None and filled.get(seat, 0) < seats_of(mandate).get(seat, 0):
            applications.decide(chat.tx, one, "appointed", seat, "named", by, now)
            noted(chat, one, "appointed")
        else:
            others.append(one)
    for one in reserves:
        applications.decide(chat.tx, one, "reserve", None, "reserve", by, now)
        noted(chat, one, "reserve")
    for one in others:
        reason = reasons.get(one.id, otherwise if one.door == "seat" else "profile")
        applications.decide(chat.tx, one, "not_appointed", None, reason, by, now)
        noted(chat, one, "not appointed", reason)
    confirm(chat, committee.id, len(named) + len(reserves) + len(others))
