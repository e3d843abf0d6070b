"""The shapes in which Slack tells the bot what people do."""

from __future__ import annotations

import html
import re
import secrets

from tests.fakes.slack.elements import Json
from tests.fakes.slack.view_methods import view_json
from tests.fakes.slack.world import APP, BOT_USER, Channel, Message, User, View, World

ADDRESS = re.compile(r"https?://[^\s<>|]+")
TOKEN = "verification-token-of-old"


def typed(text: str) -> str:
    """What a person typed, as Slack passes it on."""
    return ADDRESS.sub(lambda found: f"<{found.group()}>", html.escape(text, quote=False))


def envelope(world: World, event: Json, team: str = "") -> Json:
    """An event with everything around it."""
    team = team or world.team
    return {
        "token": TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(world.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(8)}",
    }


def message_event(channel: Channel, user: User, message: Message) -> Json:
    """Somebody wrote."""
    text = {"type": "text", "text": html.unescape(message.text)}
    found: Json = {
        "type": "message",
        "channel": channel.id,
        "channel_type": "im" if channel.user else "channel",
        "user": user.id,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "client_msg_id": secrets.token_hex(16),
        "team": user.team,
        "blocks": [
            {"type": "rich_text", "block_id": "b", "elements": [{"type": "rich_text_section", "elements": [text]}]}
        ],
    }
    if message.files:
        found |= {"subtype": "file_share", "files": message.files}
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    return found


def command_form(world: World, user: User, name: str, text: str) -> Json:
    """A slash command, which comes as a form."""
    channel = world.dm(user.id)
    return {
        "token": TOKEN,
        "team_id": user.team,
        "team_domain": "samskab",
        "channel_id": channel.id,
        "channel_name": "directmessage",
        "user_id": user.id,
        "user_name": user.name.lower(),
        "command": name,
        "text": typed(text),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": world.reply_url(channel, user.id, None),
        "trigger_id": world.trigger(user.id),
    }


def pressed(world: World, user: User, block: Json, element: Json, value: Json, place: Message | View) -> Json:
    """Something was pressed or chosen, in a message or in a window."""
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": world.stamp(),
    }
    for key in ("value", "text", "url", "style"):
        if element["type"] == "button" and key in element:
            action[key] = element[key]
    found = _base(world, user, "block_actions") | {"actions": [action | value]}
    if isinstance(place, Message):
        return found | _message_place(world, user, place)
    found["trigger_id"] = world.trigger(user.id, in_modal=place.body["type"] == "modal")
    view = view_json(world, place)
    return found | {"view": view, "container": {"type": "view", "view_id": place.id}, "state": view["state"]}


def _message_place(world: World, user: User, message: Message) -> Json:
    channel = world.dm(user.id)
    place = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    return {
        "container": place,
        "channel": {"id": channel.id, "name": "directmessage"},
        "message": message.json(),
        "state": {"values": {}},
        "trigger_id": world.trigger(user.id),
        "response_url": world.reply_url(channel, user.id, message.ts),
    }


def submitted(world: World, user: User, view: View) -> Json:
    found = _base(world, user, "view_submission") | {"view": view_json(world, view), "response_urls": []}
    return found | {"trigger_id": world.trigger(user.id, in_modal=True)}


def closed(world: World, user: User, view: View) -> Json:
    found = _base(world, user, "view_closed") | {"view": view_json(world, view), "is_cleared": False}
    return found | {"trigger_id": world.trigger(user.id)}


def home_opened(world: World, user: User) -> Json:
    found: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": world.dm(user.id).id,
        "tab": "home",
        "event_ts": world.stamp(),
    }
    return found | ({"view": view_json(world, user.home)} if user.home else {})


def _base(world: World, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name.lower(), "name": user.name.lower(), "team_id": user.team},
        "api_app_id": APP,
        "token": TOKEN,
        "team": {"id": user.team, "domain": "samskab"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
