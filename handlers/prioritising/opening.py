"""A ballot opens, reminds and closes: the roll is fixed, everybody on it is invited, and the authors hear of it."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain.ballots import State
from bot.domain.people import Person
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import _
from handlers.prioritising.sealing import ask_to_take, ask_to_type
from handlers.prioritising.voting import boxes, on_web_only, question
from storage import audit, ballots, ideas, schedules
from storage.ballots import Ballot

router = Router()
REMIND = timedelta(days=1)
WORTH_REMINDING = timedelta(days=2)
ASK_AGAIN = timedelta(days=1)


@router.due("ballot_open")
def opened(errand: Errand, ballot_id: int) -> None:
    """Open it: make the key, fix the roll, invite everybody on it, tell the authors, plan reminder and closing."""
    voters = ballots.open_now(errand.tx, errand.house.keys, ballot_id, errand.now)
    ballot = ballots.get(errand.tx, ballot_id)
    errand.about(ballot.committee_id)
    if ballots.waits_for_code(ballot):
        ask_to_take(errand, ballot)
    if ballot.state != State.OPEN:
        return
    schedules.plan(errand.tx, "ballot_close", ballot.id, ballot.closes_at, ballot.committee_id)
    if ballot.closes_at - errand.now > WORTH_REMINDING:
        schedules.plan(
            errand.tx, "ballot_remind", ballot.id, ballot.closes_at - REMIND, ballot.committee_id, ballot.closes_at
        )
    numbers = [option["idea"] for option in ballot.options]
    tell_authors(errand, ballot)
    ideas.set_state(errand.tx, numbers, "shortlisted", errand.now)
    for person in voters:
        invite(errand, ballot, person)


def take_code(errand: Errand, ballot_id: int, private: bytes, taken_by: int) -> bool:
    """The chair has the closing code (`private` is its key): the ballot opens now, or at its time.

    False where a code was taken before.
    """
    ballot = ballots.get(errand.tx, ballot_id)
    if not ballots.take_code(errand.tx, ballot_id, private):
        return False
    audit.log(errand.tx, errand.now, taken_by, ballot.committee_id, "closing code taken", f"ballot:{ballot.id}")
    if ballot.opens_at <= errand.now:
        opened(errand, ballot_id)
    return True


def tell_authors(errand: Errand, ballot: Ballot) -> None:
    """Each author hears that the own idea is on the shortlist, and of nobody else's."""
    for option in ballot.options:
        author = ideas.author(errand.tx, option["idea"])
        errand.tell(
            author,
            _("Your idea is on the shortlist: {idea}", idea=option["text"]),
            notice=_("about your idea"),
            dedupe=f"shortlisted:{ballot.id}:{option['idea']}",
            about=("ballot", ballot.id),
            path="/talk",
        )


def invite(errand: Errand, ballot: Ballot, person: Person) -> None:
    """The ballot itself, with its boxes; nothing is ticked."""
    errand.tell(
        person,
        question(ballot),
        ticks=boxes(ballot),
        notice=_("a prioritisation for you"),
        dedupe=f"ballot:{ballot.id}:person:{person.id}",
        about=("ballot", ballot.id),
        expires_at=ballot.closes_at,
        path="/talk",
        boxes_on_web=on_web_only(errand, ballot),
    )


@router.due("ballot_remind")
def remind(errand: Errand, ballot_id: int) -> None:
    """Once, a day before closing, and only to those who have not voted."""
    ballot = ballots.get(errand.tx, ballot_id)
    if ballot.state != State.OPEN:
        return
    errand.about(ballot.committee_id)
    for person in ballots.without_vote(errand.tx, ballot_id):
        errand.tell(
            person,
            _(
                "You can still take part in the prioritisation. It closes {when}. It takes about a minute.",
                when=ballot.closes_at,
            ),
            Button(_("Prioritise"), "vote", ballot.id),
            notice=_("a prioritisation for you"),
            kind="reminder",
            dedupe=f"ballotremind:{ballot.id}:{person.id}",
            about=("ballot", ballot.id),
            expires_at=ballot.closes_at,
        )


@router.due("ballot_close")
def close(errand: Errand, ballot_id: int) -> None:
    """From here no vote passes; counting has steps that stand alone, and follows at once."""
    start_closing(errand, ballot_id)


def start_closing(errand: Errand, ballot_id: int) -> bool:
    """Close what is due; the chair is asked for the code where only the chair has it. False where it is not due."""
    if not ballots.start_closing(errand.tx, ballot_id, errand.now):
        return False
    ballot = ballots.get(errand.tx, ballot_id)
    errand.about(ballot.committee_id)
    if ballots.by_chair(ballot):
        ask_to_type(errand, ballot)
        schedules.plan(errand.tx, "ballot_code", ballot.id, errand.now + ASK_AGAIN, ballot.committee_id)
    return True


@router.due("ballot_code")
def ask_again(errand: Errand, ballot_id: int) -> None:
    """Once more, a day later, where the code has not been typed."""
    ballot = ballots.get(errand.tx, ballot_id)
    if ballot.state == State.CLOSING:
        errand.about(ballot.committee_id)
        ask_to_type(errand, ballot)
