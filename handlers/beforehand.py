"""Before a meeting: a welcome to the first one, and the day before each where to go and who is there."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.messages import Button
from bot.domain.forms import Form
from bot.domain.people import POLITICIANS, Person, member
from bot.domain.questions import Answers, FreeText
from bot.domain.schedule import DAY, at_local
from bot.engine.chat import Chat
from bot.engine.ears import rest_of
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.engine.whereabouts import replies, where
from bot.text import Lines, _
from storage import attendance, committees, deliveries, meetings, people, prompts, schedules
from storage.committees import Committee
from storage.database import Tx
from storage.meetings import Meeting

router = Router()
# Before people may be written to, so that it goes along with whatever waits for that morning.
MORNING = time(7, 30)
# When what was held for the morning has become tasks for whoever calls.
CALLS = time(8, 15)
# Two to six weeks, and shorter than a sent message is remembered, so that nobody is welcomed twice.
WELCOME = timedelta(weeks=4)


def plan(tx: Tx, now: datetime, zone: str) -> None:
    """Look at the calendar the next morning; asked at every start, it is still done once."""
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() < MORNING else here.date() + DAY
    schedules.plan(tx, "calendar", 0, at_local(day, MORNING, zone))
    schedules.plan(tx, "calls", 0, at_local(day, CALLS, zone))


@router.due("calendar")
def look(errand: Errand, subject: int) -> None:
    """Every morning: who is welcomed, and whose meeting is tomorrow."""
    for meeting in meetings.announced_between(errand.tx, errand.now, errand.now + WELCOME):
        errand.about(meeting.committee_id)
        mandate = committees.mandate(errand.tx, meeting.committee_id)
        zone, rest = ZoneInfo(mandate.municipality.zone), rest_of(mandate)
        day, today = meeting.starts_at.astimezone(zone).date(), errand.now.astimezone(zone).date()
        if day > today >= rest.last_day_before(day):
            say_where(errand, meeting, tomorrow=day == today + DAY and not rest.whole(today))
        elif day > today and meetings.is_first(errand.tx, meeting):
            welcome(errand, meeting)
    plan(errand.tx, errand.now, errand.house.zone)


def say_where(errand: Errand, meeting: Meeting, *, tomorrow: bool) -> None:
    """Time, place, door, who meets you, and a phone that is answered; nothing to those who have said no.

    To citizens it goes whatever else they have heard this week: today where it says "tomorrow". Politicians get one
    message a week, and have read it with the questions: it reminds them where there is room. What is planned for later
    today goes along in it.
    """
    mandate = committees.mandate(errand.tx, meeting.committee_id)
    zone = mandate.municipality.zone
    midnight = at_local(meeting.starts_at.astimezone(ZoneInfo(zone)).date(), time(0), zone)
    at = meeting.starts_at
    when = _("We meet tomorrow: {when}", when=at) if tomorrow else _("We meet soon: {when}", when=at)
    facts = Lines((when, where(errand, meeting)), "\n")
    evening = rest_of(mandate).evening(errand.now, zone)
    planned = prompts.planned(errand.tx, meeting.committee_id, errand.now, evening)
    said = attendance.replies(errand.tx, meeting.id)
    politicians = {one.id for one in people.holding(errand.tx, meeting.committee_id, tuple(POLITICIANS))}
    for person in people.members(errand.tx, meeting.committee_id):
        if said.get(person.id) == "no":
            continue
        unsaid = person.id not in said
        errand.tell(
            person,
            Lines((facts, _("Are you coming? Only your contact person sees your answer."))) if unsaid else facts,
            *((replies(meeting, "yes", "no"),) if unsaid else ()),
            notice=_("the meeting tomorrow") if tomorrow else _("a meeting"),
            kind="reminder" if person.id in politicians else "prompt",
            dedupe=f"tomorrow:{meeting.id}:{meeting.starts_at:%Y%m%d}:person:{person.id}",
            about=("meeting", meeting.id),
            expires_at=midnight if tomorrow else meeting.starts_at,
            path="/talk",
            collect=True,
            not_before=planned,
        )


def welcome(errand: Errand, meeting: Meeting) -> None:
    """Whom to ask, the first date, and the question what one needs to take part: what, not why."""
    mandate = committees.mandate(errand.tx, meeting.committee_id)
    for person, key in not_welcomed(errand, meeting.committee_id):
        errand.tell(
            person,
            Lines(
                (
                    _("Welcome to the committee: {title}", title=mandate.title),
                    Lines(
                        (
                            _("The first meeting: {when}", when=meeting.starts_at),
                            _("Place: {place}", place=meeting.place),
                        ),
                        "\n",
                    ),
                    _(
                        "Your contact person is {name}, {phone}, {email}. Call or write about anything.",
                        name=mandate.contact.name,
                        phone=mandate.contact.phone,
                        email=mandate.contact.email,
                    ),
                    _(
                        "Do you need something to be able to take part, such as a lift, an interpreter, a ramp, food "
                        "you can eat, or somebody to look after a child? Tell us what. You need not say why."
                    ),
                )
            ),
            Button(_("I need something"), "open", "needs", meeting.committee_id),
            notice=_("welcome"),
            dedupe=key,
            about=("meeting", meeting.id),
            expires_at=meeting.starts_at,
            path="/talk",
            collect=True,
        )


def not_welcomed(errand: Errand, committee_id: int) -> list[tuple[Person, str]]:
    """The members who have had no welcome, each with the key by which it is put once."""
    keys = {f"welcome:{committee_id}:person:{one.id}": one for one in people.members(errand.tx, committee_id)}
    had = deliveries.known(errand.tx, keys)
    return [(one, key) for key, one in keys.items() if key not in had]


def needs_form(chat: Chat, committee: Committee) -> Form:
    """What one needs to take part."""
    text = _("What do you need to be able to take part? You need not say why.")
    return Form("needs", (FreeText(key="what", text=text, longest=500),))


@router.form("needs", Committee, needs_form, who=member)
def needed(chat: Chat, committee: Committee, answers: Answers) -> None:
    """The facilitators see to it."""
    for person in people.facilitators(chat.tx, committee.id):
        chat.tell(
            person,
            _(
                "{name} needs this to take part: {what}",
                name=chat.person.name or _("A member"),
                what=str(answers["what"]),
            ),
            notice=_("about a member"),
            kind="necessary",
            dedupe=f"needs:{chat.person.id}:{chat.now.isoformat()}:{person.id}",
            mail=False,
        )
    contact = committees.mandate(chat.tx, committee.id).contact
    chat.say(_("Thank you. {name} sees to it, and writes to you if there is a question.", name=contact.name))
