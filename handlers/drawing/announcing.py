"""Announcing: the fingerprint of the list goes to everybody who applied, before anybody can know the seed."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.explaining import void_words
from bot.domain.selection.reading import chances_per_mille
from bot.domain.selection.seeds import require_notice
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from handlers.drawing.overview import source_of, who_draws
from storage import applications, audit, committees, draws, schedules
from storage.draws import Draw

router = Router()


@router.button("drawtell", Draw, who=who_draws)
def announce(chat: Chat, draw: Draw) -> None:
    """Say to a second person what is announced, and that it cannot be taken back unseen."""
    require_ready(chat, draw)
    chat.say(
        Lines(
            (
                _(
                    "Draw {number} goes to everybody who applied, with this fingerprint: {hash}.",
                    number=draw.number,
                    hash=draw.hash or "",
                ),
                source_of(draw).promise,
                _("After this nothing can change it. It can only be made void, by two people, and that stays visible."),
            )
        ),
        Button(_("Announce it to everybody"), "drawtold", draw.id),
    )


def require_ready(chat: Chat, draw: Draw) -> None:
    """Raise Refusal unless this is another person than froze it, and the seed is far enough away."""
    if draw.state != "ready":
        raise not_here()
    if draw.frozen_by == chat.person.id:
        raise Refusal(
            _("You froze this draw, so somebody else announces it: the chair, or a colleague in the secretariat.")
        )
    require_notice(source_of(draw), chat.now)


@router.button("drawtold", Draw, who=who_draws)
def announced(chat: Chat, draw: Draw) -> None:
    """From here on everybody who applied is a witness."""
    require_ready(chat, draw)
    if not draws.enter(chat.tx, draw.id, "announced", "ready", announced_by=chat.person.id, announced_at=chat.now):
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "draw announced", f"draw:{draw.id}")
    assert draw.seed_at is not None
    schedules.plan(chat.tx, "seedhour", draw.id, draw.seed_at, draw.committee_id)
    count = tell_everybody(chat, draw)
    chat.say(
        n_(
            "Announced to {count} person who applied. It stands on the public page, too.",
            "Announced to {count} people who applied. It stands on the public page, too.",
            count,
        ),
        instead=True,
    )


def tell_everybody(errand: Errand, draw: Draw) -> int:
    """The same facts to each, and each one's own pseudonym and chance; nobody else's."""
    assert draw.file is not None
    assert draw.hash is not None
    chances = chances_per_mille(draw.file)
    everybody = draws.entrants(errand.tx, draw.id)
    seats = sum(line["seats"] for line in draw.facts["lines"])
    earlier = [
        _("Draw {number} was made void: {reason}", number=past.number, reason=void_words(past.void_reason))
        for past in draws.listed(errand.tx, draw.committee_id)
        if past.call == draw.call and past.number < draw.number
    ]
    mandate = committees.mandate(errand.tx, draw.committee_id)
    panels = committees.mandate(errand.tx, draw.committee_id, draw.facts["mandate"]).selection.panels
    further: Words = ""
    if panels > 1:
        further = _(
            "{panels} panels are drawn. Your chance holds for the first; those who decide may take another.",
            panels=panels,
        )
    told = 0
    for one in everybody:
        application = applications.get(errand.tx, one.application_id) if one.application_id else None
        if application is None:
            continue
        lines: list[Words] = [
            _(
                "The seats are drawn by lot. {people} people are drawn for {seats} seats. This is draw {number}.",
                people=len(everybody),
                seats=seats,
                number=draw.number,
            ),
            source_of(draw).promise,
            chance_words(one.pseudonym, chances.get(one.pseudonym)),
            further,
            _(
                "The fingerprint of the list is {hash}. Keep this message: with it you can check the draw.",
                hash=draw.hash,
            ),
            _("You hear from us {when}, whether you are drawn or not.", when=mandate.call.answered),
        ]
        lines += earlier
        errand.tell(
            application.person_id,
            Lines(tuple(lines)),
            Link(_("My own record, for checking"), Secret("login", f"/draw/{draw.id}/record")),
            notice=_("the lottery for the seats"),
            kind="necessary",
            dedupe=f"draw:{draw.id}:{one.pseudonym}",
            about=("application", application.id),
        )
        told += 1
    return told


def chance_words(pseudonym: str, chance: int | None) -> Words:
    """Under which name one is in the list, and how likely one is to be drawn."""
    if chance is None:
        return _("In the list you are called {pseudonym}.", pseudonym=pseudonym)
    if chance == 0:
        return _(
            "In the list you are called {pseudonym}. With these seats and rules there is no panel with you on it.",
            pseudonym=pseudonym,
        )
    return _(
        "In the list you are called {pseudonym}. You are in {chance} of the 1,000 panels.",
        pseudonym=pseudonym,
        chance=chance,
    )
