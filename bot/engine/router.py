"""Routes: what people can press, command, fill in; each says who may. A clash or a missing `who=` fails at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NewType

from sqlmodel import SQLModel

from bot.chat.messages import Message, unpack
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import Who
from bot.domain.questions import Value
from bot.text import _
from storage.database import Tx, find

if TYPE_CHECKING:
    from bot.engine.chat import Chat

Ticked = NewType("Ticked", int)
Handler = Callable[..., None]
View = Callable[..., Message]


def not_here() -> Refusal:
    """The one sentence for what is not yours and for what does not exist."""
    return Refusal(_("That is not here any more. Write /status to see what is open for you."))


@dataclass(frozen=True, slots=True)
class Route:
    """A command, button or view: its handler, who may use it, and the types of its arguments."""

    name: str
    handler: Callable[..., Any]
    who: Who
    params: tuple[Any, ...] = ()
    secret: bool = False
    words: tuple[str, ...] = ()

    def objects(self, tx: Tx, args: Sequence[str]) -> list[Any]:
        """The arguments looked up and typed. Raises Refusal where one is missing, malformed or gone."""
        if len(args) != len(self.params):
            raise not_here()
        return [_typed(tx, param, arg) for param, arg in zip(self.params, args, strict=True)]


def _typed(tx: Tx, param: Any, arg: str) -> Any:
    if param is str:
        return arg
    try:
        number = unpack(arg) if param is Ticked else int(arg) if arg.isascii() and len(arg) < 19 else -1
    except ValueError:
        raise not_here() from None
    if not (isinstance(param, type) and issubclass(param, SQLModel)):
        return number
    found = find(tx, param, number)
    if found is None:
        raise not_here()
    return found


@dataclass(frozen=True, slots=True)
class FormRoute:
    """A form: how it is built for a subject, who may fill it, and what is done with the answers.

    `subject` is the table its subject stands in, or None for a form about nothing but the person. `before` gives
    what was sent earlier, to be changed (None where nothing was). `refused` says an answer's refusal, where that
    is more than words. `spoken` makes a value of a recording, where questions of the form can be answered by one.
    `grows`: which questions it has, or how they are put, depends on the answers so far.
    """

    name: str
    subject: type[SQLModel] | None
    build: Callable[..., Form]
    done: Handler
    who: Who
    before: Callable[..., Mapping[str, Any] | None] | None = None
    refused: Handler | None = None
    spoken: Callable[..., Value] | None = None
    grows: bool = False


@dataclass(slots=True)
class Router:
    """The routes of a module, or of all modules together."""

    commands: dict[str, Route] = field(default_factory=dict)
    buttons: dict[str, Route] = field(default_factory=dict)
    views: dict[str, Route] = field(default_factory=dict)
    forms: dict[str, FormRoute] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    timed: dict[str, Handler] = field(default_factory=dict)
    fallback: Handler | None = None

    def command(self, name: str, *, who: Who, words: tuple[str, ...] = ()) -> Callable[[Handler], Handler]:
        """A command and the plain words that mean the same."""

        def register(handler: Handler) -> Handler:
            _add(self.commands, name, Route(name, handler, who, words=words))
            for word in words:
                _add(self.words, word.casefold(), name)
            return handler

        return register

    def button(self, name: str, *params: Any, who: Who, secret: bool = False) -> Callable[[Handler], Handler]:
        """A button with typed arguments; a `secret` one leaves no payload anywhere."""

        def register(handler: Handler) -> Handler:
            _add(self.buttons, name, Route(name, handler, who, params, secret))
            return handler

        return register

    def view(self, name: str, *params: Any, who: Who) -> Callable[[View], View]:
        """A button that only redraws its message: the handler returns the Message and writes nothing."""

        def register(handler: View) -> View:
            _add(self.views, name, Route(name, handler, who, params))
            return handler

        return register

    def form(
        self,
        name: str,
        subject: type[SQLModel] | None,
        build: Callable[..., Form],
        *,
        who: Who,
        before: Callable[..., Mapping[str, Any] | None] | None = None,
        refused: Handler | None = None,
        spoken: Callable[..., Value] | None = None,
        grows: bool = False,
    ) -> Callable[[Handler], Handler]:
        """A form; the decorated handler gets the chat, the subject (if any) and the answers."""

        def register(handler: Handler) -> Handler:
            if len(name.encode()) > 8:
                raise ValueError(f"form {name!r}: at most 8 bytes, so that a button can carry it")
            _add(self.forms, name, FormRoute(name, subject, build, handler, who, before, refused, spoken, grows))
            return handler

        return register

    def due(self, kind: str) -> Callable[[Handler], Handler]:
        """What is done when a planned moment comes: the handler gets an errand and the row's subject."""

        def register(handler: Handler) -> Handler:
            _add(self.timed, kind, handler)
            return handler

        return register

    def anything(self, handler: Handler) -> Handler:
        """What to do with text that fits nothing."""
        if self.fallback is not None:
            raise ValueError("two handlers for text that fits nothing")
        self.fallback = handler
        return handler

    def include(self, *routers: Router) -> Router:
        """Take in other modules' routes."""
        for other in routers:
            for mine, theirs in (
                (self.commands, other.commands),
                (self.buttons, other.buttons),
                (self.views, other.views),
                (self.forms, other.forms),
                (self.words, other.words),
                (self.timed, other.timed),
            ):
                for name, route in theirs.items():
                    _add(mine, name, route)
            if other.fallback:
                self.anything(other.fallback)
        return self


def _add(routes: dict[str, Any], name: str, route: Any) -> None:
    if name in routes:
        raise ValueError(f"two routes are called {name!r}")
    objects = route.params if isinstance(route, Route) else [route.subject] if isinstance(route, FormRoute) else ()
    for one in objects:
        # Else the right to it would be asked for in whatever committee somebody talks about.
        if isinstance(one, type) and issubclass(one, SQLModel) and not _placed(one):
            raise ValueError(f"{name!r} is about a {one.__name__}, which names no committee")
    routes[name] = route


def _placed(model: type[SQLModel]) -> bool:
    return model.__name__ == "Committee" or "committee_id" in model.model_fields


def committee_of(objects: Sequence[Any]) -> int | None:
    """The committee that the objects of a press belong to. Raises Refusal where they belong to different ones."""
    found = {
        item.id if type(item).__name__ == "Committee" else item.committee_id
        for item in objects
        if type(item).__name__ == "Committee" or hasattr(item, "committee_id")
    }
    if len(found) > 1:
        raise not_here()
    return next(iter(found), None)


def guarded(chat: Chat, who: Who, objects: Sequence[Any]) -> None:
    """Let the chat be about the committee of these objects, and check the right to use them there."""
    committee_id = committee_of(objects)
    if committee_id is not None:
        chat.about(committee_id)
    if not who(chat.standing(tuple(objects))):
        raise (
            not_here()
            if objects
            else Refusal(_("That is for others in this committee. Write /help to see what you can do here."))
        )
