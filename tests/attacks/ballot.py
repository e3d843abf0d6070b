"""A ballot of fifteen voters from the first tick to the result, through the service's own doors, robbed on the way."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import structlog

from bot.logs import configure
from storage import ballots, keys
from storage.database import Database
from tests.attacks.loot import Burglar, Moment
from tests.scenarios.test_everywhere import only
from tests.world import Someone, World

IDEAS = tuple(f"Idé nummer {number:02}" for number in range(30))
SEND = "Send stemmen min"
VOTERS = 15
CHANGED = 4
LOG = "service.log"


def choices(count: int, seed: int = 20260302) -> list[int]:
    """Different sets of ticked boxes that no file holds by accident: thirty boxes, every byte in use."""
    random = Random(seed)
    found: list[int] = []
    while len(found) < count:
        choice = random.getrandbits(30) | 1 << 29
        if choice not in found and all(byte > 0x11 and byte & (byte - 1) for byte in choice.to_bytes(4, "big")):
            found.append(choice)
    return found


def labels(choice: int) -> tuple[str, ...]:
    """The ideas that a set of boxes ticks."""
    return tuple(idea for place, idea in enumerate(IDEAS) if choice >> place & 1)


def opened(world: World, count: int) -> list[Someone]:
    """A committee with so many voters, an author and a facilitator, and a ballot of thirty ideas that has opened."""
    world.load("svelvik-ungdom", only("nb"))
    voters = [world.member(f"Velger{number}", locale="nb") for number in range(count)]
    author = world.member("Forfatter", locale="nb")
    for number, idea in enumerate(IDEAS):
        (author, voters[0])[number % 2].says(f"/idea {idea}")
    frida = world.facilitator("Frida", locale="nb")
    frida.says("/ballot").fills(
        {
            "Hva skal prioriteringen hete?": "Hva vi tar først",
            "Hvilke ideer er valgt ut?": IDEAS,
            "Når åpner den?": "Så snart jeg sender den",
            "Når lukker den?": (world.now + timedelta(days=3)).strftime("%Y-%m-%d %H:%M"),
            "Hva ser utvalget når det er talt opp?": "Tallene",
        }
    )
    frida.presses("Se hvordan den blir").presses("Åpne den")
    return voters


def changes(someone: Someone, choice: int) -> None:
    """Vote anew."""
    someone.presses("Endre stemmen min").votes(SEND, *labels(choice))


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Write the logs as the service does, as much as there is, into a file."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure("DEBUG")
    structlog.configure(cache_logger_on_first_use=False)
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    with path.open("a", encoding="utf-8") as stream:
        handler.setStream(stream)
        structlog.get_logger().debug("ballot begins")  # so that the file is known to be the right one
        try:
            yield
        finally:
            root.handlers[:] = before[0]
            root.setLevel(before[1])
            structlog.reset_defaults()


@dataclass
class Robbery:
    """A ballot that was held, what was stolen on the way, and what only a test can know."""

    world: World
    burglar: Burglar
    truth: dict[int, int] = field(default_factory=dict)
    former: list[int] = field(default_factory=list)
    during: list[Moment] = field(default_factory=list)
    after: list[Moment] = field(default_factory=list)
    key: bytes = b""

    @property
    def loot(self) -> list[Moment]:
        return [*self.during, *self.after]

    @property
    def folder(self) -> Path:
        return self.world.engine.house.keys

    def _take(self, name: str, *, files: bool = False) -> Moment:
        log = self.folder.parent / "log" / LOG
        return self.burglar.take(name, files=files, beside=(log,))

    def votes(self, *, changing: bool) -> None:
        """Everybody votes in an order of their own, others do other things, and a burglar comes after each."""
        voters = opened(self.world, VOTERS)
        picked = choices(VOTERS + CHANGED)
        self.key = keys.read(self.folder, 1)
        os.link(self.folder / "1", self.folder.parent / "blocks of the key")
        self.during.append(self._take("opened", files=True))
        order = Random(1).sample(list(zip(voters, picked, strict=False)), VOTERS)
        for number, (someone, choice) in enumerate(order):
            self.world.wait(timedelta(minutes=7))
            someone.votes(SEND, *labels(choice)).hears("Stemmen din er mottatt")
            self.truth[someone.id] = choice
            self.world.people[(number * 7) % VOTERS].says("/status")
            self.during.append(self._take(f"vote {number}", files=number % 5 == 4))
        for (someone, choice), newer in zip(order if changing else (), picked[VOTERS:], strict=False):
            changes(someone, newer)
            self.former.append(choice)
            self.truth[someone.id] = newer
            self.during.append(self._take("changed"))
        self.during.append(self._take("before closing", files=True))

    def ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It closes; the burglar comes once between the counting and the tidying, and again when all is told."""
        tidy: Callable[[Database], bool] = ballots.tidy

        def robbed(database: Database) -> bool:
            self.after.append(self._take("counted", files=True))
            return tidy(database)

        monkeypatch.setattr(ballots, "tidy", robbed)
        self.world.wait(timedelta(days=4))
        blocks = self.folder.parent / "blocks of the key"
        beside = (*self.folder.iterdir(), blocks, self.folder.parent / "log" / LOG)
        self.after.append(self.burglar.take("told", files=True, beside=beside))
