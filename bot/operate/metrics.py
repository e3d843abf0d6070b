"""Figures for Prometheus, on a port of their own that only this machine reaches; collected when somebody asks.

No label names a person, a chat or a committee. The database is counted on a reading connection, at most each 5 seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.config import SettingsError
from bot.work.receipts import BOUNDS, Receipts
from storage.database import Database
from storage.figures import Standing, standing

SECONDS = 5.0
EVENTS = {
    "dropped": "Events that came faster than one person can mean them",
    "turned_away": "Events of too many new people at once",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures stand. `events` and each sender's own are read by name, as far as they are there."""

    database: Database
    receipts: Receipts
    events: Any
    senders: Callable[[], Sequence[Any]]
    now: Callable[[], datetime]


class Figures(Collector):
    """Reads every figure when Prometheus asks."""

    def __init__(self, sources: Sources) -> None:
        self._from = sources
        self._lock = threading.Lock()
        self._counted: Standing | None = None
        self._until = 0.0

    def collect(self) -> Iterator[Metric]:
        """All figures."""
        yield from self._events()
        yield from self._sending()
        found = self._standing()
        yield GaugeMetricFamily("samskab_database_up", "Whether the database answers", float(found is not None))
        if found is not None:
            yield from _stored(found)

    def _standing(self) -> Standing | None:
        with self._lock:
            if time.monotonic() >= self._until:
                try:
                    with self._from.database.reading() as tx:
                        self._counted = standing(tx, self._from.now())
                except SQLAlchemyError:
                    self._counted = None
                self._until = time.monotonic() + SECONDS
            return self._counted

    def _events(self) -> Iterator[Metric]:
        ours = self._from.receipts
        yield CounterMetricFamily("samskab_events_received", "Events that came in", ours.received)
        yield CounterMetricFamily("samskab_events_committed", "Events that were handled and kept", ours.committed)
        yield CounterMetricFamily("samskab_events_duplicate", "Of these, seen before", ours.duplicates)
        yield CounterMetricFamily(
            "samskab_events_unavailable", "Events not taken, to be delivered again", ours.unavailable
        )
        for name, words in EVENTS.items():
            if (count := getattr(self._from.events, name, None)) is not None:
                yield CounterMetricFamily(f"samskab_events_{name}", words, count)
        yield _histogram(ours)

    def _sending(self) -> Iterator[Metric]:
        held = GaugeMetricFamily("samskab_lease_here", "Whether this process sends for the account", labels=["account"])
        waits = CounterMetricFamily(
            "samskab_limit_wait_seconds",
            "Seconds in which sending waited for the platform's limits",
            labels=["account"],
        )
        paused = GaugeMetricFamily(
            "samskab_paused_seconds", "Seconds until the account is tried again after trouble", labels=["account"]
        )
        for sender in self._from.senders():
            account, figures = [sender.platform.account], getattr(sender, "figures", sender)
            held.add_metric(account, float(figures.epoch is not None))
            waits.add_metric(account, getattr(figures, "limit_wait_seconds", 0.0))
            paused.add_metric(account, max(0.0, figures.paused_until - time.monotonic()))
        yield from (held, waits, paused)


def _histogram(ours: Receipts) -> Metric:
    buckets, total = [], 0
    for bound, count in zip([*map(str, BOUNDS), "+Inf"], list(ours.buckets), strict=True):
        total += count
        buckets.append((bound, float(total)))
    return HistogramMetricFamily(
        "samskab_commit_seconds", "Seconds from the receipt of an event to its commit", buckets, ours.seconds
    )


def _stored(found: Standing) -> Iterator[Metric]:
    rows = GaugeMetricFamily("samskab_outbox_rows", "Messages in the outbox", labels=["account", "state", "lane"])
    for account, state, lane, count in found.outbox:
        rows.add_metric([account, state, str(lane)], count)
    oldest = GaugeMetricFamily("samskab_outbox_oldest_seconds", "Age of the oldest waiting message", labels=["account"])
    for account, seconds in found.oldest:
        oldest.add_metric([account], seconds)
    epoch = GaugeMetricFamily("samskab_lease_epoch", "How often the account has changed hands", labels=["account"])
    held = GaugeMetricFamily("samskab_lease_held", "Whether any process sends for the account", labels=["account"])
    for account, number, alive in found.leases:
        epoch.add_metric([account], number)
        held.add_metric([account], float(alive))
    yield from (rows, oldest, epoch, held)
    yield GaugeMetricFamily("samskab_events_parked", "Events whose handler failed, to be looked at", found.parked)
    yield GaugeMetricFamily("samskab_schedule_late_seconds", "How late the oldest thing is that is due", found.late)


def registry_of(sources: Sources) -> CollectorRegistry:
    """Our figures and those of the process."""
    registry = CollectorRegistry()
    registry.register(Figures(sources))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def serve(sources: Sources, port: int) -> Callable[[], None]:
    """Answer Prometheus on this machine's own address, in a thread; returns what ends it. Raises SettingsError."""
    try:
        server, thread = start_http_server(port, "127.0.0.1", registry_of(sources))
    except OSError as error:
        raise SettingsError(
            f"SAMSKAB_METRICS_PORT: cannot listen on {port} ({error.strerror}). Set it to another number."
        ) from None

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join(5)

    return stop
