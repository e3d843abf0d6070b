"""The post of a town: mails go out as the real sender marks them and the real platform writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import bindparam, or_, select

from bot.chat.delivery import Delivery, Sent
from bot.mailroom import Mailroom
from bot.platforms.mail import Mail, compose
from bot.work.limits import Room
from bot.work.turn import Back, Going, Turn
from storage.database import Database
from storage.outbox import HOLD
from storage.prepared import Prepared
from tests.world import OUTBOX, World

LEASE = timedelta(days=1)
MOST = 1000
WAITS = Prepared(
    select(OUTBOX.c.id)
    .where(OUTBOX.c.account == Mail.account, OUTBOX.c.state == "ready", OUTBOX.c.lane < HOLD)
    .where(or_(OUTBOX.c.due_at.is_(None), OUTBOX.c.due_at <= bindparam("now")))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader sees it."""

    to: str
    at: datetime
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The path of the last link that signs in, which leads to what the mail is about."""
        found: str = re.findall(r"https?://[^/]+/(login/\S+)", self.text)[-1]
        return f"/{found}"


class Postman:
    """Carries whatever may go, at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mailroom = Mailroom(world.engine, lambda: world.now)
        self.epoch: int | None = None
        self.back: list[Back] = []
        self.letters: list[Letter] = []

    def carries(self) -> None:
        while self.back or self._waits():
            with self.world.db.transaction() as tx:
                room = Room(MOST, MOST, MOST, {})
                turn = Turn(
                    Mail.account,
                    "postman",
                    self.mailroom.post,
                    False,
                    self.epoch,
                    LEASE,
                    True,
                    True,
                    self.back,
                    room,
                    (),
                    (),
                )
                done = turn.run(tx)
            assert done.epoch is not None
            self.epoch, self.back = done.epoch, []
            if not done.going:
                return
            for going in done.going:
                self.back.append(Back(going.row, done.epoch, self._posts(going)))

    def _waits(self) -> bool:
        with self.world.db.reading() as tx:
            return WAITS.first(tx, {"now": self.world.now}) is not None

    def _posts(self, going: Going) -> Sent:
        mail = compose(Delivery(going.row.id, going.row.op, going.address, going.message), "Samskab <post@example.org>")
        self.letters.append(Letter(mail["To"], self.world.now, mail["Subject"], mail.get_content()))
        return Sent(str(mail["Message-ID"]))


class Town(World):
    """A world with a post."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.engine.house.accounts.add("mail")
        self.postman = Postman(self)

    def _deliver(self) -> None:
        super()._deliver()
        self.postman.carries()
