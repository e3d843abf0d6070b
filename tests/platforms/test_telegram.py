"""Telegram: what its updates mean."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from bot.chat.events import Address, Command, Event, Press, Reached, Said, Spoke, Unsupported
from bot.platforms.telegram_parse import parse

ACCOUNT, NAME = "telegram:1", "samskab_bot"
OLA = Address(ACCOUNT, "7")
GROUP = {"id": -5, "type": "group", "title": "Gruppa"}


def message(text: str | None = "Hei", **more: Any) -> dict[str, Any]:
    """Something Ola wrote to the bot."""
    sender = {"id": 7, "is_bot": False, "first_name": "Ola", "language_code": "nb"}
    about = {"message_id": 3, "date": 1, "from": sender, "chat": {"id": 7, "type": "private"}}
    said = {} if text is None else {"text": text}
    return {"update_id": 11, "message": {**about, **said, **more}}


def press(data: Any = "second:3", **more: Any) -> dict[str, Any]:
    """A button Ola pressed."""
    about = message()["message"]
    query = {"id": "99", "from": about["from"], "chat_instance": "1", "data": data}
    stood_on = {"message_id": 4, "date": 1, "chat": about["chat"], "from": {"id": 1, "is_bot": True}}
    return {"update_id": 11, "callback_query": {**query, "message": stood_on, **more}}


def membership(status: str, **more: Any) -> dict[str, Any]:
    about = message()["message"]
    change = {"chat": about["chat"], "from": about["from"], "new_chat_member": {"status": status}}
    return {"update_id": 11, "my_chat_member": {**change, **more}}


def heard(what: Any) -> Event:
    return Event("11", OLA, what, "nb")


PARSED = [
    (message("Hei"), Said("Hei")),
    (message(""), Said("")),
    (message("😀 مرحبا"), Said("😀 مرحبا")),
    (message("å" * 10_000), Said("å" * 10_000)),
    (message("ja", reply_to_message={"message_id": 2}), Said("ja", "2")),
    (message("a\0b\ud800c"), Said("abc")),
    (message("/status"), Command("status")),
    (message("/Status@SAMSKAB_bot"), Command("status")),
    (message("/start svelvik-4"), Command("start", "svelvik-4")),
    (message("/start@samskab_bot  svelvik-4 "), Command("start", "svelvik-4")),
    (message("/link\nABCD EFGH"), Command("link", "ABCD EFGH")),
    (message("/"), Said("/")),
    (message("/ status"), Command("status")),
    (message("/1. mai"), Said("/1. mai")),
    (message(None, photo=[{"file_id": "x"}], caption="Her"), Unsupported("photo")),
    (message(None, voice={"file_id": "x", "duration": 4, "file_size": 900}, caption="Her"), Spoke("x", 4, 900, "Her")),
    (message(None, audio={"file_id": "x"}), Spoke("x")),
    (message(None, voice={"file_id": 7}), Unsupported("voice")),
    (message(None, document={"file_id": "x"}), Unsupported("document")),
    (message(None, document={"file_id": "x"}, animation={"file_id": "x"}), Unsupported("animation")),
    (message(None, poll={"id": "x"}), Unsupported("poll")),
]


@pytest.mark.parametrize(("update", "what"), PARSED)
def test_what_a_message_means(update: dict[str, Any], what: Any) -> None:
    assert parse(update, ACCOUNT, NAME) == heard(what)


def test_what_a_press_means() -> None:
    event = parse(press("pick:signup:4:fits:a"), ACCOUNT, NAME)
    what = Press("pick", ("signup", "4", "fits", "a"), "4")
    assert event == Event("11", OLA, what, "nb", acknowledgement="99")


def test_a_press_on_a_message_too_old_to_be_told_is_still_a_press() -> None:
    old = {"message_id": 4, "date": 0, "chat": {"id": 7, "type": "private"}}
    event = parse(press(message=old), ACCOUNT, NAME)
    assert event is not None and event.what == Press("second", ("3",), "4")


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_somebody_blocks_us_and_comes_back(status: str, reachable: bool) -> None:
    assert parse(membership(status), ACCOUNT, NAME) == Event("11", OLA, Reached(reachable))


def test_in_a_group_only_commands_are_heard_and_none_of_them_as_private() -> None:
    event = parse(message("/status", chat=GROUP), ACCOUNT, NAME)
    assert event == Event("11", Address(ACCOUNT, "-5"), Command("status"), "nb", private=False)
    pressed = parse(press(message={"message_id": 4, "chat": GROUP}), ACCOUNT, NAME)
    assert pressed is not None and not pressed.private


NOBODY: list[dict[str, Any]] = [
    {},
    {"update_id": "11", "message": message()["message"]},
    {"update_id": 11},
    {"update_id": 11, "poll_answer": {"poll_id": "1"}},
    {"update_id": 11, "edited_message": message()["message"]},
    {"update_id": 11, "channel_post": message()["message"]},
    message("Hei", chat=GROUP),
    message("/status@another_bot"),
    message("/status@another_bot", chat=GROUP),
    message(None, photo=[], chat=GROUP),
    message("Hei", **{"from": {"id": 8, "is_bot": True}}),
    message("Hei", **{"from": None}),
    message("/status", chat=GROUP, sender_chat={"id": -9, "type": "channel"}),
    message("/status", chat=GROUP, **{"from": {"id": 1087968824, "is_bot": True, "username": "GroupAnonymousBot"}}),
    message("Hei", via_bot={"id": 8, "is_bot": True}),
    message("Hei", chat={"type": "private"}),
    message("Hei", chat="7"),
    message(None),
    message(None, migrate_to_chat_id=-1005, chat=GROUP),
    message(None, pinned_message={"message_id": 1}),
    press(None),
    press(7),
    press(message=None),
    press(message={"message_id": 4}),
    press(message={"chat": {"id": 7, "type": "private"}}),
    press(**{"from": {"id": 8, "is_bot": True}}),
    membership("member", chat=GROUP),
    membership("member", new_chat_member=None),
]


@pytest.mark.parametrize("update", NOBODY)
def test_what_is_no_event(update: dict[str, Any]) -> None:
    assert parse(update, ACCOUNT, NAME) is None


def test_no_update_however_broken_ends_in_an_error() -> None:
    rolled = random.Random(7)
    junk = [None, 0, -1, True, "", "x", [], [1], {}, {"id": None}, {"message_id": "x"}, 1.5]
    for _time in range(3000):
        update = json.loads(json.dumps(rolled.choice([message("/start a"), press(), membership("kicked")])))
        inside: Any = update
        while True:
            key = rolled.choice(list(inside))
            if isinstance(inside[key], dict) and inside[key] and rolled.random() < 0.8:
                inside = inside[key]
                continue
            inside[key] = rolled.choice(junk)
            break
        event = parse(update, ACCOUNT, NAME)
        assert event is None or event.address.chat.lstrip("-").isdigit()
