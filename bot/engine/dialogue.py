"""A form as a dialogue: one question at a time in a chat, a page at a time on the web and in Slack's windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from bot import i18n
from bot.chat.events import FormPage, RenderedField, Spoke
from bot.chat.messages import Button, Link, Message, Rendered, Secret, Ticks, unpack
from bot.domain import voice
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.questions import Answers, FreeText, Question, Ranking, SomeOf, Told, Value, YesNo
from bot.engine import ordering
from bot.engine.chat import Chat
from bot.engine.router import FormRoute, guarded, not_here
from bot.text import Lines, Words, _
from storage import conversations, memo, outbox
from storage.conversations import Conversation
from storage.database import find

PAGED = frozenset({"web", "slack"})
SPOKEN = ".spoken"  # after a field's key: the number of a recording that a page has brought along
MINUTES = voice.LONGEST // 60
NOT_YET_SENT = _("Here is what you wrote. Nothing is sent yet.")


@dataclass(slots=True)
class Dialogue:
    """A form with one person: its route, what it is about, its questions, and the answers so far."""

    chat: Chat
    route: FormRoute
    subject: int
    objects: tuple[Any, ...]
    form: Form
    row: Conversation | None
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def paged(self) -> bool:
        return self.chat.event.address.platform in PAGED

    def save(self, **values: Any) -> None:
        """Store the answers as they were taken."""
        assert self.row is not None
        conversations.save(self.chat.tx, self.row, self.chat.now, answers=self.row.answers, **values)

    def changed(self, answers: Mapping[str, Any]) -> None:
        """Take new answers, to be saved with what is asked next; of a form that grows, the questions follow them."""
        assert self.row is not None
        self.answers = dict(self.form.pruned(answers))
        conversations.note(self.row, self._sealed())
        if self.route.grows:
            self.form = self.route.build(self.chat, *self.objects)

    def _sealed(self) -> dict[str, Any]:
        """The answers as stored: a sensitive one only encrypted."""
        private = {item.key for item in self.form.fields if item.web_only}
        seal = self.chat.house.vault.seal
        return {key: {"sealed": seal(value).hex()} if key in private else value for key, value in self.answers.items()}


def unsealed(chat: Chat, row: Conversation | None) -> dict[str, Any]:
    """The answers of a stored conversation in clear."""
    answers = row.answers if row else {}
    return {
        key: chat.house.vault.open(bytes.fromhex(value["sealed"])) if isinstance(value, dict) else value
        for key, value in answers.items()
    }


def load(chat: Chat, name: str, subject: int) -> Dialogue:
    """The dialogue of a form about a subject, as it stands. Raises Refusal where it is not the person's to fill."""
    route = chat.router.forms.get(name)
    if route is None:
        raise not_here()
    objects: tuple[Any, ...] = ()
    if route.subject is not None:
        found = find(chat.tx, route.subject, subject)
        if found is None:
            raise not_here()
        objects = (found,)
    guarded(chat, route.who, objects)
    row = conversations.find(chat.tx, chat.person.id, name, subject)
    form = route.build(chat, *objects)
    return Dialogue(chat, route, subject, objects, form, row, unsealed(chat, row))


def begin(
    chat: Chat, name: str, subject: int = 0, *, anew: bool = False, given: Mapping[str, Value] | None = None
) -> None:
    """Open a form, going on where it was left; with nothing begun, from what was sent before, ready to change.

    With answers `given` it begins anew from them.
    """
    dialogue = load(chat, name, subject)
    _open(dialogue, anew=anew or given is not None)
    if given is not None:
        dialogue.changed({**dialogue.answers, **given})
    proceed(dialogue)


def _open(dialogue: Dialogue, *, anew: bool = False) -> None:
    chat, route = dialogue.chat, dialogue.route
    before = route.before(chat, *dialogue.objects) if route.before and (anew or dialogue.row is None) else None
    if anew:
        conversations.end(chat.tx, chat.person.id, route.name, dialogue.subject)
    committee_id = chat.committee.id if chat.committee else None
    dialogue.row = conversations.start(chat.tx, chat.person.id, route.name, dialogue.subject, committee_id, chat.now)
    dialogue.answers = unsealed(chat, dialogue.row)
    if before is not None:
        dialogue.changed(before)


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


def elsewhere(dialogue: Dialogue, question: Question) -> bool:
    """Whether a sensitive question cannot be asked here, but on our own web page only."""
    return question.web_only and dialogue.chat.event.address.account != "web"


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


# One question at a time --------------------------------------------------------------------------------------


def heading(dialogue: Dialogue, question: Question) -> Words:
    """ "2/5" before a question; nothing where there is only one, or for what is told."""
    place, total = dialogue.form.progress(dialogue.answers, question.key)
    return f"{place}/{total}" if place and total > 1 else ""


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


def speaks(dialogue: Dialogue, question: Question) -> bool:
    """Whether a question takes a recording."""
    return isinstance(question, FreeText) and question.spoken and dialogue.route.spoken is not None


def recorded(dialogue: Dialogue, question: Question, what: Spoke) -> Value:
    """The value that stands for a recording. Raises Refusal where it is too long, or not to be had."""
    assert dialogue.route.spoken is not None
    voice.require_short(what.seconds, what.size)
    value: Value = dialogue.route.spoken(dialogue.chat, *dialogue.objects, question, what)
    return value


def shown_as(dialogue: Dialogue, question: Question) -> Words:
    """An answer said back; what is sensitive only as answered."""
    value = dialogue.answers.get(question.key)
    if (question.web_only or question.unsaid) and value is not None and dialogue.chat.event.address.account != "web":
        return _("Answered")
    return question.show(value)


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


def answered(dialogue: Dialogue) -> list[Question]:
    """The questions to look over before sending: not what was only told."""
    asked = dialogue.form.asked(dialogue.answers)
    return [item for item in asked if item.key in dialogue.answers and not isinstance(item, Told)]


def label(question: Question) -> Words:
    """A question's text, short enough for a list."""
    return question.text


def current(chat: Chat, name: str, subject: int) -> Dialogue:
    """The dialogue a button belongs to, opened again where it was paused or never begun."""
    dialogue = load(chat, name, subject)
    if dialogue.row is None or not dialogue.row.open:
        _open(dialogue)
    return dialogue


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
    dialogue.answers[key] = value
    close_question(dialogue, question)
    read(dialogue, key)
    dialogue.changed(dialogue.answers)
    proceed(dialogue)


def read(dialogue: Dialogue, key: str) -> None:
    """Whoever answers a question has read what was told above it."""
    if told := dialogue.form.told_before(dialogue.answers, key):
        dialogue.answers[told.key] = told.version


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


# A page at a time --------------------------------------------------------------------------------------------


def page(
    dialogue: Dialogue, errors: Mapping[str, str] | None = None, given: Mapping[str, Sequence[str]] | None = None
) -> FormPage:
    """The page to show now: the questions that can be answered together, or the review."""
    locale, zone = dialogue.chat.voice

    def say(words: Words) -> str:
        return i18n.say(words, locale, zone)

    form, answers = dialogue.form, dialogue.answers
    title = say(form.title)
    unanswered = tuple(takewhile(lambda item: not elsewhere(dialogue, item), form.page(answers)))
    if given is not None:
        unanswered = tuple(item for item in form.fields if item.key in given)
    begun = any(item.key in answers for item in form.asked(answers))
    if not unanswered:
        fields = tuple(
            RenderedField(item.key, item.kind, say(label(item)), given=(say(shown_as(dialogue, item)),))
            for item in answered(dialogue)
        )
        return FormPage(
            form.key,
            dialogue.subject,
            title,
            fields,
            intro=say(Lines((NOT_YET_SENT, form.notice()), " ")),
            review=True,
            submit=say(form.send or _("Send")),
            change=say(_("Change")),
        )
    fields = tuple(
        _rendered(dialogue, item, say, tuple((given or {}).get(item.key, ())) or _raw(item, answers))
        for item in unanswered
    )
    place, total = form.progress(answers, next((item.key for item in unanswered if not isinstance(item, Told)), ""))
    return FormPage(
        form.key,
        dialogue.subject,
        title,
        fields,
        progress=f"{place}/{total}" if place and total > 1 else "",
        errors=errors or {},
        intro=say(form.notice()),
        submit=say(_("Continue")),
        back=say(_("Back")) if begun else "",
    )


def _rendered(dialogue: Dialogue, item: Question, say: Any, given: tuple[str, ...]) -> RenderedField:
    options = tuple((option.key, say(option.label)) for option in item.options)
    longest = item.longest if isinstance(item, FreeText) else 0
    kind = "text" if isinstance(item, FreeText) and item.single_line else item.kind
    hint = item.hint or (ordering.WRITE if isinstance(item, Ranking) else "")
    speaking, held = speaks(dialogue, item), voice.spoken(dialogue.answers.get(item.key))
    if speaking and dialogue.chat.event.address.platform == "slack":
        hint = _("You can also record an audio clip in our chat and send it there.")
    there = say(voice.said(held.seconds)) if held else ""
    return RenderedField(
        item.key, kind, say(item.text), say(hint), options, given, item.optional, longest, speaking, there
    )


def _raw(item: Question, answers: Answers) -> tuple[str, ...]:
    value = answers.get(item.key)
    if value is None or (isinstance(item, FreeText) and voice.spoken(value)):
        return ()
    if isinstance(item, YesNo):
        return ("yes" if value else "no",)
    return tuple(value) if isinstance(value, list) else (str(value),)


def show_page(dialogue: Dialogue) -> None:
    """Open the page where the platform can at once; elsewhere a message offers it."""
    chat = dialogue.chat
    chat.opens = page(dialogue)
    dialogue.save()
    if chat.event.address.platform == "slack" and not chat.event.acknowledgement:
        chat.opens = None
        title = dialogue.form.title or _("A form for you")
        shown = chat.say(title, Button(_("Open form"), "open", dialogue.route.name, dialogue.subject))
        dialogue.save(shown=shown)


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


# The buttons every form has ----------------------------------------------------------------------------------


def skip(chat: Chat, name: str, subject: int, key: str) -> None:
    """Leave a question unanswered; a skip is a value."""
    dialogue = current(chat, name, subject)
    question = dialogue.form.field(key)
    if question is None or not question.optional:
        raise Refusal(_("We need an answer here, so that we can go on."))
    dialogue.answers[key] = None
    close_question(dialogue, question)
    read(dialogue, key)
    dialogue.changed(dialogue.answers)
    proceed(dialogue)


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
