"""Recordings at their platforms: what a person sends, fetched by its reference, or known not to be had."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.chat.delivery import Fetched, Lost, RetryAfter
from bot.chat.events import Spoke, Unsupported
from bot.domain.voice import LARGEST
from bot.platforms.slack_files import slacks_own
from tests import sounds
from tests.platforms import slack_house, telegram_house

SOUND = sounds.ogg(42)


@pytest.fixture
def telegram() -> Iterator[telegram_house.House]:
    with telegram_house.server() as fake:
        fake.limits = False
        with telegram_house.opened(fake) as house:
            yield house


@pytest.fixture
def slack() -> Iterator[slack_house.House]:
    with slack_house.workspace() as fake:
        fake.limits = False
        with slack_house.opened(fake) as house:
            yield house


def test_a_voice_message_on_telegram_is_named_and_then_fetched(telegram: telegram_house.House) -> None:
    ola = telegram.fake.user("Ola", started=True)
    reference = ola.speaks(SOUND, 42, caption="dette")
    telegram.fake.wait_idle()
    assert telegram.said == [Spoke(reference, 42, len(SOUND), "dette")]
    assert repr(telegram.said[0]) == "Spoke()"
    fetch = telegram.telegram.fetch
    assert telegram.do(fetch(reference, LARGEST)) == Fetched(SOUND)
    assert telegram.do(fetch(reference, len(SOUND) - 1)) == Lost(large=True)
    assert telegram.do(fetch("unknown", LARGEST)) == Lost()
    ola.sends_file(SOUND, "song.pdf")
    telegram.fake.wait_idle()
    assert telegram.said[1:] == [Unsupported("document")]


def test_what_telegram_cannot_give_now_is_asked_for_later(telegram: telegram_house.House) -> None:
    reference = telegram.fake.user("Ola", started=True).speaks(SOUND, 42)
    fetch = telegram.telegram.fetch
    telegram.fake.reset("getFile")
    assert telegram.do(fetch(reference, LARGEST)) == RetryAfter()
    telegram.fake.fail("getFile", 429, retry_after=7)
    assert telegram.do(fetch(reference, LARGEST)) == RetryAfter(7.0)
    telegram.fake.down()
    assert telegram.do(fetch(reference, LARGEST)) == RetryAfter()
    telegram.fake.up()
    assert telegram.do(fetch(reference, LARGEST)) == Fetched(SOUND)
    telegram.fake.forgive()


def test_of_thirty_megabytes_telegram_gives_nothing(telegram: telegram_house.House) -> None:
    reference = telegram.fake.user("Ola", started=True).speaks(b"x" * 30_000_000, 42)
    assert telegram.do(telegram.telegram.fetch(reference, LARGEST)) == Lost(large=True)


def test_a_clip_in_slack_is_named_and_then_fetched(slack: slack_house.House) -> None:
    ola = slack.fake.user("Ola")
    ola.speaks(SOUND, 42, "dette").sends_file("a.png")
    first, second = (event.what for event in slack.heard)
    assert isinstance(first, Spoke)
    assert first == Spoke(first.reference, 42, len(SOUND), "dette")
    assert second == Unsupported("file")
    fetch = slack.slack.fetch
    assert slack.do(fetch(first.reference, LARGEST)) == Fetched(SOUND)
    assert slack.do(fetch(first.reference, len(SOUND) - 1)) == Lost(large=True)
    assert slack.do(fetch("F0UNKNOWN", LARGEST)) == Lost()
    slack.fake.fail("download", status=503)
    assert slack.do(fetch(first.reference, LARGEST)) == RetryAfter()
    slack.fake.fail("files.info", error="missing_scope")
    assert slack.do(fetch(first.reference, LARGEST)) == Lost()
    slack.fake.fail("files.info", status=429, retry_after=3)
    assert slack.do(fetch(first.reference, LARGEST)) == RetryAfter(3.0)


def test_slacks_token_goes_to_slack_alone() -> None:
    api = "https://slack.com/api/"
    assert slacks_own("https://files.slack.com/files-pri/T1-F1/download/a.webm", api)
    for address in ("https://slack.com.example.org/a", "https://evilslack.com/a", "https://example.org/slack.com", ""):
        assert not slacks_own(address, api)
