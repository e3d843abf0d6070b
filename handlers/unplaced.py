"""Text that fits nothing: kept, and its writer says what it is. Never a dead end."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import MEMBERS, anyone
from bot.domain.questions import FreeText
from bot.engine import answering
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, _
from storage import answers, committees, conversations, unplaced
from storage.prompts import Prompt

router = Router()


@router.anything
def ask(chat: Chat, text: str) -> None:
    """Ask whether it is an answer, an idea, or a message to the contact person."""
    if chat.committee is None:
        chat.say(
            _("I am not sure what you mean. Here is where you can begin."),
            Button(_("See the committees"), "begin"),
            Button(_("Help"), "helpme"),
        )
        return
    unplaced.keep(chat.tx, chat.person.id, chat.committee.id, text, chat.now)
    rows = []
    current = conversations.current(chat.tx, chat.person.id)
    if current is not None and current.form in chat.router.forms:
        rows.append(Button(_("Back to the question"), "open", current.form, current.subject))
    if prompt := asked(chat):
        fits = isinstance(answers.questions(chat.tx, prompt.id)[0], FreeText)
        answer = Button(_("It is an answer"), "place", "answer")
        rows.append(answer if fits else Button(_("Answer now"), "open", "answers", prompt.id))
    if (
        chat.standing().roles & MEMBERS
        and committees.rules(chat.tx, chat.committee.id).members_exchange_between_meetings
    ):
        rows.append(Button(_("It is an idea"), "place", "idea"))
    rows.append(Button(_("A message to my contact person"), "place", "message"))
    rows.append(Button(_("Never mind"), "place", "nothing"))
    chat.say(_("What is it that you wrote?"), *rows)


def asked(chat: Chat) -> Prompt | None:
    """The questions of this committee that the person has yet to answer."""
    open_ones = answers.open_for(chat.tx, chat.person.id, chat.now)
    return next((one for one in open_ones if chat.committee and one.committee_id == chat.committee.id), None)


@router.button("place", str, who=anyone)
def place(chat: Chat, what: str) -> None:
    """Put the kept text where its writer says."""
    found = unplaced.take(chat.tx, chat.person.id)
    if what == "nothing":
        chat.say(_("Good. It is deleted."), instead=True)
        return
    if found is None:
        raise Refusal(_("That text is gone. Please write it again."))
    chat.about(found.committee_id)
    if what == "idea":
        chat.begin("idea", found.committee_id, anew=True)
        answering.answer(chat, "idea", found.committee_id, "text", (found.text,))
        return
    if what == "answer":
        answered(chat, found.text)
        return
    name = chat.person.name or _("Somebody")
    chat.tell_facilitators(
        found.committee_id,
        Lines((_("{name} writes to you:", name=name), found.text)),
        notice=_("a message for you"),
        path="/",
    )
    contact = committees.mandate(chat.tx, found.committee_id).contact
    chat.say(
        _("Your message is with {name}. If it is urgent, call {phone}.", name=contact.name, phone=contact.phone),
        instead=True,
    )


def answered(chat: Chat, text: str) -> None:
    """Open the questions with the text as the answer to the first one."""
    prompt = asked(chat)
    if prompt is None:
        raise Refusal(_("These questions are closed, or you have answered them. Write /status to see what is open."))
    chat.begin("answers", prompt.id)
    first = answers.questions(chat.tx, prompt.id)[0]
    answering.answer(chat, "answers", prompt.id, first.key, (text,))


@router.button("begin", who=anyone)
def begin(chat: Chat) -> None:
    """The list of committees."""
    chat.router.commands["committees"].handler(chat, "")


@router.button("helpme", who=anyone)
def helpme(chat: Chat) -> None:
    """The help text."""
    chat.router.commands["help"].handler(chat, "")
