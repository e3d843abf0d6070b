"""What goes out: messages as values before rendering, and as plain data after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from bot.text import Words

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, init=False)
class Button:
    """A stateless button: a route and its ids, at most 64 bytes together."""

    label: Words
    route: str
    args: tuple[str, ...]

    def __init__(self, label: Words, route: str, *args: int | str) -> None:
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "route", route)
        object.__setattr__(self, "args", tuple(str(arg) for arg in args))

    @property
    def data(self) -> str:
        return ":".join((self.route, *self.args))


@dataclass(frozen=True, slots=True)
class Secret:
    """A value minted as the message is sent, so that no row and no log ever holds it: a sign-in link to `path`."""

    kind: str = "login"
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address; `path` is completed with our own base address where it starts with a slash."""

    label: Words
    path: str | Secret


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes to tick before sending: `view` redraws them, `send` submits them; both get `args` and the ticked set.

    The whole state is carried by the buttons themselves, so choosing leaves no trace with us.
    """

    view: str
    send: str
    args: tuple[str, ...]
    options: tuple[Words, ...]
    send_label: Words
    ticked: int = 0


@dataclass(frozen=True, slots=True)
class Image:
    """A picture kept in the blob table, with its alternative text."""

    blob: str
    alt: Words


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person; `protect` asks the platform not to let it be forwarded.

    The first row of buttons is the main action, unless the rows are `equals`: a list, or answers that are as good.
    """

    text: Words
    buttons: tuple[tuple[Button | Link, ...], ...] = ()
    ticks: Ticks | None = None
    image: Image | None = None
    protect: bool = False
    table: tuple[tuple[Words, ...], ...] = ()
    equals: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in the reader's language, as stored in the outbox: plain JSON data, never a template."""

    text: str
    buttons: tuple[tuple[Mapping[str, str], ...], ...] = ()
    ticks: Mapping[str, Any] | None = None
    image: Mapping[str, str] | None = None
    protect: bool = False
    table: tuple[tuple[str, ...], ...] = ()
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    subject: str = ""
    locale: str = ""
    equals: bool = False

    def content(self) -> dict[str, Any]:
        """As stored in a row; what is empty is left out."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    def carries(self, route: str, args: Sequence[str]) -> bool:
        """Whether a button of this message says this; boxes may have been ticked since it was sent."""
        data = ":".join((route, *args))
        if any(button.get("data") == data for row in self.buttons for button in row):
            return True
        ticks = self.ticks or {}
        return ticks.get("send") == route and list(ticks["args"]) == list(args[:-1])

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Rendered:
        """Read what `content` wrote."""
        buttons = tuple(tuple(row) for row in content.get("buttons", ()))
        table = tuple(tuple(row) for row in content.get("table", ()))
        return cls(**{"text": "", **content, "buttons": buttons, "table": table})


FIELDS = tuple(one.name for one in fields(Rendered))


def pack(ticked: int) -> str:
    """Write a set of boxes as at most six characters, the least significant bit being the first box."""
    digits = ""
    while ticked:
        ticked, digit = divmod(ticked, 36)
        digits = ALPHABET[digit] + digits
    return digits or "0"


def unpack(text: str) -> int:
    """Read what `pack` wrote. Raises ValueError for anything else."""
    if not text or len(text) > 6 or any(char not in ALPHABET for char in text):
        raise ValueError("not a set of boxes")
    return int(text, 36)
