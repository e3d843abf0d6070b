"""How far the choosing has come: what is missing, what was tried, which draws there are, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button
from bot.domain.people import Role, chair, either, secretariat
from bot.domain.selection.seeds import Source
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from storage import calls, draws, pools, ratings
from storage.committees import Committee
from storage.draws import Draw

router = Router()
who_draws = either(secretariat, chair)
DECIDING = (Role.SECRETARIAT, Role.CHAIR)  # the same people, by role: those who are told
STATES = {
    "frozen": _("the panels are being computed"),
    "computing": _("the panels are being computed"),
    "ready": _("ready to be announced"),
    "announced": _("announced, waiting for what decides it"),
    "typed": _("the result is typed, waiting to be confirmed"),
    "drawn": _("drawn"),
    "void": _("void"),
}


@router.command("draw", who=who_draws, words=("lottery", "lodtrækning", "loddtrekning", "loddtrekking"))
def draw(chat: Chat, argument: str) -> None:
    """Try a selection, or draw one."""
    assert chat.committee is not None
    show(chat, chat.committee)


def missing_words(chat: Chat, committee: Committee, call: int) -> Words:
    """What is still to be assessed before a draw can be frozen."""
    count = sum(len(lines) for lines in ratings.missing(chat.tx, committee.id, call, chat.house.vault).values())
    if not count:
        return _("Every application is assessed.")
    return n_("{count} assessment is missing.", "{count} assessments are missing.", count)


@router.button("draws", Committee, who=who_draws)
def show(chat: Chat, committee: Committee) -> None:
    """The pool, the draws so far, and what can be done now."""
    call = calls.number(chat.tx, committee.id)
    pool = pools.pool(chat.tx, chat.house.vault, committee.id, call)
    lines: list[Words] = [
        _("{people} people can be drawn for {seats} free seats.", people=len(pool.applicants), seats=pool.seats),
        missing_words(chat, committee, call),
    ]
    found = draws.listed(chat.tx, committee.id)
    lines += [
        _("Draw {number}: {state}", number=one.number, state=STATES[one.state]) for one in found if one.call == call
    ]
    rows, trial = steps(found, call), Button(_("Try a selection"), "trydraw", committee.id)
    if any(one.call == call and one.state != "void" for one in found):
        rows.append(trial)
    else:
        rows += [trial, Button(_("Freeze the pool for a draw"), "open", "freeze", committee.id)]
    chat.say(Lines(tuple(lines)), *rows)


def steps(found: Sequence[Draw], call: int) -> list[Button]:
    """What each living draw of this call waits for."""
    rows: list[Button] = []
    for one in found:
        if one.call != call or one.state in ("void", "frozen", "computing"):
            continue
        if one.state == "ready":
            rows.append(Button(_("Announce draw {number}", number=one.number), "drawtell", one.id))
        if one.state == "announced":
            rows.append(Button(_("Type what decides draw {number}", number=one.number), "open", "seed", one.id))
        if one.state == "typed":
            rows.append(Button(_("Confirm draw {number}", number=one.number), "confirm", one.id))
        rows.append(Button(_("Make draw {number} void", number=one.number), "open", "voidraw", one.id))
    return rows


def source_of(draw_: Draw) -> Source:
    """Where a draw's seed comes from."""
    assert draw_.seed_at is not None
    return Source(draw_.seed_rule, draw_.seed_at)
