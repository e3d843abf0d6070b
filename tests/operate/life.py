"""A database with a life behind it: people, a vote under way, messages on their way, rows that are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from bot.engine.house import House
from bot.operate import restore
from bot.operate.backup import Made, make
from bot.operate.restore import Restored, Wish
from storage import answers, contact, portable, prompts, recordings
from storage.database import Database, Tx
from storage.tables import Blob, Idea, Lease, Outbox, Recording
from storage.vault import Vault
from tests import sounds
from tests.scenarios.test_prioritising import prioritisation, voters, votes
from tests.serve import SECRET
from tests.world import Someone, World

SECONDS = 20
SPOKEN = sounds.ogg(SECONDS) + bytes(range(256))
NEVER_SENT = ("ready", "leased", "sending")


def lived(world: World) -> list[Someone]:
    """Six members, one of whom has voted and another spoken; a message in each state of sending; an idea is gone."""
    found = voters(world, 6)
    prioritisation(world)
    votes(found[0], "A night bus")
    with world.db.transaction() as tx:
        contact.give(tx, world.engine.house.vault, found[0].id, "astrid@example.org", world.now)
        rows = tx.execute(select(Outbox.id).order_by(Outbox.id.desc()).limit(3)).scalars().all()
        for number, state in zip(rows, NEVER_SENT, strict=True):
            tx.execute(update(Outbox).where(Outbox.id == number).values(state=state, account="direct"))
        speaks(tx, world, found[1].id)
        tx.execute(insert(Lease).values(account="direct", owner="somebody", epoch=7, until=world.now))
        values = {"sha256": "0" * 64, "mime": "image/png", "content": bytes(range(256))}
        tx.execute(insert(Blob).values(**values, expires_at=world.now + timedelta(days=1)))
        last = tx.execute(select(Idea.id).order_by(Idea.id.desc()).limit(1)).scalar_one()
        copied = {column.name: column for column in Idea.__table__.c if column.name != "id"}
        copy = insert(Idea).from_select(list(copied), select(*copied.values()).where(Idea.id == last))
        tx.execute(delete(Idea).where(Idea.id == tx.execute(copy.returning(Idea.id)).scalar_one()))
    return found


def speaks(tx: Tx, world: World, person_id: int) -> None:
    """An answer as a recording, whose bytes no text can hold."""
    asked = {"text": {"en": "the evenings"}, "deadline_at": world.now, "sent_at": world.now, "state": "closed"}
    prompt = prompts.draft(tx, 1, "questions", person_id, world.now, **asked)
    prompts.add_question(tx, prompt.id, "free_text", {"en": "What is missing?"}, {"spoken": True})
    about = {"kind": "audio/ogg", "seconds": SECONDS, "reference": "page"}
    number = recordings.keep(tx, prompt, 1, person_id, world.now, SPOKEN, **about)
    answers.save(tx, prompt.id, person_id, {"q1": [str(number), str(SECONDS)]}, world.now)


def heard(database: Database) -> bytes | None:
    """The recording of that answer."""
    with database.reading() as tx:
        (row,) = tx.execute(select(Recording.id, Recording.prompt_id, Recording.person_id)).all()
        found = answers.of(tx, row.prompt_id, row.person_id)
        assert found is not None and found.values["q1"] == [str(row.id), str(SECONDS)]
        return recordings.sound(tx, row.id)


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with portable.snapshot(database) as tx:
        return {table.name: list(portable.rows(tx, table)) for table in portable.tables(tx)}


@dataclass(frozen=True, slots=True)
class Past:
    """A moment of a database, and its backup that anybody can read; nobody changes it."""

    now: datetime
    members: Sequence[int]
    content: Mapping[str, list[str]]
    keys: Path
    made: Made

    def house(self, *, keys: Path | None = None, secret: str = SECRET) -> House:
        """The house of whoever restores."""
        accounts = {"direct"}
        return House(vault=Vault(secret), keys=keys or self.keys, base_url="https://example.org", accounts=accounts)

    def restored(
        self,
        url: str,
        erased: Sequence[tuple[int, datetime]] = (),
        *,
        made: Made | None = None,
        house: House | None = None,
        later: timedelta = timedelta(),
        complete: bool = False,
        replace: bool = False,
    ) -> Restored:
        """What comes of the backup, or of another one."""
        wish = Wish(erased, self.now + later, complete, replace)
        with (made or self.made).path.open("rb") as file:
            return restore.restore(restore.look(file, bytes), url, lambda _tx: house or self.house(), wish)


def past_of(world: World, folder: Path) -> Past:
    """Live, and back up."""
    members = [one.id for one in lived(world)]
    made = make(world.db, folder / "backup", None, world.now)
    return Past(world.now, members, content(world.db), world.engine.house.keys, made)
