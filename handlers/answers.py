"""Answering questions before a meeting: at once, later or not at all, changed until the deadline, or late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.chat.events import Spoke
from bot.chat.messages import Button
from bot.domain import questionnaire, shift, voice
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import either, facilitator, follower, member
from bot.domain.questionnaire import UNNAMED
from bot.domain.questions import Answers, Question, Value
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _
from storage import answers as given
from storage import audiences, audit, committees, conversations, hearing, people, piles, recordings
from storage.prompts import Prompt

router = Router()
ASKED = either(member, follower)
NOBODY = 0  # in a button where no person may be named


def answer_form(chat: Chat, prompt: Prompt) -> Form:
    """The questions as they were sent. Whoever changes earlier answers looks them over before sending."""
    require_asked(chat, prompt)

    def again() -> bool:
        earlier = given.of(chat.tx, prompt.id, chat.person.id)
        return earlier is not None and earlier.state in ("sent", "late")

    return Form(
        "answers",
        given.questions(chat.tx, prompt.id),
        title=prompt.text,
        review=again,
        send=_("Send my answers"),
        notice=lambda: given.invitation(chat.tx, prompt).seen(),
    )


def require_asked(chat: Chat, prompt: Prompt) -> None:
    """Only what one has been asked oneself can be answered. Raises Refusal."""
    if prompt.kind != "questions" or prompt.state == "draft":
        raise not_here()
    if prompt.state == "cancelled":
        raise Refusal(
            _("These questions were withdrawn, so you need not do anything. Write /status to see what is open.")
        )
    if not audiences.includes(chat.tx, prompt, chat.person.id):
        raise not_here()


def over(chat: Chat, prompt: Prompt) -> bool:
    """Whether the deadline has passed."""
    assert prompt.deadline_at is not None
    return chat.now >= prompt.deadline_at


def contact_of(chat: Chat, prompt: Prompt) -> Words:
    """Whom a member can call or write to."""
    contact = committees.mandate(chat.tx, prompt.committee_id).contact
    return _(
        "Your contact person is {name}, {phone}, {email}.", name=contact.name, phone=contact.phone, email=contact.email
    )


def as_sent(chat: Chat, prompt: Prompt) -> dict[str, Any] | None:
    """What was answered before, ready to change. Raises Refusal after the deadline, when it stands as it is."""
    earlier = given.of(chat.tx, prompt.id, chat.person.id)
    if earlier is None or earlier.state == "declined":
        return None
    if over(chat, prompt) and earlier.state in ("sent", "handed_over"):
        text = _("The deadline was {deadline}, so your answers stand.", deadline=prompt.deadline_at)
        raise Refusal(Lines((text, contact_of(chat, prompt)), " "))
    return dict(earlier.values)


def spoken(chat: Chat, prompt: Prompt, question: Question, what: Spoke) -> Value:
    """A recording as the answer to a question: what the page has brought is there already, else it is fetched next.

    Raises Refusal where it is not the person's own, or one too many.
    """
    place, person_id = int(question.key[1:]), chat.person.id
    if chat.event.address.account == "web":
        row = recordings.get(chat.tx, int(what.reference) if what.reference.isdigit() else 0)
        if row is None or (row.person_id, row.prompt_id, row.question) != (person_id, prompt.id, place):
            raise not_here()
    else:
        recordings.require_room(chat.tx, person_id, chat.now)
        where = {"account": chat.event.address.account, "reference": what.reference, "seconds": what.seconds}
        row = recordings.add(chat.tx, prompt, place, person_id, chat.now, **where)
    return voice.Spoken(row.id, row.seconds).value()


@router.form("answers", Prompt, answer_form, who=ASKED, before=as_sent, spoken=spoken)
def answered(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep the answers and say what they were; after the deadline they are kept aside, and their writer decides."""
    earlier = given.of(chat.tx, prompt.id, chat.person.id)
    if not over(chat, prompt):
        given.save(chat.tx, prompt.id, chat.person.id, answers, chat.now)
        recordings.settle(chat.tx, prompt.id, chat.person.id, answers)
        hearing.withdraw(chat.tx, ("prompt", prompt.id), chat.now, chat.person.id)
        receipt(chat, prompt, answers)
    elif earlier is not None and earlier.state in ("sent", "handed_over"):
        text = _(
            "The deadline was {deadline}, so your answers stand as you sent them before.", deadline=prompt.deadline_at
        )
        chat.say(Lines((text, contact_of(chat, prompt)), " "))
    elif not questionnaire.answered(answers):
        chat.say(_("You skipped every question, so there is nothing to send."))
    else:
        given.save(chat.tx, prompt.id, chat.person.id, answers, chat.now, "late")
        recordings.settle(chat.tx, prompt.id, chat.person.id, answers)
        late(chat, prompt)


def receipt(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """What was answered, until when it can be changed, and who sees it."""
    questions = given.questions(chat.tx, prompt.id)
    lines = [
        _("Thank you. Your answers are in:"),
        questionnaire.recap(questions, answers),
        _("You can change them until {deadline}.", deadline=prompt.deadline_at),
        given.invitation(chat.tx, prompt).seen(),
        *own_shift(chat, prompt, answers),
    ]
    rows = [Button(_("Change my answers"), "reopen", prompt.id)]
    if any(voice.spoken(value) for value in answers.values()):
        rows.append(Button(_("My recordings"), "voiced"))
    begun = conversations.paused(chat.tx, chat.person.id)
    if begun is not None and begun.form in chat.router.forms:
        lines.append(_("You had begun something else before."))
        rows.append(Button(_("Go on with it"), "open", begun.form, begun.subject))
    chat.say(Lines(tuple(lines)), *rows)


def own_shift(chat: Chat, prompt: Prompt, answers: Answers) -> tuple[Words, ...]:
    """Where the same was asked before: what this person said then, which nobody else is shown."""
    earlier = given.of(chat.tx, prompt.before_id, chat.person.id) if prompt.before_id else None
    if earlier is None:
        return ()
    lines = shift.own(given.compared(chat.tx, prompt), earlier.values, answers)
    return (_("Your own answers before and now. Nobody else is shown this."), *lines) if lines else ()


def late(chat: Chat, prompt: Prompt) -> None:
    """A late answer is never just refused."""
    words = given.invitation(chat.tx, prompt)
    kept = _(
        "The deadline was {deadline}, so your answer is not in the summary. We have kept what you wrote.",
        deadline=prompt.deadline_at,
    )
    ask = _("Shall {who} have it?", who=words.who)
    if words.meeting_at and chat.now < words.meeting_at:
        ask = _("Shall {who} have it, so that it can be taken up at the meeting?", who=words.who)
    chat.say(
        Lines((kept, ask), " "),
        (Button(_("Yes, send it"), "late", prompt.id, "yes"), Button(_("No, delete it"), "late", prompt.id, "no")),
    )


@router.button("late", Prompt, str, who=ASKED)
def decide_late(chat: Chat, prompt: Prompt, choice: str) -> None:
    """Pass a late answer on, or erase it."""
    if choice == "no":
        if not given.drop_late(chat.tx, prompt.id, chat.person.id):
            raise Refusal(_("There is no answer waiting here. Write /status to see what is open for you."))
        recordings.settle(chat.tx, prompt.id, chat.person.id, {})
        chat.say(_("It is deleted."), instead=True)
        return
    if choice != "yes" or not given.hand_over(chat.tx, prompt.id, chat.person.id):
        raise Refusal(_("There is no answer waiting here. Write /status to see what is open for you."))
    piles.add_late(chat.tx, prompt, chat.person.id)
    unnamed = prompt.seen_by == UNNAMED
    name = _("Somebody") if unnamed else chat.person.name or _("A member")
    for person in people.facilitators(chat.tx, prompt.committee_id):
        # The answer itself stays out of the message, because a mail may stand beside it.
        chat.tell(
            person,
            _("{name} has answered after the deadline: {topic}.", name=name, topic=prompt.text),
            Button(_("Read it"), "readlate", prompt.id, NOBODY if unnamed else chat.person.id),
            notice=_("a late answer"),
            kind="necessary",
            dedupe=f"late:{prompt.id}:{chat.person.id}:{person.id}",
            path="/talk",
        )
    chat.say(_("Thank you. {who} has your answer now.", who=given.invitation(chat.tx, prompt).who), instead=True)


@router.button("readlate", Prompt, int, who=facilitator)
def read_late(chat: Chat, prompt: Prompt, person_id: int) -> None:
    """A late answer, for the facilitator alone."""
    if prompt.seen_by == UNNAMED:
        read_unnamed(chat, prompt)
        return
    found = given.of(chat.tx, prompt.id, person_id)
    if found is None or found.state != "handed_over":
        raise not_here()
    name = people.get(chat.tx, person_id).name or _("A member")
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "late answer read", f"prompt:{prompt.id}")
    answers = questionnaire.recap(given.questions(chat.tx, prompt.id), found.values)
    chat.say(Lines((_("{name} wrote after the deadline:", name=name), answers)))


def read_unnamed(chat: Chat, prompt: Prompt) -> None:
    """All late answers together, in an order that says nothing, because no name may stand beside one."""
    found = [one for one in given.csv_rows(chat.tx, prompt.id) if one.late]
    if not found:
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "late answer read", f"prompt:{prompt.id}")
    questions = [replace(question, unsaid=False) for question in given.questions(chat.tx, prompt.id)]
    texts = [questionnaire.recap(questions, one.values) for one in found]
    chat.say(Lines((_("After the deadline, without names:"), *texts)))


@router.button("reopen", Prompt, who=ASKED)
def reopen(chat: Chat, prompt: Prompt) -> None:
    """Change what was answered, until the deadline."""
    require_asked(chat, prompt)
    chat.begin("answers", prompt.id, anew=True)


@router.button("later", Prompt, who=ASKED)
def later(chat: Chat, prompt: Prompt) -> None:
    """Nothing is lost by waiting; the buttons stay where they are."""
    require_asked(chat, prompt)
    if over(chat, prompt):
        chat.say(
            _(
                "The deadline was {deadline}. You can still answer; then you decide what happens with it.",
                deadline=prompt.deadline_at,
            )
        )
        return
    chat.say(_("Good. The questions wait here until {deadline}.", deadline=prompt.deadline_at), briefly=True)


@router.button("notnow", Prompt, who=ASKED)
def not_this_time(chat: Chat, prompt: Prompt) -> None:
    """No is an answer: no reminder comes. Until the deadline one may think again."""
    require_asked(chat, prompt)
    earlier = given.of(chat.tx, prompt.id, chat.person.id)
    if earlier is not None and earlier.state != "declined":
        raise Refusal(_("You have answered already. Write /edit if you want to change it."))
    given.decline(chat.tx, prompt.id, chat.person.id, chat.now)
    hearing.withdraw(chat.tx, ("prompt", prompt.id), chat.now, chat.person.id)
    conversations.end(chat.tx, chat.person.id, "answers", prompt.id)
    if over(chat, prompt):
        chat.say(_("That is fine."), instead=True)
        return
    chat.say(
        _(
            "That is fine. We do not remind you of it. You can still answer until {deadline}.",
            deadline=prompt.deadline_at,
        ),
        Button(_("Answer after all"), "open", "answers", prompt.id),
        instead=True,
    )
