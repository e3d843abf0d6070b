"""The laboratory's time: the wall clock, moved to a working morning, since nobody is written to unasked at night."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
# A service is told how far off it is, so that all have one time.
SECONDS = "LABORATORY_SECONDS_OFF"
OFF = float(os.environ.get(SECONDS) or (MORNING - datetime.now(UTC)).total_seconds())


def now() -> datetime:
    """The time in the laboratory and in its services."""
    return datetime.now(UTC) + timedelta(seconds=OFF)
