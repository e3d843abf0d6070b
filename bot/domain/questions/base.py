"""What every kind of question has in common: a key, a text, and how a raw answer becomes a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.domain.errors import Refusal
from bot.text import Words, _

# A value as stored: text, a list of option keys, a whole number or a truth; None is "skipped".
Value = str | list[str] | int | bool | None
Answers = Mapping[str, Value]
When = Callable[[Answers], bool]


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer: a stable key of at most 8 bytes and its label."""

    key: str
    label: Words


def always(answers: Answers) -> bool:
    """Ask whatever was answered before."""
    return True


def nothing(value: Value) -> Words | None:
    """No answer ends the form."""
    return None


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form.

    `when` says after which answers it is asked; `branches` that later questions depend on it, so that a page
    ends here; `hint` is a line of help; `web_only` keeps a sensitive question out of chats. `against` says, in kind
    words, why an answer ends the form; nothing that was answered is then kept. `aside` is not counted: it is about
    something else than the form. `unsaid` keeps the answer from being repeated in a chat: no name may stand beside it.
    """

    key: str
    text: Words
    optional: bool = False
    when: When = always
    branches: bool = False
    hint: Words = ""
    web_only: bool = False
    against: Callable[[Value], Words | None] = nothing
    aside: bool = False
    unsaid: bool = False

    kind: ClassVar[str] = ""
    typed: ClassVar[bool] = False

    @property
    def options(self) -> Sequence[Option]:
        """The answers one can pick by a button; empty where one writes."""
        return ()

    def parse(self, raw: Sequence[str]) -> Value:
        """Turn what was pressed, ticked or written into a value. Raises Refusal with what to do instead."""
        raise NotImplementedError

    def show(self, value: Value) -> Words:
        """Say an answer back to the person who gave it."""
        return _("skipped") if value is None else str(value)

    def label(self, key: str) -> Words:
        """The label of an option by its key; the key itself where the option is gone."""
        return next((option.label for option in self.options if option.key == key), key)


def one(raw: Sequence[str]) -> str:
    """The single raw value of a question that takes one, without surrounding space."""
    return raw[0].strip() if raw else ""


def required() -> Refusal:
    """The sentence for an empty answer where one is needed."""
    return Refusal(_("Please give an answer here, so that we can go on."))
