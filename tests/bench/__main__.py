"""`make bench`: every benchmark, or one by ONLY; a table, and the rows in var/bench.json. ROUNDS is how often each."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping

from tests.bench import echo, fanout, growth, receiving, selection, sending, starting
from tests.bench.rows import Row, keep, table
from tests.serve import ROOT

FILE = ROOT / "var" / "bench.json"
ROUNDS = 3
WORKS: Mapping[str, Callable[[int], list[Row]]] = {
    "start": starting.start,
    "text": echo.text_answers,
    "button": echo.button_answers,
    "open-loop": echo.open_loop,
    "receive": receiving.receive_sqlite,
    "postgres": receiving.receive_postgres,
    "hot": receiving.hot_persons,
    "outbox": sending.outbox,
    "free": sending.free_pace,
    "paid": sending.paid_pace,
    "crowd": sending.crowd,
    "fanout": fanout.fan_out,
    "due": fanout.due,
    "growth": growth.growth,
    "selection": selection.selection,
}


def main() -> int:
    """Run, print, and keep; exit code 2 where ONLY names no benchmark."""
    only = os.environ.get("ONLY", "")
    rounds = int(os.environ.get("ROUNDS") or ROUNDS)
    if only and only not in WORKS:
        print(f"There is no benchmark {only!r}. There are: {', '.join(WORKS)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name, work in WORKS.items():
        if only in ("", name):
            began = time.monotonic()
            found = work(rounds)
            rows += found
            print(table(found), flush=True)
            print(f"       {name}: {time.monotonic() - began:.0f} s", flush=True)
            keep(found, FILE)
    print(f"bench: {sum(row.holds for row in rows)} of {len(rows)} hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
