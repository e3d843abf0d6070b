"""What this Slack knows: its people, conversations, messages, windows, tickets and files."""

from __future__ import annotations

import copy
import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError

APP, BOT_USER, BOT = "A0001", "U0BOT", "B0001"
TRIGGER_SECONDS = 3
REPLY_USES, REPLY_SECONDS = 5, 30 * 60
MOST_VIEWS = 3


@dataclass
class User:
    """Somebody of a workspace, with the windows open before them."""

    id: str
    name: str
    team: str
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    stack: list[View] = field(default_factory=list)
    home: View | None = None
    errors: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass
class View:
    """A modal or a home page, with what has been filled in."""

    id: str
    hash: str
    body: Json
    owner: str
    root: str
    previous: str | None = None
    values: dict[tuple[str, str], Json] = field(default_factory=dict)


@dataclass
class Message:
    """One message; `only_for` is the one person who sees an ephemeral one."""

    ts: str
    user: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    edits: int = 0
    only_for: str | None = None
    files: list[Json] = field(default_factory=list)
    thread_ts: str | None = None

    @property
    def by_bot(self) -> bool:
        return self.user == BOT_USER

    def json(self, *, metadata: bool = False) -> Json:
        found: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.by_bot:
            found |= {"bot_id": BOT, "app_id": APP, "bot_profile": {"id": BOT, "app_id": APP, "name": "samskab"}}
        if self.blocks:
            found["blocks"] = self.blocks
        if self.edits:
            found["edited"] = {"user": self.user, "ts": self.ts}
        for key, value in (("thread_ts", self.thread_ts), ("files", self.files)):
            if value:
                found[key] = value
        if metadata and self.metadata:
            found["metadata"] = self.metadata
        return found


@dataclass
class Channel:
    """A conversation; `user` is the other side of a private one."""

    id: str
    name: str = ""
    user: str | None = None
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)


@dataclass
class Trigger:
    """The right to open one window, for a moment."""

    user: str
    at: float
    in_modal: bool
    used: bool = False


@dataclass
class Reply:
    """The right to answer at a response_url."""

    channel: Channel
    user: str
    ts: str | None
    at: float
    uses: int = 0


@dataclass
class Upload:
    """A file on its way in."""

    id: str
    name: str
    length: int
    data: bytes | None = None
    complete: bool = False


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """What can be pressed or filled, with the block it stands in."""
    for block in blocks:
        inner = block.get("elements", ()) if block["type"] == "actions" else ()
        for element in (*inner, block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and element["type"] != "image":
                yield block, element


class World:
    """All state, changed on the server's own loop alone."""

    def __init__(self, team: str, bot_token: str, clock: Callable[[], float]) -> None:
        self.team = team
        self.bot_token = bot_token
        self.clock = clock
        self.users: dict[str, User] = {BOT_USER: User(BOT_USER, "samskab", team, is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.replies: dict[str, Reply] = {}
        self.uploads: dict[str, Upload] = {}
        self.codes: set[str] = set()
        self.tickets: set[str] = set()
        self.url = ""
        self.happened: Callable[[Json], None] = lambda _event: None
        self._numbers = itertools.count(1)
        self._last_ts = 0.0

    def name(self, letter: str) -> str:
        return f"{letter}{next(self._numbers):04d}"

    def stamp(self) -> str:
        """A time that no other message has."""
        self._last_ts = max(round(self.clock(), 6), round(self._last_ts + 0.000001, 6))
        return f"{self._last_ts:.6f}"

    def add_user(self, name: str, locale: str, team: str = "") -> User:
        user = User(self.name("U"), name, team or self.team, locale)
        self.users[user.id] = user
        return user

    def user(self, id_: Any, code: str = "user_not_found") -> User:
        if id_ not in self.users:
            raise ApiError(code)
        return self.users[id_]

    def dm(self, user: str) -> Channel:
        """The private conversation of the bot with somebody."""
        for channel in self.channels.values():
            if channel.user == user:
                return channel
        return self.add_channel(Channel(self.name("D"), user=user, members={user, BOT_USER}))

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def channel(self, wanted: Any) -> Channel:
        """A conversation by its id, by its name, or by the person it is with."""
        if wanted in self.channels:
            return self.channels[wanted]
        if wanted in self.users:
            if self.users[wanted].is_bot:
                raise ApiError("cannot_dm_bot")
            return self.dm(wanted)
        named = [
            channel for channel in self.channels.values() if channel.name and channel.name == str(wanted).lstrip("#")
        ]
        if not named:
            raise ApiError("channel_not_found")
        return named[0]

    def trigger(self, user: str, *, in_modal: bool = False) -> str:
        ticket = f"{next(self._numbers)}.{self.team}.{secrets.token_hex(8)}"
        self.triggers[ticket] = Trigger(user, self.clock(), in_modal)
        return ticket

    def reply_url(self, channel: Channel, user: str, ts: str | None) -> str:
        ticket = secrets.token_hex(12)
        self.replies[ticket] = Reply(channel, user, ts, self.clock())
        return f"{self.url}/actions/{self.team}/{ticket}"

    def named(self, blocks: list[Json]) -> list[Json]:
        """The blocks, each with the names that Slack gives where the bot gave none."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", self.name("blk"))
        for _block, element in elements_of(blocks):
            element.setdefault("action_id", self.name("act"))
        return blocks

    def new_view(self, body: Json, owner: str, previous: View | None = None) -> View:
        id_ = self.name("V")
        view = View(id_, "", {}, owner, previous.root if previous else id_, previous.id if previous else None)
        self.fill_view(view, body)
        self.views[id_] = view
        return view

    def fill_view(self, view: View, body: Json) -> None:
        """Show something else in a window; what stands in fields that stay, stays."""
        view.body = body | {"blocks": self.named(body["blocks"])}
        view.hash = f"{self.stamp()}.{secrets.token_hex(4)}"
        known = {(block["block_id"], element["action_id"]) for block, element in elements_of(view.body["blocks"])}
        view.values = {key: value for key, value in view.values.items() if key in known}
