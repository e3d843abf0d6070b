"""What every trial stands on: a prepared database, the double, the processes, the people; and its line in the table."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select, update

from storage import schedules
from storage.database import Database
from storage.tables import Ballot, Lease, Outbox
from tests.crash import hours
from tests.crash.cluster import Cluster
from tests.crash.house import House, house, wait_until
from tests.crash.reckoning import LEFT, Reckoning, reckon
from tests.crash.scene import Scene, Size, prepare
from tests.crash.town import Town
from tests.fakes.telegram import TelegramFake

ACCOUNT = "telegram:123456"


@dataclass
class Line:
    """A trial's line in the table: its name, its figures, and what it found wrong."""

    name: str
    figures: str
    wrong: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """A trial under way."""

    house: House
    fake: TelegramFake
    scene: Scene
    town: Town
    folder: Path
    in_flight: list[Collection[int]] = field(default_factory=list)

    def waiting(self) -> int:
        """How many messages have not come to an end. A change of a message in doubt may wait for long."""
        mine = (Outbox.account == ACCOUNT, Outbox.op == "send", Outbox.state.in_(LEFT))
        with self.house.database.reading() as tx:
            return tx.execute(select(func.count()).select_from(Outbox).where(*mine)).scalar_one()

    def all_taken(self, seconds: float = 180) -> None:
        """Until every update is accepted."""
        wait_until(lambda: not self.fake.pending, "every update to be accepted", seconds, 0.1)

    def settle(self, seconds: float = 180) -> None:
        """Until every update is accepted and every message has come to an end."""
        self.all_taken(seconds)
        wait_until(lambda: not self.waiting() and not self.fake.pending, "the outbox to empty", seconds, 0.1)

    def due_is_done(self) -> None:
        """Nothing more falls due: what is to come later is forgotten, as this trial is over."""
        with self.house.database.transaction() as tx:
            for kind, subjects in (("remind", self.scene.reminded), ("prompt", self.scene.scheduled)):
                for subject in subjects:
                    schedules.drop(tx, subject, kind)

    def close_ballot(self) -> None:
        """The ballot's time is over now."""
        with self.house.database.transaction() as tx:
            tx.execute(update(Ballot).where(Ballot.id == self.scene.ballot).values(closes_at=hours.now()))

    @property
    def ballot_state(self) -> str:
        with self.house.database.reading() as tx:
            return str(tx.execute(select(Ballot.state).where(Ballot.id == self.scene.ballot)).scalar_one())

    def lease_owner(self) -> str:
        """Who may send for Telegram just now."""
        with self.house.database.reading() as tx:
            return str(tx.execute(select(Lease.owner).where(Lease.account == ACCOUNT)).scalar() or "")

    def kill(self, number: int) -> None:
        """Kill one process, note what it was sending, and start it again at once."""
        victim = self.house.processes[number]
        pid = victim.pid
        victim.kill()
        self.in_flight.append(self.house.sending(pid))
        victim.start()

    def reckon(self, *, closed: bool = False) -> Reckoning:
        """Compare what was owed with what arrived."""
        return reckon(
            self.house.database, self.fake, self.scene, self.town.ledger, self.house.takeovers(), closed=closed
        )


@contextmanager
def stage(
    cluster: Cluster | None, seed: int, size: Size, *, processes: int = 1, pace: str = "fast", limits: bool = False
) -> Iterator[Stage]:
    """Everything for a trial: on SQLite, or on PostgreSQL where a cluster is given."""
    folder = Path(tempfile.mkdtemp(prefix="samskab-trial-"))
    with ExitStack() as stack:
        if not os.environ.get("KEEP"):
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        name = f"crash_{folder.name[-8:].lower()}"
        url = cluster.server.create(name) if cluster else f"sqlite:///{folder}/samskab.db"
        database = Database(url)
        scene = prepare(database, folder / "keys", ACCOUNT, size)
        database.close()
        fake = TelegramFake().start()
        stack.callback(fake.stop)
        fake.limits = limits
        fake.patient()  # what is counted as lost must have been lost by us
        # Everybody has a phone before the service starts: what falls due while it does is sent at once.
        town = Town(fake, scene, seed)
        yield Stage(stack.enter_context(house(folder, url, fake, processes, pace)), fake, scene, town, folder)
