"""What nobody should send, and somebody will: forged buttons, doubles, a locked or full database, broken files."""

from __future__ import annotations

import os
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Event, Press, Said, Unsupported
from bot.domain.forms import Form
from bot.domain.people import Role, facilitator
from bot.engine.receive import FORM_BUTTONS, FORM_VIEWS
from bot.engine.router import Router
from bot.work.writer import Writer
from handlers import router
from storage import committees, ideas, people
from storage.database import Database
from storage.tables import Idea, Parked, QuestionRow
from tests.databases import fresh
from tests.forked import Forked
from tests.locks import ROOT
from tests.scenarios.test_prioritising import prioritisation
from tests.scenarios.test_questions import asks
from tests.world import Someone, World

STRANGE = ((), ("1",), ("1", "1"), ("1", "yes"), ("999999",), ("-1", ""), ("9" * 30,), ("answers", "1", "q1", "o9"))


def routes() -> list[str]:
    return sorted({*router.buttons, *router.views, *FORM_BUTTONS, *FORM_VIEWS, "a", "pick", "nowhere", ""})


def forms() -> list[str]:
    return sorted(router.forms)


def state(world: World) -> Mapping[str, int]:
    """How many rows there are of what a press could change for others."""
    tables = (
        "role",
        "application",
        "appointment",
        "meeting",
        "prompt",
        "question",
        "idea",
        "ballot",
        "paper",
        "answer",
    )
    with world.db.reading() as tx:
        return {name: tx.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables}


@pytest.fixture
def busy(world: World) -> World:
    """A committee with questions, ideas and a prioritisation under way."""
    world.load()
    world.members("Ola", "Kari", "Per", "Pål", "Eva")
    asks(world, 5)
    prioritisation(world)
    return world


@pytest.mark.parametrize("who", ["a stranger", "a member of another committee", "another committee's facilitator"])
def test_no_button_of_this_committee_works_for(busy: World, who: str) -> None:
    elsewhere = busy.load("gentofte-biblioteker")
    outsider: Someone = {
        "a stranger": lambda: busy.person("Stranger").says("/help"),
        "a member of another committee": lambda: busy.member("Gitte", committee=elsewhere),
        "another committee's facilitator": lambda: busy.facilitator("Gerda", committee=elsewhere),
    }[who]()
    before = state(busy)
    for route in routes():
        for args in STRANGE:
            outsider.presses_data(":".join((route, *args)))  # an exception of ours fails the test here
    for form in forms():
        for subject in ("1", "999999", "-1", "x"):
            outsider.presses_data(f"open:{form}:{subject}")
            outsider.presses_data(f"send:{form}:{subject}")
    after = state(busy)
    own = {"role", "application"} if who == "a stranger" else {"role"}  # following along is anybody's own act
    assert {name: count for name, count in after.items() if name not in own} == {
        name: count for name, count in before.items() if name not in own
    }
    with busy.db.reading() as tx:
        held = people.roles(tx, outsider.id)
        assert not held.get(1, frozenset()) & {Role.CITIZEN, Role.FACILITATOR, Role.SECRETARIAT}
        assert tx.execute(select(func.count()).select_from(Parked)).scalar_one() == 0


def test_a_member_can_press_anything_without_an_error_of_ours(busy: World) -> None:
    ola = next(someone for someone in busy.people if someone.name == "Ola")
    for route in routes():
        for args in STRANGE:
            if route not in ("leaves", "erase"):
                ola.presses_data(":".join((route, *args)))
    with busy.db.reading() as tx:
        assert Role.CITIZEN in people.roles(tx, ola.id)[1]


def test_the_same_update_three_times_is_one(world: World) -> None:
    ola = world.member("Ola")
    event = Press("idea", ())
    for _time in range(3):
        world.event(ola.address, Said("/idea"), once="u1")
    for _time in range(3):
        world.event(ola.address, event, once="u2")
    ola.says("/idea A night bus")
    assert len([seen for seen in ola.messages if "on the list" in seen.text]) == 1
    before = len(ola.messages)
    outcome = world.event(ola.address, Said("A night bus"), once="u3")
    again = world.event(ola.address, Said("A night bus"), once="u3")
    assert not outcome.duplicate
    assert again.duplicate
    assert len(ola.messages) == before + 1


def test_a_double_press_does_it_once(busy: World) -> None:
    kari = next(someone for someone in busy.people if someone.name == "Kari")
    kari.says("/ideas")
    for _time in range(2):
        kari.presses_data("second:1")
    with busy.db.reading() as tx:
        assert [found.seconds for found in ideas.listed(tx, 1, kari.id)][:1] == [1]


def test_a_press_that_overtakes_a_message_loses_neither(world: World) -> None:
    world.load()
    anna = world.person("Anna").says("/start svelvik-ungdom").presses("Sign up")
    anna.presses("A seat in the committee (about 6 meetings)").presses("15 to 17 years").presses("Woman")
    anna.ticks("A young person who knows what goes on outside clubs and associations").presses("Done")
    skip = next(one for row in anna.messages[-1].message.buttons for one in row if one["label"] == "Skip")["data"]
    shown = str(anna.messages[-1].row)
    anna.says("I want a place to be in the evening")  # the answer to "why"; its Skip comes late
    route, *args = skip.split(":")
    world.event(anna.address, Press(route, tuple(args), shown))
    anna.says("/status").presses("Go on")
    answers = "\n".join(seen.text for seen in anna.messages)
    assert "What should we call you?" in answers


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "🙂" * 1000, "\u202eabc", "x" * 10_000, "/", "/nothing", "/" + "x" * 999]
)
def test_any_text_gets_an_answer(world: World, text: str) -> None:
    ola = world.member("Ola")
    before = len(ola.messages)
    ola.says(text)
    assert len(ola.messages) == before + 1 or ola.toast
    assert len(ola.last) < 4096


def test_a_file_where_text_is_asked_for(world: World) -> None:
    ola = world.member("Ola").says("/idea")
    world.event(ola.address, Unsupported("photo"))
    ola.hears("I can only read text so far")
    ola.says("A night bus").hears("Your idea is on the list")


# The database ------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[World, Writer, Path]]:
    database = fresh(tmp_path)
    world = World(database, tmp_path)
    world.load()
    writer = Writer(database, world.engine, lambda: world.now)
    writer.start()
    yield world, writer, tmp_path / "samskab.db"
    writer.stop()
    database.close()


def idea(world: World, ola: Someone, number: int) -> Event:
    return Event(f"late-{number}", ola.address, Said(f"idea {number}"), "en")


def test_a_database_locked_for_a_while_loses_nothing(file: tuple[World, Writer, Path]) -> None:
    world, writer, path = file
    ola = world.member("Ola")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    waiting = [writer.accept(idea(world, ola, number)) for number in range(5)]
    threading.Timer(1.0, lambda: other.execute("ROLLBACK")).start()
    assert [outcome.result(20).duplicate for outcome in waiting] == [False] * 5
    assert writer.well
    other.close()


def test_a_database_locked_for_long_says_come_again(file: tuple[World, Writer, Path]) -> None:
    world, writer, path = file
    ola = world.member("Ola")
    with world.db.limited.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = writer.accept(idea(world, ola, 1))
    with pytest.raises(Unavailable):
        refused.result(30)
    assert not writer.well
    other.execute("ROLLBACK")
    other.close()
    assert not writer.accept(idea(world, ola, 1)).result(20).duplicate  # the platform brings it again
    assert writer.well


def test_a_full_disk_says_come_again_and_harms_nothing(file: tuple[World, Writer, Path]) -> None:
    world, writer, _path = file
    ola = world.member("Ola")
    with world.db.limited.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    big = Event("big", ola.address, Said("/idea " + "x" * 480), "en")
    failed = 0
    for number in range(200):
        event = Event(f"n{number}", ola.address, Said(str(number) + "y" * 3000), "en")
        try:
            writer.accept(event).result(20)
        except Unavailable:
            failed += 1
            break
    assert failed == 1, "the disk never filled"
    with world.db.limited.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    assert not writer.accept(big).result(20).duplicate
    with world.db.reading() as tx:
        assert tx.execute(select(func.count()).select_from(Idea)).scalar_one() <= 1


# The command line --------------------------------------------------------------------------------------------


def samskab(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    environment: dict[str, Any] = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    environment |= {"SAMSKAB_SECRET_KEY": "k" * 40, "SAMSKAB_DATABASE_URL": f"sqlite:///{folder}/s.db", **settings}
    with tempfile.TemporaryDirectory() as aside:
        said = Path(aside, "said")
        running = Forked("bot.__main__", arguments, folder, environment, said)
        try:
            return running.wait(60), said.read_text()
        finally:
            running.kill()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SAMSKAB_COLOUR": "blue"}, "SAMSKAB_COLOUR: no such setting; docs/operate.md lists them all"),
        ({"SAMSKAB_PORT": "many"}, "SAMSKAB_PORT"),
        ({"SAMSKAB_SECRET_KEY": "short"}, "SAMSKAB_SECRET_KEY: at least 32 characters are needed"),
        ({"SAMSKAB_LOCALE": "fi"}, "must be da, nb, nn or en"),
        ({"SAMSKAB_TELEGRAM_API_URL": "http://elsewhere.example"}, "must be an https address"),
        ({"SAMSKAB_SECRET_KEY_FILE": "/nowhere/key"}, "cannot be read"),
        ({"SAMSKAB_DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/none"}, "the database cannot be opened"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_settings_that_cannot_be_used_are_said_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    code, told = samskab(tmp_path, "run", **settings)
    assert code == 1
    assert said in told
    assert "Traceback" not in told


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("run", "demo"):
            code, told = samskab(tmp_path, command, SAMSKAB_PORT=port)
            assert code == 1
            assert f"cannot listen on 127.0.0.1:{port}" in told
            assert "Traceback" not in told
            assert "exception" not in told


def test_a_folder_nobody_may_write_to_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, told = samskab(tmp_path, "run", SAMSKAB_DATABASE_URL=f"sqlite:///{tmp_path}/file/s.db")
    assert code == 1
    assert "SAMSKAB_DATABASE_URL" in told
    assert "Traceback" not in told


def test_a_mandate_that_is_none_names_every_fault_and_stores_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("key = [")
    (tmp_path / "empty.toml").write_text("")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff")
    good = (ROOT / "docs" / "demo" / "svelvik-ungdom.toml").read_text()
    (tmp_path / "wrong.toml").write_text(good.replace("citizens = 10", "citizens = 0").replace("seats = 1", "seat = 1"))
    for name, said in (
        ("broken.toml", "broken.toml:1"),
        ("empty.toml", "key"),
        ("picture.toml", "is not text in UTF-8"),
        ("wrong.toml", "citizens"),
        ("nowhere.toml", "cannot be read"),
    ):
        code, told = samskab(tmp_path, "mandate", "load", name)
        assert code == 1, told
        assert said in told
        assert "Traceback" not in told
    code, told = samskab(tmp_path, "mandate", "load", "wrong.toml")
    assert told.count("\n") > 5, "every fault has its line"
    code, told = samskab(tmp_path, "member", "add", "Frida", "--role", "facilitator", "--committee", "svelvik-ungdom")
    assert (code, "none yet; load a mandate first" in told) == (1, True)


def test_roles_and_rules_are_changed_at_the_command_line_with_a_sentence_for_each_slip(tmp_path: Path) -> None:
    def told(*arguments: str) -> tuple[int, str]:
        code, text = samskab(tmp_path, *arguments)
        assert "Traceback" not in text
        return code, text

    assert told("mandate", "load", str(ROOT / "docs" / "demo" / "svelvik-ungdom.toml"))[0] == 0
    told("member", "add", "Olga", "--role", "owner")
    told("member", "add", "Frida", "--role", "facilitator", "--committee", "svelvik-ungdom")
    rule = ("mandate", "rule", "svelvik-ungdom", "other_tie_allowed", "no", "--reason", "The council said so")
    assert told(*rule, "--by", "Olga") == (0, "svelvik-ungdom: other_tie_allowed is now no.\n")
    for wrong, said in (
        ((*rule, "--by", "Frida"), "is not an owner"),
        ((*rule, "--by", "Nobody"), "no such person"),
        (("mandate", "rule", "nowhere", *rule[3:], "--by", "Olga"), "there are svelvik-ungdom"),
        (("mandate", "rule", "svelvik-ungdom", "colour", *rule[4:], "--by", "Olga"), "no such rule; there are closed"),
        (("mandate", "rule", *rule[2:4], "maybe", *rule[5:], "--by", "Olga"), "must be yes or no"),
        (("member", "end", "Frida", "--role", "chair", "--committee", "svelvik-ungdom"), "does not have the role"),
        (("member", "end", "Frida", "--role", "king"), "must be one of"),
    ):
        code, text = told(*wrong)
        assert (code, said in text) == (1, True), text
    assert told("member", "end", "Frida", "--role", "facilitator", "--committee", "svelvik-ungdom")[0] == 0
    database = Database(f"sqlite:///{tmp_path}/s.db")
    with database.reading() as tx:
        assert not committees.rules(tx, 1).other_tie_allowed
        assert people.holding(tx, 1, (Role.FACILITATOR,)) == []
        assert tx.exec_driver_sql("SELECT count(*) FROM login WHERE person_id = 2").scalar() == 0
    database.close()


def test_a_demo_and_a_real_service_never_meet(tmp_path: Path) -> None:
    code, told = samskab(tmp_path, "demo", SAMSKAB_TELEGRAM_TOKEN="1:abc")
    assert (code, "The demo runs without tokens" in told) == (1, True)
    code, told = samskab(tmp_path, "demo", SAMSKAB_BASE_URL="https://samskab.example.org")
    assert (code, "The demo is for this machine only" in told) == (1, True)


def test_an_address_of_the_wrong_kind_is_nobody(world: World) -> None:
    world.load()
    before = state(world)
    world.event(Address("direct", "ghost"), Press("leaves", ("1",)))
    assert state(world) == before


def test_nothing_can_be_pressed_that_names_no_committee() -> None:
    """The right to it would be asked for in whatever committee somebody talks about."""
    with pytest.raises(ValueError, match="'peek' is about a QuestionRow, which names no committee"):
        Router().button("peek", QuestionRow, who=facilitator)(lambda chat, question: None)
    with pytest.raises(ValueError, match="which names no committee"):
        Router().form("peek", QuestionRow, lambda chat, question: Form("peek", ()), who=facilitator)(
            lambda *given: None
        )
