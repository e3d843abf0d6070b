"""What the storage promises of a ballot, on both databases; votes are cast as people cast them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text, update
from sqlmodel import SQLModel

from bot.domain import ballots as rules
from bot.domain.ballots import BrokenBox, State
from bot.domain.errors import Refusal
from bot.domain.people import Role
from bot.work.closing import close_now
from storage import ballots, keys, people
from storage.database import Database, Tx, dumps
from storage.tables import Outbox, Paper, Voter
from tests.databases import listening
from tests.scenarios.test_prioritising import IDEAS, prioritisation, voters, votes
from tests.world import Someone, World

NIGHT_BUS = 0b010
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def crashing(database: Database) -> Iterator[Tx]:
    """A transaction that never ends well: what is done in it is undone, as by a power cut."""
    with database.writer.connect() as tx:
        yield tx
        tx.rollback()


@pytest.fixture
def members(world: World) -> list[Someone]:
    """Five members and an author, and a ballot that is open."""
    found = voters(world, 5)
    prioritisation(world)
    return found


@pytest.fixture
def folder(world: World) -> Path:
    """Where the keys lie."""
    return world.engine.house.keys


def all_vote(members: list[Someone]) -> None:
    for someone in members:
        votes(someone, "A night bus")


def state(world: World) -> str:
    with world.db.reading() as tx:
        return ballots.get(tx, 1).state


def papers(world: World) -> list[tuple[bytes, int]]:
    with world.db.reading() as tx:
        return [(bytes(row.id), row.choice) for row in tx.execute(select(Paper.id, Paper.choice).order_by(Paper.id))]


def boxes(world: World) -> dict[int, bytes | None]:
    with world.db.reading() as tx:
        rows = tx.execute(select(Voter.person_id, Voter.box))
        return {row.person_id: None if row.box is None else bytes(row.box) for row in rows}


def tally(world: World) -> Any:
    with world.db.reading() as tx:
        return ballots.get(tx, 1).tally


def tables(world: World) -> dict[str, int]:
    """How many rows each table has."""
    with world.db.reading() as tx:
        return {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What is done here is refused in these words."""
    with pytest.raises(Refusal) as refusal:
        yield
    assert words in str(refusal.value.text)


# Who may vote -----------------------------------------------------------------------------------------------------


def test_the_roll_has_every_member_and_nobody_of_the_administration(world: World) -> None:
    found = voters(world, 5)
    both = world.member("Both")
    guest = world.member("Guest", role=Role.AD_HOC)
    with world.db.transaction() as tx:
        assert world.committee is not None
        people.give_role(tx, both.id, world.committee.id, Role.SECRETARIAT, world.now)
    frida = prioritisation(world)
    author = next(someone for someone in world.people if someone.name == "Author")
    assert set(boxes(world)) == {someone.id for someone in (*found, author)}
    assert not {both.id, guest.id, frida.id} & set(boxes(world))


def test_who_is_not_on_the_roll_is_refused_and_not_put_on_it(world: World, members: list[Someone]) -> None:
    late = world.member("Late")
    before = boxes(world)
    with world.db.transaction() as tx, refused("when this opened"):
        ballots.cast(tx, 1, late.id, NIGHT_BUS, world.now)
    assert boxes(world) == before and late.id not in before


# Voting -----------------------------------------------------------------------------------------------------------


def test_a_changed_vote_takes_the_place_of_the_former_and_leaves_no_trace(world: World, members: list[Someone]) -> None:
    maria = members[0]
    votes(maria, "A night bus")
    maria.presses("Change my vote")
    former, rows = boxes(world)[maria.id], tables(world)
    votes(maria, "More benches")
    assert former is not None and former not in boxes(world).values()
    grown = {name for name, count in tables(world).items() if count != rows[name]}
    assert grown == {"event", "outbox"}, "a message and the number of an event, as for anything one presses"
    with world.db.reading() as tx:
        said = [dumps(content) for content in tx.execute(select(Outbox.content)).scalars()]
    assert len({content for content in said if "Your vote is in" in content}) == 1, "the same words first and later"


def test_a_box_says_neither_what_nor_how_many(world: World, members: list[Someone]) -> None:
    votes(members[0], "A night bus")
    votes(members[1], *IDEAS)
    votes(members[2])
    assert {len(box) for box in boxes(world).values() if box} == {rules.BOX_LENGTH}


def test_no_vote_passes_once_closing_has_begun_whatever_the_clock_says(world: World, members: list[Someone]) -> None:
    all_vote(members)
    before = boxes(world)
    with world.db.transaction() as tx:
        assert ballots.start_closing(tx, 1, world.now + timedelta(days=4))
    with world.db.transaction() as tx, refused("is closed"):
        ballots.cast(tx, 1, members[0].id, 1, world.now)
    members[0].presses_data("cast:1:1").hears("The prioritisation is closed")
    assert boxes(world) == before


def test_no_vote_passes_after_the_hour_though_nobody_has_closed_it_yet(world: World, members: list[Someone]) -> None:
    with world.db.transaction() as tx, refused("closed"):
        ballots.cast(tx, 1, members[0].id, 1, world.now + timedelta(days=3))
    assert state(world) == State.OPEN and not any(boxes(world).values())


def test_closing_does_not_begin_before_its_hour(world: World, members: list[Someone]) -> None:
    with world.db.transaction() as tx:
        assert not ballots.start_closing(tx, 1, world.now)
    assert state(world) == State.OPEN


@ON_POSTGRES
def test_a_vote_under_way_holds_up_the_closing_and_counts(world: World, members: list[Someone]) -> None:
    all_vote(members[1:])
    after = world.now + timedelta(days=4)
    with ThreadPoolExecutor(1) as other:
        with world.db.transaction() as tx:
            ballots.cast(tx, 1, members[0].id, NIGHT_BUS, world.now)
            closing = other.submit(in_a_transaction, world.db, lambda tx: ballots.start_closing(tx, 1, after))
            await_lock(world.db, closing)
        assert closing.result(10)
    world.wait(timedelta(days=4))
    assert tally(world)["counts"] == [0, 5, 0]


@ON_POSTGRES
def test_a_vote_that_comes_while_closing_begins_is_refused(world: World, members: list[Someone]) -> None:
    with ThreadPoolExecutor(1) as other:
        with world.db.transaction() as tx:
            assert ballots.start_closing(tx, 1, world.now + timedelta(days=4))
            person = members[0].id
            vote = other.submit(in_a_transaction, world.db, lambda tx: ballots.cast(tx, 1, person, 1, world.now))
            await_lock(world.db, vote)
        with pytest.raises(Refusal):
            vote.result(10)
    assert not any(boxes(world).values())


@ON_POSTGRES
def test_two_people_vote_at_the_same_time(world: World, members: list[Someone]) -> None:
    with ThreadPoolExecutor(1) as other, world.db.transaction() as tx:
        ballots.cast(tx, 1, members[0].id, 1, world.now)
        person = members[1].id
        other.submit(in_a_transaction, world.db, lambda tx: ballots.cast(tx, 1, person, 1, world.now)).result(4)
    assert len([box for box in boxes(world).values() if box]) == 2


def in_a_transaction(database: Database, run: Callable[[Tx], Any]) -> Any:
    with database.transaction() as tx:
        return run(tx)


def await_lock(database: Database, waiting: Future[Any]) -> None:
    """Return once another connection waits for a lock; fail if it got through instead."""
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname=current_database()"
    )
    for _try in range(500):
        with database.reading() as tx:
            if tx.execute(blocked).scalar_one():
                return
        assert not waiting.done(), "it did not wait"
    raise AssertionError("it neither waited nor ended")


# Closing ----------------------------------------------------------------------------------------------------------


def steps(world: World, folder: Path) -> list[Callable[[], Any]]:
    """What closing does before the result is told, in its order."""
    return [
        lambda: in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now)),
        lambda: in_a_transaction(world.db, lambda tx: ballots.count(tx, 1, keys.read(folder, 1))),
        lambda: keys.destroy(folder, 1),
        lambda: ballots.tidy(world.db),
    ]


@pytest.mark.parametrize("done", range(5))
def test_a_crash_between_any_two_steps_of_closing_changes_nothing(
    world: World, members: list[Someone], folder: Path, done: int
) -> None:
    all_vote(members)
    world.now += timedelta(days=4)
    for step in steps(world, folder)[:done]:
        step()
    again = Database(world.db.url.render_as_string(hide_password=False))
    assert close_now(again, world.engine, world.now) == [1]
    assert close_now(again, world.engine, world.now) == []
    again.close()
    assert (state(world), tally(world)["counts"], len(papers(world))) == (State.RELEASED, [0, 5, 0], 5)
    world.wait(timedelta(minutes=1))
    assert sum("5 of 6 members took part" in seen.text for seen in members[0].messages) == 1


def test_a_crash_within_a_step_leaves_the_one_before(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    private, sealed = keys.read(folder, 1), boxes(world)
    world.now += timedelta(days=4)
    with crashing(world.db) as tx:
        assert ballots.start_closing(tx, 1, world.now)
    assert state(world) == State.OPEN
    in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now))
    with crashing(world.db) as tx:
        assert ballots.count(tx, 1, private)
    assert (state(world), papers(world), tally(world), boxes(world)) == (State.CLOSING, [], None, sealed)
    assert close_now(world.db, world.engine, world.now) == [1]


def test_each_step_done_again_does_nothing(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    private = keys.read(folder, 1)
    world.now += timedelta(days=4)
    for step, repeated in (
        (lambda tx: ballots.start_closing(tx, 1, world.now), State.CLOSING),
        (lambda tx: ballots.count(tx, 1, private), State.COUNTED),
        (lambda tx: ballots.release(tx, 1), State.RELEASED),
    ):
        assert in_a_transaction(world.db, step)
        before = (papers(world), tally(world), boxes(world))
        assert not in_a_transaction(world.db, step)
        assert (state(world), papers(world), tally(world), boxes(world)) == (repeated, *before)


def test_steps_out_of_turn_do_nothing(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    private = keys.read(folder, 1)
    for step in (lambda tx: ballots.count(tx, 1, private), lambda tx: ballots.release(tx, 1)):
        assert not in_a_transaction(world.db, step)
    assert (state(world), papers(world), tally(world)) == (State.OPEN, [], None)
    world.wait(timedelta(days=4))
    for step in (lambda tx: ballots.void(tx, 1), lambda tx: ballots.cancel(tx, 1)):
        assert not in_a_transaction(world.db, step)
    assert state(world) == State.RELEASED


def test_papers_have_random_keys_and_no_order_of_voters(world: World) -> None:
    found = voters(world, 8)
    prioritisation(world)
    for place, someone in enumerate(found):
        votes(someone, *(idea for bit, idea in enumerate(IDEAS) if place >> bit & 1))
    private = keys.read(world.engine.house.keys, 1)
    world.now += timedelta(days=4)
    in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now))
    counted = []
    for _turn in range(3):  # counted, undone, and counted anew
        with crashing(world.db) as tx:
            assert ballots.count(tx, 1, private)
            counted.append(list(tx.execute(select(Paper.id, Paper.choice).order_by(Paper.id)).all()))
    orders = {tuple(row.choice for row in turn) for turn in counted}
    assert len(orders) > 1 and {tuple(sorted(order)) for order in orders} == {tuple(range(8))}
    assert len({bytes(row.id) for turn in counted for row in turn}) == 24
    assert {len(row.id) for row in counted[0]} == {16}


@pytest.mark.parametrize("turnout", [0, 1, 4])
def test_fewer_than_five_votes_leave_neither_papers_nor_counts(
    world: World, members: list[Someone], turnout: int
) -> None:
    all_vote(members[:turnout])
    world.wait(timedelta(days=4))
    assert (state(world), papers(world)) == (State.RELEASED, [])
    assert tally(world) == {"turnout": turnout, "shown": False}
    assert not any(boxes(world).values())


def test_once_counted_the_roll_says_whether_and_never_what(world: World, members: list[Someone]) -> None:
    all_vote(members)
    world.wait(timedelta(days=4))
    voted = {someone.id for someone in members}
    assert {person: box for person, box in boxes(world).items() if person in voted} == dict.fromkeys(voted, b"")
    assert [box for person, box in boxes(world).items() if person not in voted] == [None]


def test_the_result_waits_until_the_key_is_gone(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    world.now += timedelta(days=4)
    in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now))
    in_a_transaction(world.db, lambda tx: ballots.count(tx, 1, keys.read(folder, 1)))
    folder.chmod(0o755)  # a folder that others can read is not touched
    assert close_now(world.db, world.engine, world.now) == []
    members[0].does_not_hear("members took part")
    members[0].says("/results").hears("There is no result yet")
    assert (state(world), keys.exists(folder, 1)) == (State.COUNTED, True)
    folder.chmod(0o700)
    assert close_now(world.db, world.engine, world.now) == [1]
    assert not keys.exists(folder, 1) and [path.name for path in folder.iterdir()] == ["1.gone"]


def test_a_counted_ballot_whose_key_may_lie_elsewhere_is_not_released(
    world: World, members: list[Someone], folder: Path
) -> None:
    all_vote(members)
    world.now += timedelta(days=4)
    in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now))
    in_a_transaction(world.db, lambda tx: ballots.count(tx, 1, keys.read(folder, 1)))
    (folder / "1").rename(folder.parent / "a backup of the key")
    assert close_now(world.db, world.engine, world.now) == []
    assert state(world) == State.COUNTED


@ON_SQLITE
def test_the_result_waits_while_a_reader_holds_the_old_pages(world: World, members: list[Someone]) -> None:
    all_vote(members)

    def impatient(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")

    with listening(world.db.writer, "begin", impatient), world.db.reading() as tx:
        tx.execute(select(Voter.box)).all()
        world.now += timedelta(days=4)
        assert close_now(world.db, world.engine, world.now) == []
        assert state(world) == State.COUNTED
    assert close_now(world.db, world.engine, world.now) == [1]


# What cannot be counted -------------------------------------------------------------------------------------------


def test_one_broken_box_and_nothing_is_counted_the_ballot_is_void_and_the_key_gone(
    world: World, members: list[Someone], folder: Path
) -> None:
    all_vote(members)
    box = boxes(world)[members[0].id]
    assert box is not None
    damaged = box[:-1] + bytes([box[-1] ^ 1])
    private = keys.read(folder, 1)
    with world.db.transaction() as tx:
        tx.execute(update(Voter).where(Voter.person_id == members[0].id).values(box=damaged))
        ballots.start_closing(tx, 1, world.now + timedelta(days=4))
    with pytest.raises(BrokenBox), world.db.transaction() as tx:
        ballots.count(tx, 1, private)
    assert (state(world), papers(world), tally(world)) == (State.CLOSING, [], None)
    world.wait(timedelta(days=4))
    assert (state(world), papers(world), tally(world)) == (State.VOID, [], None)
    assert not any(boxes(world).values()) and keys.destroyed(folder, 1)
    members[1].hears("The prioritisation could not be counted").does_not_hear("took part.")


def test_two_boxes_that_changed_places_are_broken(world: World, members: list[Someone]) -> None:
    all_vote(members)
    first, second = (boxes(world)[someone.id] for someone in members[:2])
    with world.db.transaction() as tx:
        tx.execute(update(Voter).where(Voter.person_id == members[0].id).values(box=second))
        tx.execute(update(Voter).where(Voter.person_id == members[1].id).values(box=first))
    world.wait(timedelta(days=4))
    assert (state(world), papers(world)) == (State.VOID, [])


def test_another_installations_key_counts_nothing_and_stays(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    (folder / "1").unlink()
    other = rules.new_key()[0]
    keys.write(folder, 1, other)
    world.wait(timedelta(days=4))
    assert (state(world), papers(world)) == (State.VOID, [])
    assert keys.read(folder, 1) == other


def test_one_ballots_trouble_holds_up_no_other(world: World, members: list[Someone], folder: Path) -> None:
    all_vote(members)
    frida = next(someone for someone in world.people if someone.name == "Frida")
    closes = (world.now + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    frida.says("/ballot").says("What next").presses("Skip").presses("Skip").ticks(*IDEAS[:2]).presses("Done")
    frida.presses("As soon as I send it").says(closes).presses("The numbers")
    frida.presses("See how it will look").presses("Open it")
    world.now += timedelta(days=4)
    in_a_transaction(world.db, lambda tx: ballots.start_closing(tx, 1, world.now))
    in_a_transaction(world.db, lambda tx: ballots.count(tx, 1, keys.read(folder, 1)))
    (folder / "1").rename(folder / "elsewhere")
    (folder / "1").symlink_to(folder / "elsewhere")  # what is not a file of ours is not overwritten
    assert close_now(world.db, world.engine, world.now) == [2]
    with world.db.reading() as tx:
        assert [ballots.get(tx, number).state for number in (1, 2)] == [State.COUNTED, State.RELEASED]


def test_a_ballot_that_could_not_store_its_key_does_not_open(world: World, folder: Path) -> None:
    voters(world, 5)
    folder.mkdir(mode=0o700)
    folder.chmod(0o755)
    with pytest.raises(keys.KeyFolderUnsafe):
        prioritisation(world)
    assert state(world) == State.DRAFT and not boxes(world)


def test_an_opening_undone_by_a_crash_is_done_again_with_a_key_of_its_own(world: World, folder: Path) -> None:
    found = voters(world, 5)
    prioritisation(world)
    with world.db.transaction() as tx:
        drafted = ballots.get(tx, 1)
        values = {name: getattr(drafted, name) for name in ("title", "options", "opens_at", "closes_at")}
        number = ballots.draft(tx, drafted.committee_id, drafted.created_by, world.now, **values).id
    with crashing(world.db) as tx:
        assert ballots.open_now(tx, folder, number, world.now)
    lost = keys.read(folder, number)
    with world.db.transaction() as tx:
        assert len(ballots.open_now(tx, folder, number, world.now)) == 6
        public = ballots.get(tx, number).public_key
    private = keys.read(folder, number)
    assert private != lost and public is not None and rules.fits(private, bytes(public))
    assert not (folder / f"{number}.gone").exists(), "the mark of the lost key says nothing of the new one"
    with world.db.transaction() as tx:
        assert ballots.open_now(tx, folder, number, world.now) == []
        ballots.cast(tx, number, found[0].id, 1, world.now)
