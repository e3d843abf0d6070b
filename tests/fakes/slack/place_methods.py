"""Who and where: the bot itself, people, conversations, installation and sockets."""

from __future__ import annotations

import secrets

from tests.fakes.slack.api import method, truth
from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.world import APP, BOT, BOT_USER, Channel, World


@method("auth.test")
def auth_test(world: World, _args: Json) -> Json:
    return {
        "url": "https://samskab.slack.com/",
        "team": "Samskab",
        "user": "samskab",
        "team_id": world.team,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


@method("users.info", "user", takes_json=False)
def users_info(world: World, args: Json) -> Json:
    user = world.user(args["user"])
    names = {"real_name": user.name, "display_name": user.name}
    found: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name.lower(),
        "real_name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "tz": "Europe/Copenhagen",
        "profile": names,
    }
    if truth(args.get("include_locale")):
        found["locale"] = user.locale
    return {"user": found}


@method("conversations.open")
def conversations_open(world: World, args: Json) -> Json:
    if "channel" in args:
        channel = world.channel(args["channel"])
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    ids = [one for one in str(args.get("users", "")).split(",") if one]
    if not ids:
        raise ApiError("users_list_not_supplied")
    if len(ids) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    user = world.user(ids[0])
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    already = any(channel.user == user.id for channel in world.channels.values())
    return {"no_op": already, "already_open": already, "channel": {"id": world.dm(user.id).id}}


@method("conversations.info", "channel", takes_json=False)
def conversations_info(world: World, args: Json) -> Json:
    channel = world.channels.get(args["channel"])
    if channel is None:
        raise ApiError("channel_not_found")
    return {"channel": _shown(channel)}


def _shown(channel: Channel) -> Json:
    found: Json = {"id": channel.id, "is_im": bool(channel.user), "is_channel": not channel.user, "is_archived": False}
    if channel.user:
        return found | {"user": channel.user}
    return found | {"name": channel.name, "is_member": BOT_USER in channel.members, "is_private": False}


@method("conversations.history", "channel", takes_json=False)
def conversations_history(world: World, args: Json) -> Json:
    """The newest first; metadata only where it is asked for."""
    channel = world.channels.get(args["channel"])
    if channel is None:
        raise ApiError("channel_not_found")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    limit, start = int(args.get("limit", 100)), int(args.get("cursor") or 0)
    if not 1 <= limit <= 999:
        raise ApiError("invalid_limit")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = truth(args.get("inclusive"))
    found = [
        message
        for message in reversed(channel.messages)
        if not message.only_for
        and (oldest < float(message.ts) < latest or (inclusive and float(message.ts) in (oldest, latest)))
    ]
    page, more = found[start : start + limit], len(found) > start + limit
    metadata = truth(args.get("include_all_metadata"))
    answer: Json = {"messages": [message.json(metadata=metadata) for message in page], "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": str(start + limit)}
    return answer


@method("apps.connections.open", token="app")
def connections_open(world: World, _args: Json) -> Json:
    ticket = secrets.token_hex(12)
    world.tickets.add(ticket)
    return {"url": f"{world.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


@method("oauth.v2.access", "client_id", "client_secret", "code", takes_json=False, token="")
def oauth_access(world: World, args: Json) -> Json:
    if args["code"] not in world.codes:
        raise ApiError("invalid_code")
    world.codes.remove(args["code"])
    return {
        "access_token": world.bot_token,
        "token_type": "bot",
        "scope": "chat:write,im:history,im:write,users:read,commands,files:read,files:write",
        "bot_user_id": BOT_USER,
        "app_id": APP,
        "team": {"id": world.team, "name": "Samskab"},
        "enterprise": None,
        "authed_user": {"id": args.get("user", "")},
    }
