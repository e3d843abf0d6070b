"""What people do with a form: open it, answer by button, words or page, skip, go back, change, pause and send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import i18n
from bot.chat.events import Spoke
from bot.chat.messages import Button, Message
from bot.domain import voice
from bot.domain.errors import Refusal
from bot.domain.questions import Question, SomeOf, Value
from bot.engine.asking import ask, close_question, review
from bot.engine.chat import Chat
from bot.engine.dialogue import Dialogue, answered, current, elsewhere, label, load, opened, recorded, speaks
from bot.engine.paging import SPOKEN, page, show_page
from bot.engine.router import not_here
from bot.text import _
from storage import conversations, outbox
from storage.conversations import Conversation


def begin(
    chat: Chat, name: str, subject: int = 0, *, anew: bool = False, given: Mapping[str, Value] | None = None
) -> None:
    """Open a form, going on where it was left; with nothing begun, from what was sent before, ready to change.

    With answers `given` it begins anew from them.
    """
    dialogue = load(chat, name, subject)
    opened(dialogue, anew=anew or given is not None)
    if given is not None:
        dialogue.changed({**dialogue.answers, **given})
    proceed(dialogue)


def proceed(dialogue: Dialogue) -> None:
    """Ask what is still open, show the review, or finish."""
    asked = dialogue.form.next(dialogue.answers)
    if asked is not None and elsewhere(dialogue, asked):
        ask(dialogue, asked)
    elif dialogue.paged:
        if asked is None and not dialogue.form.review():
            finish(dialogue)
        else:
            show_page(dialogue)
    elif asked is not None:
        ask(dialogue, dialogue.form.next_question(dialogue.answers) or asked)
    elif dialogue.form.review():
        review(dialogue)
    else:
        finish(dialogue)


def finish(dialogue: Dialogue) -> None:
    """All is answered: do what the form is for, and end the conversation."""
    chat = dialogue.chat
    if dialogue.form.next(dialogue.answers) is not None:
        proceed(dialogue)
        return
    chat.done = True
    chat.opens = None
    answers = dict(dialogue.form.pruned(dialogue.answers))
    conversations.end(chat.tx, chat.person.id, dialogue.route.name, dialogue.subject)
    dialogue.route.done(chat, *dialogue.objects, answers)


def answer(chat: Chat, name: str, subject: int, key: str, raw: Sequence[str]) -> None:
    """Take one answer to a form and go on."""
    take(current(chat, name, subject), key, raw)


def take(dialogue: Dialogue, key: str, raw: Sequence[str]) -> None:
    """Take one answer and go on."""
    chat = dialogue.chat
    question = next((item for item in dialogue.form.asked(dialogue.answers) if item.key == key), None)
    if question is None or elsewhere(dialogue, question):
        chat.say(_("That question has changed. Here is where we are now."))
        proceed(dialogue)
        return
    value = question.parse(raw)
    if refused(dialogue, question, value):
        return
    note(dialogue, question, value)


def note(dialogue: Dialogue, question: Question, value: Value) -> None:
    """Keep an answer and go on; whoever answers a question has read what was told above it."""
    dialogue.answers[question.key] = value
    close_question(dialogue, question)
    if told := dialogue.form.told_before(dialogue.answers, question.key):
        dialogue.answers[told.key] = told.version
    dialogue.changed(dialogue.answers)
    proceed(dialogue)


def refused(dialogue: Dialogue, question: Question, value: Value) -> bool:
    """Where an answer ends the form: say why, and keep nothing of what was answered."""
    words = question.against(value)
    if words is None:
        return False
    chat = dialogue.chat
    shown = chat.pressed_row() or (dialogue.row.shown if dialogue.row else None)
    if shown is not None:
        outbox.edit(chat.tx, shown, chat.render(Message(question.text)), chat.now)
    conversations.end(chat.tx, chat.person.id, dialogue.route.name, dialogue.subject)
    chat.done = True
    if dialogue.route.refused:
        dialogue.route.refused(chat, *dialogue.objects, words, question.key, value)
    else:
        chat.say(words)
    return True


def typed(chat: Chat, row: Conversation, text: str) -> bool:
    """Take typed text as the answer to the open question; False where it is none."""
    dialogue = current(chat, row.form, row.subject)
    question = dialogue.form.next_question(dialogue.answers)
    if dialogue.paged or question is None or question.web_only:
        return False
    if question.typed:
        take(dialogue, question.key, (text,))
        return True
    raw = _picked(chat, question, text)
    if raw is None:
        return False
    take(dialogue, question.key, raw)
    return True


def _picked(chat: Chat, question: Question, text: str) -> tuple[str, ...] | None:
    """The options a person means by typing labels or numbers: "2", or "1, 3"."""
    locale, zone = chat.voice
    labels = {i18n.say(option.label, locale, zone).casefold(): option.key for option in question.options}
    whole = text.strip().casefold()
    if whole in labels:
        return (labels[whole],)
    if question.kind == "scale" and whole.isdigit():
        return (whole,)
    parts = [part for part in whole.replace(",", " ").split() if part]
    if parts and all(part.isascii() and part.isdigit() and 1 <= int(part) <= len(question.options) for part in parts):
        keys = tuple(question.options[int(part) - 1].key for part in parts)
        return keys if isinstance(question, SomeOf) or len(keys) == 1 else None
    return None


def submit(chat: Chat, name: str, subject: int, values: Mapping[str, Sequence[str]]) -> None:
    """Take a page of answers. Where one is wrong nothing is stored, and the page comes back with its sentences."""
    dialogue = current(chat, name, subject)
    locale, zone = chat.voice
    errors: dict[str, str] = {}
    answers = dict(dialogue.answers)
    for question in dialogue.form.fields:
        if question.key not in values or not question.when(answers) or elsewhere(dialogue, question):
            continue
        raw = tuple(part for part in values[question.key] if part.strip())
        try:
            recording = values.get(f"{question.key}{SPOKEN}", ())
            if not raw and not recording and voice.spoken(answers.get(question.key)):
                continue  # what was recorded before stays
            answers[question.key] = _read(dialogue, question, raw, recording)
            if refused(dialogue, question, answers[question.key]):
                return
        except Refusal as refusal:
            errors[question.key] = i18n.say(refusal.text, locale, zone)
    if errors:
        chat.errors = errors
        chat.opens = page(dialogue, errors, values)
        return
    dialogue.changed(answers)
    proceed(dialogue)


def _read(dialogue: Dialogue, question: Question, raw: Sequence[str], recording: Sequence[str]) -> Value:
    """What was written, chosen or recorded as a value. Raises Refusal with what to do instead."""
    if recording and speaks(dialogue, question):
        if raw:
            raise Refusal(_("You have recorded an answer and written one. Please keep one of the two."))
        return recorded(dialogue, question, Spoke(recording[0]))
    return None if not raw and question.optional else question.parse(raw)


def skip(chat: Chat, name: str, subject: int, key: str) -> None:
    """Leave a question unanswered; a skip is a value."""
    dialogue = current(chat, name, subject)
    question = dialogue.form.field(key)
    if question is None or not question.optional:
        raise Refusal(_("We need an answer here, so that we can go on."))
    note(dialogue, question, None)


def back(chat: Chat, name: str, subject: int) -> None:
    """Return to the last answered question; on a page, to the page before."""
    dialogue = current(chat, name, subject)
    asked = dialogue.form.next(dialogue.answers)
    last = dialogue.form.previous(dialogue.answers, asked.key if asked else None)
    if last is None:
        raise Refusal(_("This is the first question."))
    del dialogue.answers[last.key]
    if dialogue.paged:
        _unpage(dialogue)
    dialogue.changed(dialogue.answers)
    proceed(dialogue)


def _unpage(dialogue: Dialogue) -> None:
    """Take back the rest of the page that the last answer stood on."""
    while True:
        asked = dialogue.form.next(dialogue.answers)
        last = dialogue.form.previous(dialogue.answers, asked.key if asked else None)
        if last is None or last.branches:
            return
        del dialogue.answers[last.key]


def redo(chat: Chat, name: str, subject: int, key: str) -> None:
    """Ask one question again."""
    dialogue = current(chat, name, subject)
    if dialogue.form.field(key) is None:
        raise not_here()
    dialogue.answers.pop(key, None)
    dialogue.changed(dialogue.answers)
    proceed(dialogue)


def change(chat: Chat, name: str, subject: int) -> None:
    """Offer each answer to be changed."""
    dialogue = current(chat, name, subject)
    rows = [Button(label(item), "redo", name, subject, item.key) for item in answered(dialogue)]
    chat.say(_("What would you like to change?"), *rows, Button(_("Nothing, go on"), "open", name, subject))


def pause(chat: Chat, name: str, subject: int) -> None:
    """Put a form aside; what was answered is kept."""
    dialogue = load(chat, name, subject)
    if dialogue.row is not None:
        conversations.save(chat.tx, dialogue.row, chat.now, open=False)
    chat.say(_("We have kept what you wrote. Go on whenever you like."), Button(_("Go on"), "open", name, subject))


def send(chat: Chat, name: str, subject: int) -> None:
    """Send a form that was looked over."""
    dialogue = load(chat, name, subject)
    if dialogue.row is None:
        raise Refusal(_("This was already sent. Write /status to see what is open for you."))
    if dialogue.row.shown is not None and not dialogue.paged and dialogue.form.next(dialogue.answers) is None:
        outbox.edit(chat.tx, dialogue.row.shown, chat.render(Message(_("Sent."))), chat.now)
    finish(dialogue)
