"""Prioritising: a shortlist, a secret ballot with an opening and a closing, and its result. Not a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.messages import Button, Image, Message, Ticks
from bot.domain import ballots as rules
from bot.domain.ballots import State
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.languages import by_language, in_languages
from bot.domain.mandate import SecretOn
from bot.domain.people import Person, either, facilitator, member, voter
from bot.domain.questions import Answers, Moment, OneOf, Option, SomeOf, moment_of
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, Ticked
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from storage import audit, ballots, committees, ideas, meetings, people, schedules
from storage.ballots import Ballot
from storage.committees import Committee

router = Router()
SHORT = 70
REMIND = timedelta(days=1)
WORTH_REMINDING = timedelta(days=2)


@router.command("ballot", who=facilitator, words=("ballot", "prioritering", "prioritisation"))
def begin(chat: Chat, argument: str) -> None:
    """Put ideas on a shortlist and open a prioritisation."""
    assert chat.committee is not None
    chat.begin("ballot", chat.committee.id)


def ballot_form(chat: Chat, committee: Committee) -> Form:
    """A title, which ideas, and when it opens and closes. Raises Refusal where it may not be held."""
    mandate = committees.mandate(chat.tx, committee.id)
    zone = mandate.municipality.zone
    require_meeting(chat, committee)
    found = ideas.listed(chat.tx, committee.id, chat.person.id)[-30:]
    rules.require_options(len(found))
    choices = tuple(Option(str(item.idea.id), shortened(item.idea.text)) for item in found)
    fields = (
        *in_languages("title", _("What shall the prioritisation be called?"), mandate.locales, NAMES, longest=100),
        SomeOf(key="ideas", text=_("Which ideas are on the shortlist?"), choices=choices, least=2, most=30),
        *_opening(chat, committee, zone),
        Moment(
            key="closes",
            text=_("When does it close?"),
            hint=_("Date and time, such as 2026-12-03 17:00."),
            zone=zone,
            now=chat.now,
        ),
    )
    return Form("ballot", fields, title=_("A prioritisation"), review=True, send=_("See how it will look"))


def _opening(chat: Chat, committee: Committee, zone: str) -> tuple[OneOf | Moment, ...]:
    """Now or later; an elected body's opens in its meeting."""
    if committees.rules(chat.tx, committee.id).ballot_in_meeting_only:
        return ()
    return (
        OneOf(
            key="opens",
            text=_("When does it open?"),
            choices=(Option("now", _("As soon as I send it")), Option("later", _("At a time I choose"))),
            branches=True,
        ),
        Moment(
            key="opens_at",
            text=_("At what time does it open?"),
            hint=_("Date and time, such as 2026-12-03 17:00."),
            zone=zone,
            now=chat.now,
            when=lambda answers: answers.get("opens") == "later",
        ),
    )


def require_meeting(chat: Chat, committee: Committee) -> None:
    """An elected body prioritises in an announced meeting only. Raises Refusal with why and what to do."""
    switches = committees.rules(chat.tx, committee.id)
    if not switches.ballot_in_meeting_only and switches.members_exchange_between_meetings:
        return
    if meetings.upcoming(chat.tx, committee.id, chat.now) is None:
        raise Refusal(
            _(
                "This committee is an elected body, so a prioritisation belongs to a meeting that is "
                "announced and open. "
                "Announce the meeting first; the prioritisation then opens in it."
            )
        )


def shortened(text: str) -> str:
    """An idea as short as a label needs it."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


@router.form("ballot", Committee, ballot_form, who=facilitator)
def drafted(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Draft it and show how it will look; nothing is open yet."""
    mandate = committees.mandate(chat.tx, committee.id)
    zone = mandate.municipality.zone
    upcoming = meetings.upcoming(chat.tx, committee.id, chat.now)
    in_meeting = committees.rules(chat.tx, committee.id).ballot_in_meeting_only
    opens = chat.now
    if in_meeting and upcoming is not None:
        opens = upcoming.starts_at
    elif answers.get("opens") == "later":
        opens = moment_of(answers["opens_at"], zone)
    closes = moment_of(answers["closes"], zone)
    if closes <= opens:
        raise Refusal(_("It must close after it opens. Change one of the two times."))
    chosen = {str(key) for key in answers["ideas"]} if isinstance(answers["ideas"], list) else set()
    listed = [item.idea for item in ideas.listed(chat.tx, committee.id, chat.person.id) if str(item.idea.id) in chosen]
    ballot = ballots.draft(
        chat.tx,
        committee.id,
        chat.person.id,
        chat.now,
        title=by_language("title", answers, mandate.locales),
        options=[{"idea": idea.id, "text": idea.text} for idea in listed],
        opens_at=opens,
        closes_at=closes,
        meeting_id=upcoming.id if in_meeting and upcoming else None,
    )
    preview(chat, ballot)


def preview(chat: Chat, ballot: Ballot) -> None:
    """What members will see, who may vote, and what is promised."""
    voters = len(ballots.entitled(chat.tx, ballot.committee_id))
    promise = n_(
        "{count} member may take part. The votes are secret. Nobody sees the numbers before it closes, you neither. "
        "With fewer than five votes no numbers are shown at all. Once it is open it cannot be changed.",
        "{count} members may take part. The votes are secret. Nobody sees the numbers before it closes, you neither. "
        "With fewer than five votes no numbers are shown at all. Once it is open it cannot be changed.",
        voters,
    )
    listing = Lines(tuple(f"{place}. {option['text']}" for place, option in enumerate(ballot.options, 1)), "\n")
    times = _("It opens {opens} and closes {closes}.", opens=ballot.opens_at, closes=ballot.closes_at)
    label = _("Open it") if ballot.opens_at <= chat.now else _("Open it at that time")
    chat.say(
        Lines((ballot.title, listing, times, promise)),
        Button(label, "openit", ballot.id),
        Button(_("Throw it away"), "nobal", ballot.id),
    )


@router.button("openit", Ballot, who=facilitator)
def open_it(chat: Chat, ballot: Ballot) -> None:
    """Open it now, or plan its opening."""
    if ballot.state != State.DRAFT:
        raise Refusal(_("This prioritisation is open already, or was thrown away."))
    require_meeting(chat, committee_at_hand(chat))
    if ballot.closes_at <= chat.now:
        raise Refusal(_("The closing time has passed. Make a new prioritisation."))
    audit.log(
        chat.tx,
        chat.now,
        chat.person.id,
        ballot.committee_id,
        "ballot set",
        f"ballot:{ballot.id}",
        f"method {ballot.method}, {len(ballot.options)} ideas, closes {ballot.closes_at:%Y-%m-%d %H:%M} UTC, "
        "papers not published",
    )
    if ballot.opens_at > chat.now:
        schedules.plan(chat.tx, "ballot_open", ballot.id, ballot.opens_at, ballot.committee_id, ballot.closes_at)
        chat.say(
            _("It opens by itself {when}.", when=ballot.opens_at),
            Button(_("Throw it away"), "nobal", ballot.id),
            instead=True,
        )
    else:
        opened(chat, ballot.id)
        chat.say(
            _("It is open until {when}. You hear the result when it is counted.", when=ballot.closes_at), instead=True
        )


def committee_at_hand(chat: Chat) -> Committee:
    """The committee of the ballot that was pressed."""
    assert chat.committee is not None
    return chat.committee


@router.button("nobal", Ballot, who=facilitator)
def throw_away(chat: Chat, ballot: Ballot) -> None:
    """Give up what has not opened."""
    if not ballots.cancel(chat.tx, ballot.id):
        raise Refusal(_("It has opened, so it runs to its end."))
    schedules.drop(chat.tx, ballot.id, "ballot_open")
    chat.say(_("It is thrown away. Nobody was asked."), instead=True)


@router.due("ballot_open")
def opened(errand: Errand, ballot_id: int) -> None:
    """Open it: make the key, fix the roll, invite everybody on it, tell the authors, plan reminder and closing."""
    voters = ballots.open_now(errand.tx, errand.house.keys, ballot_id, errand.now)
    ballot = ballots.get(errand.tx, ballot_id)
    if ballot.state != State.OPEN:
        return
    errand.about(ballot.committee_id)
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
    earlier = _("Your earlier vote counts until you send a new one.") if again else ""
    return Lines((ballot.title, asked, fair, earlier))


def boxes(ballot: Ballot, ticked: int = 0) -> Ticks:
    """The ideas to tick; the buttons carry the whole state, so that choosing leaves no trace."""
    labels = tuple(str(option["text"]) for option in ballot.options)
    return Ticks("boxes", "cast", (str(ballot.id),), labels, _("Send my vote"), ticked)


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
    ballots.start_closing(errand.tx, ballot_id, errand.now)


def tell_result(errand: Errand, ballot_id: int, charts: Mapping[str, str]) -> None:
    """The result to members and facilitators, and to each author how the own idea fared."""
    ballot = ballots.get(errand.tx, ballot_id)
    for person in hearers(errand, ballot):
        text, table = result(ballot)
        locale = person.locale or committees.mandate(errand.tx, ballot.committee_id).locales[0]
        image = Image(charts[locale], alt(ballot)) if locale in charts else None
        errand.tell(
            person,
            text,
            image=image,
            table=table,
            notice=_("the result of the prioritisation"),
            dedupe=f"result:{ballot.id}:{person.id}",
            about=("ballot", ballot.id),
        )
    if ballot.tally and ballot.tally["shown"]:
        for place, option in enumerate(ballot.options):
            errand.tell(
                ideas.author(errand.tx, option["idea"]),
                n_(
                    "Your idea got {count} vote: {idea}",
                    "Your idea got {count} votes: {idea}",
                    ballot.tally["counts"][place],
                    idea=option["text"],
                ),
                notice=_("about your idea"),
                dedupe=f"fared:{ballot.id}:{option['idea']}",
            )


def hearers(errand: Errand, ballot: Ballot) -> list[Person]:
    """Everybody on the roll, and the facilitators."""
    return [*ballots.roll(errand.tx, ballot.id), *people.facilitators(errand.tx, ballot.committee_id)]


def result(ballot: Ballot) -> tuple[Words, tuple[tuple[Words, ...], ...]]:
    """Counts and turnout in words, and the same as a table; a tie is shown as a tie."""
    tally = ballot.tally or {"turnout": 0, "shown": False}
    turnout = _("{turnout} of {entitled} members took part.", turnout=tally["turnout"], entitled=ballot.entitled)
    meaning = _("This is a prioritisation, not a decision. It says what the committee goes on with first.")
    if not tally["shown"]:
        few = _("Fewer than five took part, so no numbers are shown: one could guess who chose what.")
        return Lines((ballot.title, turnout, few, meaning)), ()
    table: list[tuple[Words, ...]] = []
    for placing in tally["ranking"]:
        for place in placing["options"]:
            count = tally["counts"][place]
            table.append(
                (f"{placing['number']}. {ballot.options[place]['text']}", n_("{count} vote", "{count} votes", count))
            )
    tied = any(len(placing["options"]) > 1 for placing in tally["ranking"])
    note = _("Ideas with the same number of votes share a place.") if tied else ""
    return Lines((ballot.title, turnout, note, meaning)), tuple(table)


def alt(ballot: Ballot) -> Words:
    """The picture in words."""
    assert ballot.tally is not None
    parts = [
        n_("{idea}: {count} vote", "{idea}: {count} votes", count, idea=option["text"])
        for option, count in zip(ballot.options, ballot.tally["counts"], strict=True)
    ]
    return Lines((_("A bar chart of the votes."), *parts), "\n")


def tell_void(errand: Errand, ballot_id: int) -> None:
    """The votes could not be counted, so the prioritisation is run again."""
    ballot = ballots.get(errand.tx, ballot_id)
    for person in hearers(errand, ballot):
        errand.tell(
            person,
            _(
                "The prioritisation could not be counted, and no vote of it remains. Your contact person "
                "opens a new one. We are sorry."
            ),
            notice=_("about the prioritisation"),
            kind="necessary",
            dedupe=f"void:{ballot.id}:{person.id}",
        )


@router.command("results", who=either(member, facilitator), words=("results", "resultater", "resultat"))
def results(chat: Chat, argument: str) -> None:
    """The results so far, the newest first."""
    assert chat.committee is not None
    found = [one for one in ballots.listed(chat.tx, chat.committee.id) if one.state == State.RELEASED]
    if not found:
        chat.say(_("There is no result yet."))
    for ballot in found[:3]:
        text, table = result(ballot)
        chat.say(text, table=table)
