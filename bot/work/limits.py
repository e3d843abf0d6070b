"""Pacing by the generic cell rate algorithm (ITU-T I.371): evenly spaced slots instead of bursts and refusals."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.delivery import Pace


@dataclass(slots=True)
class Cell:
    """One rate: `interval` seconds a message, `burst` messages ahead of time."""

    interval: float
    burst: int
    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next message may go; 0 when it may go now."""
        return max(0.0, self.due - self.interval * (self.burst - 1) - now)

    def take(self, now: float) -> None:
        """Use a slot."""
        self.due = max(self.due, now) + self.interval


@dataclass(slots=True)
class Limits:
    """The pace of one account: all its messages with one slot of catch-up, and each chat's own."""

    pace: Pace
    account: Cell = field(init=False)
    chats: dict[str, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.account = Cell(1 / self.pace.rate, 2)

    def chat_wait(self, chat: str, now: float) -> float:
        """Seconds until this chat may get a message."""
        cell = self.chats.get(chat)
        return cell.wait(now) if cell else 0.0

    def take(self, chat: str, now: float) -> None:
        """Use a slot of the account and of a chat; chats at rest are forgotten."""
        self.account.take(now)
        if chat not in self.chats:
            if len(self.chats) > 10_000:
                self.chats = {name: cell for name, cell in self.chats.items() if cell.due > now}
            self.chats[chat] = Cell(1 / self.pace.chat_rate, self.pace.chat_burst)
        self.chats[chat].take(now)
