"""A house for the Slack platform: both doors open to a strict workspace, and a plain function behind them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web

from bot.chat.delivery import Delivery, Result
from bot.chat.events import Address, Event, Outcome
from bot.chat.messages import Rendered
from bot.platforms.slack import Slack
from tests.fakes.slack import SlackFake

TOKEN, SECRET, APP_TOKEN = "xoxb-1-test", "8f742231b10e8888abcd99yyyzzz85a5", "xapp-1-test"
T = TypeVar("T")


def workspace() -> SlackFake:
    """A workspace whose app has our tokens."""
    return SlackFake(bot_token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN)


class House:
    """What stands behind the door: a plain function that answers by what it is told, and a loop of its own."""

    def __init__(self, fake: SlackFake, *, sockets: bool = False) -> None:
        self.fake = fake
        self.sockets = sockets
        self.heard: list[Event] = []
        self.answers: Callable[[Event], Outcome] = lambda _event: Outcome()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.row = 0
        self.do(self._start())

    async def accept(self, event: Event) -> Outcome:
        self.heard.append(event)
        return self.answers(event)

    async def _start(self) -> None:
        self.slack = Slack(
            bot_token=TOKEN,
            signing_secret=SECRET,
            app_token=APP_TOKEN if self.sockets else "",
            api_url=self.fake.url,
            base_url="http://localhost:8000",
            accept=self.accept,
            commands={"help", "status"},
        )
        await self.slack.start()
        self.stopping = asyncio.Event()
        if self.sockets:
            self.reading = asyncio.create_task(self.slack.sockets(self.stopping))
            return
        app = web.Application()
        app.router.add_post("/slack", self._door)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/slack"

    async def _door(self, request: web.Request) -> web.Response:
        answer = await self.slack.receive(request.headers, await request.read())
        kind = answer.content_type.partition(";")[0]
        headers = {"Retry-After": str(answer.retry_after)} if answer.retry_after else {}
        return web.Response(status=answer.status, body=answer.body, content_type=kind, headers=headers)

    async def _stop(self) -> None:
        self.stopping.set()
        if self.sockets:
            await self.reading
        else:
            await self.runner.cleanup()
        await self.slack.stop()

    def stop(self) -> None:
        self.do(self._stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def send(self, user: str, message: Rendered, op: str = "send", **more: Any) -> Result:
        """Carry a message, as the sender would; each gets a row of its own unless one is named."""
        self.row += 1
        row = more.pop("row", self.row)
        delivery = Delivery(row, op, Address(self.slack.account, user), message, **more)
        return self.do(self.slack.send(delivery))


@contextmanager
def opened(fake: SlackFake, *, sockets: bool = False) -> Iterator[House]:
    found = House(fake, sockets=sockets)
    try:
        if sockets:
            fake.deliver_to(None)
            fake.wait_until(lambda: fake.connected == 1)
        else:
            fake.deliver_to(found.url)
        yield found
        fake.wait_idle()
    finally:
        found.stop()
