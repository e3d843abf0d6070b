"""Slack: what its payloads mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.chat.events import Address, Command, Event, Press, Said, Submitted, Unsupported
from bot.platforms.slack_parse import parse, plain

TEAM = "T0001"
OLA = Address("slack:T0001", "U1")


def message(text: str = "Hei", **event: Any) -> dict[str, Any]:
    """A message written to the bot."""
    inner = {"type": "message", "channel_type": "im", "user": "U1", "text": text, "ts": "1.2", "channel": "D1"}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": TEAM, "event": {**inner, **event}}


def command(text: str, **more: str) -> dict[str, Any]:
    """The slash command."""
    base = {"command": "/samskab", "team_id": TEAM, "user_id": "U1", "trigger_id": "1.2.abc", "channel_name": "general"}
    return {**base, "text": text, **more}


def press(value: str | None, **more: Any) -> dict[str, Any]:
    """A pressed button on a message."""
    action = {"type": "button", "action_id": "b7", "block_id": "x", "action_ts": "5.5"}
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "trigger_id": "9.9.xyz",
        "container": {"type": "message", "message_ts": "3.4", "channel_id": "D1"},
        "actions": [action | ({} if value is None else {"value": value})],
        **more,
    }


def submission(kind: str, meta: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """A submitted window."""
    state = {"values": {key: {"v": value} for key, value in values.items()}}
    view = {"id": "V1", "hash": "h1", "callback_id": kind, "private_metadata": json.dumps(meta), "state": state}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": "U1", "team_id": TEAM},
        "trigger_id": "9.9.xyz",
        "view": {**view, "type": "modal", "blocks": []},
    }


def option(value: str) -> dict[str, Any]:
    return {"value": value, "text": {"type": "plain_text", "text": value}}


PARSED = [
    (message("Hei &amp; hå"), Event("Ev1", OLA, Said("Hei & hå"))),
    (message("Se <https://a.no/x?a=1&amp;b=2|her> <@U9>"), Event("Ev1", OLA, Said("Se https://a.no/x?a=1&b=2 @U9"))),
    (message("ja", thread_ts="1.0"), Event("Ev1", OLA, Said("ja", "1.0"))),
    (message("", subtype="file_share", files=[{"id": "F1"}]), Event("Ev1", OLA, Unsupported("file"))),
    (message("<@UBOT> hva", type="app_mention"), Event("Ev1", OLA, Said("@UBOT hva"), private=False)),
    (message(type="app_home_opened", tab="home"), Event("Ev1", OLA, Command("home"))),
    (command(""), Event("1.2.abc", OLA, Command("help"), acknowledgement="1.2.abc")),
    (command(" Status "), Event("1.2.abc", OLA, Command("status"), acknowledgement="1.2.abc")),
    (command("/link ABCD EFGH"), Event("1.2.abc", OLA, Command("link", "ABCD EFGH"), acknowledgement="1.2.abc")),
    (command("hva nå"), Event("1.2.abc", OLA, Said("hva nå"), acknowledgement="1.2.abc")),
    (press("second:3"), Event("5.5:U1:3.4", OLA, Press("second", ("3",), "3.4"), acknowledgement="9.9.xyz")),
    (
        submission(
            "form",
            {"form": "signup", "subject": 4, "keys": ["told", "door", "fits", "why", "name"]},
            door={"type": "radio_buttons", "selected_option": option("citizen")},
            fits={"type": "checkboxes", "selected_options": [option("a"), option("b")]},
            why={"type": "plain_text_input", "value": None},
            name={"type": "plain_text_input", "value": "Ola"},
        ),
        Event(
            "V1:h1",
            OLA,
            Submitted("signup", 4, {"told": (), "door": ("citizen",), "fits": ("a", "b"), "why": (), "name": ("Ola",)}),
            acknowledgement="9.9.xyz",
        ),
    ),
    (
        submission("review", {"form": "signup", "subject": 4}),
        Event("V1:h1", OLA, Press("send", ("signup", "4")), acknowledgement="9.9.xyz"),
    ),
    (
        submission(
            "ticks",
            {"send": "vote", "args": ["17"], "message": "3.4"},
            ticks={"type": "checkboxes", "selected_options": [option("0"), option("3")]},
        ),
        Event("V1:h1", OLA, Press("vote", ("17", "9"), "3.4"), acknowledgement="9.9.xyz"),
    ),
]


@pytest.mark.parametrize(("body", "event"), PARSED)
def test_what_a_payload_means(body: dict[str, Any], event: Event) -> None:
    assert parse(body, TEAM, commands={"help", "status", "link"}) == event


NOBODY = [
    message(bot_id="B1"),
    message(subtype="message_changed"),
    message(subtype="bot_message"),
    message(user="USLACKBOT"),
    message(channel_type="channel"),
    message(type="app_home_opened", tab="messages"),
    message(user_team="T0666"),
    message() | {"team_id": "T0666"},
    command("status", team_id="T0666"),
    press("second:3", team={"id": "T0666"}),
    press("second:3", user={"id": "U1", "team_id": "T0666"}),
    press(None),
    press('{"send":"vote"}'),
    press("x", actions=[{"type": "checkboxes", "action_ts": "5.5", "selected_options": [option("a")]}]),
    submission("other", {}),
    submission("review", {"form": "signup", "subject": 4}) | {"type": "view_closed"},
    {"type": "block_actions", "actions": []},
]


@pytest.mark.parametrize("body", NOBODY)
def test_what_is_no_event(body: dict[str, Any]) -> None:
    assert parse(body, TEAM) is None


def test_without_a_workspace_nothing_is_read() -> None:
    assert parse(message(), "") is None


def test_the_id_of_a_press_does_not_tell_which_button_it_was() -> None:
    button = {"type": "button", "value": "vote:1", "action_ts": "5.5"}
    events = [parse(press("vote:1", actions=[{**button, "action_id": f"b{n}"}]), TEAM) for n in range(3)]
    assert len({event.id for event in events if event}) == 1


def test_text_after_the_command_is_a_command_where_none_are_named() -> None:
    event = parse(command("hjelp meg"), TEAM)
    assert event is not None and event.what == Command("hjelp", "meg")


def test_mentions_and_addresses_are_read_as_plain_words() -> None:
    assert plain("<!here> <#C1|torget> <mailto:a@b.no|a@b.no> &lt;b&gt;") == "@here #torget a@b.no <b>"
