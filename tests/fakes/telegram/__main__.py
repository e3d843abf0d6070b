"""Starts the fake by hand, with a page on which a developer talks with the bot."""

from __future__ import annotations

import argparse
import threading

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.page import Page


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fakes.telegram", description=__doc__)
    options.add_argument("--port", type=int, default=8081)
    options.add_argument("--token", default="1:demo")
    options.add_argument("--log", help="record every request in this JSONL file")
    given = options.parse_args()
    fake = TelegramFake(given.token, port=given.port, retry_scale=1, log=given.log, arrange=Page)
    fake.start()
    for name, language in (("Maria", "da"), ("Ola", "nb"), ("Alex", "en")):
        fake.user(name, language_code=language)
    print(f"Bot API at {fake.url}, token {fake.token}; open {fake.url} to talk with the bot. Ctrl-C ends it.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        fake.stop()


if __name__ == "__main__":
    main()
