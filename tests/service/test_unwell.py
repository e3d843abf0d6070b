"""While the database is unwell every door says so and names a time to come again; afterwards nothing is missing."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event as hook

from storage.database import Database
from storage.migrate import upgrade
from tests.doors.stage import HOOK, Stage
from tests.doors.telegram import Telegrammer
from tests.fakes.telegram import TelegramFake
from tests.postgres import server
from tests.service.test_life import signed_in


def update(number: int, text: str, person: int = 4242) -> dict[str, Any]:
    """As Telegram brings what somebody wrote."""
    who = {"id": person, "is_bot": False, "first_name": "Ola", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": "Ola"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "from": who, "chat": chat, "text": text}}


def brings(stage: Stage, number: int, text: str) -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK}
    return httpx.post(f"{stage.url}/telegram", json=update(number, text), headers=headers, timeout=30)


def opened(stack: ExitStack, url: str, folder: Path) -> Stage:
    database = Database(url)
    upgrade(database, explicit=True)
    stack.callback(database.close)
    fake = stack.enter_context(TelegramFake())
    fake.limits = False
    fake.user("Ola Oppdiktet", language_code="en")
    stage = Stage(database, folder, telegram=fake, people_are=Telegrammer)
    stage.start()
    stack.callback(stage.stop)
    return stage


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        stage = opened(stack, f"sqlite:///{tmp_path}/samskab.db", tmp_path)

        def impatient(connection: Any, *rest: Any) -> None:
            connection.execute("PRAGMA busy_timeout=100")

        hook.listen(stage.app.database.writer, "checkout", impatient)
        yield stage


def test_a_locked_file(on_sqlite: Stage, tmp_path: Path) -> None:
    stage = on_sqlite
    assert httpx.get(stage.url).status_code == 200
    assert brings(stage, 1, "/help").status_code == 200
    other = sqlite3.connect(tmp_path / "samskab.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = brings(stage, 2, "/help")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert httpx.get(f"{stage.url}/health").status_code == 503
    assert httpx.get(stage.url).status_code == 200, "what only reads goes on"
    other.execute("ROLLBACK")
    other.close()
    assert brings(stage, 2, "/help").status_code == 200
    assert httpx.get(f"{stage.url}/health").status_code == 200


def test_a_full_disk(on_sqlite: Stage, tmp_path: Path) -> None:
    stage = on_sqlite
    most: list[int] = []

    def full(connection: Any, *rest: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={most[0] if most else 1_000_000}")

    hook.listen(stage.app.database.limited, "checkout", full)
    assert brings(stage, 1, "/help").status_code == 200
    with sqlite3.connect(tmp_path / "samskab.db") as look:
        most.append(look.execute("PRAGMA page_count").fetchone()[0])
    number, refused = 2, None
    while number < 200 and (refused is None or refused.status_code != 503):
        refused = brings(stage, number, "/help")
        number += 1
    assert refused is not None
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    most.clear()
    assert brings(stage, number - 1, "/help").status_code == 200


def test_pages_and_views_say_so_too_and_come_back(on_sqlite: Stage, tmp_path: Path) -> None:
    stage = on_sqlite
    browser = signed_in(tmp_path, stage.url).opens("/talk")
    other = sqlite3.connect(tmp_path / "samskab.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    browser.presses("Send", text="Hello")
    assert browser.status == 503
    assert "We are busy for a moment" in browser.html
    browser.client.close()
    other.execute("ROLLBACK")
    other.close()


def test_postgresql_stopped(tmp_path: Path) -> None:
    with ExitStack() as stack, ExitStack() as running:
        own = running.enter_context(server())
        stage = opened(stack, own.create("samskab"), tmp_path)
        assert brings(stage, 1, "/help").status_code == 200
        assert httpx.get(f"{stage.url}/").status_code == 200
        running.close()
        began = time.monotonic()
        found: list[httpx.Response] = []
        many = [threading.Thread(target=lambda: found.append(brings(stage, 2, "/help"))) for _ in range(4)]
        for one in many:
            one.start()
        for one in many:
            one.join()
        assert [(one.status_code, one.headers["retry-after"]) for one in found] == [(503, "5")] * 4
        page = httpx.get(f"{stage.url}/", timeout=30)
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "We are busy for a moment" in page.text
        data = {"id": "1", "from": update(3, "")["message"]["from"], "data": "more:a:1:x", "chat_instance": "1"}
        data["message"] = update(3, "")["message"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK}
        viewed = httpx.post(f"{stage.url}/telegram", json={"update_id": 3, "callback_query": data}, headers=headers)
        assert (viewed.status_code, viewed.headers["retry-after"]) == (503, "5")
        assert time.monotonic() - began < 20
