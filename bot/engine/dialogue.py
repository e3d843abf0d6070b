"""A form as a dialogue with one person: where it stands, and what of it is asked, said back or kept to our own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.chat.events import Spoke
from bot.domain import voice
from bot.domain.forms import Form
from bot.domain.questions import FreeText, Question, Told, Value
from bot.engine.chat import Chat
from bot.engine.router import FormRoute, guarded, not_here
from bot.text import Words, _
from storage import conversations
from storage.conversations import Conversation
from storage.database import find

PAGED = frozenset({"web", "slack"})
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


def opened(dialogue: Dialogue, *, anew: bool = False) -> None:
    chat, route = dialogue.chat, dialogue.route
    before = route.before(chat, *dialogue.objects) if route.before and (anew or dialogue.row is None) else None
    if anew:
        conversations.end(chat.tx, chat.person.id, route.name, dialogue.subject)
    committee_id = chat.committee.id if chat.committee else None
    dialogue.row = conversations.start(chat.tx, chat.person.id, route.name, dialogue.subject, committee_id, chat.now)
    dialogue.answers = unsealed(chat, dialogue.row)
    if before is not None:
        dialogue.changed(before)


def current(chat: Chat, name: str, subject: int) -> Dialogue:
    """The dialogue a button belongs to, opened again where it was paused or never begun."""
    dialogue = load(chat, name, subject)
    if dialogue.row is None or not dialogue.row.open:
        opened(dialogue)
    return dialogue


def elsewhere(dialogue: Dialogue, question: Question) -> bool:
    """Whether a sensitive question cannot be asked here, but on our own web page only."""
    return question.web_only and dialogue.chat.event.address.account != "web"


def heading(dialogue: Dialogue, question: Question) -> Words:
    """ "2/5" before a question; nothing where there is only one, or for what is told."""
    place, total = dialogue.form.progress(dialogue.answers, question.key)
    return f"{place}/{total}" if place and total > 1 else ""


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


def answered(dialogue: Dialogue) -> list[Question]:
    """The questions to look over before sending: not what was only told."""
    asked = dialogue.form.asked(dialogue.answers)
    return [item for item in asked if item.key in dialogue.answers and not isinstance(item, Told)]


def label(question: Question) -> Words:
    """A question's text, short enough for a list."""
    return question.text
