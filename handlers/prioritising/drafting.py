"""A shortlist is put together and looked at, and its ballot is opened or planned."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import ballots as rules
from bot.domain.ballots import State
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Moment, OneOf, Option, SomeOf, moment_of
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import Lines, Short, _, n_
from handlers.prioritising.opening import opened
from handlers.prioritising.sealing import ask_to_take, require_chair
from handlers.prioritising.voting import papers_sentence
from storage import audit, ballots, committees, ideas, meetings, schedules
from storage.ballots import Ballot
from storage.committees import Committee

router = Router()
LABEL = 70  # letters


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
    choices = tuple(Option(str(item.idea.id), Short(item.idea.text, LABEL)) for item in found)
    fields = (
        *in_languages("title", _("What shall the prioritisation be called?"), mandate.locales, NAMES, longest=100),
        SomeOf(key="ideas", text=_("Which ideas are on the shortlist?"), choices=choices, least=2, most=30),
        *_opening(chat, committee, zone),
        Moment(
            key="closes",
            text=_("When does it close?"),
            zone=zone,
            now=chat.now,
        ),
        OneOf(
            key="papers",
            text=_("What does the committee see when it is counted?"),
            choices=(
                Option("counts", _("The numbers")),
                Option("papers", _("The numbers and each vote, unnamed")),
            ),
            optional=True,
        ),
    )
    return Form("ballot", fields, title=_("A prioritisation"), review=looked_over, send=_("See how it will look"))


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
        sealed_by=mandate.sealed_by,
        papers_shown=answers.get("papers") == "papers",
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
    shown = papers_sentence(ballot)
    sealed = _("The chair takes a closing code before it opens.") if ballots.by_chair(ballot) else ""
    label = _("Open it") if ballot.opens_at <= chat.now else _("Open it at that time")
    chat.say(
        Lines((ballot.title, listing, times, promise, shown, sealed)),
        Button(label, "openit", ballot.id),
        Button(_("Throw it away"), "nobal", ballot.id),
    )


@router.button("openit", Ballot, who=facilitator)
def open_it(chat: Chat, ballot: Ballot) -> None:
    """Open it now, or plan its opening."""
    if ballot.state != State.DRAFT:
        raise Refusal(_("This prioritisation is open already, or was thrown away."))
    require_meeting(chat, committee_at_hand(chat))
    if ballots.by_chair(ballot):
        require_chair(chat, ballot)
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
        f"papers {'' if ballot.papers_shown else 'not '}published, sealed by the {ballot.sealed_by}",
    )
    if ballots.waits_for_code(ballot):
        ask_to_take(chat, ballot)
    if ballot.opens_at > chat.now:
        schedules.plan(chat.tx, "ballot_open", ballot.id, ballot.opens_at, ballot.committee_id, ballot.closes_at)
        chat.say(
            _("It opens by itself {when}.", when=ballot.opens_at),
            Button(_("Throw it away"), "nobal", ballot.id),
            instead=True,
        )
    elif ballots.waits_for_code(ballot):
        chat.say(
            _("The chair is asked to take the closing code. It opens as soon as that is done."),
            Button(_("Throw it away"), "nobal", ballot.id),
            instead=True,
        )
    elif not (chat.house.has_keys or ballots.by_chair(ballot)):
        schedules.plan(chat.tx, "ballot_open", ballot.id, chat.now, ballot.committee_id, ballot.closes_at)
        chat.say(_("It opens in a moment, and everybody is invited."), instead=True)
    else:
        opened(chat, ballot.id)
        chat.say(
            _("It is open until {when}. You hear the result when it is counted.", when=ballot.closes_at),
            Button(_("Enter a vote given on paper"), "onpaper", ballot.id),
            instead=True,
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
