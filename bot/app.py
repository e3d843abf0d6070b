"""The composition root: settings become a database, platforms, a web server, senders and a clock on one loop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import accounts, catalogues
from bot import demo as show
from bot.chat.delivery import Door, Platform, Unavailable
from bot.chat.events import Event, Outcome
from bot.config import Settings
from bot.domain.retention import Recordings
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.mailroom import Mailroom
from bot.operate.forgotten import Register
from bot.platforms.mail import Mail
from bot.start import bound, check, keys_name, prepare
from bot.web.connections import Server
from bot.web.health import Cached
from bot.web.live import Watch, first
from bot.web.server import Web, build, health_only
from bot.work.clock import Clock
from bot.work.closing import close_now, count_by_code
from bot.work.collating import collate_now
from bot.work.fair import Manners
from bot.work.fetcher import Fetcher
from bot.work.receipts import Receipts
from bot.work.reception import Reception
from bot.work.selecting import select_now
from bot.work.sender import Sender
from bot.work.writer import Writer
from handlers import beforehand, housekeeping, router
from storage import committees, news
from storage.database import Database, Tx
from storage.lock import Lock
from storage.migrate import fits
from storage.trouble import unwell
from storage.vault import Vault

log = structlog.get_logger()
T = TypeVar("T")
RETRY = 15.0
LOOK_AGAIN = 5.0


class App:
    """One process: everything it is made of, and the order in which it starts and stops.

    On PostgreSQL it may be `only` a part: "web" answers and commits, "work" sends and does what is due.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        demo: bool = False,
        only: str = "",
        now: Callable[[], datetime] | None = None,
        ready: Callable[[App], None] | None = None,
        manners: Manners | None = None,
    ) -> None:
        check(settings, demo=demo, only=only)
        self.settings = settings
        self.demo = demo
        self.answers, self.works = only != "work", only != "web"
        self.now = now or (lambda: datetime.now(UTC))
        self.ready = ready
        self.database = Database(settings.database_url)
        prepare(self.database, demo=demo)
        self.stopping = asyncio.Event()
        self.watch = Watch()
        self.senders: list[Sender] = []
        self.fetchers: list[Fetcher] = []
        self.owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.mail = Mail(settings.secret("smtp_url"), settings.mail_from)
        self.telegram = accounts.telegram(settings, self.accept)
        self.slack = accounts.slack(settings, self.accept)
        with self.database.reading() as tx:
            for account in self._accounts():
                accounts.recall(tx, account)
        self.engine = Engine(router, self._house(keys_name(self.database, settings.key_dir, only)))
        if demo:
            show.load(self.engine, self.database, self.now())
        with self.database.transaction() as tx:
            housekeeping.plan(tx, self.now(), self.engine.house.zone)
            beforehand.plan(tx, self.now(), self.engine.house.zone)
            committees.plan_closings(tx, self.now())
        self.loop: asyncio.AbstractEventLoop | None = None
        self.database.heard = self._committed
        self.receipts = Receipts()
        self.forgotten = Register(settings.forgotten_list)
        self.writer = Writer(self.database, self.engine, self.now)
        self.reception = Reception(self.engine, self.writer, self.database, self.now, manners or Manners())
        self._selecting: threading.Thread | None = None
        self.clock = Clock(self.engine, self.writer, self.now, self._after_tick)
        self.mailroom = Mailroom(self.engine, self.now)
        self.web = self._web()

    def _house(self, keys: str) -> House:
        s = self.settings
        house = House(
            vault=Vault(s.secret("secret_key")),
            keys=s.key_dir,
            base_url=s.url,
            locale=s.locale,
            keys_name=keys,
            recordings=Recordings.of(s.recording_days, s.written_recording_days),
        )
        house.accounts.update(one.account for one in self._accounts() if ":" in one.account)
        return house

    def _accounts(self) -> list[accounts.Account]:
        return [one for one in (self.telegram, self.slack) if one is not None]

    async def accept(self, event: Event) -> Outcome:
        """Have an event handled and committed, and count it; a view is no event."""
        if self.engine.is_view(event):
            return await self.reception.accept(event)
        return await self.receipts.count(self._accept, event)

    async def _accept(self, event: Event) -> Outcome:
        if self.stopping.is_set():
            raise Unavailable
        return await self.reception.accept(event)

    async def _write(self, run: Callable[[Tx], T]) -> T:
        try:
            return await self.writer.written(run)
        except SQLAlchemyError as error:
            if not unwell(error):
                raise
            raise Unavailable from error

    def _committed(self, places: Collection[str]) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._heard, places)

    def _heard(self, places: Collection[str] | None) -> None:
        """We, or another process, have left something new there; None is everywhere."""
        if places is None or "web" in places:
            self.watch.notify()
        for sender in self.senders:
            if places is None or sender.platform.account in places:
                sender.wake()
        for fetcher in self.fetchers:
            if places is None or fetcher.account in places:
                fetcher.wake()
        if self.works and (places is None or news.DUE in places):
            self.clock.knock()

    def _after_tick(self) -> None:
        self.writer.alone(lambda database: close_now(database, self.engine, self.now()))
        self.writer.alone(self.forgotten.note)
        if self._selecting is None or not self._selecting.is_alive():
            # Nobody waits for it at the end: what it has begun is done again by the next process.
            self._selecting = threading.Thread(target=self._select, name="selecting", daemon=True)
            self._selecting.start()

    def _select(self) -> None:
        """Compute what waits to be drawn or grouped, in a thread: each change is a job of the writer's."""

        def write(run: Callable[[Tx], T]) -> T:
            return self.writer.background(run).result()

        with _logged("selection failed"):
            select_now(self.database, write, self.engine, self.owner, self.now)
        with _logged("grouping answers failed"):
            collate_now(self.database, write, self.engine, self.now)

    def _count(self, ballot_id: int, private: bytes) -> asyncio.Future[bool]:
        """Count a ballot with the chair's closing code."""
        engine, now = self.engine, self.now()
        counted = self.writer.alone(lambda database: count_by_code(database, engine, ballot_id, private, now))
        return asyncio.wrap_future(counted)

    def _doors(self) -> dict[str, Door]:
        doors: dict[str, Door] = {}
        if self.telegram:
            doors["/telegram"] = self.telegram.receive
        if self.slack:
            doors["/slack"] = self.slack.receive
        return doors

    def _web(self) -> Web:
        return Web(
            accept=self.accept,
            write=self._write,
            count=self._count,
            database=self.database,
            engine=self.engine,
            house=self.engine.house,
            doors=self._doors(),
            clock=self.now,
            base_url=self.settings.url,
            demo=self.demo,
            welcome=self.reception.welcome,
            health=lambda: self.writer.well,
            ready=Cached(lambda: fits(self.database)),
            stopping=self.stopping,
            watch=self.watch,
        )

    async def run(self) -> None:
        """Serve until told to stop; then stop in an order that loses nothing."""
        self.loop = asyncio.get_running_loop()
        listening = bound(self.settings)
        unwatch = self._watched()
        self.writer.start()
        server = Server.of(build(self.web) if self.answers else health_only(self.web))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        working = self._begin()
        async with self._stopped_in_order(server, serving, working, unwatch):
            while not server.started and not serving.done():  # noqa: ASYNC110 (uvicorn has no event to wait for)
                await asyncio.sleep(0.02)
            catalogues.read_all()
            gc.freeze()  # what a service is made of stays until its end, and need not be looked through for cycles
            if self.ready and server.started:
                self.ready(self)
            await asyncio.wait(
                [serving, asyncio.create_task(self.stopping.wait())], return_when=asyncio.FIRST_COMPLETED
            )

    def _watched(self) -> Callable[[], None]:
        """Show figures to whoever watches, where a port is set; returns what ends it. Raises SettingsError."""
        if not (port := self.settings.metrics_port):
            return lambda: None
        from bot.operate import metrics  # a library that most services do without

        sources = metrics.Sources(self.database, self.receipts, self.engine.figures, lambda: self.senders, self.now)
        return metrics.serve(sources, port)

    def _begin(self) -> list[asyncio.Task[None]]:
        """Everything that goes on beside the server."""
        going: list[Any] = []
        if self.works:
            self.clock.start()
            going += [self._work(platform) for platform in self._platforms()]
        else:
            going += [self._learn(account) for account in self._accounts()]
        if not self.database.sqlite:
            from bot.work.listen import listen  # its library is of no use beside SQLite

            going.append(listen(self.database, self._heard, self.stopping))
        return [asyncio.create_task(one) for one in going]

    @contextlib.asynccontextmanager
    async def _stopped_in_order(
        self,
        server: Server,
        serving: asyncio.Task[None],
        working: list[asyncio.Task[None]],
        unwatch: Callable[[], None],
    ) -> AsyncIterator[None]:
        try:
            yield
        finally:
            self.stopping.set()
            self.clock.stop()
            server.should_exit = True
            await asyncio.wait([serving], timeout=5)
            if working:
                await asyncio.wait(working, timeout=10)
            for platform in self._platforms():
                await platform.stop()
            await asyncio.to_thread(self.writer.stop)
            await asyncio.to_thread(unwatch)
            self.database.close()

    def _platforms(self) -> list[Platform]:
        return [self.mail, *self._accounts()]

    async def _work(self, platform: Platform) -> None:
        """Get a platform going, again and again while its service is down, and send for it until the end."""
        while not self.stopping.is_set():
            try:
                await platform.start()
                break
            except OSError as error:
                log.warning("platform out of reach", platform=platform.account, error=type(error).__name__)
                await self._rest(RETRY)
        if self.stopping.is_set():
            return
        self.engine.house.paces[platform.account] = platform.pace.bulk
        tasks: list[Any] = []
        for account in self._accounts():
            if account is platform:
                accounts.enter(self.engine.house, account)
                self.writer.submit(partial(accounts.note, account=account))
                self.fetchers.append(Fetcher(account, self.database, self.writer, self.engine, self.now))
                tasks.append(self.fetchers[-1].run(self.stopping))
        lock = Lock(self.database, platform.account)
        lease = self.settings.lease_seconds
        sender = Sender(platform, self.writer, self.mailroom.post, self.owner, lease=lease, lock=lock)
        self.senders.append(sender)
        tasks.append(sender.run(self.stopping))
        if platform is self.telegram and not self.settings.secret("telegram_webhook_secret"):
            tasks.append(self.telegram.poll(self.stopping))
        if platform is self.slack and self.settings.secret("slack_app_token"):
            tasks.append(self.slack.sockets(self.stopping))
        await asyncio.gather(*tasks)

    async def _learn(self, account: accounts.Account) -> None:
        """A process that only answers knows an account once a working one has reached it."""
        while not self.stopping.is_set():
            changed = self.watch.changed
            with contextlib.suppress(Unavailable):
                if await self.web.read(lambda tx: accounts.recall(tx, account)):
                    accounts.enter(self.engine.house, account)
                    return
            await first(changed, self.stopping, seconds=LOOK_AGAIN)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    def stop_on_signals(self) -> None:
        """Stop in order on Ctrl-C or SIGTERM, and at once on the second."""
        loop = asyncio.get_running_loop()

        def stop() -> None:
            if self.stopping.is_set():
                os._exit(1)
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)


@contextlib.contextmanager
def _logged(what: str) -> Iterator[None]:
    """What waits is tried again after the next tick, and keeps nothing else from being done."""
    try:
        yield
    except Exception as error:
        log.error(what, error=type(error).__name__)
