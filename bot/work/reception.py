"""Where every platform brings its events: past the gate, to the writer, and back with what was committed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import i18n
from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Event, Outcome
from bot.engine.receive import Engine
from bot.work.fair import Dropped, Gate, Manners
from bot.work.writer import Writer
from storage import people
from storage.database import Database
from storage.trouble import unwell


class Reception:
    """Takes events on the loop's own thread."""

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        database: Database,
        now: Callable[[], datetime],
        manners: Manners,
        moment: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._database = database
        self._now = now
        self._moment = moment
        self.gate = Gate(manners, engine.figures)

    async def accept(self, event: Event) -> Outcome:
        """Have an event handled and committed. A view is redrawn on a reading connection instead.

        Whoever is too fast is told so once a minute, and nothing else is done. Raises Unavailable where the database
        is unwell.
        """
        moment = self._moment()
        try:
            self.gate.check(event.address, moment)
            with self.gate.inside(event.address, moment):
                await self._greet(event, moment)
                return await self._handled(event)
        except Dropped as dropped:
            locale = i18n.known(event.locale) or self._engine.house.locale
            return Outcome(toast=i18n.say(dropped.notice, locale) if dropped.notice else "")
        except SQLAlchemyError as error:
            if not unwell(error):
                raise
            raise self._unavailable() from None

    def welcome(self) -> bool:
        """Whether one more browser that nobody knows may begin to write."""
        return self.gate.welcome(self._moment())

    async def _handled(self, event: Event) -> Outcome:
        if self._engine.is_view(event):
            return await asyncio.to_thread(self._view, event)
        if not self._writer.well and self.gate.waiting > 1:
            raise self._unavailable()  # one at a time tries whether the database is well again; nobody waits for it
        outcome = await self._writer.accepted(event)
        if event.private:
            self.gate.remember(event.address)
        return outcome

    async def _greet(self, event: Event, moment: float) -> None:
        """Let in whom we know, and so many newcomers; the database is asked only while those are too many.

        A browser was greeted before it got its session. Raises Dropped.
        """
        address = event.address
        if not event.private or address.account == "web" or self.gate.is_known(address) or self.gate.welcome(moment):
            return
        if not await asyncio.to_thread(self._on_record, address):
            raise self.gate.turned_away(address, moment)
        self.gate.remember(address)

    def _on_record(self, address: Address) -> bool:
        with self._database.reading() as tx:
            return people.owner_of(tx, address) is not None

    def _view(self, event: Event) -> Outcome:
        with self._database.reading() as tx:
            return self._engine.view(tx, event, self._now())

    def _unavailable(self) -> Unavailable:
        self._engine.figures.unavailable += 1
        return Unavailable()
