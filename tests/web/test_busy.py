"""A database that is away or has no connection free: people are told to try again, and no program error is logged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from storage import database as engines
from storage.database import Database
from tests.conftest import on_database
from tests.web.site import Browser, Site


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty PostgreSQL database."""
    with on_database(request, "postgresql") as opened:
        yield opened


def asked(site: Site, path: str) -> tuple[Browser, float]:
    """A page, and how long it took."""
    browser, began = Browser(site, "en"), time.monotonic()
    browser.opens(path)
    return browser, time.monotonic() - began


def test_with_every_connection_taken_a_page_waits_and_then_says_try_again(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "READERS", 2)
    monkeypatch.setattr(engines, "PATIENCE", 0.5)
    site = Site(Database(db.url.render_as_string(hide_password=False)), tmp_path)
    with ExitStack() as stack, capture_logs() as logs:
        stack.callback(site.db.close)
        for _connection in range(2):
            stack.enter_context(site.db.reading())
        browser, took = asked(site, f"/c/{site.committee.key}")
        assert browser.status == 503 and 0.5 <= took < 5
        browser.sees("We are busy for a moment", "Please try again in a moment")
    assert [entry["event"] for entry in logs] == ["database not read"]


def test_a_page_that_gets_its_connection_in_time_is_shown(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "READERS", 1)
    site = Site(Database(db.url.render_as_string(hide_password=False)), tmp_path)
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        with site.db.reading():
            taken.set()
            free.wait(5)

    holding = threading.Thread(target=hold)
    holding.start()
    taken.wait(5)
    threading.Timer(0.3, free.set).start()
    browser, took = asked(site, f"/c/{site.committee.key}")
    assert browser.status == 200 and took > 0.2
    holding.join()
    site.db.close()


@pytest.mark.parametrize("path", ["/", "/c/{key}", "/signin", "/talk", "/desk", "/nowhere"])
def test_with_the_database_away_every_page_says_try_again(db: Database, tmp_path: Path, path: str) -> None:
    site = Site(db, tmp_path)
    browser = Browser(site, "en")
    browser.client.cookies.set("samskab", "somebody")

    def meanwhile() -> None:
        browser.opens(path.format(key=site.committee.key))
        assert browser.client.get(path).headers["retry-after"] == "5"
        assert browser.client.get("/static/style.css").status_code == 200, "the page is to look as ever"

    away(db, meanwhile)
    assert browser.status == 503
    browser.sees("Please try again in a moment")
    assert browser.client.get("/health").text == "ok"
    assert browser.opens("/").status == 200


def away(db: Database, meanwhile: Callable[[], object]) -> None:
    """The database takes no connection meanwhile."""
    db.close()
    url, reader = db.url, db.reader
    db.url = db.url.set(port=1)
    db.reader = db._engine(readonly=True)
    meanwhile()
    db.close()
    db.url, db.reader = url, reader
