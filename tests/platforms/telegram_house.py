"""A house for the Telegram platform: its door open to a strict Bot API server, and a plain function behind it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web

from bot.chat.delivery import Delivery, Result
from bot.chat.events import Address, Event, Outcome, What
from bot.chat.messages import Rendered
from bot.platforms.telegram import Telegram
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.people import Group, Person

TOKEN = "123456:AAtestAAtestAAtestAAtestAAtestAAtest"
HOOK = "a-webhook-secret-of-32-characters"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
T = TypeVar("T")


def server() -> TelegramFake:
    """A strict Bot API server that knows our token."""
    return TelegramFake(TOKEN)


class House:
    """What stands behind the door: a plain function that answers by what it is told, and a loop of its own."""

    def __init__(self, fake: TelegramFake, *, polling: bool = False, **more: Any) -> None:
        self.fake = fake
        self.heard: list[Event] = []
        self.answers: Callable[[Event], Outcome] = lambda _event: Outcome()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.row = 0
        self.polling = polling
        self.reading: asyncio.Task[None] | None = None
        self.do(self._open(more))

    async def accept(self, event: Event) -> Outcome:
        self.heard.append(event)
        return self.answers(event)

    @property
    def said(self) -> list[What]:
        """What was heard, without the frame around it."""
        return [event.what for event in self.heard]

    async def _open(self, more: Mapping[str, Any]) -> None:
        self.stopping = asyncio.Event()
        app = web.Application(client_max_size=2_000_000)
        app.router.add_post("/telegram", self._door)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.telegram = Telegram(
            token=TOKEN,
            api_url=self.fake.url,
            webhook_secret="" if self.polling else HOOK,
            base_url=f"http://127.0.0.1:{self.runner.addresses[0][1]}",
            accept=self.accept,
            polling=self.polling,
            **more,
        )

    def start(self) -> None:
        """Start as the service does, and read updates where they are to be fetched."""
        self.do(self._start())

    async def _start(self) -> None:
        await self.telegram.start()
        if self.polling:
            self.reading = asyncio.create_task(self.telegram.poll(self.stopping))

    async def _door(self, request: web.Request) -> web.Response:
        answer = await self.telegram.receive(request.headers, await request.read())
        headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type, headers=headers)

    async def _stop(self) -> None:
        self.stopping.set()
        if self.reading:
            await asyncio.wait_for(self.reading, 5)
        await self.runner.cleanup()
        await self.telegram.stop()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"still running after the stop: {left}"

    def stop(self) -> None:
        try:
            self.do(self._stop())
        finally:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def send(self, to: Person | Group | int, message: Rendered, op: str = "send", **more: Any) -> Result:
        """Carry a message, as the sender would; each gets a row of its own unless one is named."""
        self.row += 1
        row = more.pop("row", self.row)
        chat = to if isinstance(to, int) else to.id
        delivery = Delivery(row, op, Address(self.telegram.account, str(chat)), message, **more)
        return self.do(self.telegram.send(delivery))


@contextmanager
def opened(
    fake: TelegramFake,
    *,
    polling: bool = False,
    start: bool = True,
    commands: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Iterator[House]:
    found = House(fake, polling=polling, commands=commands)
    try:
        if start:
            found.start()
        yield found
        fake.wait_idle()
    finally:
        found.stop()
