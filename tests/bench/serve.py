"""The service as it is measured: `python -m tests.bench.serve`, settings from the environment, and these switches.

`--pace open` sends as fast as it can; without it the pace is the product's own. `--silent` receives and sends nothing.
`--only` is the part of `samskab run`. People may write as fast as they like, for they are played by a program.
"""

from __future__ import annotations

import argparse
import asyncio
import os

import uvloop

from bot.app import App
from bot.chat.delivery import Pace
from bot.config import read
from bot.logs import configure
from bot.work.fair import Manners

OPEN = Pace(rate=100_000, chat_rate=1000, chat_burst=1000)


def main() -> None:
    """Run until told to stop."""
    given = argparse.ArgumentParser()
    given.add_argument("--pace", default="real")
    given.add_argument("--silent", action="store_true")
    given.add_argument("--only", default="")
    how = given.parse_args()
    os.umask(0o077)
    configure("WARNING")

    def ready(app: App) -> None:
        print("ready", flush=True)

    async def run() -> None:
        manners = Manners(at_once=100_000, waiting=100_000, newcomers=100_000)
        app = App(read(), only=how.only, manners=manners, ready=ready)
        assert app.telegram is not None
        if how.pace == "open":
            app.telegram.pace = OPEN
        app.works = app.works and not how.silent
        app.stop_on_signals()
        await app.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
