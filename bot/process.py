"""The service as a process of its own: who may read its files, where it logs, its loop and its signals."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from collections.abc import Callable

import uvloop

from bot import demo as show
from bot.app import App
from bot.config import Settings
from bot.logs import configure


def serve(
    settings: Settings, *, demo: bool = False, only: str = "", ready: Callable[[App], None] | None = None
) -> None:
    """Run the service, or `only` its part web or work, until told to stop; `ready` is called once, when it answers."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a memory dump would hold keys and open votes
    configure(settings.log_level, settings.log_format)
    logging.captureWarnings(True)

    async def main() -> None:
        app = App(settings, demo=demo, only=only, ready=ready)
        app.stop_on_signals()
        await app.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())


def demonstrate(settings: Settings, say: Callable[[str], None]) -> None:
    """Run the demo: fill its database at the first start, and print a link for each kind of person."""
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "ERROR"})  # the terminal is for the links

    def ready(app: App) -> None:
        with app.database.transaction() as tx:
            for label, url in show.links(tx, settings.url, app.now()):
                say(f"{label}: {url}")

    serve(settings, demo=True, ready=ready)
