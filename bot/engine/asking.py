"""A form in a chat: one question at a time; answered, it becomes a line, and at the end all are looked over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button, Link, Message, Rendered, Secret, Ticks, unpack
from bot.domain import voice
from bot.domain.questions import FreeText, Question, Ranking, SomeOf, Told
from bot.engine import ordering
from bot.engine.chat import Chat
from bot.engine.dialogue import NOT_YET_SENT, Dialogue, answered, heading, label, load, shown_as, speaks
from bot.engine.router import not_here
from bot.text import Lines, Words, _
from storage import memo, outbox

MINUTES = voice.LONGEST // 60


def ask(dialogue: Dialogue, question: Question) -> None:
    """Say a question with its buttons; a sensitive one is answered on the web only."""
    chat = dialogue.chat
    head = heading(dialogue, question)
    if question.web_only:
        text = _(
            "This question is about something personal, so we ask it on our own web page only. The link works once."
        )
        path = f"/form/{dialogue.route.name}/{dialogue.subject}"
        shown = chat.say(Lines((head, text), " · "), Link(_("Answer on the web"), Secret("login", path)))
    else:
        shown = chat.answer(_asking(dialogue, question))
    dialogue.save(shown=shown)


def _asking(dialogue: Dialogue, question: Question) -> Rendered:
    """The question in the person's language; of those who are asked the very same just now, it is rendered for one."""
    chat = dialogue.chat
    if question.key in dialogue.answers:
        return chat.render(question_message(dialogue, question))
    told = dialogue.form.told_before(dialogue.answers, question.key)
    place = dialogue.form.progress(dialogue.answers, question.key)
    # What is asked is remembered with it, and so no other question can have its identity.
    _question, _told, rendered = memo.once(
        chat.tx,
        "asking",
        (dialogue.route.name, dialogue.subject, id(question), id(told), place, chat.voice),
        lambda: (question, told, chat.render(question_message(dialogue, question))),
    )
    return rendered


def question_message(
    dialogue: Dialogue, question: Question, ticked: int | None = None, *, more: bool = False, order: str = ""
) -> Message:
    """The question as a message: options as buttons, or boxes to tick, and *Skip* and *More* below."""
    name, subject = dialogue.route.name, dialogue.subject
    text = Lines((heading(dialogue, question), question.text), " · ")
    hint = question.hint or _writing(dialogue, question)
    if isinstance(question, SomeOf):
        hint = question.hint or _("Tick all that fit, then press the last button. You can also write the numbers.")
    if isinstance(question, Ranking):
        hint = ordering.so_far(question, order)
    told = dialogue.form.told_before(dialogue.answers, question.key)
    lines = Lines((told.text if told else "", text, hint))
    ticks = None
    rows: list[tuple[Button, ...]] = []
    if isinstance(question, SomeOf):
        chosen = question.ticked(dialogue.answers.get(question.key)) if ticked is None else ticked
        labels = tuple(option.label for option in question.options)
        ticks = Ticks("tick", "pick", (name, str(subject), question.key), labels, _("Done"), chosen)
    elif isinstance(question, Ranking):
        rows += ordering.buttons(question, (name, subject, question.key), order)
    else:
        options = [Button(option.label, "a", name, subject, question.key, option.key) for option in question.options]
        if question.kind in ("scale", "yes_no") and all(len(str(option.label)) < 24 for option in question.options):
            rows.append(tuple(options))
        else:
            rows.extend((option,) for option in options)
    if more:
        back = Button(_("Back"), "back", name, subject)
        rows.append((back, Button(_("Pause"), "pause", name, subject)))
    else:
        extra = Button(_("More"), "more", name, subject, question.key)
        skip = Button(_("Skip"), "skip", name, subject, question.key)
        rows.append((skip, extra) if question.optional else (extra,))
    return Message(lines, tuple(rows), ticks)


def _writing(dialogue: Dialogue, question: Question) -> Words:
    """How a question in one's own words is answered."""
    if not isinstance(question, FreeText):
        return ""
    if speaks(dialogue, question):
        return _("Write your answer here, or send it as a voice message of at most {count} minutes.", count=MINUTES)
    return _("Write your answer here.")


def close_question(dialogue: Dialogue, question: Question) -> None:
    """Turn the question that was just answered into a line with the answer, without buttons."""
    assert dialogue.row is not None
    row = dialogue.chat.pressed_row() or dialogue.row.shown
    if row is None or isinstance(question, Told):
        text: Words = question.text
    else:
        told = dialogue.form.told_before(dialogue.answers, question.key)
        said = Lines(
            (
                Lines((heading(dialogue, question), question.text), " · "),
                _("Your answer: {answer}", answer=shown_as(dialogue, question)),
            ),
            "\n",
        )
        text = Lines((told.text, said)) if told else said
    if row is not None:
        outbox.edit(dialogue.chat.tx, row, dialogue.chat.render(Message(text)), dialogue.chat.now)


def review(dialogue: Dialogue) -> None:
    """Say all answers back, to be sent or changed."""
    name, subject = dialogue.route.name, dialogue.subject
    lines = [
        _("{question}\n{answer}", question=label(item), answer=shown_as(dialogue, item)) for item in answered(dialogue)
    ]
    text = Lines((NOT_YET_SENT, *lines, dialogue.form.notice()))
    send = Button(dialogue.form.send or _("Send"), "send", name, subject)
    shown = dialogue.chat.say(text, send, Button(_("Change something"), "change", name, subject))
    dialogue.save(shown=shown)


def redraw(chat: Chat, view: str, args: Sequence[str]) -> Message:
    """Redraw a question for a view: boxes ticked, an order begun, or more buttons. Writes nothing."""
    name, number, key = args[0], args[1], args[2]
    dialogue = load(chat, name, int(number) if number.isdigit() else 0)
    question = dialogue.form.field(key)
    if question is None:
        raise not_here()
    if view == "tick" and isinstance(question, SomeOf):
        try:
            return question_message(dialogue, question, unpack(args[3]))
        except (ValueError, IndexError):
            raise not_here() from None
    if view == "rank":
        if not isinstance(question, Ranking):
            raise not_here()
        return question_message(dialogue, question, order=args[3])
    return question_message(dialogue, question, more=True)
