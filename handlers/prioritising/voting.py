"""Casting a secret vote: boxes to tick, and one sentence that never says which."""

from __future__ import annotations

from bot.chat.messages import Button, Message, Ticks
from bot.domain import ballots as rules
from bot.domain.errors import Refusal
from bot.domain.mandate import SecretOn
from bot.domain.people import either, facilitator, member, voter
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, Ticked
from bot.text import Lines, Words, _
from storage import ballots, committees
from storage.ballots import Ballot

router = Router()


def on_web_only(errand: Errand, ballot: Ballot) -> bool:
    """Whether this committee casts secret votes on our own web page only."""
    return committees.mandate(errand.tx, ballot.committee_id).secret_on is SecretOn.WEB


def require_place(chat: Chat, ballot: Ballot) -> None:
    """Raise Refusal where the committee votes on our own page and this is another platform."""
    if chat.event.address.account != "web" and on_web_only(chat, ballot):
        raise Refusal(_("This committee votes on our web page only. Press the link in the message to get there."))


def question(ballot: Ballot, *, again: bool = False) -> Words:
    """What is asked, that it is no decision, and until when it can be changed."""
    asked = _(
        "Which ideas should the committee go on with? It is a prioritisation, not a decision. "
        "Tick all those you find good. You can change it until {closes}. Nobody sees the numbers before then.",
        closes=ballot.closes_at,
    )
    fair = _(
        "With fewer than five votes no numbers are shown. Telegram and Slack can see what you tick there; if that "
        "matters to you, vote on our web page."
    )
    shown = papers_sentence(ballot)
    earlier = _("Your earlier vote counts until you send a new one.") if again else ""
    return Lines((ballot.title, asked, fair, shown, earlier))


def papers_sentence(ballot: Ballot) -> Words:
    """What was settled before the opening about the list of all votes."""
    if not ballot.papers_shown:
        return ""
    return _("When it is counted, the committee sees every vote on a list without names.")


def boxes(ballot: Ballot, ticked: int = 0) -> Ticks:
    """The ideas to tick; the buttons carry the whole state, so that choosing leaves no trace."""
    return Ticks("boxes", "cast", (str(ballot.id),), labels(ballot), _("Send my vote"), ticked)


def labels(ballot: Ballot) -> tuple[str, ...]:
    """The ideas as they stand on the ballot."""
    return tuple(str(option["text"]) for option in ballot.options)


@router.view("boxes", Ballot, Ticked, who=voter)
def redraw(chat: Chat, ballot: Ballot, ticked: Ticked) -> Message:
    """The ballot with other boxes ticked. Nothing is written."""
    require_place(chat, ballot)
    rules.require_open(ballot.state, ballot.closes_at, chat.now)
    rules.require_ticks(ticked, len(ballot.options))
    return Message(
        question(ballot, again=ballots.voted(chat.tx, ballot.id, chat.person.id)), ticks=boxes(ballot, ticked)
    )


@router.button("vote", Ballot, who=either(voter, facilitator))
def show(chat: Chat, ballot: Ballot) -> None:
    """Show the ballot again, blank: nobody can look up a vote that was cast, its voter neither."""
    require_voter(chat, ballot)
    rules.require_open(ballot.state, ballot.closes_at, chat.now)
    again = ballots.voted(chat.tx, ballot.id, chat.person.id)
    if chat.event.address.account != "web" and on_web_only(chat, ballot):
        invite_again(chat, ballot)
        return
    chat.say(question(ballot, again=again), ticks=boxes(ballot), protect=True)


def invite_again(chat: Chat, ballot: Ballot) -> None:
    """Put the ballot on the person's page anew, and say here how to get there."""
    chat.tell(
        chat.person,
        question(ballot, again=ballots.voted(chat.tx, ballot.id, chat.person.id)),
        ticks=boxes(ballot),
        notice=_("a prioritisation for you"),
        kind="reply",
        lane=0,
        about=("ballot", ballot.id),
        path="/talk",
        boxes_on_web=True,
    )


def require_voter(chat: Chat, ballot: Ballot) -> None:
    """Raise Refusal for somebody who is not on the roll; facilitators never are."""
    if facilitator(chat.standing()):
        raise Refusal(_("A contact person never votes. You hear the result when it is counted."))
    if not ballots.may_vote(chat.tx, ballot.id, chat.person.id):
        raise rules.not_entitled()


@router.button("cast", Ballot, Ticked, who=either(member, facilitator), secret=True)
def cast(chat: Chat, ballot: Ballot, ticked: Ticked) -> None:
    """Seal a vote. The answer is the same the first time and later, and never says what was chosen."""
    require_voter(chat, ballot)
    require_place(chat, ballot)
    ballots.cast(chat.tx, ballot.id, chat.person.id, ticked, chat.now)
    text = _("Your vote is in. You can change it until {when}.", when=ballot.closes_at)
    change = Button(_("Change my vote"), "vote", ballot.id)
    chat.say(text, change, protect=True, instead=True)
    if chat.event.address.account == "web":
        chat.say(text, briefly=True)
