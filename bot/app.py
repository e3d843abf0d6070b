"""The composition root: settings become a database, platforms, a web server, senders and a clock on one loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import structlog
import uvicorn
import uvloop

from bot import demo as show
from bot.chat.delivery import Door, Platform, Unavailable
from bot.chat.events import Address, Event, Outcome
from bot.chat.urls import loopback
from bot.config import Settings, SettingsError
from bot.domain import codes
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.logs import configure
from bot.operate.forgotten import Register
from bot.platforms.mail import Mail
from bot.platforms.slack import Slack
from bot.platforms.telegram import Telegram
from bot.text import _
from bot.web.health import Cached
from bot.web.live import Watch
from bot.web.server import Web, build
from bot.work.clock import Clock
from bot.work.closing import close_now, count_by_code
from bot.work.receipts import Receipts
from bot.work.sender import Post, Sender
from bot.work.writer import Writer
from handlers import housekeeping, router
from handlers.commands import menu
from storage import committees, links, marks, people, sessions
from storage.database import Database, Tx
from storage.migrate import fits, upgrade
from storage.outbox import Claimed
from storage.vault import Vault

log = structlog.get_logger()
RETRY = 15.0
DESK = "/desk"


class Server(uvicorn.Server):
    """Uvicorn without signals of its own: ours end the service in order."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


class App:
    """One process: everything it is made of, and the order in which it starts and stops."""

    def __init__(
        self,
        settings: Settings,
        *,
        demo: bool = False,
        now: Callable[[], datetime] | None = None,
        ready: Callable[[App], None] | None = None,
    ) -> None:
        check(settings, demo=demo)
        self.settings = settings
        self.demo = demo
        self.now = now or (lambda: datetime.now(UTC))
        self.ready = ready
        self.database = Database(settings.database_url)
        prepare(self.database, demo=demo)
        self.stopping = asyncio.Event()
        self.watch = Watch()
        self.senders: list[Sender] = []
        self.owner = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.slack: Slack | None = None
        self.telegram: Telegram | None = None
        self._platforms()
        self.engine = Engine(router, self._house())
        if demo:
            show.load(self.engine, self.database, self.now())
        with self.database.transaction() as tx:
            housekeeping.plan(tx, self.now(), self.engine.house.zone)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.receipts = Receipts()
        self.forgotten = Register(settings.forgotten_list)
        self.writer = Writer(self.database, self.engine, self.now, self._committed)
        self.clock = Clock(self.engine, self.writer, self.now, self._after_tick)

    def _platforms(self) -> None:
        s = self.settings
        if token := s.secret("telegram_token"):
            secret = s.secret("telegram_webhook_secret")
            self.telegram = Telegram(
                token=token,
                api_url=s.telegram_api_url,
                webhook_secret=secret,
                base_url=s.url,
                accept=self.accept,
                locale=s.locale,
                commands=menu(),
                polling=not secret,
            )
        if token := s.secret("slack_bot_token"):
            with self.database.reading() as tx:
                team = marks.get(tx, "slack team") or ""
            self.slack = Slack(
                bot_token=token,
                signing_secret=s.secret("slack_signing_secret"),
                app_token=s.secret("slack_app_token"),
                api_url=s.slack_api_url,
                base_url=s.url,
                accept=self.accept,
                locale=s.locale,
                team=team,
                commands=frozenset(router.commands),
            )
        self.mail = Mail(s.secret("smtp_url"), s.mail_from)

    def _house(self) -> House:
        s = self.settings
        accounts = {"web", "mail"} | {one.account for one in (self.telegram, self.slack) if one and ":" in one.account}
        return House(
            vault=Vault(s.secret("secret_key")),
            keys=s.key_dir,
            base_url=s.url,
            accounts=accounts,
            locale=s.locale,
        )

    async def accept(self, event: Event) -> Outcome:
        """Have an event handled and committed, and count it; a view is no event."""
        return await (self._accept(event) if self.engine.is_view(event) else self.receipts.count(self._accept, event))

    async def _accept(self, event: Event) -> Outcome:
        """Have an event handled and committed. A view is redrawn on a reading connection instead."""
        if self.engine.is_view(event):
            return await asyncio.to_thread(self._view, event)
        if self.stopping.is_set():
            raise Unavailable
        return await asyncio.wrap_future(self.writer.accept(event))

    def _view(self, event: Event) -> Outcome:
        with self.database.reading() as tx:
            return self.engine.view(tx, event, self.now())

    def _committed(self) -> None:
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self.watch.notify()
        for sender in self.senders:
            sender.wake()

    def _after_tick(self) -> None:
        self.writer.alone(lambda database: close_now(database, self.engine, self.now()))
        self.writer.alone(self.forgotten.note)

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

    def _mint(self, tx: Tx, person_id: int, kind: str, path: str) -> str:
        if kind == "code":
            code = links.mint(tx, self.engine.house.vault, person_id, self.now())
            return codes.in_groups(code)
        # Only a mail asked for at the sign-in page leads to the desk: no chat's link carries the rights of staff.
        staff = path == DESK and people.works_here(tx, person_id)
        if kind == "pin":
            return sessions.mint_code(tx, self.engine.house.vault, person_id, self.now(), path=path, staff=staff)
        token = sessions.mint_login(tx, person_id, self.now(), path=path, staff=staff, minutes=15 if staff else 24 * 60)
        return f"{self.settings.url}/login/{token}"

    def _gone(self, tx: Tx, row: Claimed) -> None:
        """Somebody cannot be reached any more: the facilitators of the committee are told, once."""
        if row.committee_id is None:
            return
        errand = Errand(self.engine.house, self.engine.router, tx, self.now())
        errand.about(row.committee_id)
        name = people.get(tx, row.person_id).name or _("somebody")
        text = _(
            "We cannot reach {name} on {platform} any more. Please ask how we may write instead.",
            name=name,
            platform=row.address.platform.capitalize(),
        )
        for person in people.facilitators(tx, row.committee_id):
            errand.tell(
                person,
                text,
                notice=_("somebody is out of reach"),
                kind="necessary",
                dedupe=f"gone:{row.person_id}:{person.id}",
            )

    async def run(self) -> None:
        """Serve until told to stop; then stop in an order that loses nothing."""
        self.loop = asyncio.get_running_loop()
        listening = listen(self.settings)
        unwatch = self._watched()
        self.writer.start()
        config = uvicorn.Config(
            build(self._web()),
            http="httptools",
            loop="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=3,
            proxy_headers=False,
        )
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        self.clock.start()
        working = [asyncio.create_task(self._work(platform)) for platform in self._all_platforms()]
        async with self._stopped_in_order(server, serving, working, unwatch):
            while not server.started and not serving.done():  # noqa: ASYNC110 (uvicorn has no event to wait for)
                await asyncio.sleep(0.02)
            if self.ready and server.started:
                self.ready(self)
            await asyncio.wait(
                [serving, asyncio.create_task(self.stopping.wait())], return_when=asyncio.FIRST_COMPLETED
            )

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
            await asyncio.wait(working, timeout=10)
            for platform in self._all_platforms():
                await platform.stop()
            await asyncio.to_thread(self.writer.stop)
            await asyncio.to_thread(unwatch)
            self.database.close()

    def _watched(self) -> Callable[[], None]:
        """Show figures to whoever watches, where a port is set; returns what ends it. Raises SettingsError."""
        if not self.settings.metrics_port:
            return lambda: None
        from bot.operate import metrics

        events = getattr(self.engine, "figures", None)
        sources = metrics.Sources(self.database, self.receipts, events, lambda: self.senders, self.now)
        try:
            return metrics.serve(sources, self.settings.metrics_port)
        except OSError as error:
            raise SettingsError(
                f"SAMSKAB_METRICS_PORT: cannot listen on {self.settings.metrics_port} ({error.strerror}). "
                "Set it to another number."
            ) from None

    def _all_platforms(self) -> list[Platform]:
        return [one for one in (self.mail, self.telegram, self.slack) if one is not None]

    def _web(self) -> Web:
        return Web(
            accept=self.accept,
            write=lambda run: asyncio.wrap_future(self.writer.submit(run)),
            count=self._count,
            database=self.database,
            engine=self.engine,
            house=self.engine.house,
            doors=self._doors(),
            clock=self.now,
            base_url=self.settings.url,
            demo=self.demo,
            health=lambda: self.writer.well,
            ready=Cached(lambda: fits(self.database)),
            stopping=self.stopping,
            watch=self.watch,
        )

    async def _work(self, platform: Platform) -> None:
        """Get a platform going, again and again while its service is down, and send for it until the end."""
        while not self.stopping.is_set():
            try:
                await platform.start()
                break
            except OSError as error:
                log.warning("platform out of reach", platform=platform.account, error=type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.stopping.wait(), RETRY)
        if self.stopping.is_set():
            return
        self._started(platform)
        post = Post(mint=self._mint, gone=self._gone, now=self.now, reveal=self._reveal)
        sender = Sender(platform, self.writer, post, self.owner)
        self.senders.append(sender)
        tasks = [sender.run(self.stopping)]
        if platform is self.telegram and not self.settings.secret("telegram_webhook_secret"):
            tasks.append(self.telegram.poll(self.stopping))
        if platform is self.slack and self.settings.secret("slack_app_token"):
            tasks.append(self.slack.sockets(self.stopping))
        await asyncio.gather(*tasks)

    def _started(self, platform: Platform) -> None:
        """A platform learns its account at its first start; from then on we can write there."""
        house = self.engine.house
        if self.telegram and platform is self.telegram:
            house.doors["Telegram"] = self.telegram.door
        if platform.account not in house.accounts:
            house.accounts.add(platform.account)
            if platform is self.slack:
                self.writer.submit(lambda tx: marks.put(tx, "slack team", platform.account.partition(":")[2]))

    def _reveal(self, address: Address, sealed: bytes | None) -> Address:
        """A mail row names its address by a keyed hash; only the sender unseals it."""
        return address if sealed is None else Address(address.account, self.engine.house.vault.open(sealed))

    def stop_on_signals(self) -> None:
        """Stop in order on Ctrl-C or SIGTERM, and at once on the second."""
        loop = asyncio.get_running_loop()

        def stop() -> None:
            if self.stopping.is_set():
                os._exit(1)
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)


def check(settings: Settings, *, demo: bool) -> None:
    """Refuse settings that would be unsafe. Raises SettingsError."""
    if demo:
        if settings.secret("telegram_token") or settings.secret("slack_bot_token"):
            raise SettingsError(
                "The demo runs without tokens: unset SAMSKAB_TELEGRAM_TOKEN and SAMSKAB_SLACK_BOT_TOKEN."
            )
        if not loopback(settings.url) or not loopback(f"http://{settings.host}"):
            raise SettingsError("The demo is for this machine only: unset SAMSKAB_BASE_URL and SAMSKAB_HOST.")
    if len(settings.secret("secret_key")) < 32:
        raise SettingsError(
            "SAMSKAB_SECRET_KEY: at least 32 characters are needed; samskab doctor --new-key prints one."
        )


def listen(settings: Settings) -> socket.socket:
    """The socket the service answers on. Raises SettingsError where it cannot be had."""
    found = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((settings.host, settings.port))
    except OSError as error:
        found.close()
        raise SettingsError(
            f"SAMSKAB_PORT: cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Is another service there? Set SAMSKAB_PORT to another number."
        ) from None
    return found


def prepare(database: Database, *, demo: bool) -> None:
    """Bring the database up to date, and keep a demo's apart from a real one. Raises SettingsError."""
    upgrade(database)
    with database.transaction() as tx:
        marked = marks.get(tx, "demo")
        if demo and marked is None:
            if committees.all_of(tx):
                raise SettingsError(
                    "This is no demo's database: it has committees of its own. Unset SAMSKAB_DATABASE_URL."
                )
            marks.put(tx, "demo", "yes")
        if not demo and marked is not None:
            raise SettingsError("This is a demo's database. Set SAMSKAB_DATABASE_URL to one of your own.")


def serve(settings: Settings, *, demo: bool = False, ready: Callable[[App], None] | None = None) -> None:
    """Run the service until it is told to stop; `ready` is called once, when it answers."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a memory dump would hold keys and open votes
    configure(settings.log_level, settings.log_format)
    logging.captureWarnings(True)

    async def main() -> None:
        app = App(settings, demo=demo, ready=ready)
        app.stop_on_signals()
        await app.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def demonstrate(settings: Settings, say: Callable[[str], None]) -> None:
    """Run the demo: fill its database at the first start, and print a link for each kind of person."""
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "ERROR"})  # the terminal is for the links

    def ready(app: App) -> None:
        with app.database.transaction() as tx:
            for label, url in show.links(tx, settings.url, app.now()):
                say(f"{label}: {url}")

    serve(settings, demo=True, ready=ready)
