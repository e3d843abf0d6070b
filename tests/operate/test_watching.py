"""Who watches the service learns how it is, and nothing about anybody."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import structlog
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update

from bot import logs
from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Event, Outcome, Said
from bot.operate.metrics import Sources, registry_of
from bot.work.receipts import BOUNDS, Receipts
from storage import marks, schedules
from storage.database import Database
from storage.migrate import WORKS_FROM, fits
from storage.tables import Lease, Outbox
from tests.attacks.test_bad_input import samskab
from tests.doors.stage import Stage, free_port
from tests.fakes.telegram import TelegramFake
from tests.operate.life import lived
from tests.serve import service
from tests.world import World

LABELS = {"account", "state", "lane", "le", "generation", "implementation", "major", "minor", "patchlevel", "version"}


def read(page: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Every figure by its name and the values of its labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_figures_are_those_of_the_database_and_name_nobody(world: World) -> None:
    members = lived(world)
    with world.db.transaction() as tx:
        tx.execute(update(Lease).values(until=world.now + timedelta(seconds=9)))
        old = world.now - timedelta(hours=1)
        tx.execute(update(Outbox).where(Outbox.state == "ready").values(created_at=old, account="mail", lane=2))
        schedules.plan(tx, "clean", 0, world.now - timedelta(seconds=90))
    sender = SimpleNamespace(
        platform=SimpleNamespace(account="direct"),
        figures=SimpleNamespace(epoch=7, limit_wait_seconds=1.5, paused_until=0.0),
    )
    events = SimpleNamespace(dropped=3, turned_away=0)
    registry = registry_of(Sources(world.db, Receipts(), events, lambda: [sender], lambda: world.now))
    page = generate_latest(registry).decode()
    found = read(page)
    assert found["samskab_outbox_rows"]["mail", "2", "ready"] == 1
    assert sum(count for key, count in found["samskab_outbox_rows"].items() if key[::2] == ("direct", "sending")) == 1
    assert found["samskab_outbox_oldest_seconds"]["mail",] == 3600
    assert found["samskab_lease_epoch"]["direct",] == 7
    assert found["samskab_lease_held"]["direct",] == found["samskab_lease_here"]["direct",] == 1
    assert found["samskab_limit_wait_seconds_total"]["direct",] == 1.5
    assert found["samskab_events_dropped_total"][()] == 3
    assert found["samskab_schedule_late_seconds"][()] == 90
    assert found["samskab_database_up"][()] == 1
    assert found["process_resident_memory_bytes"][()] > 1e6
    assert not any(word in page for word in ("Member", "svelvik", "gentofte", members[0].address.chat))


def test_a_database_that_is_away_is_a_figure(world: World, tmp_path: Path) -> None:
    away = Database("postgresql+psycopg://127.0.0.1:1/none")
    page = generate_latest(registry_of(Sources(away, Receipts(), None, list, lambda: world.now))).decode()
    assert read(page)["samskab_database_up"][()] == 0
    assert fits(away) is False and fits(world.db) is True


def test_events_are_counted_by_what_became_of_them() -> None:
    receipts = Receipts()
    event = Event("1", Address("web", "p1"), Said("x"))
    outcomes = iter([Outcome(), Outcome(duplicate=True), None])

    async def accept(event: Event) -> Outcome:
        found = next(outcomes)
        if found is None:
            raise Unavailable
        return found

    async def three() -> None:
        await receipts.count(accept, event)
        await receipts.count(accept, event)
        with pytest.raises(Unavailable):
            await receipts.count(accept, event)

    asyncio.run(three())
    counted = (receipts.received, receipts.committed, receipts.duplicates, receipts.unavailable)
    assert counted == (3, 2, 1, 1)
    assert (sum(receipts.buckets), len(receipts.buckets)) == (2, len(BOUNDS) + 1)


def said(url: str) -> tuple[int, str]:
    answer = httpx.get(url)
    return answer.status_code, answer.text


def test_a_running_service_is_live_ready_watched_and_backed_up(tmp_path: Path) -> None:
    """And once its tables are those of another version it lives on, but is not ready."""
    metrics = free_port()
    with TelegramFake() as fake:
        settings = {
            "SAMSKAB_METRICS_PORT": str(metrics),
            "SAMSKAB_TELEGRAM_TOKEN": fake.token,
            "SAMSKAB_TELEGRAM_API_URL": fake.url,
        }
        with service(tmp_path, free_port(), None, settings, anew=True) as running:
            fake.user("Ola Oppdiktet", language_code="en").says("/help")
            Stage.wait_until(lambda: fake.requests and fake.requests[-1].method == "sendMessage")
            assert [said(running.url + path) for path in ("/health", "/livez", "/readyz")] == [(200, "ok")] * 3
            assert said(f"{running.url}/metrics")[0] != 200
            found = read(said(f"http://127.0.0.1:{metrics}/metrics")[1])
            assert found["samskab_events_received_total"][()] == found["samskab_events_committed_total"][()] >= 1
            assert found["samskab_commit_seconds_count"][()] == found["samskab_events_committed_total"][()]
            assert found["samskab_lease_here"]["telegram:123456",] == 1
            Stage.wait_until(lambda: (tmp_path / "var" / "forgotten.txt").exists())
            code, line = samskab(
                tmp_path, "backup", "copy", "--plain", SAMSKAB_DATABASE_URL=f"sqlite:///{tmp_path}/samskab.db"
            )
            assert (code, "read back and compared" in line) == (0, True), line
            database = Database(f"sqlite:///{tmp_path}/samskab.db")
            with database.transaction() as tx:
                tx.execute(text("UPDATE alembic_version SET version_num = 'other'"))
                marks.put(tx, WORKS_FROM, "other")
            Stage.wait_until(lambda: said(f"{running.url}/readyz") == (503, "unwell"))
            assert said(f"{running.url}/livez") == said(f"{running.url}/health") == (200, "ok")
            with database.transaction() as tx:
                tx.execute(text("DELETE FROM alembic_version"))
            database.close()
            assert running.stop() == 0


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """Logging as it was, afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "text"])
def test_logs_are_written_for_machines_or_for_eyes_and_without_tokens_in_either(
    form: str, root_logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    token, name = "7123456789:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIii", "Astrid"
    logs.configure("INFO", form)
    try:
        raise ValueError(f"https://api.telegram.org/bot{token}/sendMessage")
    except ValueError:
        logging.getLogger("some.library").exception("asked for bot%s", token)
    line = capsys.readouterr().err
    assert (line.count("\n"), token in line, name in line, "[secret]" in line) == (1, False, False, True)
    if form == "json":
        assert json.loads(line)["level"] == "error"
    else:
        assert re.match(r"timestamp='2\d{3}-.+' level='error' event='asked for bot\[secret\]'", line)
