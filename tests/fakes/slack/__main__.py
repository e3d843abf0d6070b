"""Starts the fake by hand, with a page on which a developer talks with the bot."""

from __future__ import annotations

import argparse
import threading

from tests.fakes.slack.fake import SlackFake
from tests.fakes.slack.page import Page


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description=__doc__)
    options.add_argument("--port", type=int, default=8082)
    options.add_argument("--deliver-to", help="the bot's address for events; without it they go over Socket Mode")
    options.add_argument("--log", help="record every request in this JSONL file")
    given = options.parse_args()
    fake = SlackFake(port=given.port, retry_scale=1, log=given.log, arrange=Page)
    fake.start()
    fake.deliver_to(given.deliver_to)
    for name, locale in (("Maria", "da-DK"), ("Ola", "nb-NO"), ("Alex", "en-GB")):
        fake.user(name, locale=locale)
    print(f"Web API at {fake.url}; tokens {fake.bot_token} and {fake.app_token}, signing secret {fake.signing_secret}.")
    print(f"Open {fake.url.removesuffix('api/')} to talk with the bot. Ctrl-C ends it.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        fake.stop()


if __name__ == "__main__":
    main()
