"""The doctor finds what is wrong, says what to do, and keeps every secret to itself."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from bot import doctor
from bot.__main__ import app
from bot.config import read
from storage import contact
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Lease, PersonRow
from storage.vault import Vault
from tests.doors.stage import APP_TOKEN, BOT_TOKEN, HOOK, SIGNING, PostOffice, free_port
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.serve import SECRET

TOKEN = "7123456789:made-up-token-that-no-line-may-hold"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramFake]:
    fake = TelegramFake(TOKEN).start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackFake]:
    fake = SlackFake(BOT_TOKEN, SIGNING, APP_TOKEN).start()
    yield fake
    fake.stop()


@pytest.fixture(scope="module")
def post() -> Iterator[PostOffice]:
    office = PostOffice()
    office.start()
    yield office
    office.stop()


@pytest.fixture
def well(
    database: Database, telegram: TelegramFake, slack: SlackFake, post: PostOffice, tmp_path: Path
) -> dict[str, Any]:
    """Settings with which nothing is wrong; the service has never run."""
    (tmp_path / "keys").mkdir(mode=0o700)
    return {
        "database_url": database.url.render_as_string(hide_password=False),
        "base_url": f"http://127.0.0.1:{free_port()}",
        "secret_key": SECRET,
        "key_dir": tmp_path / "keys",
        "telegram_token": telegram.token,
        "telegram_api_url": telegram.url,
        "telegram_webhook_secret": HOOK,
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SIGNING,
        "slack_api_url": slack.url,
        "smtp_url": post.url,
        "mail_from": "Samskab <post@example.org>",
    }


def faults(settings: Mapping[str, Any], ahead: timedelta = timedelta()) -> dict[str, str]:
    """What is wrong, by what was looked at; never with a secret in it."""
    found = dict(doctor.examine(read(Path("no.env"), **settings), lambda: now() + ahead))
    said = {name: fault for name, fault in found.items() if fault is not None}
    for secret in (TOKEN.partition(":")[2], BOT_TOKEN, SIGNING, SECRET, HOOK, "wrong-token"):
        assert secret not in str(said)
    said.pop("memory dumps", None)  # is the machine's own, and has a test of its own
    said.pop("languages", None)
    return said


def running(database: Database) -> None:
    """A service sends for an account."""
    with database.transaction() as tx:
        values = {"account": "mail", "owner": "somebody", "epoch": 1}
        tx.execute(insert(Lease).values(**values, until=now() + timedelta(minutes=1)))


def hook(telegram: TelegramFake, url: str = "", **more: Any) -> None:
    """Have an address registered, or none."""
    body = json.dumps({"url": url, "secret_token": HOOK, **more}).encode()
    headers = {"Content-Type": "application/json"}
    called = urllib.request.Request(f"{telegram.url}/bot{TOKEN}/setWebhook", body, headers)
    urllib.request.urlopen(called, timeout=5).close()


@pytest.fixture(autouse=True)
def no_address(telegram: TelegramFake) -> Iterator[None]:
    yield
    hook(telegram)


def test_where_all_is_well_it_finds_nothing(well: dict[str, Any]) -> None:
    assert faults(well) == {}


ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no key": ({"secret_key": ""}, "secret key", "samskab doctor --new-key"),
    "token": ({"telegram_token": "7123456789:wrong-token-of-a-bot-that-is-not"}, "Telegram", "BotFather"),
    "telegram away": ({"telegram_api_url": "http://127.0.0.1:1"}, "Telegram", "does not answer (ClientConnector"),
    "slack token": ({"slack_bot_token": "xoxb-wrong-token"}, "Slack", "invalid_auth"),
    "slack away": ({"slack_api_url": "http://127.0.0.1:1/api/"}, "Slack", "does not answer"),
    "mail away": ({"smtp_url": "smtp://someone:wrong-token@127.0.0.1:1"}, "mail server", "does not answer"),
    "no folder": ({"key_dir": Path("nowhere")}, "ballot key folder", "install -d -m 700 nowhere"),
    "http": ({"base_url": "http://example.org"}, "public address", "must begin with https://"),
    "database away": (
        {"database_url": "postgresql+psycopg://u:wrong-token@127.0.0.1:1/n"},
        "database",
        "cannot be opened",
    ),
}


@ON_SQLITE
@pytest.mark.parametrize("how", WRONG)
def test_one_thing_wrong_is_one_sentence(well: dict[str, Any], how: str) -> None:
    change, where, said = WRONG[how]
    found = faults({**well, **change})
    assert list(found) == [where] and said in found[where]


@ON_SQLITE
def test_another_key_than_that_of_the_database_is_noticed(well: dict[str, Any], database: Database) -> None:
    with database.transaction() as tx:
        person = tx.execute(insert(PersonRow).values(name="", state="active", created_at=now()).returning(PersonRow.id))
        contact.give(tx, Vault("another key than that, and long enough"), person.scalar_one(), "a@example.org", now())
    assert "is not the one this database" in faults(well)["secret key"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "kinds", "said"),
    [
        ("https://elsewhere.example/telegram", None, "updates go to another address (elsewhere.example)"),
        ("", None, "no address is registered; start the service anew"),
        ("ours", ["message"], "the kinds of updates are not those"),
        ("ours", None, ""),
    ],
    ids=["elsewhere", "none", "kinds", "ours"],
)
def test_telegram_must_send_to_us(
    well: dict[str, Any], database: Database, telegram: TelegramFake, address: str, kinds: list[str] | None, said: str
) -> None:
    running(database)
    url = f"{well['base_url']}/telegram" if address == "ours" else address
    hook(telegram, url, allowed_updates=kinds or sorted(doctor.outside.WANTED))
    assert said in (found := faults(well)).get("Telegram", "")
    assert ("Telegram" in found) == bool(said)


@ON_SQLITE
def test_a_registered_address_stands_in_the_way_of_fetching(well: dict[str, Any], telegram: TelegramFake) -> None:
    hook(telegram, "https://elsewhere.example/telegram")
    assert "nothing can be fetched" in faults({**well, "telegram_webhook_secret": ""})["Telegram"]


def test_what_telegram_could_not_deliver_is_said_for_an_hour() -> None:
    info = {"url": "u", "last_error_date": now().timestamp(), "last_error_message": "Wrong response: 401 Unauthorized"}
    assert "401 Unauthorized" in str(doctor.outside.webhook(info, "u", now(), running=True))
    assert doctor.outside.webhook(info, "u", now() + timedelta(hours=2), running=True) is None
    assert "101 updates wait" in str(
        doctor.outside.webhook({"url": "u", "pending_update_count": 101}, "u", now(), running=True)
    )


@pytest.mark.parametrize("ahead", [-60, -4, 4, 60])
def test_a_clock_that_is_off_is_a_fault(well: dict[str, Any], database: Database, ahead: int) -> None:
    found = faults(well, timedelta(seconds=ahead))
    assert list(found) == ["clock"]
    assert ("ahead of" if ahead > 0 else "behind") in found["clock"] and "Telegram" in found["clock"]
    assert ("the database server" in found["clock"]) == (not database.sqlite)


@ON_SQLITE
def test_a_running_service_must_be_reachable_by_its_public_address(well: dict[str, Any], database: Database) -> None:
    running(database)
    assert "does not answer" in faults(well)["public address"]


def test_an_old_database_is_to_be_migrated(well: dict[str, Any], server_url: str) -> None:
    assert faults({**well, "database_url": server_url}) == {"database": "run: samskab migrate"}


@ON_SQLITE
def test_a_database_that_is_not_whole_is_noticed(well: dict[str, Any], database: Database) -> None:
    with database.writer.connect() as tx:
        tx.exec_driver_sql("COMMIT")
        tx.exec_driver_sql("PRAGMA foreign_keys=OFF")
        tx.exec_driver_sql("INSERT INTO second VALUES (7, 7)")
    assert "a row of second refers to nothing" in faults(well)["database is whole"]


@ON_SQLITE
def test_open_doors_are_noticed(well: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well["key_dir"].chmod(0o755)
    key = tmp_path / "key"
    key.write_text(SECRET)
    key.chmod(0o644)
    monkeypatch.setenv("SAMSKAB_SECRET_KEY_FILE", str(key))
    monkeypatch.setattr(doctor, "ROOM", 1 << 60)
    found = faults(well)
    assert found.keys() == {"ballot key folder", "files of secrets", "room on the disk"}
    assert "SAMSKAB_SECRET_KEY_FILE" in found["files of secrets"]


@ON_SQLITE
def test_a_program_that_keeps_memory_dumps_is_noticed(
    well: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = tmp_path / "core_pattern"
    monkeypatch.setattr(doctor, "CORE_PATTERN", pattern)
    said = {}
    for words in ("core", "|/usr/share/apport/apport %p", "|/lib/systemd/systemd-coredump %P"):
        pattern.write_text(words)
        said[words[:6]] = doctor.Doctor(read(Path("no.env"), **well), now).memory_dumps()
    assert [said["core"] is None, "sysctl" in str(said["|/usr/"]), said["|/lib/"] is None] == [True, True, True]


@ON_SQLITE
def test_the_command_says_each_line_and_ends_with_one(
    well: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    upgrade(Database(well["database_url"]))
    given = {f"SAMSKAB_{name.upper()}": str(value) for name, value in {**well, "mail_from": ""}.items()}
    result = CliRunner().invoke(app, ["doctor"], env=given)
    assert result.exit_code == 1
    assert "ok    Telegram\n" in result.output
    assert "FAULT mail server: set SAMSKAB_MAIL_FROM to the sender of mails\n" in result.output
