"""A loft for pigeons: a database, a writer, and senders under a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.chat.delivery import Delivery, Pace, Result, Sent
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router
from bot.work.sender import Post, Sender
from bot.work.writer import Writer
from storage import outbox, people
from storage.database import Database, Tx
from storage.tables import Outbox
from storage.vault import Vault

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = "pigeon:1"
QUICK = Pace(rate=2000, chat_rate=2000, chat_burst=100)


class Pigeon:
    """The other side of the border: a platform that answers as told and remembers what it carried.

    While its `gate` is shut an answer does not come; `unwell` says how often it is asked in vain whether it is well.
    """

    account = ACCOUNT
    finds = False

    def __init__(self, *answers: Result, pace: Pace = QUICK, unwell: int = 0) -> None:
        self.answers = list(answers)
        self.pace = pace
        self.unwell = unwell
        self.carried: list[Delivery] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def start(self) -> None:
        """Nothing."""

    async def stop(self) -> None:
        """Nothing."""

    async def send(self, delivery: Delivery) -> Result:
        self.carried.append(delivery)
        answer = self.answers.pop(0) if self.answers else Sent(f"m{delivery.row}")
        await self.gate.wait()
        return answer

    async def well(self) -> bool:
        self.unwell -= 1
        return self.unwell < 0

    @property
    def texts(self) -> list[str]:
        return [delivery.message.text for delivery in self.carried]


class Loft:
    """A database, a writer and senders under a clock moved by hand."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.db = database
        self.now = NOW
        house = House(Vault("a secret key for tests that is long enough"), folder / "keys", "http://localhost:8000")
        self.writer = Writer(database, Engine(Router(), house), lambda: self.now)
        self.writer.start()
        self.told: list[int] = []
        with database.transaction() as tx:
            self.person = people.add(tx, NOW, "Maria", "da")

    def put(self, text: str, chat: str = "7", buttons: Any = (), ticks: Any = None, **options: Any) -> int:
        message = Rendered(text, buttons, ticks)
        with self.db.transaction() as tx:
            row = outbox.put(tx, Address(ACCOUNT, chat), self.person.id, message, self.now, **options)
        assert row is not None
        return row

    def sender(self, pigeon: Pigeon, owner: str = "one", **options: Any) -> Sender:
        post = Post(
            mint=lambda tx, person, kind, path: f"http://localhost:8000/login/{kind}",
            gone=lambda tx, row: self.told.append(row.person_id),
            now=lambda: self.now,
            reveal=lambda address, sealed: address,
        )
        return Sender(pigeon, self.writer, post, owner, **options)

    def states(self) -> dict[int, str]:
        with self.db.reading() as tx:
            return self.read(tx)

    def read(self, tx: Tx) -> dict[int, str]:
        return {row.id: row.state for row in tx.execute(select(Outbox.id, Outbox.state).order_by(Outbox.id))}

    def tries(self, row: int) -> int:
        """How many attempts a row is held to account for."""
        with self.db.reading() as tx:
            return int(tx.execute(select(Outbox.attempts).where(Outbox.id == row)).scalar_one())

    def run(self, *senders: Sender, until: Callable[[], bool]) -> None:
        asyncio.run(self._run(senders, until))

    async def _run(self, senders: tuple[Sender, ...], until: Callable[[], bool]) -> None:
        stopping = asyncio.Event()
        tasks: list[Awaitable[None]] = [asyncio.create_task(sender.run(stopping)) for sender in senders]
        async with asyncio.timeout(20):
            while not until():
                await asyncio.sleep(0.01)
                for sender in senders:
                    sender.wake()
        stopping.set()
        await asyncio.gather(*tasks)


@contextmanager
def opened(database: Database, folder: Path) -> Iterator[Loft]:
    made = Loft(database, folder)
    yield made
    made.writer.stop()
