"""Slack's payloads as our events: pure, and silent about whatever is not a person of our own workspace."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.chat.events import Address, Command, Event, Press, Said, Spoke, Submitted, Unsupported, What
from bot.chat.messages import pack

Body = Mapping[str, Any]
LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
HUMAN = (None, "thread_broadcast", "file_share")


def parse(body: Body, team: str, locale: str = "", commands: Collection[str] | None = None) -> Event | None:
    """Read a verified payload; None where nobody of `team` said or did anything.

    `commands` are the names that may follow the slash command; any other text after it is something said.
    """
    if not team or any(found != team for found in teams(body)):
        return None
    if "command" in body:
        return _command(body, team, locale, commands)
    readers = {"event_callback": _event, "block_actions": _pressed, "view_submission": _submitted}
    reader = readers.get(str(body.get("type")))
    return reader(body, team, locale) if reader else None


def teams(body: Body) -> list[str]:
    """Every workspace a payload names; somebody from a shared channel names a second one."""
    event = body.get("event") or {}
    user = body.get("user") or {}
    found = (
        body.get("team_id"),
        (body.get("team") or {}).get("id"),
        event.get("team"),
        event.get("user_team"),
        user.get("team_id") if isinstance(user, Mapping) else None,
    )
    return [team for team in found if team] or [""]


def user_of(body: Body) -> str:
    """The Slack id of whoever did it, from the signed payload."""
    if "command" in body:
        return str(body.get("user_id", ""))
    user = body.get("user") or (body.get("event") or {}).get("user") or ""
    return str(user.get("id", "") if isinstance(user, Mapping) else user)


def plain(text: str) -> str:
    """What a person typed, without Slack's markup: links as their address, mentions as a name."""

    def bare(match: re.Match[str]) -> str:
        target, label = match.group(1), match.group(2)
        if target[:1] in "@#!":
            return ("#" if target[0] == "#" else "@") + (label or target[1:].removeprefix("subteam^"))
        return label if label and target.startswith("mailto:") else target

    return html.unescape(LINK.sub(bare, text))


def button_data(body: Body) -> str:
    """What the pressed button carries; nothing for links and for boxes that are only ticked."""
    actions = body.get("actions") or [{}]
    return str(actions[0].get("value") or "") if actions[0].get("type") == "button" else ""


def message_of(body: Body) -> str | None:
    """The message a button stood on, by the name the outbox knows it by."""
    container = body.get("container") or {}
    found = container.get("message_ts") or (body.get("message") or {}).get("ts")
    return str(found) if found else None


def modal_of(body: Body) -> Body | None:
    """The window an interaction happened in; the home page is none."""
    view = body.get("view")
    return view if view and view.get("type") == "modal" else None


def chosen(state: Body, key: str) -> tuple[str, ...]:
    """The raw values of one input of a submitted window."""
    found: list[str] = []
    for element in (state.get("values") or {}).get(key, {}).values():
        picked = [element["selected_option"]] if element.get("selected_option") else element.get("selected_options")
        found += [option["value"] for option in picked or ()]
        if element.get("value"):
            found.append(str(element["value"]))
    return tuple(found)


def _of(
    team: str, user: str, id_: str, what: What, locale: str, trigger: str = "", *, private: bool = True, at: object = ""
) -> Event:
    return Event(id_, Address(f"slack:{team}", user), what, locale, private, trigger, order=_stamp(at))


def _stamp(at: object) -> float:
    """Slack's own time of something, 0 where it gives none."""
    try:
        return float(str(at or 0))
    except ValueError:
        return 0.0


def _command(body: Body, team: str, locale: str, commands: Collection[str] | None) -> Event:
    text = plain(str(body.get("text") or "")).strip()
    name, _space, rest = text.lstrip("/").partition(" ")
    name = name.lower() or "help"
    what: What = Command(name, rest.strip()) if commands is None or name in commands or not text else Said(text)
    trigger = str(body["trigger_id"])
    return _of(team, user_of(body), trigger, what, locale, trigger)


def _event(body: Body, team: str, locale: str) -> Event | None:
    event = body["event"]
    user, kind = user_of(body), event.get("type")
    if not user or user == "USLACKBOT" or event.get("bot_id"):
        return None
    if kind == "app_home_opened":
        return _of(team, user, body["event_id"], Command("home"), locale) if event.get("tab") == "home" else None
    text = plain(event.get("text") or "")
    if kind == "app_mention":
        return _of(team, user, body["event_id"], Said(text), locale, private=False)
    if kind != "message" or event.get("channel_type") != "im" or event.get("subtype") not in HUMAN:
        return None
    what = _file(event["files"], text) if event.get("files") else Said(text, event.get("thread_ts"))
    return _of(team, user, body["event_id"], what, locale, at=event.get("ts"))


def _file(files: Sequence[Body], words: str) -> What:
    """One recording is an answer; anything else, or several at once, cannot be read."""
    file = files[0]
    sound = file.get("subtype") == "slack_audio" or str(file.get("mimetype") or "").startswith("audio/")
    if len(files) > 1 or not sound:
        return Unsupported("file")
    seconds = int(file.get("duration_ms") or 0) // 1000
    return Spoke(str(file["id"]), seconds, int(file.get("size") or 0), words)


def _pressed(body: Body, team: str, locale: str) -> Event | None:
    data, user = button_data(body), user_of(body)
    if not data or data.startswith("{"):
        return None
    route, *args = data.split(":")
    # The id names the moment and the person, never the button: ids are stored, and a button may be a vote.
    place = message_of(body) or (body.get("view") or {}).get("id", "")
    id_ = f"{body['actions'][0]['action_ts']}:{user}:{place}"
    what, at = Press(route, tuple(args), message_of(body)), body["actions"][0]["action_ts"]
    return _of(team, user, id_, what, locale, str(body.get("trigger_id") or ""), at=at)


def _submitted(body: Body, team: str, locale: str) -> Event | None:
    view = body["view"]
    meta = json.loads(view.get("private_metadata") or "{}")
    state = view.get("state") or {}
    what: What
    if view.get("callback_id") == "form":
        what = Submitted(meta["form"], int(meta["subject"]), {key: chosen(state, key) for key in meta["keys"]})
    elif view.get("callback_id") == "review":
        what = Press("send", (meta["form"], str(meta["subject"])))
    elif view.get("callback_id") == "ticks":
        ticked = sum(1 << int(place) for place in set(chosen(state, "ticks")))
        what = Press(meta["send"], (*meta["args"], pack(ticked)), meta.get("message"))
    else:
        return None
    id_ = f"{view['id']}:{view.get('hash', '')}"
    return _of(team, user_of(body), id_, what, locale, str(body.get("trigger_id") or view["id"]))
