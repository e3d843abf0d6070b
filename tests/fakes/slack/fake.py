"""The handle a test holds: a Slack of its own in a thread of its own, safe to call from any other."""

from __future__ import annotations

import asyncio
import inspect
import json
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakes.ending import settle
from tests.fakes.slack.actor import Actor
from tests.fakes.slack.delivery import Attempt
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.payloads import TOKEN
from tests.fakes.slack.people import Person, Place
from tests.fakes.slack.server import Server
from tests.fakes.slack.wire import Recorded, signed
from tests.fakes.slack.world import BOT_USER, Channel

QUIET_SECONDS = 0.05
PATIENCE = 60  # seconds for anything that is asked of the loop
OTHER_TEAM = "T9999"


class SlackFake:
    """A strict Slack on loopback; `with` starts it, and at the end asks whether the bot kept the rules."""

    def __init__(
        self,
        bot_token: str = "xoxb-test",
        signing_secret: str = "signing-secret",
        app_token: str = "xapp-test",
        team: str = "T0001",
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        retry_scale: float = 0.01,
        ack_seconds: float = 3,
        log: Path | str | None = None,
        arrange: Callable[[SlackFake], object] | None = None,
    ) -> None:
        self.bot_token, self.app_token, self.team = bot_token, app_token, team
        self.signing_secret = signing_secret
        self._settings = (clock, retry_scale, ack_seconds, Path(log) if log else None)
        self._clock = clock
        self._port = port
        self._arrange = arrange
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-fake", daemon=True)
        self.people: list[Person] = []
        self._places: dict[str, Place] = {}

    def start(self) -> Self:
        self._thread.start()
        self._do(self._start())
        return self

    def stop(self) -> None:
        self._do(self.server.stop())
        self._do(settle())
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
        tokens = {"bot": self.bot_token, "app": self.app_token}
        self.server = Server(tokens, self.signing_secret, self.team, *self._settings)
        # Routes can only be added before the server listens.
        if self._arrange:
            self._arrange(self)
        await self.server.start(self._port)

    def _do(self, work: Coroutine[Any, Any, Any] | Callable[[], Any]) -> Any:
        """On the server's own loop, where all state lives."""

        async def call() -> Any:
            return await work if inspect.iscoroutine(work) else work()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(PATIENCE)

    # The workspace and its people

    @property
    def url(self) -> str:
        return f"{self.server.world.url}/api/"

    def deliver_to(self, url: str | None) -> None:
        """One address for events, interactions and commands; None delivers over sockets."""
        self.server.delivery.url = url or ""

    def user(self, name: str, *, locale: str = "en-US", team: str = "") -> Person:
        def arrive() -> Person:
            person = Person(Actor(self.server, self.server.world.add_user(name, locale, team)), self._do)
            self.people.append(person)
            return person

        found: Person = self._do(arrive)
        return found

    def channel(self, name: str, *, bot_is_member: bool = True) -> Place:
        def found() -> Place:
            if name not in self._places:
                members = {BOT_USER} if bot_is_member else set()
                world = self.server.world
                self._places[name] = Place(world.add_channel(Channel(world.name("C"), name, members=members)), self._do)
            return self._places[name]

        place: Place = self._do(found)
        return place

    def says_from_other_team(self, text: str, *, installed: bool = False) -> Person:
        """Somebody of another workspace writes to the bot."""
        stranger = self.user("Stranger", team=OTHER_TEAM)
        self._do(stranger.actor.says_from_elsewhere(text, installed=installed))
        return stranger

    def verify_url(self) -> bool:
        """The handshake when an address is entered: does the bot give the challenge back?"""
        payload = {"token": TOKEN, "challenge": "challenge-of-the-day", "type": "url_verification"}
        ack = self._do(self.server.delivery.challenge(payload))
        answer = json.loads(ack.body)["challenge"] if ack.is_json else ack.body.decode()
        return bool(ack.ok and answer == payload["challenge"])

    def authorises(self, code: str) -> None:
        """Somebody has just installed the app; the code is worth a token once."""
        self._do(lambda: self.server.world.codes.add(code))

    def duplicate_next(self, times: int = 1) -> None:
        """The next events come twice, though the bot accepted them."""
        self.server.delivery.duplicates += times

    def refresh_sockets(self, *, warn: bool = True) -> None:
        """Slack renews its connections: the bot has to open another."""
        self._do(self.server.sockets.refresh(warn=warn))

    # What the bot did

    @property
    def requests(self) -> list[Recorded]:
        return list(self.server.requests)

    @property
    def violations(self) -> list[str]:
        return list(self.server.violations)

    @property
    def attempts(self) -> list[Attempt]:
        """Every delivery, with what the bot answered."""
        return list(self.server.delivery.attempts)

    @property
    def pending(self) -> list[str]:
        """The events no socket has acknowledged yet."""
        found: list[str] = self._do(lambda: [one.payload["event_id"] for one in self.server.sockets.open.values()])
        return found

    @property
    def connected(self) -> int:
        return len(self.server.sockets.connections)

    def assert_clean(self) -> None:
        assert not self.violations, "The bot broke Slack's rules:\n" + "\n".join(self.violations)

    def forgive(self) -> list[str]:
        """Take the violations so far out of the account, for tests that cause them on purpose."""
        forgiven = self.violations
        self.server.violations.clear()
        return forgiven

    def wait_idle(self, timeout: float = 10, quiet: float = QUIET_SECONDS) -> None:
        """Until nothing is under way, retries included, and nothing has happened for a moment."""
        self.wait_until(lambda: self._do(self.server.quiet_for) >= quiet, timeout, "Slack is still busy")

    def wait_until(self, check: Callable[[], object], timeout: float = 10, why: str = "it did not happen") -> None:
        end = time.monotonic() + timeout
        while not check():
            assert time.monotonic() < end, f"{why} after {timeout} s"
            time.sleep(0.01)

    # Trouble

    @property
    def limits(self) -> bool:
        return self.server.limits.on

    @limits.setter
    def limits(self, on: bool) -> None:
        self.server.limits.on = on

    def fail(
        self, method: str, *, status: int = 200, error: str = "", times: int = 1, retry_after: int | None = None
    ) -> None:
        """Refuse the next calls of a method (`*`: of any) before they do anything."""
        if status == 429:
            error, retry_after = error or "ratelimited", retry_after or 1
        self._plan(method, Fault(error or ("" if status != 200 else "internal_error"), status, retry_after), times)

    def reset(self, method: str, *, before: bool = True, times: int = 1) -> None:
        """Break the line before the call takes effect, or after it."""
        self._plan(method, Fault(reset="before" if before else "after"), times)

    def slow(self, method: str, seconds: float, *, times: int = 1) -> None:
        self._plan(method, Fault(seconds=seconds), times)

    def truncate(self, method: str, *, times: int = 1) -> None:
        """The call takes effect, but only half of the answer comes."""
        self._plan(method, Fault(truncate=True), times)

    def lacks(self, method: str) -> None:
        """This Slack does not have the method: 404."""
        self.server.faults.lacking.add(method)

    def down(self) -> None:
        """Nobody answers any more."""
        self._do(self.server.close_port())

    def up(self) -> None:
        self._do(self.server.listen())

    def _plan(self, method: str, fault: Fault, times: int) -> None:
        self._do(lambda: self.server.faults.plan(method, fault, times))

    def sign(self, body: str | bytes, ts: float | None = None) -> dict[str, str]:
        """The two headers of a signed request."""
        raw = body.encode() if isinstance(body, str) else body
        return signed(self.signing_secret, raw, int(self._clock() if ts is None else ts))

    def post_raw(self, body: str | bytes, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Send the bot anything; nothing is signed but by the headers given."""
        raw = body.encode() if isinstance(body, str) else body
        found: tuple[int, bytes] = self._do(self.server.delivery.raw(raw, headers or {}))
        return found
