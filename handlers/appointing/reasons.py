"""Why the drawn panel is as it is: what stands behind a seat, and who had no chance and by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.chat.messages import Button
from bot.domain import explaining
from bot.domain.assessment import BEST, decider
from bot.domain.mandate import Mandate
from bot.domain.selection.binding import binding
from bot.domain.selection.commitments import Frozen
from bot.domain.selection.records import Record
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Many, Words, _, n_
from handlers.appointing.listing import called
from handlers.appointing.standing import hidden, require_decides, sees_special
from storage import applications, audit, draws
from storage.applications import Appointment
from storage.committees import Committee
from storage.draws import Draw
from storage.frozen import applicant, barred, frozen

router = Router()


def behind(chat: Chat, mandate: Mandate, appointment: Appointment) -> Iterator[Words]:
    """What a drawn seat rests on: the fit, the chance, the rules that count, and what else the person could fill."""
    draw = draws.get(chat.tx, appointment.drawn_in) if appointment.drawn_in is not None else None
    copy = frozen(chat.tx, chat.house.vault, draw) if draw is not None else None
    own = copy.records.get(str(appointment.application_id)) if copy is not None else None
    if copy is None or own is None:
        return
    rating = own.ratings.get(appointment.seat or "")
    if mandate.selection.rated and rating is not None:
        yield _("Fit for this seat: {rating} of {best}.", rating=rating, best=BEST)
    if own.chance is not None:
        yield _("Chance in the draw: on {chance} of the 1,000 panels.", chance=own.chance)
    yield from _rules(chat, mandate, copy, own, appointment.committee_id)
    if other := _others(chat, mandate, copy, own, appointment):
        yield _("Fits as well: {profiles}", profiles=Many(tuple(other)))


def _rules(chat: Chat, mandate: Mandate, copy: Frozen, own: Record, committee_id: int) -> Iterator[Words]:
    """The rules that this person counts toward, and that would not hold, or not let in one more, as the panel sits."""
    sitting = [copy.records.get(str(row.application_id)) for row in applications.seated(chat.tx, committee_id)]
    for one in binding(copy.pool, [record.pseudonym for record in sitting if record is not None]):
        if one.quota not in own.groups or one.count == copy.pool.seats:  # a rule for everybody says nothing of one
            continue
        rule = explaining.quota_words(mandate, one.quota)
        if one.edge == "least":
            yield _("This person counts toward: {rule}. No fewer may.", rule=rule)
        else:
            yield _("This person counts toward: {rule}. No more may.", rule=rule)


def _others(chat: Chat, mandate: Mandate, copy: Frozen, own: Record, appointment: Appointment) -> list[Words]:
    fits = [key for key in copy.pool.fits(own.applicant) if key != appointment.seat]
    special = any(profile.special for profile in mandate.profiles if profile.key in fits)
    application = applications.get(chat.tx, appointment.application_id)
    if special and sees_special(chat) and application is not None:
        audit.special_line_read(chat.tx, chat.now, chat.person.id, application)
    return [
        profile.label
        for profile in mandate.profiles
        if profile.key in fits and (profile.special is None or sees_special(chat))
    ]


@router.button("nochance", Committee, who=decider)
def no_chance(chat: Chat, committee: Committee) -> None:
    """Who was in the draw and on none of its panels, and what kept them off."""
    mandate = require_decides(chat, committee.id)
    draw = draws.newest_drawn(chat.tx, committee.id)
    if draw is None:
        raise not_here()
    copy = frozen(chat.tx, chat.house.vault, draw)
    lines = [*_barred(chat, mandate, draw, copy), *_unfit(chat, mandate, draw, copy)]
    if not lines:
        lines = [
            _("Everybody who was in the draw had a chance.")
            if any(record.chance for record in copy.records.values())
            else _("This draw went by order, so nobody's chance is known.")
        ]
    chat.say(Lines(tuple(lines)), Button(_("The panel"), "panel", committee.id))


def _barred(chat: Chat, mandate: Mandate, draw: Draw, copy: Frozen) -> Iterator[Words]:
    for one in barred(chat.house.vault, draw):
        words = explaining.barred_words(
            mandate, len(one["people"]), explaining.taken(one["causes"]), sees_special(chat)
        )
        yield Lines((words, _named(chat, mandate, draw, copy, one["people"])), "\n")


def _unfit(chat: Chat, mandate: Mandate, draw: Draw, copy: Frozen) -> Iterator[Words]:
    unfit = [one.id for one in copy.pool.unfit]
    if unfit:
        words = n_(
            "{count} person is rated too low for every seat, and had no chance.",
            "{count} people are rated too low for every seat, and had no chance.",
            len(unfit),
        )
        yield Lines((words, _named(chat, mandate, draw, copy, unfit)), "\n")


def _named(chat: Chat, mandate: Mandate, draw: Draw, copy: Frozen, pseudonyms: Sequence[str]) -> Words:
    """Who they are, as far as the reader sees names; whoever is erased is a pseudonym."""
    veiled = hidden(chat, mandate, draw.committee_id)
    found = [applicant(chat.tx, copy, one) for one in pseudonyms]
    return Many(
        tuple(
            called(chat, application, veiled) if application is not None else pseudonym
            for pseudonym, application in zip(pseudonyms, found, strict=True)
        )
    )
