"""The panel: every seat with who is to sit on it, changed seat by seat with a reason that is logged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.chat.messages import Button
from bot.domain.assessment import decider
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import Mandate
from bot.domain.panel import POLITICAL, SEATS, WHY, reason_asked, seat_label, seats_of, sensitive, shown_label
from bot.domain.questions import Answers, OneOf, Option
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Short, Words, _
from handlers.appointing.deciding import confirm, require_guardian
from handlers.appointing.listing import called
from handlers.appointing.reasons import behind
from handlers.appointing.reserving import all_are_decided, bare_seats
from handlers.appointing.standing import hidden, require_decides, sees_special
from storage import applications, audit, draws, nominations, offers, people, ratings
from storage.applications import Application, Appointment
from storage.committees import Committee

router = Router()
CHOICES = 30


@dataclass(frozen=True, slots=True)
class Place:
    """One seat of the panel: who sits or is to sit there, and what a press leads to, where the reader may change it."""

    key: str
    who: Words
    change: tuple[str | int, ...] = ()


@router.button("panel", Committee, who=decider)
def show_panel(chat: Chat, committee: Committee) -> None:
    """All seats in the mandate's order; a press on one that can be changed leads there."""
    mandate = require_decides(chat, committee.id)
    lines: list[Words] = [_("The panel")]
    rows: list[Button] = []
    for number, place in enumerate(_places(chat, mandate, committee), 1):
        seat = seat_label(mandate, place.key)
        lines.append(_("{number}. {seat}: {who}", number=number, seat=seat, who=place.who))
        if place.change:
            route, *args = place.change
            rows.append(Button(_("{number}. {seat}", number=number, seat=Short(seat)), str(route), *args))
    undecided = not all_are_decided(chat, committee.id)
    drawn = draws.newest_drawn(chat.tx, committee.id)
    if drawn is not None or not undecided:  # else somebody may still be kept as a reserve
        lines += bare_seats(chat, mandate, committee.id)
    rows.append(Button(_("Appoint somebody who did not apply"), "open", "invite", committee.id))
    if undecided:
        rows.append(Button(_("Decide the rest"), "rest", committee.id))
    if drawn is not None:
        rows.append(Button(_("Who had no chance"), "nochance", committee.id))
        if len(draws.panels(drawn)) > 1:
            rows.append(Button(_("The other drawn panels"), "further", drawn.id))
    rows.append(Button(_("All applications"), "overview", committee.id, 0))
    chat.say(Lines(tuple(lines), "\n"), *rows, equals=True)


def _places(chat: Chat, mandate: Mandate, committee: Committee) -> Iterator[Place]:
    """Every seat, as far as the reader may see it."""
    sitting = applications.seated(chat.tx, committee.id)
    veiled = hidden(chat, mandate, committee.id)
    emptied = _emptied(chat, committee)
    for key, seats in seats_of(mandate).items():
        here = [row for row in sitting if row.seat == key]
        free = max(0, seats - len(here))
        if shown_label(mandate, key, sees_special(chat)) != seat_label(mandate, key):
            yield from (Place(key, _("only the secretariat sees who")) for _row in here)
            yield from (Place(key, _("empty")) for _seat in range(free))
            continue
        yield from (_taken(chat, mandate, row, veiled) for row in here)
        known = _known(chat, committee, key, {row.person_id for row in sitting})[:free]
        yield from (Place(key, who) for who in known)
        left = [one for one in emptied if one.key == key][: free - len(known)]
        yield from left
        yield from (Place(key, _("empty")) for _seat in range(free - len(known) - len(left)))


def _taken(chat: Chat, mandate: Mandate, appointment: Appointment, veiled: bool) -> Place:
    """A seat that somebody has or is to have; it can be changed until it is told."""
    key = appointment.seat or ""
    application = applications.get(chat.tx, appointment.application_id)
    name = called(chat, application, veiled) if application is not None else _("erased")
    if application is not None and sensitive(mandate, key):
        audit.special_line_read(chat.tx, chat.now, chat.person.id, application)
    untold = appointment.announced_at is None
    return Place(key, _who(name, appointment), ("seat", appointment.id) if untold else ())


EMPTIED: Mapping[str, Words] = {
    "erased": _("empty: the person has been erased; ask the first in line"),
    "withdrawn": _("empty: the person has withdrawn; ask the first in line"),
}


def _emptied(chat: Chat, committee: Committee) -> list[Place]:
    """The seats of the newest draw whose person is gone."""
    draw = draws.newest_drawn(chat.tx, committee.id)
    gone = draws.emptied(chat.tx, draw) if draw is not None else {}
    return [
        Place(seat.rpartition(".")[0], EMPTIED[how], ("firstin", draw.id, seat))
        for seat, how in gone.items()
        if draw is not None
    ]


def _known(chat: Chat, committee: Committee, key: str, sitting: Collection[int]) -> list[Words]:
    """Who is to sit there without an appointment of ours: named by a body, or a politician by role."""
    if key in SEATS:
        there = people.holding(chat.tx, committee.id, [POLITICAL[key]])
        return [one.name for one in there if one.id not in sitting]
    confirmed = [
        one for one in nominations.listed(chat.tx, committee.id) if (one.seat, one.state) == (key, "confirmed")
    ]
    return [
        Lines((people.get(chat.tx, one.person_id).name, WHY["named"]), ", ")
        for one in confirmed
        if one.person_id not in sitting
    ]


def _who(name: Words, appointment: Appointment) -> Words:
    how: Words = _("drawn by lot") if appointment.drawn_in is not None else WHY.get(appointment.reason, _("chosen"))
    reply: Words = _("has said yes") if appointment.reply == "accepted" else ""
    if appointment.reply is None and appointment.announced_at is not None:
        reply = _("has not answered yet")
    return Lines((name, how, reply), ", ")


@router.button("seat", Appointment, who=decider)
def show_seat(chat: Chat, appointment: Appointment) -> None:
    """One seat that has not been told: what stands behind it, and what can be done."""
    mandate = require_decides(chat, appointment.committee_id)
    require_untold(chat, mandate, appointment)
    application = applications.get(chat.tx, appointment.application_id)
    if application is None:
        raise not_here()
    name = called(chat, application, hidden(chat, mandate, appointment.committee_id))
    why = WHY.get(appointment.reason, appointment.reason)
    first = _("{seat}: {name}. Why: {why}", seat=seat_label(mandate, appointment.seat), name=name, why=why)
    chat.say(
        Lines((first, Lines(tuple(behind(chat, mandate, appointment)), "\n"))),
        Button(_("Somebody else takes this seat"), "open", "replace", appointment.id),
        Button(_("Read the application"), "applicant", appointment.application_id),
        Button(_("The panel"), "panel", appointment.committee_id),
    )


def require_untold(chat: Chat, mandate: Mandate, appointment: Appointment) -> None:
    """A seat can be changed until it is offered, by those who may see it. Raises Refusal."""
    newest = applications.decision(chat.tx, appointment.application_id)
    if newest is None or newest.outcome != "appointed":
        raise not_here()
    if newest.announced_at is not None:
        raise Refusal(_("This decision has been told, so it stands."))
    if shown_label(mandate, appointment.seat, sees_special(chat)) != seat_label(mandate, appointment.seat):
        raise not_here()


def replace_form(chat: Chat, appointment: Appointment) -> Form:
    """Who instead, and why."""
    mandate = require_decides(chat, appointment.committee_id)
    require_untold(chat, mandate, appointment)
    found = others(chat, mandate, appointment)
    if not found:
        raise Refusal(
            _("Nobody else has applied for this seat. You can appoint somebody who did not apply, or call it again.")
        )
    veiled = hidden(chat, mandate, appointment.committee_id)
    choices = tuple(Option(str(one.id), called(chat, one, veiled)) for one in found[:CHOICES])
    who = OneOf(key="who", text=_("Who takes this seat? Those in line come first."), choices=choices)
    return Form("replace", (who, reason_asked()), title=_("Change this seat"), review=looked_over)


def others(chat: Chat, mandate: Mandate, appointment: Appointment) -> list[Application]:
    """Who could sit here instead: reserves of the seat in their order, then all others who applied for it."""
    seat, decided = appointment.seat or "", applications.decisions(chat.tx, appointment.committee_id)
    free = {
        one.id: one
        for one in applications.to_decide(chat.tx, appointment.committee_id)
        if (one.id not in decided or (decided[one.id].outcome != "appointed" and not decided[one.id].announced_at))
        and one.person_id != chat.person.id
        and _wants(chat, mandate, one, seat)
    }
    line = [number for number in offers.reserves(chat.tx, appointment.committee_id, seat) if number in free]
    return [free[number] for number in dict.fromkeys([*line, *free])]


def _wants(chat: Chat, mandate: Mandate, application: Application, seat: str) -> bool:
    if seat in SEATS:
        return application.door == "politics"
    return any(profile.key == seat for profile in ratings.declared(mandate, chat.house.vault, application))


@router.form("replace", Appointment, replace_form, who=decider)
def replaced(chat: Chat, appointment: Appointment, answers: Answers) -> None:
    """Change a seat: the former one is in line again or undecided, and the change stands in the record."""
    mandate = require_decides(chat, appointment.committee_id)
    require_untold(chat, mandate, appointment)
    newcomer = next((one for one in others(chat, mandate, appointment) if str(one.id) == answers["who"]), None)
    if newcomer is None:
        raise not_here()
    require_guardian(newcomer)
    former, reason = applications.get(chat.tx, appointment.application_id), str(answers["reason"])
    applications.undecide(chat.tx, appointment.application_id)
    if former is not None and former.id in offers.places(chat.tx, appointment.committee_id):
        applications.decide(chat.tx, former, "reserve", None, "reserve", chat.person.id, chat.now)
    seat = appointment.seat
    applications.decide(chat.tx, newcomer, "appointed", seat, reason, chat.person.id, chat.now)
    changed = f"application:{appointment.application_id}>{newcomer.id}"
    audit.log(chat.tx, chat.now, chat.person.id, appointment.committee_id, "seat changed", changed, reason)
    confirm(chat, appointment.committee_id)
