"""Several real processes on one PostgreSQL behind one address, with a strict Telegram around them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bot.chat.events import Address
from bot.domain.mandate import parse
from bot.domain.people import Role
from storage import committees, people, sessions
from storage.database import Database
from tests.doors.stage import HOOK, free_port
from tests.doors.web import Online
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.people import Person as Phone
from tests.serve import Service, service
from tests.world import DEMO


class Balancer:
    """One address for several processes: each new connection goes to the next of them that takes it."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        with suppress(OSError), self._listening:
            while True:
                threading.Thread(target=self._carry, args=(self._listening.accept()[0],), daemon=True).start()

    def _carry(self, front: socket.socket) -> None:
        with front:
            for port in list(self.ports):
                self.ports.append(self.ports.pop(0))
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as back:
                    back.settimeout(None)
                    answering = threading.Thread(target=_pump, args=(back, front))
                    answering.start()
                    _pump(front, back)
                    answering.join()
                    return

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()


def _pump(source: socket.socket, goal: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            goal.sendall(data)
    for end in (source, goal):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Fleet:
    """The processes, the people outside, and what was committed."""

    def __init__(self, database: Database, folder: Path, fake: TelegramFake, stack: ExitStack) -> None:
        self.db, self.folder, self.fake, self.stack = database, folder, fake, stack
        self.balancer = Balancer()
        stack.callback(self.balancer.close)
        self.url = f"http://127.0.0.1:{self.balancer.port}"
        self.account = f"telegram:{fake.token.partition(':')[0]}"
        (folder / "keys").mkdir(mode=0o700)
        with database.transaction() as tx:
            now, source = datetime.now(UTC), (DEMO / "svelvik-ungdom.toml").read_text(encoding="utf-8")
            value = parse(source, now.date())
            self.committee, _new = committees.load_mandate(tx, value, source, now.date(), now)

    def starts(self, only: str, **composed: object) -> Service:
        """Another process; one that answers takes its place behind the address."""
        port = free_port()
        settings = {
            "SAMSKAB_DATABASE_URL": self.db.url.render_as_string(hide_password=False),
            "SAMSKAB_BASE_URL": self.url,
            "SAMSKAB_TELEGRAM_TOKEN": self.fake.token,
            "SAMSKAB_TELEGRAM_API_URL": self.fake.url,
            "SAMSKAB_TELEGRAM_WEBHOOK_SECRET": HOOK,
        }
        running = self.stack.enter_context(
            service(self.folder, port, None, settings, only=only, composed=composed or None)
        )
        if only == "web":
            self.balancer.ports.append(port)
        return running

    def member(self, name: str) -> Phone:
        """A citizen member with a phone."""
        phone = self.fake.user(name, language_code="en", started=True)
        now = datetime.now(UTC)
        with self.db.transaction() as tx:
            person = people.add(tx, now, name, "en")
            people.give_address(tx, person.id, Address(self.account, str(phone.id)), now)
            people.give_role(tx, person.id, self.committee.id, Role.CITIZEN, now, None)
            people.change(tx, person.id, committee_id=self.committee.id)
        return phone

    def browser(self, name: str) -> tuple[int, Online]:
        """Somebody signed in on the web, through the one address."""
        now = datetime.now(UTC)
        with self.db.transaction() as tx:
            person = people.add(tx, now, name, "en")
            people.give_address(tx, person.id, Address("web", f"p{person.id}"), now)
            token = sessions.mint_login(tx, person.id, now)
        browser = Online(self.url, "en")
        browser.opens(f"/login/{token}").presses("Continue")
        self.stack.callback(browser.client.close)
        return person.id, browser

    def directly(self, browser: Online, running: Service) -> httpx.Client:
        """The same browser's connection to one of the processes, as if the balancer had chosen it."""
        client = httpx.Client(base_url=running.url, headers=self.headers(browser), timeout=20)
        self.stack.callback(client.close)
        return client

    def headers(self, browser: Online) -> Mapping[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
        return {"host": self.url.removeprefix("http://"), "cookie": cookies}


@contextmanager
def fleet(database: Database, folder: Path) -> Iterator[Fleet]:
    """No process yet; all end with the block."""
    with ExitStack() as stack:
        fake = stack.enter_context(TelegramFake())
        fake.limits = False
        yield Fleet(database, folder, fake, stack)
