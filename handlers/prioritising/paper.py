"""A vote given on paper or by phone: entered for a member, who hears it at once and can always vote in person."""

from __future__ import annotations

from bot.chat.messages import Button, Message, Ticks
from bot.domain import ballots as rules
from bot.domain.people import Person, facilitator
from bot.engine import post
from bot.engine.chat import Chat
from bot.engine.router import Router, Ticked, not_here
from bot.text import Lines, Words, _
from handlers.prioritising.voting import labels
from storage import audit, ballots, hearing, people
from storage.ballots import Ballot

router = Router()


@router.button("onpaper", Ballot, who=facilitator)
def choose(chat: Chat, ballot: Ballot) -> None:
    """For whom? Only those without a vote of their own."""
    rules.require_open(ballot.state, ballot.closes_at, chat.now)
    found = ballots.on_paper(chat.tx, ballot.id)
    if not found:
        chat.say(_("Everybody has voted already. There is no vote to enter."))
        return
    buttons = (Button(one.name or _("somebody"), "paperfor", ballot.id, one.id) for one in found)
    chat.say(_("Whose vote do you enter? The person is told at once, and a vote in person replaces it."), *buttons)


@router.button("paperfor", Ballot, int, who=facilitator)
def show(chat: Chat, ballot: Ballot, person_id: int) -> None:
    """The boxes, blank, to be ticked as on the paper."""
    rules.require_open(ballot.state, ballot.closes_at, chat.now)
    person = entitled(chat, ballot, person_id)
    chat.say(asked(ballot, person), ticks=boxes(ballot, person), protect=True)


@router.view("pboxes", Ballot, int, Ticked, who=facilitator)
def redraw(chat: Chat, ballot: Ballot, person_id: int, ticked: Ticked) -> Message:
    """The same boxes with others ticked. Nothing is written."""
    rules.require_open(ballot.state, ballot.closes_at, chat.now)
    rules.require_ticks(ticked, len(ballot.options))
    person = entitled(chat, ballot, person_id)
    return Message(asked(ballot, person), ticks=boxes(ballot, person, ticked))


@router.button("castfor", Ballot, int, Ticked, who=facilitator, secret=True)
def enter(chat: Chat, ballot: Ballot, person_id: int, ticked: Ticked) -> None:
    """Seal it, mark the roll, and tell the member."""
    person = entitled(chat, ballot, person_id)
    ballots.cast(chat.tx, ballot.id, person.id, ticked, chat.now, entered_by=chat.person.id)
    audit.log(
        chat.tx,
        chat.now,
        chat.person.id,
        ballot.committee_id,
        "vote entered on behalf",
        f"ballot:{ballot.id} person:{person.id}",
    )
    hearing.withdraw(chat.tx, ("ballot", ballot.id), chat.now, person.id)
    another = [Button(_("Enter another"), "onpaper", ballot.id)]
    if post.only_called(chat.house, chat.tx, person.id):  # who has just said it on the phone or on paper
        said = _("The vote of {name} is in. Nobody can look it up, you neither.", name=person.name)
        another.append(Button(_("The next one"), "tasks", ballot.committee_id))
    else:
        tell(chat, ballot, person)
        said = _("The vote of {name} is in, and {name} is told. Nobody can look it up, you neither.", name=person.name)
    chat.say(said, *another, protect=True, instead=True)


def tell(chat: Chat, ballot: Ballot, person: Person) -> None:
    """Let a member know who entered the vote, and that a vote of one's own replaces it."""
    chat.tell(
        person,
        _(
            "{who} has entered the vote you gave on paper or by phone. Is that not right, or do you want to change it? "
            "A vote of your own replaces it until {when}.",
            who=chat.person.name,
            when=ballot.closes_at,
        ),
        Button(_("Prioritise"), "vote", ballot.id),
        notice=_("a vote was entered for you"),
        kind="necessary",
        about=("ballot", ballot.id),
        path="/talk",
    )


def entitled(chat: Chat, ballot: Ballot, person_id: int) -> Person:
    """The member on the roll. Raises Refusal for anybody else, and for who has voted in person."""
    if not ballots.may_vote(chat.tx, ballot.id, person_id):
        raise not_here()
    if not ballots.enterable(chat.tx, ballot.id, person_id):
        raise rules.not_to_enter()
    return people.get(chat.tx, person_id)


def asked(ballot: Ballot, person: Person) -> Words:
    """What is entered, and for whom."""
    return Lines(
        (
            ballot.title,
            _(
                "Say this before the vote is given: it is not secret, because you enter it. "
                "On the web page the vote is secret."
            ),
            _("The vote of {name}. Tick what stands on the paper, then send it.", name=person.name),
        )
    )


def boxes(ballot: Ballot, person: Person, ticked: int = 0) -> Ticks:
    """The ideas to tick; the buttons carry the whole state."""
    return Ticks("pboxes", "castfor", (str(ballot.id), str(person.id)), labels(ballot), _("Enter this vote"), ticked)
