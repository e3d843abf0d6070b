"""The chair's closing code: taken before a ballot opens, typed when it closes. Lost, it takes the votes with it."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain.ballots import State
from bot.domain.errors import Refusal
from bot.domain.people import Role, chair, either, facilitator
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Words, _
from handlers.prioritising.results import tell_void
from storage import audit, ballots, people
from storage.ballots import Ballot

router = Router()


def require_chair(errand: Errand, ballot: Ballot) -> None:
    """Raise Refusal where nobody chairs the committee."""
    if not people.holding(errand.tx, ballot.committee_id, frozenset({Role.CHAIR})):
        raise Refusal(_("The chair keeps the key to the votes here, and nobody has that role yet. Give it first."))


def ask_to_take(errand: Errand, ballot: Ballot) -> None:
    """The chair writes the code down on our own page before anybody can vote."""
    text = _(
        "{title} can open once you have its closing code. You write the code down and type it when the "
        "prioritisation closes. Nobody else has it, we neither. It takes about two minutes.",
        title=ballot.title,
    )
    _tell_chair(errand, ballot, text, _("Take the closing code"), "take")


def ask_to_type(errand: Errand, ballot: Ballot) -> None:
    """The ballot is closed; only the chair can have it counted."""
    text = _("{title} is closed. Type your closing code, and it is counted at once.", title=ballot.title)
    _tell_chair(errand, ballot, text, _("Type the closing code"), "type")
    for person in people.facilitators(errand.tx, ballot.committee_id):
        errand.tell(
            person,
            _("{title} is closed. It is counted when the chair types the closing code.", title=ballot.title),
            Button(_("The code is lost"), "lostcode", ballot.id),
            notice=_("about the prioritisation"),
            kind="necessary",
            dedupe=f"type:{ballot.id}:{person.id}",
            about=("ballot", ballot.id),
        )


def _tell_chair(errand: Errand, ballot: Ballot, text: Words, label: Words, step: str) -> None:
    """To the chair, with the way to the page of the code; a day later again, if it is still wanted."""
    for person in people.holding(errand.tx, ballot.committee_id, frozenset({Role.CHAIR})):
        errand.tell(
            person,
            text,
            Link(label, Secret(path=f"/ballot/{ballot.id}/code")),
            *((Button(_("The code is lost"), "lostcode", ballot.id),) if step == "type" else ()),
            notice=_("the closing code of a prioritisation"),
            kind="necessary",
            dedupe=f"{step}:{ballot.id}:{person.id}:{errand.now:%Y-%m-%d}",
            about=("ballot", ballot.id),
            path=f"/ballot/{ballot.id}/code",
        )


@router.button("lostcode", Ballot, who=either(chair, facilitator))
def lost(chat: Chat, ballot: Ballot) -> None:
    """Say what it means before anything is thrown away."""
    require_waiting(ballot)
    chat.say(
        _("Without the code nobody can read the votes. Throw them away and tell everybody that it is run again?"),
        Button(_("Yes, throw the votes away"), "novotes", ballot.id),
        Button(_("No, we look for the code"), "keepcode", ballot.id),
    )


@router.button("keepcode", Ballot, who=either(chair, facilitator))
def keep(chat: Chat, ballot: Ballot) -> None:
    """Nothing is thrown away."""
    chat.say(_("The votes stay as they are. They are counted when the code is typed."), instead=True)


@router.button("novotes", Ballot, who=either(chair, facilitator))
def thrown_away(chat: Chat, ballot: Ballot) -> None:
    """The code is gone, so the ballot is void, and everybody hears it."""
    require_waiting(ballot)
    ballots.void(chat.tx, ballot.id)
    audit.log(chat.tx, chat.now, chat.person.id, ballot.committee_id, "closing code lost", f"ballot:{ballot.id}")
    tell_void(chat, ballot.id)
    chat.say(_("The votes are thrown away, and everybody is told."), instead=True)


def require_waiting(ballot: Ballot) -> None:
    """Raise Refusal unless a code is all that this ballot's votes wait for."""
    if not ballots.by_chair(ballot) or ballot.state not in (State.OPEN, State.CLOSING):
        raise Refusal(_("No vote waits for a closing code here. Write /results to see what was counted."))
