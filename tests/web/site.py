"""A site to visit: the real application over a real database, and browsers without scripts that read its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar

import httpx
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot import i18n
from bot.chat.delivery import Answer
from bot.chat.events import Address, Event, Outcome
from bot.chat.messages import Message, Ticks
from bot.domain.mandate import parse
from bot.domain.people import Person, Role, anyone
from bot.engine.chat import Chat
from bot.engine.house import House
from bot.engine.receive import Engine
from bot.engine.router import Router, Ticked
from bot.text import _
from bot.web.health import Cached
from bot.web.live import Watch
from bot.web.server import Web, build
from bot.work.closing import count_by_code
from handlers import router as handlers
from storage import committees, outbox, people, sessions
from storage.committees import Committee
from storage.database import Database, Tx
from storage.vault import Vault

DEMO = Path(__file__).parent.parent.parent / "docs" / "demo"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
T = TypeVar("T")
extra = Router()


@extra.button("t-nod", who=anyone)
def nod(chat: Chat) -> None:
    """Answers with a short line over the page."""
    chat.say(_("Continue"), briefly=True)


@extra.button("t-say", who=anyone)
def speak(chat: Chat) -> None:
    """Answers with a message."""
    chat.say("said <b>once</b>")


@extra.button("t-ticks", int, Ticked, who=anyone, secret=True)
def ticked(chat: Chat, number: int, boxes: Ticked) -> None:
    """Takes ticked boxes and says which, so that a test can see them."""
    chat.say(f"boxes {boxes} of {number}")


@extra.button("t-fails", who=anyone, secret=True)
def fails(chat: Chat) -> None:
    """A programming error in a secret route."""
    raise RuntimeError("nobody may read this")


@dataclass
class Form:
    """A form of a page as a browser without scripts sends it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a browser needs to know of a page: its forms, links, labels and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.ids: set[str] = set()
        self.refers: set[str] = set()
        self.labels: dict[str, str] = {}
        self.text = ""
        self.lang = ""
        self._link: str | None = None
        self._button: str | None = None
        self._label: list[str] | None = None
        self._box: tuple[str, str] | None = None
        self._area: str | None = None
        self._words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            assert given["id"] not in self.ids, f"two elements are called {given['id']}"
            self.ids.add(given["id"])
        self.refers |= {*given.get("aria-describedby", "").split(), *given.get("aria-labelledby", "").split()}
        self.refers |= {given["for"]} if "for" in given else set()
        if tag == "html":
            self.lang = given["lang"]
        elif tag == "form":
            self.forms.append(Form(given["action"], given.get("method", "get")))
        elif tag == "a":
            self._link, self._words = given.get("href", ""), ""
        elif tag == "button":
            self._button, self._words = given.get("formaction", ""), ""
        elif tag == "label":
            self._label, self._box = [], None
        elif tag == "textarea":
            self._area, self._words = given["name"], ""
        elif tag == "input":
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        kind, name, value = given.get("type", "text"), given["name"], given.get("value", "")
        if kind in ("checkbox", "radio"):
            self._box = (name, value)
            if "checked" in given:
                self.forms[-1].fields.append((name, value))
        elif kind == "hidden":
            self.forms[-1].fields.append((name, value))
        else:
            self.forms[-1].typed[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links[self._words.strip()] = self._link
            self._link = None
        elif tag == "button" and self._button is not None:
            if self.forms:
                self.forms[-1].buttons.append((" ".join(self._words.split()), self._button))
            self._button = None
        elif tag == "label" and self._label is not None:
            if self._box is not None:
                self.forms[-1].boxes[" ".join("".join(self._label).split())] = self._box
            self._label = None
        elif tag == "textarea" and self._area is not None:
            self.forms[-1].typed[self._area] = self._words
            self._area = None

    def handle_data(self, data: str) -> None:
        self.text += data
        self._words += data
        if self._label is not None:
            self._label.append(data)


class Wire(httpx.BaseTransport):
    """Brings each request to the application, on a loop of its own."""

    def __init__(self, site: Site) -> None:
        self.asgi = httpx.ASGITransport(site.app, raise_app_exceptions=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def answered() -> tuple[httpx.Response, bytes]:
            body = b"".join(request.stream)
            asked = httpx.Request(request.method, request.url, headers=request.headers, content=body)
            answer = await self.asgi.handle_async_request(asked)
            return answer, await answer.aread()

        answer, content = asyncio.run(answered())
        return httpx.Response(answer.status_code, headers=answer.headers, content=content, request=request)


def client(site: Site, base_url: str = "", **options: Any) -> httpx.Client:
    """Something that speaks HTTP with the site, following redirects unless told otherwise."""
    follow = options.pop("follow_redirects", True)
    return httpx.Client(
        transport=Wire(site), base_url=base_url or site.web.base_url, follow_redirects=follow, **options
    )


@lru_cache(maxsize=16)
def read(html: str) -> Page:
    """A page, read once for all that is looked for on it."""
    return Page(html)


class Browser:
    """A visitor who sees labels and presses buttons; scripts are off."""

    def __init__(self, site: Site, locale: str) -> None:
        self.site = site
        headers = {"accept-language": locale, "origin": site.web.base_url}
        self.client = client(site, headers=headers)
        self.status = 0
        self.path = ""
        self.html = ""

    @property
    def page(self) -> Page:
        return read(self.html)

    def opens(self, path: str) -> Browser:
        """Go to an address."""
        return self._took(self.client.get(path))

    def _took(self, answer: Any) -> Browser:
        self.status, self.html = answer.status_code, answer.text
        self.path = answer.url.path
        return self

    def form(self, label: str) -> Form:
        """The last form that has a button with this label."""
        found = [form for form in self.page.forms if any(label == name for name, _action in form.buttons)]
        assert found, f"no button {label!r} on {self.path}:\n{self.page.text}"
        return found[-1]

    def fields(self, label: str, ticks: tuple[str, ...] = (), **typed: str) -> tuple[str, list[tuple[str, str]]]:
        """Where a form goes and with what; a ticked radio button unticks its fellows."""
        form = self.form(label)
        chosen = [form.boxes[tick] for tick in ticks]
        radios = {name for name, _value in chosen}
        sent = [(name, value) for name, value in form.fields if name not in radios or (name, value) in chosen]
        sent += [one for one in chosen if one not in sent]
        unknown = set(typed) - {name.removeprefix("f-") for name in form.typed}
        assert not unknown, f"no such fields: {unknown} among {set(form.typed)}"
        sent += [(name, typed.get(name.removeprefix("f-"), value)) for name, value in form.typed.items()]
        action = next(action for name, action in form.buttons if name == label) or form.action
        return action, sent

    def presses(self, label: str, *ticks: str, **typed: str) -> Browser:
        """Press a button, with boxes ticked and fields filled by name."""
        action, sent = self.fields(label, ticks, **typed)
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        return self._took(self.client.post(action, data=data))

    def sees(self, *parts: str) -> Browser:
        """Each part stands on the page."""
        text = " ".join(self.page.text.split())
        for part in parts:
            assert part in text, f"{part!r} is not on {self.path}:\n{text}"
        return self

    def does_not_see(self, *parts: str) -> Browser:
        """No part stands on the page."""
        text = " ".join(self.page.text.split())
        for part in parts:
            assert part not in text, f"{part!r} is on {self.path}:\n{text}"
        return self


class Site:
    """The application with its database, and what a test needs to prepare it."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        base_url: str = "http://localhost:8000",
        committee: Committee | None = None,
    ) -> None:
        self.db = database
        self.now = START
        self.events: list[Event] = []
        self.received: list[bytes] = []
        self.well = True
        vault = Vault("a secret key for tests that is long enough")
        self.house = House(vault, folder / "keys", base_url, doors={"Telegram": "https://t.me/bot?start={key}"})
        self.engine = Engine(Router().include(handlers, extra), self.house)
        self.web = Web(
            accept=self._accept,
            write=self._write,
            count=self._count,
            database=database,
            engine=self.engine,
            house=self.house,
            doors={"/telegram": self._door},
            clock=lambda: self.now,
            base_url=base_url,
            demo=False,
            health=lambda: self.well,
            ready=Cached(lambda: self.well),
            stopping=asyncio.Event(),
            watch=Watch(),
        )
        self.app = build(self.web)
        self.committee = committee or self.load("svelvik-ungdom")

    async def _accept(self, event: Event) -> Outcome:
        self.events.append(event)
        return await self._write(lambda tx: self.engine.receive(tx, [event], self.now)[0])

    async def _write(self, run: Callable[[Tx], T]) -> T:
        with self.db.transaction() as tx:
            return run(tx)

    async def _count(self, ballot_id: int, private: bytes) -> bool:
        return count_by_code(self.db, self.engine, ballot_id, private, self.now)

    async def _door(self, headers: Any, body: bytes) -> Answer:
        self.received.append(body)
        return Answer(503 if body == b"later" else 200, b"{}", retry_after=5 if body == b"later" else None)

    def load(self, file: str, change: Callable[[str], str] = lambda source: source) -> Committee:
        """Load a demo mandate, perhaps changed."""
        source = change((DEMO / f"{file}.toml").read_text(encoding="utf-8"))
        with self.db.transaction() as tx:
            value = parse(source, self.now.date())
            return committees.load_mandate(tx, value, source, self.now.date(), self.now)[0]

    def browser(self, locale: str = "en") -> Browser:
        """A fresh browser that asks for this language."""
        return Browser(self, locale)

    def person(self, name: str, *roles: Role, locale: str = "en") -> Person:
        """Somebody with roles in the committee."""
        with self.db.transaction() as tx:
            person = people.add(tx, self.now, name, locale)
            for role in roles:
                people.give_role(tx, person.id, self.committee.id, role, self.now)
            people.change(tx, person.id, committee_id=self.committee.id)
        return person

    def link(self, person: Person, **options: Any) -> str:
        """The path of a new sign-in link."""
        with self.db.transaction() as tx:
            return f"/login/{sessions.mint_login(tx, person.id, self.now, **options)}"

    def signed_in(self, person: Person, **options: Any) -> Browser:
        """A browser in which this person has signed in by a link."""
        return self.browser(person.locale or "en").opens(self.link(person, **options)).presses("Continue")

    def tells(self, person: Person, message: Message) -> int:
        """Put a message on a person's page."""
        with self.db.transaction() as tx:
            chat = sessions.web_chat(tx, person.id, self.now)
            row = outbox.put(tx, Address("web", chat), person.id, i18n.render(message, "en"), self.now)
        assert row is not None
        return row

    def ballot(self) -> Message:
        """A message with boxes to tick."""
        return Message("Which?", ticks=Ticks("t-view", "t-ticks", ("7",), ("Benches", "A bus", "A hall"), "Send it"))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self.db.reading() as tx:
            return [tuple(row) for row in tx.exec_driver_sql(sql)]

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.db.reading() as tx:
            tables = SQLModel.metadata.tables.values()
            return {table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}
