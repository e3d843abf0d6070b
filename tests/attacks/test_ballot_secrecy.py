"""Who steals everything, during a ballot and after it, does not learn how anybody voted."""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.messages import pack
from bot.domain.ballots import BOX_LENGTH
from storage import ballots
from storage.database import Database, Tx
from storage.migrate import upgrade
from storage.tables import Parked
from tests.attacks import naive
from tests.attacks.ballot import (
    CHANGED,
    LOG,
    SEND,
    VOTERS,
    Robbery,
    changes,
    choices,
    labels,
    logging_to,
    opened,
)
from tests.attacks.loot import Burglar, PostgresBurglar, SQLiteBurglar
from tests.attacks.thief import Thief, files_of, forms, readable
from tests.doors.stage import Stage
from tests.postgres import Server, first_with_initdb, places, started
from tests.world import World

# A guess by chance gets one voter right on average, twelve or more once in a thousand million guesses.
CHANCE = 11
# One choice of four bytes may stand somewhere by accident; two do not.
ACCIDENT = 1


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[Server, Path, Path]]:
    """A PostgreSQL of our own as it runs in earnest: what is stolen are its files."""
    binaries = first_with_initdb(places())
    # Not in pytest's own folder: started by root the server runs as nobody, who may not enter that.
    with tempfile.TemporaryDirectory(prefix="samskab-postgres-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        with started(home, binaries, fsync=True) as url:
            yield Server(url), binaries, home / "log"


@contextmanager
def robbery(kind: str, request: pytest.FixtureRequest, folder: Path, name: str) -> Iterator[Robbery]:
    """An empty database, somebody who will come again and again, and logs as full as they get."""
    (folder / "log").mkdir()
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder}/samskab.db")
        burglar: Burglar = SQLiteBurglar(database, folder)
    else:
        server, binaries, log = request.getfixturevalue("cluster")
        database = Database(server.create(name))
        burglar = PostgresBurglar(database.url.set(drivername="postgresql").render_as_string(False), binaries, log)
    upgrade(database, explicit=True)
    with logging_to(folder / "log" / LOG):
        yield Robbery(World(database, folder), burglar)
    database.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def robbed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Robbery]:
    """A ballot from opening to result, robbed all along."""
    folder = tmp_path_factory.mktemp("robbed")
    with robbery(request.param, request, folder, "sealed") as found, pytest.MonkeyPatch.context() as monkeypatch:
        found.votes(changing=True)
        found.ends(monkeypatch)
        yield found


def test_everybody_voted_and_the_result_was_told(robbed: Robbery) -> None:
    """Without this the attacks below would show nothing."""
    assert (len(robbed.truth), len(robbed.former)) == (VOTERS, CHANGED)
    last = robbed.after[-1]
    assert sorted(row.what for row in last.papers) == sorted(robbed.truth.values())
    assert {row.who for row in last.voters if row.what is not None} == set(robbed.truth)
    robbed.world.people[0].hears("15 av 16 medlemmer var med")


def test_no_attack_joins_a_voter_to_a_vote(robbed: Robbery) -> None:
    haul = Thief(robbed.loot, robbed.truth).haul()
    assert haul["boxes opened"] == haul["two backups compared"] == haul["transaction numbers"] == 0, haul
    assert max(haul.values()) <= CHANCE, haul


def test_no_vote_can_be_read_while_the_ballot_is_open(robbed: Robbery) -> None:
    every = [*robbed.truth.values(), *robbed.former]
    assert len(readable(files_of(robbed.during), every)) <= ACCIDENT


def test_a_vote_that_was_changed_is_found_nowhere_ever(robbed: Robbery) -> None:
    assert len(readable(files_of(robbed.loot), robbed.former)) <= ACCIDENT


def test_the_logs_hold_no_vote_at_any_time(robbed: Robbery) -> None:
    logs = list(files_of(robbed.loot, "log"))
    assert any(logs)
    assert not readable(logs, [*robbed.truth.values(), *robbed.former])


def test_all_boxes_are_as_long_and_no_two_alike(robbed: Robbery) -> None:
    boxes = {bytes(row.what) for moment in robbed.during for row in moment.voters if row.what is not None}
    assert {len(box) for box in boxes} == {BOX_LENGTH}
    assert len(boxes) == VOTERS + CHANGED


def test_the_key_is_in_nothing_that_was_taken_and_overwritten_where_it_lay(robbed: Robbery) -> None:
    shapes = (robbed.key, robbed.key.hex().encode(), b64encode(robbed.key))
    assert not [shape for shape in shapes for data in files_of(robbed.loot) if shape in data]
    last = robbed.after[-1].files
    folder = robbed.folder
    assert [name for name in last if name.startswith(f"{folder.name}:")] == [f"{folder.name}:1.gone"]
    assert next(len(data) for name, data in last.items() if name.endswith("blocks of the key")) == len(robbed.key)


def test_no_sealed_box_is_left_in_the_pages_once_the_result_is_told(robbed: Robbery) -> None:
    boxes = {bytes(row.what) for moment in robbed.during for row in moment.voters if row.what is not None}
    pages = ("db", "wal", "heap") if "db:samskab.db" in robbed.after[-1].files else ("heap",)

    def lying(moment: int) -> int:
        return sum(any(box in data for data in files_of([robbed.loot[moment]], *pages)) for box in boxes)

    before = next(place for place, moment in enumerate(robbed.loot) if moment.name == "before closing")
    assert lying(before) >= VOTERS, "else this searches in the wrong place"
    assert lying(-1) == 0


def test_the_same_thief_opens_every_box_with_the_key(robbed: Robbery) -> None:
    """What we do not promise: who has both the key folder and the database before closing can read the votes."""
    stolen = replace(robbed.during[-1], files={"keys:1": robbed.key})
    assert Thief([stolen], robbed.truth).haul()["boxes opened"] == VOTERS


@pytest.mark.parametrize("ordered", [True, False], ids=["numbered", "random keys"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_same_thief_reads_every_vote_of_a_naive_ballot(
    kind: str, ordered: bool, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ballots, "cast", naive.cast(ordered))
    monkeypatch.setattr(ballots, "count", naive.count)
    with robbery(kind, request, tmp_path, f"naive{ordered:d}") as found:
        found.votes(changing=False)
        found.ends(monkeypatch)
    haul = Thief(found.loot, found.truth).haul()
    assert haul["two backups compared"] == haul["order in files"] == VOTERS, haul
    if ordered or kind == "postgresql":
        assert haul["order of rows"] == VOTERS, haul
    assert haul["transaction numbers"] == (VOTERS if kind == "postgresql" else 0), haul
    assert readable(files_of(found.during), found.truth.values()) == set(found.truth.values())
    afterwards = Thief(found.after, found.truth).haul()
    if kind == "postgresql":
        assert afterwards["transaction numbers"] == afterwards["order in files"] == VOTERS, afterwards


def test_a_vote_in_any_shape_is_found_in_a_heap_of_other_bytes() -> None:
    choice = choices(1)[0]
    for form in forms(choice):
        assert readable([bytes(1000) + form + bytes(1000)], [choice]) == {choice}
    assert not readable([bytes(2000)], [choice])


@pytest.mark.parametrize("everywhere", ["telegram", "slack", "web"], indirect=True)
def test_platforms_logs_and_files_learn_no_vote_from_us(
    everywhere: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the taps themselves, which a platform sees, nothing that we send or write says what was chosen.

    Not even where our own code fails over a vote: neither is the event kept, nor does the log say what was in it.
    """
    stage = everywhere
    assert isinstance(stage, Stage)
    log = tmp_path / LOG
    picked = choices(8)

    def fails(tx: Tx, ballot_id: int, person_id: int, ticked: int, now: datetime) -> None:
        raise RuntimeError(f"{ticked} {pack(ticked)}")

    with logging_to(log):
        voters = opened(stage, 5)
        with monkeypatch.context() as broken:
            broken.setattr(ballots, "cast", fails)
            voters[4].votes(SEND, *labels(picked[7])).hears("dette ble ikke talt med. Send det igjen")
        assert b"handler failed" in log.read_bytes()
        for someone, choice in zip(voters, picked, strict=False):
            someone.votes(SEND, *labels(choice)).hears("Stemmen din er mottatt")
        for someone, choice in zip(voters, picked[5:], strict=False):
            changes(someone, choice)
    moment = SQLiteBurglar(stage.db, tmp_path).take("open", files=True, beside=(log,))
    assert sum(row.what is not None for row in moment.voters) == 5
    with stage.db.reading() as tx:
        assert not tx.execute(select(Parked.id)).all()
    assert len(readable(moment.files.values(), picked)) <= ACCIDENT
    sent = [json.dumps(call, default=str).encode() for call in requests(stage)]
    assert not readable(sent, picked)
    if stage.telegram or stage.slack:
        assert any(b"Stemmen din er mottatt" in call for call in sent)


def requests(stage: Stage) -> Iterator[Any]:
    """What we asked of a platform, without the redrawing of boxes that answers a tap."""
    if stage.telegram:
        yield from (call.params for call in stage.telegram.requests if call.method != "editMessageReplyMarkup")
    if stage.slack:
        yield from (call.args for call in stage.slack.requests)
