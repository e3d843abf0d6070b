"""Fairness before the queue: nobody writes so fast, and no crowd comes so suddenly, that others wait for it.

All of it is in memory and costs microseconds: what is dropped here has touched no database.
"""

from __future__ import annotations

from bisect import insort_right
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.chat.events import Address
from bot.engine.figures import Figures
from bot.text import Text, _
from bot.work.limits import Cell

T = TypeVar("T")
NOTICE_EVERY = 60.0
TOO_FAST = _("You are writing faster than I can read. Please wait a minute and send the last thing again.")
TOO_MANY = _("So many people are coming at once that I cannot greet you yet. Please try again in a minute.")


@dataclass(frozen=True, slots=True)
class Manners:
    """What one address may do, and how many new people may come: so many at once, and then at a pace."""

    at_once: int = 20
    a_second: float = 1.0
    waiting: int = 10
    newcomers: int = 60
    newcomers_a_minute: float = 60.0
    tracked: int = 10_000
    known: int = 50_000


@dataclass(slots=True)
class Slot:
    """An address that has written lately."""

    cell: Cell
    waiting: int = 0
    told_at: float | None = None

    def at_rest(self, now: float) -> bool:
        """Whether nothing is lost by forgetting it."""
        quiet = self.told_at is None or now - self.told_at >= NOTICE_EVERY
        return self.waiting == 0 and self.cell.due <= now and quiet


class Dropped(Exception):
    """An event is not taken; `notice` is what its person is told, at most once a minute."""

    def __init__(self, notice: Text | None) -> None:
        super().__init__()
        self.notice = notice


class Gate:
    """Lets events in; used by one thread alone."""

    def __init__(self, manners: Manners, figures: Figures) -> None:
        self._manners = manners
        self._figures = figures
        self._slots: OrderedDict[Address, Slot] = OrderedDict()
        self._known: OrderedDict[Address, None] = OrderedDict()
        self._newcomers = Cell(60 / manners.newcomers_a_minute, manners.newcomers)
        self.waiting = 0

    @property
    def tracked(self) -> int:
        """How many addresses are remembered for their pace."""
        return len(self._slots)

    def check(self, address: Address, now: float) -> None:
        """Take one of the address's turns. Raises Dropped where it has none left."""
        self._figures.received += 1
        slot = self._slot(address, now)
        if slot.waiting < self._manners.waiting and slot.cell.wait(now) == 0:
            slot.cell.take(now)
            return
        self._figures.dropped += 1
        raise Dropped(self._notice(slot, now, TOO_FAST))

    def is_known(self, address: Address) -> bool:
        """Whether somebody has been let in from there before, as far as this process remembers."""
        if address not in self._known:
            return False
        self._known.move_to_end(address)
        return True

    def welcome(self, now: float) -> bool:
        """Whether one more newcomer may come in."""
        if self._newcomers.wait(now) > 0:
            return False
        self._newcomers.take(now)
        return True

    def turned_away(self, address: Address, now: float) -> Dropped:
        """What a newcomer for whom there is no room is told."""
        self._figures.turned_away += 1
        return Dropped(self._notice(self._slot(address, now), now, TOO_MANY))

    def remember(self, address: Address) -> None:
        """Somebody at this address is known."""
        self._known[address] = None
        self._known.move_to_end(address)
        if len(self._known) > self._manners.known:
            self._known.popitem(last=False)

    @contextmanager
    def inside(self, address: Address, now: float) -> Iterator[None]:
        """Count an event among those that wait for as long as it does."""
        slot = self._slot(address, now)
        slot.waiting += 1
        self.waiting += 1
        try:
            yield
        finally:
            slot.waiting -= 1
            self.waiting -= 1

    def _slot(self, address: Address, now: float) -> Slot:
        slot = self._slots.get(address)
        if slot is None:
            self._forget(now)
            slot = self._slots[address] = Slot(Cell(1 / self._manners.a_second, self._manners.at_once))
        self._slots.move_to_end(address)
        return slot

    def _forget(self, now: float) -> None:
        """Let go of those at rest, the longest silent first, and of any whom the cap has no room for."""
        for _two in range(min(2, len(self._slots))):  # one more than comes, so that a crowd is let go of in time
            address, slot = next(iter(self._slots.items()))
            if slot.at_rest(now) or (len(self._slots) >= self._manners.tracked and slot.waiting == 0):
                del self._slots[address]
            else:
                self._slots.move_to_end(address, last=slot.waiting > 0)

    def _notice(self, slot: Slot, now: float, text: Text) -> Text | None:
        if slot.told_at is not None and now - slot.told_at < NOTICE_EVERY:
            return None
        slot.told_at = now
        return text


@dataclass(slots=True)
class Turns(Generic[T]):
    """What waits, by whose it is: everybody has one turn a round, each one's own in the order they were done."""

    _lines: OrderedDict[Address, list[tuple[float, int, T]]] = field(default_factory=OrderedDict)
    _count: int = 0
    _newest: int = 0

    def __len__(self) -> int:
        return self._count

    def put(self, address: Address, order: float, item: T) -> None:
        """Let something wait. `order` is the platform's own count or time, 0 where it has none: then it comes last."""
        line = self._lines.setdefault(address, [])
        place = order or (line[-1][0] if line else 0.0)
        self._newest += 1
        self._count += 1
        insort_right(line, (place, self._newest, item), key=lambda entry: entry[:2])

    def take(self, at_most: int) -> list[T]:
        """The next few, one of each address in turn; who had a turn stands behind those who had none."""
        taken: list[T] = []
        while self._lines and len(taken) < at_most:
            address, line = self._lines.popitem(last=False)
            taken.append(line.pop(0)[2])
            if line:
                self._lines[address] = line
        self._count -= len(taken)
        return taken
