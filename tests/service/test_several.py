"""Several processes on one PostgreSQL: who does what, how they hear of each other, and how they are replaced."""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Collection
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import App
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.config import Settings, SettingsError
from bot.domain.retention import USUAL, Recordings
from bot.start import NO_FOLDER, keys_name, take_folder, wrong_folder
from bot.work.listen import listen
from storage import keys, outbox, people
from storage.database import Database
from storage.tables import Idea, Lease
from tests.doors.stage import HOOK, Stage
from tests.serve import SECRET
from tests.service.fleet import Fleet

wait_until = Stage.wait_until
LISTED = "Your idea is on the list"


def owner(db: Database, account: str) -> str | None:
    with db.reading() as tx:
        found: str | None = tx.execute(select(Lease.owner).where(Lease.account == account)).scalar()
        return found


def test_one_part_answers_and_commits_the_other_sends(town: Fleet) -> None:
    ola = town.member("Ola")
    web = town.starts("web")
    town.fake.deliver_to(f"{town.url}/telegram", secret=HOOK)
    ola.says("/idea A bench by the harbour")
    wait_until(lambda: committed(town) == 1)
    time.sleep(0.5)
    assert not ola.messages and owner(town.db, town.account) is None
    assert not [call for call in town.fake.requests if call.method in ("setWebhook", "getMe")]
    work = town.starts("work")
    wait_until(lambda: ola.messages)
    assert LISTED in ola.last.text
    assert httpx.get(f"{work.url}/health").text == httpx.get(f"{web.url}/health").text == "ok"
    assert [httpx.get(f"{work.url}{path}").status_code for path in ("/", "/talk", "/signin")] == [404] * 3
    assert httpx.post(f"{work.url}/telegram").status_code == 404
    wait_until(lambda: b"https://t.me/" in httpx.get(f"{town.url}/c/{town.committee.key}").content)
    assert (web.stop(), work.stop()) == (0, 0)


def committed(town: Fleet) -> int:
    with town.db.reading() as tx:
        return tx.execute(select(func.count()).select_from(Idea)).scalar_one()


def test_a_rolling_restart_under_load_loses_nothing_and_doubles_nothing(town: Fleet) -> None:
    phones = [town.member(name) for name in ("Ola", "Kari", "Per", "Eva", "Pål", "Liv")]
    old, other, work = town.starts("web"), town.starts("web"), town.starts("work")
    said: dict[int, int] = {phone.id: 0 for phone in phones}
    enough = threading.Event()

    def talk() -> None:
        while not enough.is_set():
            for phone in phones:
                said[phone.id] += 1
                phone.says(f"/idea Number {said[phone.id]} of {phone.id}")
            enough.wait(1)  # a chat hears one message a second

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        wait_until(lambda: all(phone.messages for phone in phones))
        assert old.stop() == 0
        town.starts("web")
        assert other.stop() == 0
        heirs = town.starts("work")
        former = owner(town.db, town.account)
        assert work.stop() == 0
        wait_until(lambda: owner(town.db, town.account) != former, 5)
    finally:
        enough.set()
        talking.join()
    wait_until(lambda: all(len(phone.messages) >= said[phone.id] for phone in phones))
    town.fake.wait_idle()
    assert heirs.stop() == 0
    assert committed(town) == sum(said.values())
    for phone in phones:
        told = [message.text or "" for message in phone.messages]
        assert len(told) == said[phone.id]
        assert all(sum(f"Number {n} of" in line for line in told) == 1 for n in range(1, said[phone.id] + 1))


def test_a_page_open_at_one_process_shows_at_once_what_another_commits(town: Fleet) -> None:
    here, there = town.starts("web"), town.starts("web")
    person, browser = town.browser("Astrid")
    with town.directly(browser, here).stream("GET", "/events") as page:
        lines = page.iter_lines()
        first = next(line for line in lines if line.startswith("data: "))
        form = town.directly(browser, there)
        sent = dict(browser.opens("/talk").fields("Send", text="/help")[1])
        began = time.monotonic()
        answer = form.post("/talk", data=sent, headers={"origin": town.url})
        assert answer.status_code == 303
        newer = next(line for line in lines if line.startswith("data: "))
        took = time.monotonic() - began
    with town.db.reading() as tx:
        assert newer == f"data: {outbox.newest(tx, person)}" != first
    assert took < 2, "only the poll of 5 s has found it"


class Ear:
    """A process's listening connection, on a loop of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.heard: list[tuple[float, Collection[str] | None]] = []
        self.stopping = asyncio.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.loop.run_until_complete(
            listen(self.database, lambda places: self.heard.append((time.monotonic(), places)), self.stopping)
        )

    def __enter__(self) -> Ear:
        self.thread.start()
        wait_until(lambda: self.heard)
        return self

    def __exit__(self, *ended: object) -> None:
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join()
        self.loop.close()


def message(db: Database, account: str) -> None:
    """Commit a message to somebody."""
    now = datetime.now(UTC)
    with db.transaction() as tx:
        person = people.add(tx, now, "Ola", "en")
        outbox.put(tx, Address(account, str(person.id)), person.id, Rendered("Hello"), now)


def test_a_commit_is_heard_within_milliseconds_by_others_and_not_by_oneself(db: Database) -> None:
    other = Database(db.url.render_as_string(hide_password=False))
    delays = []
    with ExitStack() as stack:
        stack.callback(other.close)
        ear = stack.enter_context(Ear(db))
        assert ear.heard.pop()[1] is None
        for _round in range(30):
            message(other, "telegram:1")
            committed_at = time.monotonic()
            wait_until(lambda: ear.heard)
            at, places = ear.heard.pop()
            delays.append(at - committed_at)
            assert places == {"telegram:1"}
        message(db, "telegram:1")
        message(other, "web")
        wait_until(lambda: ear.heard)
        assert [places for _at, places in ear.heard] == [{"web"}]
    print(f"commit to wake-up: median {statistics.median(delays) * 1000:.1f} ms, worst {max(delays) * 1000:.1f} ms")
    assert statistics.median(delays) < 0.05


def test_what_leaves_nothing_new_is_not_told(db: Database) -> None:
    other = Database(db.url.render_as_string(hide_password=False))
    with ExitStack() as stack:
        stack.callback(other.close)
        ear = stack.enter_context(Ear(db))
        ear.heard.clear()
        with suppress(ZeroDivisionError), other.transaction() as tx:
            person = people.add(tx, datetime.now(UTC), "Ola", "en")
            outbox.put(tx, Address("web", "p1"), person.id, Rendered("Hello"), datetime.now(UTC))
            raise ZeroDivisionError
        with other.transaction() as tx:
            people.add(tx, datetime.now(UTC), "Kari", "en")
        message(other, "mail")
        wait_until(lambda: ear.heard)
        assert [places for _at, places in ear.heard] == [{"mail"}]


def test_who_listens_comes_back_when_the_database_does(db: Database) -> None:
    with Ear(db) as ear:
        ear.heard.clear()
        with psycopg.connect(db.plain_url({}), autocommit=True) as admin:
            ended = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            ).fetchall()
        assert ended == [(True,)]
        wait_until(lambda: ear.heard, 5)
        assert ear.heard.pop()[1] is None, "it cannot know what it has missed, so everything is looked at"


@pytest.mark.parametrize(
    ("only", "url", "said"),
    [
        ("web", "sqlite:///samskab.db", "--only: several processes need PostgreSQL"),
        ("all", "", "--only all: must be web or work"),
        ("work", "", "Mount it, or make it once with: install -d -m 700"),
    ],
    ids=["sqlite", "unknown part", "no key folder"],
)
def test_a_part_that_cannot_do_its_work_does_not_start(
    tmp_path: Path, db: Database, only: str, url: str, said: str
) -> None:
    given = Settings(
        database_url=url or db.url.render_as_string(hide_password=False),
        secret_key=SecretStr(SECRET),
        key_dir=tmp_path / "keys",
    )
    with pytest.raises(SettingsError, match=said):
        App(given, only=only)


def test_the_service_keeps_recordings_as_long_as_it_is_set_to(tmp_path: Path) -> None:
    given = Settings(
        database_url=f"sqlite:///{tmp_path}/samskab.db", secret_key=SecretStr(SECRET), key_dir=tmp_path / "keys"
    )
    assert App(given).engine.house.recordings == USUAL
    shorter = given.model_copy(update={"recording_days": 20, "written_recording_days": 3})
    assert App(shorter).engine.house.recordings == Recordings.of(20, 3)


def test_only_a_process_that_sees_the_key_folder_itself_works_with_ballots(db: Database, tmp_path: Path) -> None:
    folder, volume = tmp_path / "keys", tmp_path / "volume"
    assert keys_name(db, folder, "web") == NO_FOLDER
    assert not folder.exists(), "who only answers takes no folder for the right one"
    folder.mkdir(mode=0o700)
    name = keys_name(db, folder, "work")
    assert name == keys_name(db, folder, "") == keys.name(folder)
    folder.rename(volume)
    folder.mkdir(mode=0o700)  # what is left where a volume is not mounted
    with pytest.raises(SettingsError, match="is not the key folder of this database"):
        keys_name(db, folder, "work")
    assert keys_name(db, folder, "") == keys_name(db, folder, "web") == name != keys.name(folder)
    assert wrong_folder(db, folder) and not wrong_folder(db, volume)
    take_folder(db, folder)
    assert keys_name(db, folder, "work") == keys.name(folder) != name
