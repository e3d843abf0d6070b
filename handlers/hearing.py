"""Hearing: what waited for a person's hour goes, as one message; and a pause until a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import MEMBERS, anyone
from bot.domain.questions import Answers, moment_of
from bot.domain.questions.moment import Morning
from bot.domain.schedule import at_local
from bot.engine import merging
from bot.engine.chat import Chat
from bot.engine.ears import rest_of
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Day, _, n_
from storage import committees, hearing, people, prompts, schedules
from storage.schedules import SOON

router = Router()
WEEKS = (1, 2, 4)
MORNING = time(8)
LONGEST = timedelta(days=366)


@router.due(hearing.KIND)
def release(errand: Errand, subject: int) -> None:
    """Let go what is held no longer, some people at a time."""
    found = hearing.due(errand.tx, errand.now)
    merging.release(errand.house, errand.tx, found, errand.now)
    if len(found) == hearing.BATCH:
        schedules.again(errand.tx, hearing.KIND, 0, errand.now + SOON)


@router.due(hearing.EVENING)
def stop_for_the_night(errand: Errand, prompt_id: int) -> None:
    """What is still on its way to many when the night begins where they are goes on in the morning."""
    prompt = prompts.get(errand.tx, prompt_id)
    if prompt is None:
        return
    mandate = committees.mandate(errand.tx, prompt.committee_id)
    rest = rest_of(mandate)
    for zone in hearing.zones_going(errand.tx, prompt_id):
        there = zone or mandate.municipality.zone
        morning = rest.next(errand.now, there)
        if morning > errand.now and hearing.stop_in(errand.tx, prompt_id, zone, morning):
            schedules.plan(errand.tx, hearing.EVENING, prompt_id, errand.now + SOON, prompt.committee_id)
            hearing.stop_at(errand.tx, ("prompt", prompt_id), rest.evening(morning, there), prompt.committee_id)


@router.command("pause", who=anyone, words=("pause", "hold pause", "ta pause", "ta ein pause"))
def pause(chat: Chat, argument: str) -> None:
    """Hear nothing for a while: until when?"""
    ask(chat)


@router.button("pause", who=anyone)
def ask(chat: Chat) -> None:
    """The usual lengths as buttons, and a day of one's own."""
    if chat.person.paused_until and chat.person.paused_until > chat.now:
        text = _("You have a pause until {day}.", day=Day(chat.person.paused_until))
        chat.say(text, Button(_("I am back"), "unpause"), Button(_("Another day"), "open", "pause", 0))
        return
    chat.say(
        _("Until when shall we write nothing? You still hear what you must know, such as a moved meeting."),
        *(Button(n_("{count} week", "{count} weeks", weeks), "pauses", weeks) for weeks in WEEKS),
        Button(_("Until a day I choose"), "open", "pause", 0),
    )


@router.button("pauses", int, who=anyone)
def some_weeks(chat: Chat, weeks: int) -> None:
    """A pause of some weeks."""
    if weeks not in WEEKS:
        raise Refusal(_("Please choose one of the answers shown."))
    zone = chat.voice[1]
    day = chat.now.astimezone(ZoneInfo(zone)).date() + timedelta(weeks=weeks)
    begin(chat, at_local(day, MORNING, zone))


def day_form(chat: Chat) -> Form:
    """The day on which the person is back."""
    text = _("On what day are you back?")
    hint = _("A date, such as 2026-12-03.")
    return Form("pause", (Morning(key="day", text=text, hint=hint, zone=chat.voice[1], now=chat.now),))


@router.form("pause", None, day_form, who=anyone)
def chosen(chat: Chat, answers: Answers) -> None:
    """A pause until that day."""
    begin(chat, moment_of(answers["day"], chat.voice[1]))


def begin(chat: Chat, until: datetime) -> None:
    """Hold what waits, and tell the facilitators; the seat is not touched."""
    if until > chat.now + LONGEST:
        raise Refusal(_("A pause lasts a year at most. Write /stop if you want to hear less for good."))
    people.change(chat.tx, chat.person.id, paused_until=until)
    hearing.hold(chat.tx, chat.person.id, until)
    chat.say(
        _(
            "Good. Until {day} we write only what you must know. Your place in the committee stays as it is, and what "
            "still matters then comes in one message.",
            day=Day(until),
        ),
        Button(_("I am back"), "unpause"),
    )
    tell_facilitators(chat, until)


def tell_facilitators(chat: Chat, until: datetime) -> None:
    """Those who look after the person's committees know whom not to wait for."""
    name = chat.person.name or _("A member")
    for committee_id, roles in people.roles(chat.tx, chat.person.id).items():
        if committee_id is None or not roles & MEMBERS:
            continue
        errand = Errand(chat.house, chat.router, chat.tx, chat.now)
        errand.about(committee_id)
        errand.tell_facilitators(
            committee_id,
            _("{name} takes a pause until {day} and keeps the place in the committee.", name=name, day=Day(until)),
            notice=_("about a member"),
            dedupe=f"pause:{chat.person.id}:{committee_id}:{chat.now.isoformat()}",
            path="/",
        )


@router.button("unpause", who=anyone)
def back(chat: Chat) -> None:
    """The pause is over, and what waited comes at once."""
    people.change(chat.tx, chat.person.id, paused_until=None)
    chat.say(_("Welcome back. You hear from us when there is something for you."))
    merging.release(chat.house, chat.tx, [chat.person.id], chat.now, early=True)
