"""The border a platform implements: how a rendered message is sent, and what may come of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol

from bot.chat.events import Address, Event, Outcome
from bot.chat.messages import Rendered

MOST_IN_FLIGHT = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; `id` is the platform's name for it."""

    id: str


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """The account must wait: the platform said how long, in seconds, or None where it is out of reach.

    Where the platform limits one kind of `op`, all else goes on.
    """

    seconds: float | None = None
    op: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id."""

    chat: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The person cannot be reached here any more, for instance has blocked the bot."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform refuses this very message; sending it again is useless beyond a few tries."""

    why: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may or may not have arrived: the line broke after it was written, or the platform itself is `unwell`."""

    unwell: bool = False


Result = Sent | RetryAfter | Moved | Gone | Refused | Uncertain


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a person sent, as bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """It is not to be had, or larger than what is wanted: asking again is useless."""

    large: bool = False


Found = Fetched | Lost | RetryAfter


async def at_once() -> None:
    """Wait for no slot."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox as a platform sees it; `target` is the platform's id of the message to edit or delete.

    `paid`: its slot is one that is paid for. `tried`: an earlier try may have arrived. A message that the platform must
    cut in parts waits for a `slot` before each further part.
    """

    row: int
    op: str
    address: Address
    message: Rendered
    target: str | None = None
    image: bytes | None = None
    paid: bool = False
    tried: bool = False
    slot: Callable[[], Awaitable[None]] = at_once


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an account may send: messages a second in all, and for one chat with a small burst.

    `paid_rate`: mass messages a second beyond that, against payment. `ops`: calls a minute of one kind of op.
    """

    rate: float
    chat_rate: float = 1.0
    chat_burst: int = 3
    paid_rate: float = 0.0
    ops: Mapping[str, int] = field(default_factory=dict)

    @property
    def bulk(self) -> float:
        """Mass messages a second, where nothing else is to be sent."""
        return self.rate + self.paid_rate

    @property
    def in_flight(self) -> int:
        """How many messages may be under way at a time: what half a second holds."""
        return max(1, min(MOST_IN_FLIGHT, ceil(self.bulk * 0.5)))


class Platform(Protocol):
    """What the sender needs of a platform."""

    @property
    def account(self) -> str:
        """Our own account there, as it stands in addresses."""

    @property
    def pace(self) -> Pace:
        """How fast it may be written to."""

    async def start(self) -> None:
        """Make ready to send: the account's own identity, webhook and commands. Raises OSError where out of reach."""

    @property
    def finds(self) -> bool:
        """Whether a `tried` message is looked for before it is sent again, so that it never comes twice."""

    async def send(self, delivery: Delivery) -> Result:
        """Send, edit or delete one message; never raises for what the platform answers."""

    async def well(self) -> bool:
        """Whether the platform answers a question that changes nothing."""

    async def stop(self) -> None:
        """Close the connections."""


class Unavailable(Exception):
    """An event could not be stored now; the platform is asked to deliver it again after some seconds."""

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__()
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door answers over HTTP."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    retry_after: int | None = None


Accept = Callable[[Event], Awaitable[Outcome]]
Door = Callable[[Mapping[str, str], bytes], Awaitable[Answer]]
