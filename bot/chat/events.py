"""What comes in: one event of one person on one platform, and what the platform is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.chat.messages import Rendered


class Address(NamedTuple):
    """Where a person is reached: a chat in an account of ours (`telegram:<bot id>`, `slack:<team>`, `web`, `mail`).

    A tuple, because it is looked up a dozen times an event.
    """

    account: str
    chat: str

    @property
    def platform(self) -> str:
        return self.account.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Command:
    """A command with what was written after it: `/start abc`."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Press:
    """A pressed button: a route and its arguments; `message` is the platform's id of the message it stood on.

    The arguments stay out of the representation, so that no log can carry a vote.
    """

    route: str
    args: tuple[str, ...] = ()
    message: str | None = None

    def __repr__(self) -> str:
        return f"Press({self.route!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """Text a person typed. Like a press it never shows its content in a log."""

    text: str
    reply_to: str | None = None

    def __repr__(self) -> str:
        return "Said()"


@dataclass(frozen=True, slots=True, repr=False)
class Submitted:
    """A page of a form: `values` holds the raw strings by field key; a key that is absent was left empty."""

    form: str
    subject: int
    values: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        return f"Submitted({self.form!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Spoke:
    """A recording a person sent; `reference` names it at its platform, where its bytes stay until we fetch them.

    What the platform says of it, its `seconds` and its `size` in bytes, is 0 where it does not say. `words` were
    written beside it.
    """

    reference: str
    seconds: int = 0
    size: int = 0
    words: str = ""

    def __repr__(self) -> str:
        return "Spoke()"


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something a person sent that we cannot read: a file, a sticker, a picture."""

    kind: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The platform says whether this address can still be written to."""

    reachable: bool


What = Command | Press | Said | Spoke | Submitted | Unsupported | Reached


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `id` is unique within its account, so that a redelivery is a no-op.

    `locale` is the platform's guess and `acknowledgement` what the platform needs to answer this very event.
    `order` is the platform's own count or time, by which one person's events are put right where it mixed them up.
    `aside`: it happened on a page that shows itself what it changes, and not in the conversation.
    """

    id: str
    address: Address
    what: What
    locale: str = ""
    private: bool = True
    acknowledgement: str = ""
    fresh_sign_in: bool = False
    order: float = field(default=0.0, compare=False)
    aside: bool = False


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page of a form to show: `fields` are to be answered together; `errors` by field key.

    A `review` page shows each answer (in `given`, already in words) with a way to change it, and is sent by the
    button route "send".
    """

    form: str
    subject: int
    title: str
    fields: tuple[RenderedField, ...]
    intro: str = ""
    review: bool = False
    progress: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    submit: str = ""
    back: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class RenderedField:
    """A field in the reader's own language; `options` are (value, label); `given` what is answered so far.

    One that `speaks` takes a recording, too; `recorded` says of the one that is there, and `brought` is its number
    where the page has it and the form not yet.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    given: tuple[str, ...] = ()
    optional: bool = False
    longest: int = 0
    speaks: bool = False
    recorded: str = ""
    brought: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the platform is told straight after the commit; never stored.

    `toast` is a short line over a button, `errors` the sentences by field of a page, `opens` a form page to
    show, `replaces` the message a view has redrawn, `done` whether a form was completed, `duplicate` a redelivery.
    """

    toast: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    opens: FormPage | None = None
    replaces: Rendered | None = None
    done: bool = False
    duplicate: bool = False
    private: bool = True
