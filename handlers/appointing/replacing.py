"""A seat that fell empty: the bot proposes who is next, and people ask them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from bot.chat.messages import Button
from bot.domain.assessment import decider, sees_special
from bot.domain.errors import Refusal
from bot.domain.mandate import Mandate
from bot.domain.panel import seat_label, shown_label
from bot.domain.people import Person
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, Text, Words, _
from handlers.appointing.answering import deciders
from handlers.appointing.deciding import noted
from handlers.appointing.offering import offer
from handlers.appointing.standing import require_decides
from storage import applications, audit, committees, offers, people, succession
from storage.applications import Application, Appointment
from storage.succession import Successor

router = Router()


@router.due("vacated")
def vacated(errand: Errand, appointment_id: int) -> None:
    """Tell those who decide that a seat is free, and who is next in line for it."""
    gone = offers.get(errand.tx, appointment_id)
    if gone is None or gone.reply not in offers.GIVEN_UP or offers.successor(errand.tx, gone.id) is not None:
        return
    errand.about(gone.committee_id)
    found = succession.next_reserve(errand.tx, errand.house.vault, gone)
    for person in deciders(errand, gone.committee_id):
        errand.tell(
            person,
            proposal(errand, person, gone, found),
            *steps(gone, found),
            notice=_("a seat has fallen empty"),
            kind="necessary",
            dedupe=f"vacated:{gone.id}:{gone.reply}:{person.id}",
        )


def steps(gone: Appointment, found: Successor | None) -> list[Button]:
    """What can be done about a seat that is free."""
    rows = [Button(_("All applications"), "overview", gone.committee_id, 0)]
    if found is not None and found.moves:
        ask = Button(_("Ask the reserve"), "askmove", gone.id, found.application.id, shown(found.moves))
        return [ask, *rows]
    return [Button(_("Ask the reserve"), "askres", gone.id, found.application.id), *rows] if found else rows


def shown(moves: Mapping[int, str]) -> str:
    """Who moves to which line, short enough for a button: what is pressed is what was read."""
    words = ",".join(f"{number}>{line}" for number, line in sorted(moves.items()))
    return sha256(words.encode()).hexdigest()[:8]


# What became of whoever had the seat.
GONE: Mapping[str, Text] = {
    "declined": _("{name} has said no to this seat: {seat}."),
    "expired": _("{name} has not answered in time, and this seat is free: {seat}."),
}
GONE_ELSE = _("{name} has left, and this seat is free: {seat}.")


def proposal(errand: Errand, person: Person, gone: Appointment, found: Successor | None) -> Words:
    """Who gave up what, who is next, and who moves for that, for this reader."""
    mandate = committees.mandate(errand.tx, gone.committee_id)
    sees = sees_special(people.roles_in(errand.tx, person.id, gone.committee_id))
    seat = shown_label(mandate, gone.seat, sees)
    name = people.get(errand.tx, gone.person_id).name or _("A member")
    became = GONE.get(gone.reply or "", GONE_ELSE)
    return Lines((_(became.message, name=name, seat=seat), *next_words(errand, mandate, sees, found)), "\n")


def next_words(errand: Errand, mandate: Mandate, sees: bool, found: Successor | None) -> Iterator[Words]:
    """Who is next, and who moves for that."""
    if found is None:
        yield _("Nobody is in line for it. Appoint somebody who did not apply, or call the seat again.")
        return
    reserve = people.get(errand.tx, found.application.person_id).name
    if not found.moves:
        yield _(
            "Next in line is {reserve}, and the rules hold with them. Nobody is asked before you say so.",
            reserve=reserve,
        )
        return
    yield _(
        "Next in line is {reserve}, and the rules hold with them, but only if somebody who sits already moves to "
        "another seat that fits them. Nobody is asked or moved before you say so.",
        reserve=reserve,
    )
    for number, line in found.moves.items():
        yield _move(errand, mandate, sees, number, line)


def _move(errand: Errand, mandate: Mandate, sees: bool, number: int, line: str) -> Words:
    """One who moves. Who sits on a sensitive seat, or is to, is not named to those who may not see it."""
    row = offers.get(errand.tx, number)
    assert row is not None
    before, after = (shown_label(mandate, seat, sees) for seat in (row.seat, line))
    if (before, after) != (seat_label(mandate, row.seat), seat_label(mandate, line)):
        return _("Somebody moves whom only the secretariat sees.")
    name = people.get(errand.tx, row.person_id).name
    return _("{name} moves from this seat: {before}. To this one: {after}.", name=name, before=before, after=after)


@router.button("askres", Appointment, Application, who=decider)
def ask_reserve(chat: Chat, gone: Appointment, application: Application) -> None:
    """Offer the seat to the one in line, with a deadline of its own."""
    decide(chat, gone, application, shown({}))


@router.button("askmove", Appointment, Application, str, who=decider)
def ask_and_move(chat: Chat, gone: Appointment, application: Application, moves: str) -> None:
    """The same where somebody who sits has to move for it. The move is made now, not when the reserve says yes.

    Were it to wait, the seats would have to be found anew then, when others may have left; and whoever moves loses
    nothing, as that line fits them too.
    """
    decide(chat, gone, application, moves)


def decide(chat: Chat, gone: Appointment, application: Application, moves: str) -> None:
    """Ask the one proposed; where by now others would move than was read, say who before anything is done."""
    mandate = require_decides(chat, gone.committee_id)
    current = offers.get(chat.tx, gone.id)
    if current is None or current.reply not in offers.GIVEN_UP:
        raise not_here()
    if offers.successor(chat.tx, gone.id) is not None:
        raise Refusal(_("Somebody has been asked for this seat already. You see who under /applications."))
    decided = applications.decision(chat.tx, application.id)
    proposed = succession.next_reserve(chat.tx, chat.house.vault, current)
    if decided is None or decided.outcome != "reserve":
        raise not_in_line()
    proposed = require_next(proposed, application)
    if shown(proposed.moves) != moves:
        chat.say(proposal(chat, chat.person, current, proposed), *steps(current, proposed), instead=True)
        return
    ask(chat, mandate, proposed, replaces=current.id)


def not_in_line() -> Refusal:
    """Somebody who could be asked earlier cannot any more."""
    return Refusal(_("This person is not in line any more. You see all others under /applications."))


def require_next(proposed: Successor | None, application: Application) -> Successor:
    """Raise Refusal unless this is who comes next now."""
    if proposed is None:
        raise not_in_line()
    if proposed.application.id != application.id:
        raise Refusal(_("Somebody else is next in line now. You see who under /applications."))
    return proposed


def ask(chat: Chat, mandate: Mandate, found: Successor, *, replaces: int | None = None) -> None:
    """Move whoever moves, and offer the seat that is free then."""
    move_all(chat, mandate, found)
    new = applications.decide(
        chat.tx, found.application, "appointed", found.line, "next", chat.person.id, chat.now, replaces=replaces
    )
    offers.asked(chat.tx, found.application.id)
    applications.announced(chat.tx, new, chat.now)
    noted(chat, found.application, "reserve asked")
    offer(chat, mandate, new)
    name = people.get(chat.tx, found.application.person_id).name
    chat.say(_("{name} is asked. You hear what the answer is.", name=name), instead=True)


def move_all(chat: Chat, mandate: Mandate, found: Successor) -> None:
    """Whoever has to moves to another line; who has been told of a seat hears of it."""
    for number, line in found.moves.items():
        before = offers.get(chat.tx, number)
        moved = succession.move(chat.tx, number, line)
        assert before is not None
        about, seats = f"application:{moved.application_id}", f"{before.seat}>{line}"
        audit.log(chat.tx, chat.now, chat.person.id, moved.committee_id, "seat moved", about, seats)
        if moved.announced_at is not None:
            tell_moved(chat, mandate, moved)


def tell_moved(chat: Chat, mandate: Mandate, moved: Appointment) -> None:
    """Say so to the one who moved, without naming the seat: it may say something sensitive."""
    chat.tell(
        moved.person_id,
        _(
            "A seat in the committee on {topic} fell empty, and so that somebody can take it, you now sit in another "
            "of the seats that you said fit you. Nothing else changes for you. Is that wrong? Call {name}, {phone}.",
            topic=mandate.title,
            name=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        notice=_("about your seat"),
        kind="necessary",
        dedupe=f"moved:{moved.id}:{moved.seat}:{chat.now.isoformat()}",
    )
