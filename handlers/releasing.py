"""Sending questions to members: release them, invite everybody in batches, plan what follows, or cancel."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import POLITICIANS, facilitator
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.engine.whereabouts import where
from bot.engine.wording import label, require_readable, texts_of
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from storage import answers as given
from storage import askbacks, audit, deadlines, deliveries, meetings, people, prompts, schedules
from storage.meetings import Meeting
from storage.prompts import Prompt
from storage.schedules import SOON

router = Router()
WEEK = timedelta(days=7)
DRAFTING = ("question", "reask", "backgr", "onlyif", *(f"write_{locale}" for locale in NAMES))


@router.button("release", Prompt, who=facilitator)
def release(chat: Chat, prompt: Prompt) -> None:
    """Send the questions: from here on they are frozen, and what follows is planned."""
    if prompt.kind != "questions":
        raise not_here()
    if prompt.state != "draft":
        raise Refusal(_("These questions are sent or cancelled already. Write /questions to see all."))
    assert prompt.deadline_at is not None
    if not prompts.count_questions(chat.tx, prompt.id):
        raise Refusal(_("There is no question yet. Add one first."))
    if prompt.deadline_at <= chat.now:
        raise Refusal(_("The deadline has passed. Change it first."))
    require_readable(chat, prompt)
    if not prompts.enter(chat.tx, prompt.id, "open", "draft", sent_at=chat.now):
        raise not_here()
    prompts.end_forms(chat.tx, prompt.id, *DRAFTING)
    deadlines.plan(chat.tx, prompt, prompt.deadline_at, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "questions sent", f"prompt:{prompt.id}")
    send_on(chat, prompt)
    tell_asker(chat, prompt)
    row = chat.say(
        _("The questions are on their way. You get a summary {deadline}.", deadline=prompt.deadline_at),
        Button(_("How many have answered?"), "asked", prompt.id),
        instead=True,
    )
    deliveries.follow(chat.tx, row, prompt, chat.now)


def tell_asker(chat: Chat, prompt: Prompt) -> None:
    """Where a member has asked this, he or she hears that it is on its way."""
    ask = askbacks.behind(chat.tx, prompt.id)
    if ask is not None and askbacks.enter(chat.tx, ask.id, "sent", "drafted"):
        chat.tell(
            ask.person_id,
            _("Your question is sent to the others: {text}", text=ask.text),
            notice=_("about your question"),
            kind="necessary",
            dedupe=f"askback:{ask.id}:sent",
            path="/talk",
        )


@router.due("asking")
def go_on(errand: Errand, prompt_id: int) -> None:
    """Invite the next people, after those invited so far."""
    prompt = prompts.get(errand.tx, prompt_id)
    if prompt is not None and prompt.state == "open":
        send_on(errand, prompt)


def send_on(errand: Errand, prompt: Prompt) -> None:
    """Invite the next people; where more are left, come again. Somebody in the middle of a form is not interrupted."""
    errand.about(prompt.committee_id)
    found, more = prompts.batch(errand.tx, prompt)
    busy = prompts.busy(errand.tx, [person.id for person in found])
    words, texts = given.invitation(errand.tx, prompt), texts_of(errand, prompt)
    soon = soon_at(errand, prompt)
    politicians = people.with_roles(errand.tx, [one.id for one in found], POLITICIANS) if soon else {}
    for person in found:
        text, start = Lines((label(errand, prompt, person, texts), words.opening(person.name))), _("Start")
        if person.id in busy:
            text = Lines((text, _("You are in the middle of something. Finish it first if you like.")))
            start = _("Answer now")
        if soon is not None and person.id in politicians:
            text = Lines((text, where(errand, soon)))
        errand.tell(
            person,
            text,
            Button(start, "open", "answers", prompt.id),
            (Button(_("Later"), "later", prompt.id), Button(_("Not this time"), "notnow", prompt.id)),
            notice=_("a question for you"),
            dedupe=f"prompt:{prompt.id}:person:{person.id}",
            about=("prompt", prompt.id),
            expires_at=prompt.deadline_at,
            path="/talk",
        )
    if more:
        schedules.plan(errand.tx, "asking", prompt.id, errand.now + SOON, prompt.committee_id)


def soon_at(errand: Errand, prompt: Prompt) -> Meeting | None:
    """The meeting that comes within the week: where it is stands with the questions to those who get one message in
    that time."""
    meeting = meetings.get(errand.tx, prompt.meeting_id)
    near = meeting is not None and errand.now < meeting.starts_at < errand.now + WEEK
    return meeting if near and meeting is not None and meeting.state == "announced" else None


@router.button("unask", Prompt, who=facilitator)
def ask_cancel(chat: Chat, prompt: Prompt) -> None:
    """Give up a draft at once; what is sent is cancelled in two steps."""
    if prompt.kind != "questions" or prompt.state not in ("draft", "open"):
        raise not_here()
    if prompt.state == "draft":
        cancelled(chat, prompt)
        return
    count = given.counts(chat.tx, prompt.id).get("sent", 0)
    chat.say(
        n_(
            "Cancel the questions? {count} has answered. Answers already given are kept.",
            "Cancel the questions? {count} have answered. Answers already given are kept.",
            count,
        ),
        Button(_("Yes, cancel them"), "unasked", prompt.id),
        Button(_("No, keep them"), "asked", prompt.id),
    )


@router.button("unasked", Prompt, who=facilitator)
def cancelled(chat: Chat, prompt: Prompt) -> None:
    """Cancel: nobody else is asked or reminded, and nobody can answer any more."""
    if prompt.kind != "questions" or not prompts.enter(chat.tx, prompt.id, "cancelled", "draft", "open"):
        raise not_here()
    schedules.drop(chat.tx, prompt.id, "asking", "remind", "answered")
    prompts.withdraw(chat.tx, prompt.id, chat.now, *DRAFTING, "answers")
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "questions cancelled", f"prompt:{prompt.id}")
    have = deliveries.progress(chat.tx, prompt, chat.now, chat.house.paces).of("sent")
    lines: list[Words] = [_("Cancelled. Nobody is asked any more.")]
    if have:
        lines.append(n_("{count} person had got them.", "{count} people had got them.", have))
    chat.say(Lines(tuple(lines), " "), instead=True)
