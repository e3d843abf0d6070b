"""What a call lacks: who is missing for each line and rule, and a drafted message that asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import i18n
from bot.chat.messages import Button
from bot.domain import lacking
from bot.domain.coverage import Coverage, coverage
from bot.domain.errors import Refusal
from bot.domain.lacking import Gap
from bot.domain.mandate import Mandate
from bot.domain.people import Role, facilitator, office
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from storage import audiences, audit, committees, prompts
from storage.committees import Committee
from storage.coverage import pool

router = Router()


@router.command("missing", who=office, words=("missing", "hvem mangler", "kven manglar"))
def missing_here(chat: Chat, argument: str) -> None:
    """What the committee at hand lacks."""
    assert chat.committee is not None
    missing(chat, chat.committee)


@router.button("missing", Committee, who=office)
def missing(chat: Chat, committee: Committee) -> None:
    """How many are there for each line, what is missing in plain words, and what can be done about it."""
    mandate = committees.mandate(chat.tx, committee.id)
    found = _coverage(chat, committee, mandate)
    there = [
        _("{line}: {fit} of {seats}", line=one.profile.label, fit=one.fit, seats=one.wanted) for one in found.lines
    ]
    lines: list[Words] = [_("How many there are for each seat:"), Lines(tuple(there), "\n")]
    gaps = lacking.gaps(mandate, found)
    if not gaps:
        chat.say(Lines((*lines, _("Nothing is missing: every seat and every rule can be met."))))
        return
    lines += [_("What is missing:"), Lines(tuple(gap.text for gap in gaps), "\n")]
    chat.say(Lines(tuple(lines)), Button(_("Draft a message about it"), "lack", committee.id))


def _coverage(chat: Chat, committee: Committee, mandate: Mandate) -> Coverage:
    return coverage(mandate, pool(chat.tx, chat.house.vault, committee.id))


def _gaps(chat: Chat, committee: Committee, mandate: Mandate) -> Sequence[Gap]:
    """What is missing and can still be called for. Raises Refusal."""
    if chat.now >= mandate.call.closes:
        raise Refusal(
            _("The call is closed. Call the seats that are missing again first, then draft a message about it.")
        )
    return lacking.gaps(mandate, _coverage(chat, committee, mandate))


def _texts(chat: Chat, committee: Committee) -> Mapping[str, str]:
    """The message in each of the committee's languages."""
    mandate = committees.mandate(chat.tx, committee.id)
    words = lacking.message(mandate, _gaps(chat, committee, mandate), f"{chat.house.base_url}/c/{committee.key}")
    return {locale: i18n.say(words, locale, mandate.municipality.zone) for locale in mandate.locales}


@router.button("lack", Committee, who=office)
def draft(chat: Chat, committee: Committee) -> None:
    """The message to be copied, and to be sent to those who follow along."""
    for locale, text in _texts(chat, committee).items():
        chat.say(Lines((_("To copy, in this language: {language}", language=i18n.NAMES[locale]), text)))
    followers = audiences.sizes(chat.tx, committee.id)["circle"]
    if followers and Role.FACILITATOR in chat.standing().roles:
        words = n_(
            "{count} person follows along and may be written to.",
            "{count} people follow along and may be written to.",
            followers,
        )
        chat.say(words, Button(_("Make it a message to them"), "lacksend", committee.id))


@router.button("lacksend", Committee, who=facilitator)
def to_followers(chat: Chat, committee: Committee) -> None:
    """A draft for those who follow along; it is looked at before it goes out, as every message."""
    prompt = prompts.draft(
        chat.tx, committee.id, "prompt", chat.person.id, chat.now, text=dict(_texts(chat, committee)), audience="circle"
    )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "message drafted", f"prompt:{prompt.id}")
    chat.say(
        _("The message is drafted. Nothing is sent yet."), Button(_("Look at it and send it"), "message", prompt.id)
    )
