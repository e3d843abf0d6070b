"""A process of the service as the laboratory runs it: `python -m tests.crash.serve FOLDER`.

It is the product as it is, composed with quick ticks, a fast pace, and the named steps. Every schedule
that fires is noted in the record by the transaction it fires in, so that none can fire twice unseen.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import uvloop

from bot.app import App
from bot.chat.delivery import Pace
from bot.config import read
from bot.engine.errand import Errand
from bot.engine.router import Handler, Router
from bot.logs import configure
from bot.work import clock
from bot.work.fair import Manners
from handlers import router
from storage import audit
from tests.crash.hours import now
from tests.crash.steps import Steps

FAST = Pace(rate=1000, chat_rate=1000, chat_burst=1000)
FIRED = "fired"


def noted(router: Router) -> None:
    """Let every firing leave a line in the record."""
    for kind, handler in list(router.timed.items()):

        def fires(errand: Errand, subject: int, kind: str = kind, handler: Handler = handler) -> None:
            audit.log(errand.tx, errand.now, None, None, FIRED, f"{kind}:{subject}")
            handler(errand, subject)

        router.timed[kind] = fires


def main() -> None:
    """Run until told to stop."""
    folder = Path(sys.argv[1])
    os.umask(0o077)
    settings = read()
    configure(settings.log_level)
    clock.TICK = 1
    noted(router)

    async def run() -> None:
        pace = os.environ["LABORATORY_PACE"]
        # The people are played by a program, which writes faster than people do.
        manners = None if pace == "fair" else Manners(at_once=100_000, waiting=100_000, newcomers=100_000)
        app = App(settings, now=now, manners=manners)
        assert app.telegram is not None
        if pace != "real":
            app.telegram.pace = FAST
        Steps(folder).hang_on(app)
        app.stop_on_signals()
        await app.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


if __name__ == "__main__":
    main()
