"""Messages: posting, changing, deleting, and the answers at a response_url."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api import method
from tests.fakes.slack.blocks import message_problems
from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError, breach
from tests.fakes.slack.world import BOT_USER, REPLY_SECONDS, REPLY_USES, Channel, Message, World

POSTED, CHANGED = 40_000, 4_000  # characters of text


def check_content(world: World, args: Json, longest: int = POSTED) -> None:
    """Refuse a message whose text, blocks or metadata break a rule; the first broken rule names the refusal."""
    files = {upload.id: upload.complete for upload in world.uploads.values()}
    problems = list(message_problems(args, files, longest))
    metadata = args.get("metadata")
    if metadata is not None and not _well_formed(metadata):
        problems.append(("invalid_metadata_format", "metadata must have event_type and an object event_payload"))
    if problems:
        raise breach(problems[0][0], *(sentence for _code, sentence in problems))


def post(world: World, channel: Channel, args: Json, only_for: str | None = None) -> Message:
    """Put a message of the bot into a conversation; the bot hears of it, as of any other."""
    blocks = world.named(args.get("blocks") or [])
    message = Message(world.stamp(), BOT_USER, args["text"], blocks, args.get("metadata"), only_for=only_for)
    message.thread_ts = args.get("thread_ts")
    channel.messages.append(message)
    if not only_for:
        world.happened(_event(channel) | message.json() | {"event_ts": message.ts})
    return message


def change(world: World, channel: Channel, message: Message, args: Json) -> None:
    """Blocks that are not given stay."""
    before = message.json()
    message.text = args["text"]
    if "blocks" in args:
        message.blocks = world.named(args["blocks"])
    message.metadata = args.get("metadata", message.metadata)
    message.edits += 1
    changed = {"subtype": "message_changed", "hidden": True, "message": message.json(), "previous_message": before}
    _happened(world, channel, changed)


def remove(world: World, channel: Channel, message: Message) -> None:
    channel.messages.remove(message)
    gone = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts, "previous_message": message.json()}
    _happened(world, channel, gone)


def find(channel: Channel, ts: Any) -> Message:
    for message in channel.messages:
        if message.ts == ts and not message.only_for:
            return message
    raise ApiError("message_not_found")


@method("chat.postMessage", "channel")
def post_message(world: World, args: Json) -> Json:
    channel = world.channel(args["channel"])
    if channel.user and world.users[channel.user].deleted:
        raise ApiError("user_disabled")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    check_content(world, args)
    message = post(world, channel, args)
    return {"channel": channel.id, "ts": message.ts, "message": message.json(metadata=True)}


@method("chat.update", "channel", "ts")
def update(world: World, args: Json) -> Json:
    channel = world.channel(args["channel"])
    message = find(channel, args["ts"])
    if not message.by_bot:
        raise ApiError("cant_update_message")
    check_content(world, args, CHANGED)
    change(world, channel, message, args)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.json(metadata=True)}


@method("chat.delete", "channel", "ts")
def delete(world: World, args: Json) -> Json:
    channel = world.channel(args["channel"])
    message = find(channel, args["ts"])
    if not message.by_bot:
        raise ApiError("cant_delete_message")
    remove(world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", "channel", "user")
def post_ephemeral(world: World, args: Json) -> Json:
    channel = world.channel(args["channel"])
    if args["user"] not in channel.members:
        raise ApiError("user_not_in_channel")
    check_content(world, args)
    return {"message_ts": post(world, channel, args, args["user"]).ts}


REPLY_CHOICES = ("response_type", "replace_original", "delete_original")
REPLY_KEYS = frozenset({"text", "blocks", "thread_ts", "metadata", "unfurl_links", "unfurl_media", *REPLY_CHOICES})


def answer_reply(world: World, ticket: str, args: Json) -> Json:
    """What is posted to a response_url: five times in half an hour."""
    reply = world.replies.get(ticket)
    if reply is None or world.clock() - reply.at > REPLY_SECONDS:
        raise ApiError("expired_url", status=404)
    if reply.uses >= REPLY_USES:
        raise ApiError("used_url", status=404)
    unknown = sorted(args.keys() - REPLY_KEYS)
    if unknown:
        raise breach("invalid_payload", *(f"unknown argument {key}" for key in unknown))
    reply.uses += 1
    original = next((one for one in reply.channel.messages if one.ts == reply.ts), None)
    if args.get("delete_original") and original:
        remove(world, reply.channel, original)
        return {}
    check_content(world, args)
    if args.get("replace_original") and original:
        change(world, reply.channel, original, args)
    else:
        everybody = args.get("response_type") == "in_channel"
        post(world, reply.channel, args, None if everybody else reply.user)
    return {}


def _event(channel: Channel) -> Json:
    return {"type": "message", "channel": channel.id, "channel_type": "im" if channel.user else "channel"}


def _happened(world: World, channel: Channel, what: Json) -> None:
    ts = world.stamp()
    world.happened(_event(channel) | {"ts": ts, "event_ts": ts} | what)


def _well_formed(metadata: Any) -> bool:
    if not isinstance(metadata, dict) or metadata.keys() - {"event_type", "event_payload", "entities"}:
        return False
    return bool(metadata.get("event_type")) and isinstance(metadata.get("event_payload"), dict)
