"""Messages to members: written in the committee's languages, sent now, at a time, or some days before a meeting."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.chat.messages import Button
from bot.domain import draft_check
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.languages import by_language, in_languages
from bot.domain.people import facilitator
from bot.domain.questionnaire import from_administration
from bot.domain.questions import Answers, Moment, OneOf, Option, moment_of
from bot.domain.schedule import days_before
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.reached import AUDIENCES, counted, described
from bot.engine.router import Router, not_here
from bot.engine.wording import held_back, label, readability, require_readable, texts_of
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from storage import audiences, audit, committees, deliveries, meetings, people, prompts, schedules
from storage.committees import Committee
from storage.meetings import Meeting
from storage.prompts import Prompt
from storage.schedules import SOON

router = Router()
USEFUL = timedelta(days=2)
LASTING = timedelta(days=3)
DAYS = (0, 1, 2, 3, 5, 7, 10, 14)
CLOCK = ("08:00", "09:00", "10:00", "12:00", "15:00", "17:00", "19:00")

STATES = {
    "draft": _("not sent"),
    "scheduled": _("waiting"),
    "sending": _("on its way"),
    "sent": _("sent"),
    "stopped": _("stopped half-way"),
}


@router.command("prompt", who=facilitator, words=("new message", "ny besked", "ny beskjed", "ny melding"))
def begin(chat: Chat, argument: str) -> None:
    """Write a message to members."""
    assert chat.committee is not None
    chat.begin("prompt", chat.committee.id)


def before_meeting(answers: Answers) -> bool:
    """Whether the message is to go out some days before the meeting."""
    return answers.get("when") == "before"


def prompt_form(chat: Chat, committee: Committee) -> Form:
    """What it says, to whom, and when."""
    mandate = committees.mandate(chat.tx, committee.id)
    upcoming = meetings.upcoming(chat.tx, committee.id, chat.now)
    sizes = audiences.sizes(chat.tx, committee.id)
    when = [Option("now", _("Now")), Option("at", _("At a time"))]
    if upcoming:
        when.append(Option("before", _("Some days before the meeting {when}", when=upcoming.starts_at)))
    return Form(
        "prompt",
        (
            *in_languages("text", _("What do you want to say?"), mandate.locales, NAMES),
            OneOf(
                key="audience",
                text=_("Who gets it?"),
                choices=tuple(
                    Option(key, _("{audience} ({count})", audience=AUDIENCES[key], count=sizes[key]))
                    for key in AUDIENCES
                ),
            ),
            OneOf(key="when", text=_("When is it to go out?"), choices=tuple(when), branches=True),
            Moment(
                key="at",
                text=_("At what time?"),
                zone=mandate.municipality.zone,
                now=chat.now,
                when=lambda answers: answers.get("when") == "at",
            ),
            OneOf(
                key="days",
                text=_("How many days before the meeting?"),
                choices=tuple(Option(str(days), n_("{count} day", "{count} days", days)) for days in DAYS),
                when=before_meeting,
            ),
            OneOf(
                key="clock",
                text=_("At what time of day?"),
                choices=tuple(Option(clock.replace(":", ""), clock) for clock in CLOCK),
                when=before_meeting,
            ),
        ),
        title=_("A message to members"),
    )


@router.form("prompt", Committee, prompt_form, who=facilitator)
def drafted(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep the draft and show it as it will be read."""
    mandate = committees.mandate(chat.tx, committee.id)
    zone = mandate.municipality.zone
    meeting: Meeting | None = None
    due: datetime | None = None
    if answers["when"] == "at":
        due = moment_of(answers["at"], zone)
    elif answers["when"] == "before":
        meeting = meetings.upcoming(chat.tx, committee.id, chat.now)
        if meeting is None:
            raise Refusal(_("There is no meeting to count from. Add the meeting first, or write a date and a time."))
        clock = str(answers["clock"])
        at = time(int(clock[:2]), int(clock[2:]))
        due = days_before(meeting.starts_at, int(str(answers["days"])), at, zone)
        if not chat.now < due < meeting.starts_at:
            raise Refusal(
                _(
                    "That is {when}, not between now and the meeting. Choose another time, or write /back.",
                    when=due,
                )
            )
    prompt = prompts.draft(
        chat.tx,
        committee.id,
        "prompt",
        chat.person.id,
        chat.now,
        text=by_language("text", answers, mandate.locales),
        audience=str(answers["audience"]),
        meeting_id=meeting.id if meeting else None,
        due_at=due,
    )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "message drafted", f"prompt:{prompt.id}")
    show(chat, prompt)


@router.button("message", Prompt, who=facilitator)
def show(chat: Chat, prompt: Prompt) -> None:
    """A message as it is read, to how many it goes, and what can be done with it."""
    if prompt.kind != "prompt":
        raise not_here()
    lines: list[Words] = [goes_to(chat, prompt), message_of(chat, prompt)]
    rows: list[Button | tuple[Button, ...]] = []
    if prompt.state in ("draft", "scheduled"):
        languages = readability(chat, prompt)
        written = draft_check.Written(_("the message"), prompt.text)
        lines += [*languages.advice(), draft_check.as_words(draft_check.advice((written,)))]
        rows += languages.ways_out()
        if prompt.state == "draft" and not languages.missing:
            rows.append(Button(_("Send now"), "sendnow", prompt.id))
            if prompt.due_at:
                rows.insert(0, Button(_("Schedule for {when}", when=prompt.due_at), "plan", prompt.id))
    if prompt.state == "scheduled":
        lines.insert(1, _("It goes out {when}.", when=prompt.due_at))
    if prompt.state in ("draft", "scheduled"):
        rows.append(Button(_("Somebody else gets it"), "audience", prompt.id))
        rows.append(Button(_("Cancel"), "unsend", prompt.id))
    if prompt.state in ("sending", "sent", "stopped"):
        rows.append(Button(_("How did it arrive?"), "arrived", prompt.id))
    chat.say(Lines(tuple(lines)), *rows)


def goes_to(chat: Chat, prompt: Prompt) -> Words:
    """To whom a message goes, and how many of them have asked not to hear."""
    count, quiet = counted(chat, prompt)
    text = n_(
        "This goes to {audience}: {count} person.",
        "This goes to {audience}: {count} people.",
        count,
        audience=described(chat, prompt),
    )
    return Lines((text, quiet), " ")


def message_of(chat: Chat | Errand, prompt: Prompt) -> Words:
    """The facilitator's words with the sender under them."""
    municipality = committees.mandate(chat.tx, prompt.committee_id).municipality.name
    sender = people.get(chat.tx, prompt.created_by).name
    text = Lines((from_administration(), prompt.text), "\n")
    if not sender:
        return text
    return Lines((text, _("Regards, {facilitator}, {municipality}", facilitator=sender, municipality=municipality)))


@router.button("sendnow", Prompt, who=facilitator)
def send_now(chat: Chat, prompt: Prompt) -> None:
    """Send a draft, or what is scheduled, at once."""
    if prompt.kind != "prompt":
        raise not_here()
    if prompt.state in ("draft", "scheduled"):
        require_readable(chat, prompt)
    if not prompts.enter(chat.tx, prompt.id, "sending", "draft", "scheduled", sent_at=chat.now):
        raise Refusal(_("This message is already sent or cancelled. Write /prompts to see all."))
    schedules.drop(chat.tx, prompt.id, "prompt")
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "message sent", f"prompt:{prompt.id}")
    send_on(chat, prompt)
    row = chat.say(_("It is on its way."), Button(_("How did it arrive?"), "arrived", prompt.id), instead=True)
    deliveries.follow(chat.tx, row, prompt, chat.now)


@router.button("plan", Prompt, who=facilitator)
def schedule(chat: Chat, prompt: Prompt) -> None:
    """Have a draft go out at its time."""
    if prompt.kind != "prompt" or prompt.due_at is None:
        raise not_here()
    if prompt.due_at <= chat.now:
        raise Refusal(_("That moment has passed. Send it now, or write /prompt to begin anew."))
    if prompt.state == "draft":
        require_readable(chat, prompt)
    if not prompts.enter(chat.tx, prompt.id, "scheduled", "draft"):
        raise Refusal(_("This message is already sent or cancelled. Write /prompts to see all."))
    schedules.plan(chat.tx, "prompt", prompt.id, prompt.due_at, prompt.committee_id)
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "message scheduled", f"prompt:{prompt.id}")
    chat.say(_("It goes out {when}.", when=prompt.due_at), Button(_("Cancel"), "unsend", prompt.id), instead=True)


@router.button("unsend", Prompt, who=facilitator)
def cancel(chat: Chat, prompt: Prompt) -> None:
    """Stop a message that has not gone out."""
    if prompt.kind != "prompt" or not prompts.enter(chat.tx, prompt.id, "cancelled", "draft", "scheduled"):
        raise Refusal(_("This message is already sent or cancelled. Write /prompts to see all."))
    schedules.drop(chat.tx, prompt.id, "prompt")
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "message cancelled", f"prompt:{prompt.id}")
    chat.say(_("Cancelled. Nobody gets it."), instead=True)


@router.due("prompt")
def due(errand: Errand, prompt_id: int) -> None:
    """A scheduled message goes out, or one on its way goes on from where it was. What is stale is said, not sent."""
    prompt = prompts.get(errand.tx, prompt_id)
    assert prompt is not None
    if prompt.state == "scheduled" and prompt.due_at and errand.now - prompt.due_at > USEFUL:
        prompts.enter(errand.tx, prompt.id, "cancelled", "scheduled")
        text = _(
            "A message for {when} could not go out in time, so nobody got it. Write /prompt to send it anew.",
            when=prompt.due_at,
        )
        errand.tell_facilitators(prompt.committee_id, text, notice=_("a message that was not sent"))
        return
    errand.about(prompt.committee_id)
    if prompt.state == "scheduled" and held_back(errand, prompt):
        prompts.enter(errand.tx, prompt.id, "draft", "scheduled")
        return
    if prompt.state == "scheduled" and prompts.enter(errand.tx, prompt.id, "sending", "scheduled", sent_at=errand.now):
        deliveries.look_after(errand.tx, prompt, errand.now)
        send_on(errand, prompt, prompts.many(errand.tx))
    elif prompt.state == "sending":
        send_on(errand, prompt, prompts.many(errand.tx))


def send_on(errand: Errand, prompt: Prompt, size: int = prompts.BATCH) -> None:
    """Put the next people's messages in the outbox; where more are left, come again."""
    errand.about(prompt.committee_id)
    found, more = prompts.batch(errand.tx, prompt, size)
    errand.tell_all(
        found,
        lambda reader: Lines((label(errand, prompt, reader, texts_of(errand, prompt)), message_of(errand, prompt))),
        notice=_("a message for you"),
        dedupe=f"prompt:{prompt.id}:person:",
        about=("prompt", prompt.id),
        lasting=LASTING,
        path="/talk",
    )
    if more:
        schedules.plan(errand.tx, "prompt", prompt.id, errand.now + SOON, prompt.committee_id)
    else:
        prompts.enter(errand.tx, prompt.id, "sent", "sending")


@router.command(
    "prompts", who=facilitator, words=("our messages", "vores beskeder", "beskjedene våre", "meldingane våre")
)
def list_prompts(chat: Chat, argument: str) -> None:
    """The newest messages, what is scheduled among them, each with a button."""
    assert chat.committee is not None
    rows = [
        Button(
            _("{when}: {state}", when=item.sent_at or item.due_at or item.created_at, state=STATES[item.state]),
            "message",
            item.id,
        )
        for item in prompts.listed(chat.tx, chat.committee.id, "prompt")
    ]
    text = _("The newest messages:") if rows else _("No message has been written yet.")
    chat.say(text, *rows, Button(_("New message"), "open", "prompt", chat.committee.id))
