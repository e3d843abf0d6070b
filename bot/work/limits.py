"""Pacing by the generic cell rate algorithm (ITU-T I.371): evenly spaced slots instead of bursts and refusals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from bot.chat.delivery import Pace

CATCH_UP = 0.025  # seconds whose slots may be made up for where they are shorter than this; else it is one slot
MANY = 10_000


@dataclass(slots=True)
class Cell:
    """One rate: `interval` seconds a message, `burst` messages ahead of time."""

    interval: float
    burst: int
    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next message may go; 0 when it may go now."""
        return max(0.0, self.due - self.interval * (self.burst - 1) - now)

    def free(self, now: float) -> int:
        """How many messages may go now."""
        return max(0, self.burst - ceil(max(0.0, self.due - now) / self.interval - 1e-6))

    def take(self, now: float) -> float:
        """Use the next slot; returns the seconds until it comes."""
        wait = self.wait(now)
        self.due = max(self.due, now) + self.interval
        return wait


@dataclass(slots=True)
class Room:
    """How much may start now: messages in all, free and paid slots, and slots of the ops with a pace of their own."""

    most: int
    free: int
    paid: int
    ops: dict[str, int]

    @property
    def size(self) -> int:
        return min(self.most, self.free + self.paid)

    def admit(self, op: str, *, bulk: bool) -> str | None:
        """Take a place: "free", or "paid" for a mass message without a free slot; None where there is none."""
        slot = "free" if self.free > 0 else "paid" if bulk and self.paid > 0 else None
        if slot is None or self.most <= 0 or self.ops.get(op, 1) <= 0:
            return None
        self.most -= 1
        self.free -= slot == "free"
        self.paid -= slot == "paid"
        if op in self.ops:
            self.ops[op] -= 1
        return slot


class Limits:
    """The pace of one account, of each of its chats, and of each op that has a pace of its own."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free = _account(pace.rate)
        self._paid = _account(pace.paid_rate) if pace.paid_rate else None
        self._ops = {op: _minute(calls) for op, calls in pace.ops.items()}
        self._chats: dict[str, Cell] = {}
        self._resting: dict[tuple[str, str], float] = {}

    def room(self, now: float, most: int) -> Room:
        """What may start now, `most` messages at the most."""
        paid = self._paid.free(now) if self._paid else 0
        return Room(most, self._free.free(now), paid, {op: cell.free(now) for op, cell in self._ops.items()})

    def wait(self, now: float) -> float:
        """Seconds until the account has a slot again."""
        return min(cell.wait(now) for cell in (self._free, self._paid) if cell)

    def take(self, chat: str, op: str, now: float, *, paid: bool = False) -> float:
        """Use a slot of the account, the chat and the op; returns the seconds until all three have come."""
        waits = [self._paid.take(now) if paid and self._paid else self._free.take(now)]
        for key, cell in ((("chat", chat), self._chat(chat, now)), (("op", op), self._ops.get(op))):
            if cell is not None:
                waits.append(cell.take(now))
                self._rest(key, now, cell.wait(now))
        return max(waits)

    def hold(self, kind: str, name: str, now: float, seconds: float) -> None:
        """Start nothing of one "op", or in one "chat", for some seconds."""
        self._rest((kind, name), now, seconds)

    def rested(self, now: float) -> bool:
        """Whether a chat or an op has ended its rest since this was last asked."""
        over = [key for key, until in self._resting.items() if until <= now]
        for key in over:
            del self._resting[key]
        return bool(over)

    def rest(self, now: float) -> float | None:
        """Seconds until the next chat or op has rested; None where none rests."""
        return max(0.0, min(self._resting.values()) - now) if self._resting else None

    def resting(self, kind: str) -> Collection[str]:
        """The chats, or ops, that must wait."""
        return [name for of, name in self._resting if of == kind]

    def _rest(self, key: tuple[str, str], now: float, seconds: float) -> None:
        if seconds > 0:
            self._resting[key] = max(now + seconds, self._resting.get(key, 0.0))

    def _chat(self, chat: str, now: float) -> Cell:
        """A chat's own pace; chats at rest are forgotten."""
        if chat not in self._chats:
            if len(self._chats) > MANY:
                self._chats = {name: cell for name, cell in self._chats.items() if cell.due > now}
            self._chats[chat] = Cell(1 / self._pace.chat_rate, self._pace.chat_burst)
        return self._chats[chat]


def _account(rate: float) -> Cell:
    return Cell(1 / rate, max(2, int(rate * CATCH_UP)))


def _minute(calls: int) -> Cell:
    """At most so many calls in any minute: a fifth of them at once, the others evenly."""
    burst = max(1, calls // 5)
    return Cell(60 / (calls - burst), burst)
