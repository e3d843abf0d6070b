"""What is restored is what was, less whoever was erased since; nothing goes out twice, and no key is touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from bot.domain.backup_keys import PRIVATE, PUBLIC, key_of
from bot.domain.ballots import State
from bot.operate import envelope
from bot.operate.backup import Made, make
from bot.operate.envelope import Broken
from bot.operate.restore import GAP, Occupied, look
from bot.work.closing import close_now
from storage import contact, portable, sending
from storage import restored as putting_right
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Ballot, Committee, Idea, Lease, Outbox, PersonRow, Recording, Session, Sound, Voter
from tests.operate.life import NEVER_SENT, SPOKEN, Past, content, heard, past_of
from tests.world import START, World

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TO_SQLITE = pytest.mark.parametrize("target", ["sqlite"], indirect=True)
TO_POSTGRES = pytest.mark.parametrize("target", ["postgresql"], indirect=True)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def value(url: str, statement: Any) -> Any:
    with opened(url) as database, database.reading() as tx:
        return tx.execute(statement).scalar_one()


def untouched(url: str) -> bool:
    """Whether nothing stands in a target: no file, or no table."""
    if url.startswith("sqlite"):
        return list(Path(url.removeprefix("sqlite:///")).parent.glob("restored.db*")) == []
    with opened(url) as database, database.reading() as tx:
        return portable.empty(tx)


def keys_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_data_is_the_same_on_either_engine(world: World, target: str, tmp_path: Path) -> None:
    here = past_of(world, tmp_path)
    done = here.restored(target, complete=True)
    with opened(target) as database:
        after = content(database)
        assert heard(database) == SPOKEN
    assert sum(map(len, here.content.values())) == here.made.contents.rows == done.contents.rows > 50
    assert {name for name, rows in here.content.items() if rows != after[name]} == {"outbox", "lease"}
    assert len(here.content["outbox"]) == len(after["outbox"])


@ON_SQLITE
def test_a_restored_service_goes_on(world: World, target: str, tmp_path: Path) -> None:
    """The service was stopped before the backup: votes are counted with the key that is there, and people answered."""
    here = past_of(world, tmp_path)
    here.restored(target, complete=True)
    members = world.people[: len(here.members)]
    with opened(target) as database:
        world.db = database
        for someone in members[1:]:
            someone.ticks("More benches").presses("Send my vote").hears("Your vote is in")
        world.now += timedelta(days=4)
        assert close_now(database, world.engine, world.now) == [1]
    assert value(target, select(Ballot.tally))["turnout"] == len(members)


def test_nobody_erased_since_comes_back(past: Past, target: str) -> None:
    gone, at = past.members[0], past.now + timedelta(hours=1)
    assert past.restored(target, [(gone, at)]).forgotten == 1
    with opened(target) as database, database.reading() as tx:
        assert contact.of(tx, past.house().vault, gone) == []
        assert putting_right.forgotten(tx) == [(gone, at)]
        assert "Member0" not in str(content(database)) and "Member1" in str(content(database))


@TO_SQLITE
def test_the_recording_of_somebody_erased_since_does_not_come_back(past: Past, target: str) -> None:
    past.restored(target, [(past.members[1], past.now + timedelta(hours=1))])
    assert value(target, select(func.count()).select_from(Recording)) == 0
    assert value(target, select(func.count()).select_from(Sound)) == 0


@TO_SQLITE
def test_a_number_that_was_given_anew_is_somebody_else(past: Past, target: str) -> None:
    assert past.restored(target, [(past.members[0], past.now - timedelta(days=400))]).forgotten == 0
    assert value(target, select(PersonRow.state).where(PersonRow.id == past.members[0])) == "active"


def test_nothing_is_sent_a_second_time(past: Past, target: str) -> None:
    """What waited at the backup has gone out since; a ballot's end is the only thing that is new."""
    waited = sum(any(f'"{state}"' in row for state in NEVER_SENT) for row in past.content["outbox"])
    assert past.restored(target).uncertain == waited == len(NEVER_SENT)
    later = past.now + timedelta(seconds=11)
    with opened(target) as database, database.transaction() as tx:
        epoch = sending.take_lease(tx, "direct", "a new process", later, timedelta(seconds=10))
        assert epoch is not None and epoch > putting_right.EPOCHS
        sending.adopt(tx, "direct", epoch, later)
        rows = sending.claim(tx, "direct", later, 1000).rows
        assert rows and all("could not be counted" in row.content["text"] for row in rows)


@TO_SQLITE
def test_after_a_stop_only_what_was_in_the_air_is_in_doubt(past: Past, target: str) -> None:
    assert past.restored(target, complete=True).uncertain == 1
    assert value(target, select(func.count()).select_from(Outbox).where(Outbox.state == "ready")) == 2
    assert value(target, select(func.count()).select_from(Outbox).where(Outbox.state.in_(("leased", "sending")))) == 0


def test_an_open_ballot_is_void_and_the_key_folder_is_not_touched(past: Past, target: str) -> None:
    """A vote that was changed after the backup would count as it was before."""
    before = keys_in(past.keys)
    assert past.restored(target).void == (1,)
    assert before == keys_in(past.keys) != {}
    assert value(target, select(Ballot.state)) == State.VOID
    assert value(target, select(func.count()).select_from(Voter).where(Voter.box.is_not(None))) == 0
    told = select(func.count(Outbox.person_id.distinct())).where(Outbox.dedupe.like("void:%"), Outbox.state == "ready")
    assert value(target, told) >= len(past.members)


@TO_SQLITE
@pytest.mark.parametrize("fault", ["missing", "another"])
def test_a_ballot_whose_key_does_not_fit_is_void_all_the_same(
    past: Past, target: str, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "other keys"
    folder.mkdir(mode=0o700)
    if fault == "another":
        (folder / "1").touch(mode=0o600)
        (folder / "1").write_bytes(bytes(range(32)))
    assert past.restored(target, complete=True, house=past.house(keys=folder)).void == (1,)


@pytest.mark.parametrize("complete", [True, False])
def test_no_number_is_given_twice(past: Past, target: str, complete: bool) -> None:
    """The newest idea was deleted before the backup, and others may have come after it; old buttons still name them."""
    past.restored(target, complete=complete)
    with opened(target) as database, database.transaction() as tx:
        newest = tx.execute(select(func.max(Idea.id))).scalar_one()
        row = {"committee_id": 1, "person_id": 1, "text": "x", "created_at": past.now, "updated_at": past.now}
        made = tx.execute(insert(Idea).values(row).returning(Idea.id)).scalar_one()
    assert made == newest + 2 + (0 if complete else GAP)


@TO_SQLITE
def test_everybody_is_signed_out(past: Past, target: str, tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/source.db"
    past.restored(source)
    with opened(source) as database:
        with database.transaction() as tx:
            values = {"hash": "h", "chat": "p1", "csrf": "c", "created_at": past.now, "expires_at": past.now}
            tx.execute(insert(Session).values(**values, staff=True))
        made = make(database, tmp_path / "later", None, past.now)
    past.restored(target, made=made)
    assert value(target, select(func.count()).select_from(Session)) == 0


# What is refused ------------------------------------------------------------------------------------------------


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def cut_at_a_chunk(data: bytes) -> bytes:
    """All chunks are whole, and the last is missing."""
    place = len(envelope.MAGIC) + 1 + envelope.KEY_LENGTH + 24
    ends = [place]
    while place < len(data):
        place += envelope.FRAME.size + envelope.FRAME.unpack(data[place : place + envelope.FRAME.size])[0]
        ends.append(place)
    return data[: ends[-2]]


def altered(data: bytes) -> bytes:
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


SPOILED = {
    "cut": (cut, "its end is missing"),
    "cut at a chunk": (cut_at_a_chunk, "its end is missing"),
    "altered": (altered, "was altered"),
    "longer": (lambda data: data + b"x", "Something was added"),
    "of another kind": (lambda data: b"SQLite format 3\0" + data, "not a backup of Samskab"),
    "empty": (lambda data: b"", "not a backup of Samskab"),
}


@TO_SQLITE
@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_backup_is_refused_in_a_sentence(past: Past, target: str, tmp_path: Path, how: str) -> None:
    spoil, said = SPOILED[how]
    spoiled = tmp_path / "spoiled"
    spoiled.write_bytes(spoil(past.made.path.read_bytes()))
    with pytest.raises(Broken, match=said):
        past.restored(target, made=replace(past.made, path=spoiled))
    assert untouched(target)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_sealed_backup_opens_with_its_own_key_only(database: Database, tmp_path: Path) -> None:
    (public, private), (_other, wrong) = envelope.new_pair(), envelope.new_pair()
    made = make(database, tmp_path / "backup", key_of(public, PUBLIC), START)
    with made.path.open("rb") as file:
        assert look(file, envelope.opening(key_of(private, PRIVATE))).contents == made.contents
        with pytest.raises(Broken, match="does not open the backup"):
            look(file, envelope.opening(key_of(wrong, PRIVATE)))


def test_where_something_stands_nothing_is_restored(past: Past, target: str) -> None:
    with opened(target) as database:
        upgrade(database, explicit=True)
        with database.transaction() as tx:
            tx.execute(insert(Committee).values(key="kept", created_at=past.now))
    with pytest.raises(Occupied, match=r"is there already|is not empty"):
        past.restored(target)
    assert value(target, select(Committee.key)) == "kept"


@TO_SQLITE
def test_a_file_is_replaced_when_asked_and_kept_beside(past: Past, target: str) -> None:
    with opened(target) as database:
        upgrade(database)
        with database.transaction() as tx:
            tx.execute(insert(Committee).values(key="old", created_at=past.now))
            values = {"account": "direct", "owner": "a process", "epoch": 1}
            tx.execute(insert(Lease).values(**values, until=past.now + timedelta(seconds=5)))
    with pytest.raises(Occupied, match="The service is running"):
        past.restored(target, replace=True)
    done = past.restored(target, replace=True, later=timedelta(seconds=10))
    assert value(f"sqlite:///{done.beside}", select(Committee.key)) == "old"
    assert value(target, select(Committee.key)) != "old"


def test_with_another_secret_key_nothing_is_restored(past: Past, target: str) -> None:
    with pytest.raises(Broken, match="SAMSKAB_SECRET_KEY"):
        past.restored(target, house=past.house(secret="another secret key that is long enough"))
    assert untouched(target)


def lines_of(made: Made) -> list[bytes]:
    with made.path.open("rb") as file:
        return list(envelope.read(file, bytes))


def test_a_backup_that_does_not_fit_leaves_the_target_empty(past: Past, target: str, tmp_path: Path) -> None:
    """Its sums agree, and yet everybody is of a committee that is not there."""
    lines = lines_of(past.made)
    start = next(place for place, line in enumerate(lines) if b'"table": "committee"' in line)
    lines[start + 1 : start + 3] = [json.dumps({"rows": 0, "sha256": hashlib.sha256().hexdigest(), "last": 0}).encode()]
    spoiled = tmp_path / "spoiled"
    with spoiled.open("wb") as file:
        envelope.write(file, lines, None)
    with pytest.raises((IntegrityError, Broken)):
        past.restored(target, made=replace(past.made, path=spoiled))
    assert untouched(target)


@pytest.mark.parametrize(
    ("fault", "said"),
    [("row gone", "does not agree with itself"), ("end gone", "does not agree with itself"),
     ("newer", "newer version"), ("other format", "another version")],
)  # fmt: skip
def test_what_does_not_agree_with_itself_is_refused(past: Past, fault: str, said: str) -> None:
    lines = lines_of(past.made)
    if fault == "row gone":
        lines.remove(next(line for line in lines if line.startswith(b"[")))
    elif fault == "end gone":
        lines.pop()
    else:
        head = json.loads(lines[0]) | ({"revision": "9999"} if fault == "newer" else {"format": 2})
        lines[0] = json.dumps(head).encode()
    file = BytesIO()
    envelope.write(file, lines, None)
    with pytest.raises(Broken, match=said):
        look(file, bytes)


def test_a_backup_of_the_first_version_is_brought_up_to_date(past: Past, target: str, tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/old.db") as old:
        with old.writer.begin() as tx:
            portable.build(tx, "0001")
            tx.execute(text("INSERT INTO committee (key, created_at) VALUES ('hall', '2026-01-01 00:00:00.000000')"))
        made = make(old, tmp_path / "backup", None, past.now)
    past.restored(target, made=made)
    assert value(target, select(Committee.key)) == "hall"
    with opened(target) as database:
        assert upgrade(database, explicit=True) is False
