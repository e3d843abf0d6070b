"""Chat: the one tool a handler has. It says and tells; nothing is sent before the transaction is committed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bot.chat.events import Event, FormPage, Outcome, Press
from bot.chat.messages import Image, Message, Rendered, Ticks
from bot.domain.people import Person, Role, Standing
from bot.domain.questions import Value
from bot.engine import post
from bot.engine.errand import Errand, Item, in_rows
from bot.engine.house import House
from bot.text import Words
from storage import committees, outbox, people
from storage.database import Tx

if TYPE_CHECKING:
    from bot.engine.router import Router

TOASTS = frozenset({"telegram", "web"})


class Chat(Errand):
    """One event of one person. For handlers: person, committee, tx, now, house, say, tell, begin."""

    def __init__(self, house: House, router: Router, tx: Tx, event: Event, person: Person, now: datetime) -> None:
        super().__init__(house, router, tx, now)
        self.event = event
        self.person = person
        self.toast = ""
        self.errors: Mapping[str, str] = {}
        self.opens: FormPage | None = None
        self.done = False
        self.readonly = False
        self._pressed: int | None = None
        self._roles: Mapping[int | None, frozenset[Role]] | None = None
        if person.committee_id is not None:
            super().about(person.committee_id)

    def say(
        self,
        text: Words,
        *rows: Item | tuple[Item, ...],
        ticks: Ticks | None = None,
        image: Image | None = None,
        table: tuple[tuple[Words, ...], ...] = (),
        protect: bool = False,
        equals: bool = False,
        instead: bool = False,
        briefly: bool = False,
    ) -> int | None:
        """Answer the person where the event came from; each item of `rows` is a row of buttons.

        The first is drawn as the main action, unless they are `equals`. `instead` replaces the message whose button was
        pressed. `briefly` makes it a short line over the page where the platform has one. Returns the outbox row.
        """
        if briefly and self.event.address.platform in TOASTS:
            rendered = self.render(Message(text))
            if len(rendered.text) <= 190 or self.event.address.account == "web":
                self.toast = rendered.text
                return None
        message = self.render(Message(text, in_rows(rows), ticks, image, protect, table, equals))
        pressed = self.pressed_row() if instead else None
        if pressed is not None:
            outbox.edit(self.tx, pressed, message, self.now)
            return pressed
        return self.answer(message)

    def answer(self, message: Rendered) -> int | None:
        """Say what stands in the person's language already. Returns the outbox row."""
        if self.event.aside:  # the page shows what was done; it says only what it cannot show
            self.toast = "" if message.buttons else message.text
            return None
        committee_id = self.committee.id if self.committee else None
        return outbox.put(self.tx, self.event.address, self.person.id, message, self.now, committee_id=committee_id)

    def begin(
        self, form: str, subject: int = 0, *, anew: bool = False, given: Mapping[str, Value] | None = None
    ) -> None:
        """Open a form with the person: where it was left, `anew` from what was sent before, or with answers `given`."""
        from bot.engine import answering  # a form speaks through a chat

        answering.begin(self, form, subject, anew=anew, given=given)

    @property
    def voice(self) -> tuple[str, str]:
        """The language and zone the person reads in."""
        mandate = committees.mandate(self.tx, self.committee.id) if self.committee else None
        return post.voice(self.house, self.person, mandate)

    def render(self, message: Message) -> Rendered:
        """A message in the person's own language."""
        mandate = committees.mandate(self.tx, self.committee.id) if self.committee else None
        return post.render(self.house, self.person, mandate, message)

    def about(self, committee_id: int) -> None:
        """From here on the chat is about this committee, and the person is remembered to talk about it."""
        super().about(committee_id)
        if self.person.committee_id != committee_id and not self.readonly:
            people.change(self.tx, self.person.id, committee_id=committee_id)

    def standing(self, objects: tuple[object, ...] = ()) -> Standing:
        """The person's roles in the committee at hand, and the objects pressed."""
        if self._roles is None:
            self._roles = people.roles(self.tx, self.person.id)
        here = self._roles.get(self.committee.id, frozenset()) if self.committee else frozenset()
        # Of the roles without a committee only the owner's counts in all of them: a politician has a seat in none.
        return Standing(here | (self._roles.get(None, frozenset()) & {Role.OWNER}), objects)

    def pressed_row(self) -> int | None:
        """The outbox row of the message whose button was pressed."""
        what = self.event.what
        if self._pressed is None and isinstance(what, Press) and what.message is not None:
            self._pressed = outbox.pressed(self.tx, self.event.address, self.person.id, what)
        return self._pressed

    def outcome(self) -> Outcome:
        """What the platform is told straight after the commit."""
        return Outcome(self.toast, self.errors, self.opens, done=self.done)
