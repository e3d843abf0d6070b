"""The handle a test holds: a Telegram of its own in a thread of its own, safe to call from any other."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.fakes.ending import settle
from tests.fakes.telegram import faults
from tests.fakes.telegram.delivery import SECRET_HEADER, Attempt, Webhook
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.people import Group, Person
from tests.fakes.telegram.server import Recorded, Server
from tests.fakes.telegram.world import Chat

T = TypeVar("T")
QUIET_SECONDS = 0.05
PATIENCE = 60  # seconds for anything that is asked of the loop
FIRST_PERSON, FIRST_GROUP = 1001, -501


class TelegramFake:
    """A strict Bot API server on loopback; `with` starts it, and at the end asks whether the bot kept the rules."""

    def __init__(
        self,
        token: str = "123456:TEST",
        *,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        retry_scale: float = 0.01,
        log: Path | str | None = None,
        arrange: Callable[[TelegramFake], object] | None = None,
    ) -> None:
        self.token = token
        self._settings = (clock, retry_scale, Path(log) if log else None)
        self._port = port
        self._arrange = arrange
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram-fake", daemon=True)
        self._people: list[Person] = []
        self._groups: list[Group] = []

    def start(self) -> Self:
        self._thread.start()
        self._wait(self._start())
        return self

    def stop(self) -> None:
        self._wait(self.server.stop())
        self._wait(settle())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()
        if error is None:
            self.assert_clean()

    async def _start(self) -> None:
        self.server = Server(self.token, *self._settings)
        # Routes can only be added before the server listens.
        if self._arrange:
            self._arrange(self)
        await self.server.start(self._port)

    # The world and its people

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def user(self, name: str, *, language_code: str | None = None, started: bool = False) -> Person:
        """Somebody new; the bot may write to them once they have written to it."""

        def arrive() -> Person:
            chat = Chat(FIRST_PERSON + len(self._people), "private", {"first_name": name}, language_code, started)
            self.server.world.chats[chat.id] = chat
            self._people.append(Person(self.server, self._do, chat))
            return self._people[-1]

        return self._do(arrive)

    def play(self, life: Coroutine[Any, Any, T]) -> Future[T]:
        """Let somebody live on the server's own loop, where people can be told what to do without a hop."""
        return asyncio.run_coroutine_threadsafe(life, self._loop)

    def group(self, title: str) -> Group:
        def found() -> Group:
            chat = Chat(FIRST_GROUP - len(self._groups), "group", {"title": title})
            self.server.world.chats[chat.id] = chat
            self._groups.append(Group(self.server, self._do, chat))
            return self._groups[-1]

        return self._do(found)

    @property
    def people(self) -> list[Person]:
        return list(self._people)

    # What the bot did

    @property
    def requests(self) -> list[Recorded]:
        return list(self.server.requests)

    @property
    def violations(self) -> list[str]:
        return list(self.server.violations)

    @property
    def attempts(self) -> list[Attempt]:
        """Every delivery to the webhook with its status and the pause after it."""
        return list(self.server.delivery.attempts)

    @property
    def pending(self) -> list[int]:
        """The ids of updates the bot has not accepted yet."""
        return self._do(lambda: [update.id for update in self.server.delivery.pending])

    @property
    def unanswered(self) -> int:
        """How many presses still show their waiting sign."""
        return self._do(lambda: sum(not press.answered for press in self.server.world.presses.values()))

    def assert_clean(self) -> None:
        assert not self.violations, "The bot broke the rules of the Bot API:\n" + "\n".join(self.violations)

    def forgive(self) -> list[str]:
        """Take the violations so far out of the account, for tests that cause them on purpose."""
        forgiven, self.server.violations = self.server.violations, []
        return forgiven

    def wait_idle(self, timeout: float = 10, quiet: float = QUIET_SECONDS) -> None:
        """Until every update is accepted and no request has been in progress for a moment."""
        end = time.monotonic() + timeout
        while self._do(self.server.quiet_for) < quiet:
            if time.monotonic() > end:
                waiting = self._do(lambda: [update.body for update in self.server.delivery.waiting])
                raise TimeoutError(f"the bot is still busy after {timeout} s; not accepted: {waiting}")
            time.sleep(quiet / 10)

    # How updates travel

    def deliver_to(self, url: str, secret: str | None = None, max_connections: int = 40) -> None:
        """Deliver to this address, as if the bot had called setWebhook."""
        self._wait(self.server.delivery.set_webhook(Webhook(url, secret, max_connections)))

    def balance(self, *urls: str) -> None:
        """Deliver to these addresses by turns, as a load balancer before several processes would."""
        self._do(lambda: setattr(self.server.delivery, "doors", list(urls)))

    def patient(self) -> None:
        """Keep presses as long as messages, where the machine is too slow for a press's few minutes."""
        self._do(lambda: self.server.delivery.lifetimes.clear())

    def duplicate_next(self, times: int = 2) -> None:
        self._do(lambda: setattr(self.server.delivery, "duplicates", times))

    def hold(self, key: int) -> None:
        """Let the updates of one queue wait: `message_key` and `press_key` of people name them."""
        self._do(lambda: self.server.delivery.hold(key))

    def release(self, key: int) -> None:
        self._do(lambda: self.server.delivery.release(key))

    @contextmanager
    def overtake(self, person: Person) -> Iterator[None]:
        """Messages of this person sent inside wait until its end, while presses go ahead."""
        self.hold(person.message_key)
        try:
            yield
            self.wait_idle()
        finally:
            self.release(person.message_key)

    def post_raw(self, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Anything at all, straight to the webhook; only the headers given, so no secret unless named."""
        return self._wait(self._post(body, headers or {}))

    @property
    def secret_header(self) -> dict[str, str]:
        return {SECRET_HEADER: self.server.delivery.webhook.secret or ""}

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        delivery = self.server.delivery
        async with delivery.session().post(delivery.webhook.url, data=body, headers=headers) as answer:
            return answer.status, await answer.read()

    # Trouble

    @property
    def limits(self) -> bool:
        return self.server.limiter.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self.server.limiter.on = on

    def lag(self, before: float, after: float) -> None:
        """Every request takes its time: seconds on its way to its effect, and from there to its answer."""
        self.server.lag = (before, after)

    def fail(
        self,
        method: str,
        status: int = 500,
        times: int = 1,
        retry_after: int | None = None,
        description: str | None = None,
        chat: int | None = None,
        **parameters: Any,
    ) -> None:
        """Refuse the next requests, to one chat if it is named; further parameters travel in the answer."""
        self._plan(method, faults.refusal(status, retry_after, description, parameters), times, chat)

    def reset(self, method: str, before: bool = True, times: int = 1) -> None:
        """Cut the line before the effect, or after it and without an answer."""
        self._plan(method, Fault(reset=True, before=before), times)

    def slow(self, method: str, seconds: float, times: int = 1, before: bool = False) -> None:
        """Answer late; the effect is there at once unless `before`."""
        self._plan(method, Fault(seconds=seconds, before=before), times)

    def truncate(self, method: str, times: int = 1) -> None:
        self._plan(method, Fault(truncate=True), times)

    def lacks(self, method: str) -> None:
        """An older server that does not know this method yet."""
        self._do(lambda: self.server.faults.lacking.add(method.lower()))

    def down(self, refuse: bool = False) -> None:
        """Answer 502 to all, or take no connection at all."""
        self.server.down = "refuse" if refuse else "502"
        if refuse:
            self._wait(self.server.refuse())

    def up(self) -> None:
        self.server.down = None
        if not self.server.up:
            self._wait(self.server.listen(self.server.port))

    def mend(self) -> None:
        """Whatever was to go wrong goes well from now on."""
        self._do(self.server.faults.waiting.clear)

    def _plan(self, method: str, fault: Fault, times: int, chat: int | None = None) -> None:
        self._do(lambda: self.server.faults.plan(method, fault, times, chat))

    def _do(self, work: Callable[[], T]) -> T:
        """Run on the server's loop, directly if we are on it."""
        if threading.current_thread() is self._thread:
            return work()

        async def later() -> T:
            return work()

        return self._wait(later())

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)
