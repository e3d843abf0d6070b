"""A group of events in one transaction: each in a savepoint, so that one person's refusal undoes nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from bot import i18n
from bot.chat.events import Command, Event, Outcome, Press, Reached, Said, Spoke, Submitted, Unsupported
from bot.chat.messages import Message, Rendered, unpack
from bot.domain.errors import Refusal
from bot.domain.people import Person
from bot.domain.questions import SomeOf, clean
from bot.engine import ahead, answering, asking, dialogue, paging, sealed, speaking
from bot.engine.budget import Budget
from bot.engine.chat import Chat
from bot.engine.figures import Figures
from bot.engine.house import House
from bot.engine.router import Router, guarded, not_here
from bot.text import Text, _
from storage import conversations, later, outbox, parked, people
from storage import events as seen
from storage.database import Tx, alive
from storage.later import savepoint
from storage.trouble import of_database, stopped

log = structlog.get_logger()
LONGEST = 4000
SAID = 2  # messages that an event commonly puts in the outbox: one changes what was asked, one asks what comes next

# The buttons of every form, and how many arguments each takes.
FORM_BUTTONS: dict[str, tuple[Callable[..., None], int]] = {
    "open": (answering.begin, 2),
    "skip": (answering.skip, 3),
    "back": (answering.back, 2),
    "redo": (answering.redo, 3),
    "change": (answering.change, 2),
    "pause": (answering.pause, 2),
    "send": (answering.send, 2),
}
FORM_VIEWS = {"tick": 4, "more": 3, "rank": 4}
FORM_ANSWERS = frozenset({"a", "pick"})


@dataclass(frozen=True, slots=True)
class Engine:
    """The router and the house, with which a group of events becomes rows."""

    router: Router
    house: House
    figures: Figures = field(default_factory=Figures)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "budget", Budget(self.figures))

    def receive(self, tx: Tx, events: Sequence[Event], now: datetime) -> list[Outcome]:
        """Handle events in order; a redelivered one does nothing. Database errors are the caller's, who replays."""
        private = [event for event in events if event.private]
        fresh = seen.first_time(tx, [(event.address.account, event.id) for event in private], now.date())
        new = [event for event in private if (event.address.account, event.id) in fresh]
        known = ahead.read(tx, new, now)
        outbox.keep_numbers(tx, SAID * len(new))
        outcomes = []
        for event in events:
            key = (event.address.account, event.id)
            if not event.private:
                outcomes.append(self._in_public(event))
            elif key in fresh:
                fresh.discard(key)  # the same event twice in one group
                outcomes.append(self._one(tx, event, people.get(tx, known[event.address]), now))
            else:
                outcomes.append(Outcome(duplicate=True))
        later.write_all(tx)
        return outcomes

    def _in_public(self, event: Event) -> Outcome:
        """In a group or channel nothing personal is said or stored: one sentence and a link."""
        locale = i18n.known(event.locale) or self.house.locale
        text = _("Write to me privately, then nobody else sees it: {link}", link=self.house.base_url)
        return Outcome(toast=i18n.say(text, locale), private=False)

    def _one(self, tx: Tx, event: Event, person: Person, now: datetime) -> Outcome:
        if person.locale is None and (locale := i18n.known(event.locale)):
            people.change(tx, person.id, locale=locale)
            person = people.get(tx, person.id)
        if isinstance(event.what, Reached):
            people.reachable(tx, event.address, event.what.reachable)
            return Outcome()
        chat = Chat(self.house, self.router, tx, event, person, now)
        try:
            with savepoint(tx), self.budget.of(tx, self.route_name(event)):
                self._dispatch(chat)
        except Refusal as refusal:
            chat = Chat(self.house, self.router, tx, event, people.get(tx, person.id), now)
            chat.say(refusal.text, briefly=isinstance(event.what, Press))
        except Exception as error:
            if of_database(error) and not (stopped(error) and alive(tx)):
                raise
            self._failed(tx, event, error, now)
            chat = Chat(self.house, self.router, tx, event, person, now)
            chat.say(self._sorry(event))
        return chat.outcome()

    def set_aside(self, tx: Tx, event: Event, error: Exception, now: datetime, *, told: bool) -> Outcome:
        """Park an event that undid its whole transaction, so that its platform need not bring it again.

        Unless `told`, nothing of the event is written but the parked row, and the person reads a line at once.
        """
        if not told:
            self._failed(tx, event, error, now)
            return Outcome(toast=i18n.say(self._sorry(event), i18n.known(event.locale) or self.house.locale))
        seen.first_time(tx, [(event.address.account, event.id)], now.date())
        person = people.get(tx, people.at(tx, [event.address], now)[event.address])
        self._failed(tx, event, error, now)
        chat = Chat(self.house, self.router, tx, event, person, now)
        chat.say(self._sorry(event))
        return chat.outcome()

    def _sorry(self, event: Event) -> Text:
        if self._secret(event):
            return _("Something went wrong with us, and this was not counted. Please send it again.")
        return _("Something went wrong with us. Nothing you wrote before is lost. Please try again in a little while.")

    def _failed(self, tx: Tx, event: Event, error: Exception, now: datetime) -> None:
        """Log a programming error once, without anything personal, and park the event unless it is secret."""
        route = self.route_name(event)
        log.error("handler failed", route=route, error=type(error).__name__, where=_where(error))
        if not self._secret(event):
            payload = self.house.vault.seal(sealed.pack(event))
            parked.park(tx, event.address.account, event.id, route, type(error).__name__, payload, now)
            self.figures.parked += 1

    def _secret(self, event: Event) -> bool:
        what = event.what
        route = self.router.buttons.get(what.route) if isinstance(what, Press) else None
        return route is not None and route.secret

    def _dispatch(self, chat: Chat) -> None:
        what = chat.event.what
        if isinstance(what, Press):
            self._press(chat, what)
        elif isinstance(what, Command):
            self._command(chat, what)
        elif isinstance(what, Submitted):
            answering.submit(chat, what.form, what.subject, what.values)
        elif isinstance(what, Spoke):
            speaking.spoke(chat, what)
        elif isinstance(what, Unsupported):
            chat.say(_("I can only read text so far. Please write it in words, or tell your contact person."))
        elif isinstance(what, Said):
            self._said(chat, what)

    def _press(self, chat: Chat, press: Press) -> None:
        chat.pressed_row()
        if press.route in FORM_VIEWS or press.route in self.router.views:
            return  # a view that was queued behind other events: it may be lost
        if press.route == "a" and len(press.args) == 4:
            name, subject, key, value = press.args
            answering.answer(chat, name, _number(subject), key, (value,))
        elif press.route == "pick" and len(press.args) == 4:
            name, subject, key, ticked = press.args
            begun = dialogue.current(chat, name, _number(subject))
            answering.take(begun, key, _ticked(begun, key, ticked))
        elif press.route in FORM_BUTTONS and len(press.args) == FORM_BUTTONS[press.route][1]:
            name, subject, *rest = press.args
            FORM_BUTTONS[press.route][0](chat, name, _number(subject), *rest)
        else:
            route = self.router.buttons.get(press.route)
            if route is None:
                raise not_here()
            objects = route.objects(chat.tx, press.args)
            guarded(chat, route.who, objects)
            route.handler(chat, *objects)

    def _command(self, chat: Chat, command: Command) -> None:
        route = self.router.commands.get(command.name)
        if route is None:
            raise Refusal(_("I do not know that command. Write /help to see what I can do."))
        guarded(chat, route.who, ())
        route.handler(chat, command.argument)

    def _said(self, chat: Chat, said: Said) -> None:
        text = clean(said.text)
        if not text:
            raise Refusal(_("That was empty. Please write a few words."))
        if len(text) > LONGEST:
            raise Refusal(
                _(
                    "That is {length} characters, and I can take {longest} at a time. Please split it and send "
                    "it again.",
                    length=len(text),
                    longest=LONGEST,
                )
            )
        word = self.router.words.get(text.rstrip(".!?").strip().casefold())
        if word:
            self._command(chat, Command(word))
            return
        row = conversations.current(chat.tx, chat.person.id)
        if row is not None and answering.typed(chat, row, text):
            return
        pressed = _typed_button(outbox.last(chat.tx, chat.event.address, chat.person.id), text)
        if pressed is not None:
            route, *args = pressed.split(":")
            self._press(chat, Press(route, tuple(args)))
        elif self.router.fallback is not None:
            self.router.fallback(chat, text)

    def view(self, tx: Tx, event: Event, now: datetime) -> Outcome:
        """Redraw the message a view stands on, on a reading connection; right is checked, nothing is written."""
        what = event.what
        assert isinstance(what, Press)
        person_id = people.owner_of(tx, event.address)
        if person_id is None:
            return Outcome()
        chat = Chat(self.house, self.router, tx, event, people.get(tx, person_id), now)
        chat.readonly = True
        try:
            return Outcome(replaces=self._redrawn(chat, what))
        except Refusal as refusal:
            locale, zone = chat.voice
            return Outcome(toast=i18n.say(refusal.text, locale, zone)[:190])

    def _redrawn(self, chat: Chat, press: Press) -> Rendered:
        if press.route in FORM_VIEWS:
            if len(press.args) != FORM_VIEWS[press.route]:
                raise not_here()
            return chat.render(asking.redraw(chat, press.route, press.args))
        route = self.router.views[press.route]
        objects = route.objects(chat.tx, press.args)
        guarded(chat, route.who, objects)
        message: Message = route.handler(chat, *objects)
        return chat.render(message)

    def is_view(self, event: Event) -> bool:
        """Whether an event only redraws its message."""
        what = event.what
        return isinstance(what, Press) and (what.route in FORM_VIEWS or what.route in self.router.views)

    def route_name(self, event: Event) -> str:
        """What kind of event this is, for logs and counters: never what it says, and only names of our own."""
        what = event.what
        router = self.router
        if isinstance(what, Press):
            ours = (router.buttons, router.views, FORM_BUTTONS, FORM_VIEWS, FORM_ANSWERS)
            return f"button {what.route}" if any(what.route in routes for routes in ours) else "button"
        if isinstance(what, Command):
            return f"command {what.name}" if what.name in router.commands else "command"
        if isinstance(what, Submitted):
            return f"form {what.form}" if what.form in router.forms else "form"
        return type(what).__name__.lower()

    def page(self, tx: Tx, person: Person, event: Event, name: str, subject: int, now: datetime) -> Any:
        """The page of a form as it stands, for the web to show; None where the person has not begun it."""
        chat = Chat(self.house, self.router, tx, event, person, now)
        chat.readonly = True
        loaded = dialogue.load(chat, name, subject)
        return None if loaded.row is None else paging.page(loaded)


def _where(error: Exception) -> str:
    """The last place of our own code in a traceback: file and line, no values."""
    place = error.__traceback__
    found = ""
    while place is not None:
        file = place.tb_frame.f_code.co_filename
        if "site-packages" not in file and not file.startswith("<"):
            found = f"{'/'.join(file.split('/')[-2:])}:{place.tb_lineno}"
        place = place.tb_next
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _ticked(begun: dialogue.Dialogue, key: str, ticked: str) -> Sequence[str]:
    question = begun.form.field(key)
    try:
        return question.keys(unpack(ticked)) if isinstance(question, SomeOf) else ()
    except ValueError:
        raise not_here() from None


def _typed_button(message: Rendered | None, text: str) -> str | None:
    """The button of the last message that a person means by typing its label or number."""
    if message is None:
        return None
    buttons = [button for row in message.buttons for button in row if "data" in button]
    word = text.casefold()
    for button in buttons:
        if button["label"].casefold() == word:
            return button["data"]
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(buttons):
        return buttons[int(word) - 1]["data"]
    return None
