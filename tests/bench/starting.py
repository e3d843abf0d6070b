"""How soon it is there, and how much it holds while nothing happens."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.bench import scene
from tests.bench.rows import Row, at_most
from tests.bench.service import bot_api, home, service
from tests.serve import ROOT

IDLE = 10.0


def start(rounds: int) -> list[Row]:
    """The command line, the service until it answers, and its memory some seconds later."""
    command = Path(sys.executable).with_name("samskab")
    helped, ready, held = [], [], []
    for _round in range(rounds):
        began = time.monotonic()
        subprocess.run([command, "--help"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        helped.append(time.monotonic() - began)
        with home() as (folder, url, database), bot_api() as api:
            scene.fill(database, 100)
            with service(folder, url, api, database, switches=()) as ours:
                ready.append(ours.processes[0].started_in)
                time.sleep(IDLE)
                held.append(ours.processes[0].memory())
    return [
        at_most("samskab --help", median(helped), "s", 0.5),
        at_most("until the service is ready", median(ready), "s", 3),
        at_most("resident memory, idle", median(held), "MB", 150),
    ]
