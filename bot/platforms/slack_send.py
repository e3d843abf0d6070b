"""Carrying messages to Slack: several where one is too short, pictures first, and never the same one twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.chat.delivery import Delivery, Gone, Refused, Result, RetryAfter, Sent, Uncertain
from bot.chat.messages import Rendered
from bot.platforms.slack_blocks import Block, fallback, home_view, message_parts
from bot.platforms.slack_wire import Failure, Wire

log = structlog.get_logger()

GONE = frozenset(
    {"channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "users_not_found", "cannot_dm_bot"}
)
# What the operator has to mend before anything can be sent: the account waits, and no row is lost.
ADVICE = {
    "missing_scope": "install the app anew with the scopes of docs/slack-manifest.yaml",
    "no_permission": "install the app anew with the scopes of docs/slack-manifest.yaml",
    "not_allowed_token_type": "SAMSKAB_SLACK_BOT_TOKEN must be the bot token (xoxb-)",
} | dict.fromkeys(
    ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "access_denied"),
    "set SAMSKAB_SLACK_BOT_TOKEN to the bot token of the app as it is installed now",
)
# After these it must be looked up, or done once more.
DOUBTFUL = ("chat.postMessage", "chat.update", "chat.delete", "conversations.history")


class Courier:
    """Sends deliveries. What is half done is remembered here, and found in the conversation where it is not."""

    def __init__(self, wire: Wire, commands: Collection[str] = ()) -> None:
        self._wire = wire
        self._spoken = spoken(commands)
        self._conversations: dict[str, str] = {}
        self._done: dict[int, list[str]] = {}

    async def send(self, delivery: Delivery) -> Result:
        """Carry one delivery, whatever comes of it."""
        try:
            result = await self._carry(delivery)
        except Failure as failure:
            return await self._after(delivery, failure)
        self._forget(delivery.row)
        return result

    async def conversation(self, user: str) -> str:
        """The private conversation with a person. Raises Failure."""
        if user not in self._conversations:
            opened = await self._wire.call("conversations.open", users=user)
            self._conversations[user] = opened["channel"]["id"]
        return self._conversations[user]

    async def _carry(self, delivery: Delivery) -> Result:
        user = delivery.address.chat
        message = replace(delivery.message, text=self._spoken(delivery.message.text))
        if delivery.op == "home":
            shown = await self._wire.call("views.publish", user_id=user, view=home_view(message))
            return Sent(str(shown["view"]["id"]))
        if delivery.op == "send":
            return await self._send(user, delivery, await self._parts(message, delivery))
        channel = await self.conversation(user)
        if delivery.op == "delete":
            await self._wire.call("chat.delete", channel=channel, ts=delivery.target)
            return Sent(delivery.target or "")
        return await self._edit(channel, delivery, await self._parts(message, delivery))

    async def _parts(self, message: Rendered, delivery: Delivery) -> list[list[Block]]:
        return message_parts(message, await self._upload(delivery) if delivery.image else "")

    async def _edit(self, channel: str, delivery: Delivery, parts: list[list[Block]]) -> Result:
        first, *rest = parts
        await self._wire.call("chat.update", channel=channel, ts=delivery.target, **content(first))
        for part in rest:
            await delivery.slot()
            await self._wire.call("chat.postMessage", channel=channel, **content(part), **QUIET)
        return Sent(delivery.target or "")

    async def _send(self, user: str, delivery: Delivery, parts: list[list[Block]]) -> Result:
        done = self._done.setdefault(delivery.row, [])
        if delivery.tried:
            await self._look(await self.conversation(user), delivery.row, done)
        before = len(done)
        while len(done) < len(parts):
            if len(done) > before:
                await delivery.slot()
            # A person's id opens the conversation, too, and spares the first message a call that is limited.
            channel = self._conversations.get(user, user)
            mark = {"event_type": "samskab", "event_payload": {"row": delivery.row, "part": len(done)}}
            part = content(parts[len(done)])
            sent = await self._wire.call("chat.postMessage", channel=channel, metadata=mark, **part, **QUIET)
            self._conversations[user] = sent["channel"]
            done.append(str(sent["ts"]))
        # The buttons stand on the last part, and a press names the message it stood on.
        return Sent(done[-1])

    async def _look(self, channel: str, row: int, done: list[str]) -> None:
        """Find in the conversation what of a row has arrived, by the mark each part carries. Raises Failure."""
        answer = await self._wire.call(
            "conversations.history", form=True, channel=channel, limit=50, include_all_metadata=True
        )
        found = {
            payload["part"]: str(message["ts"])
            for message in answer["messages"]
            if (payload := _mark(message)).get("row") == row and "part" in payload
        }
        while len(done) in found:
            done.append(found[len(done)])

    async def _after(self, delivery: Delivery, failure: Failure) -> Result:
        """What comes of a delivery that failed."""
        code = failure.code
        if failure.after is not None:
            # A limit of Slack's is a method's, not the account's.
            return RetryAfter(failure.after, op=delivery.op)
        if failure.unclear and failure.method in DOUBTFUL:
            # Whether it arrived is looked up at the next try.
            return Uncertain(unwell=failure.status >= 500)
        if code in ADVICE:
            log.error("Slack refuses our token", why=code, do=ADVICE[code])
        if failure.unclear or code == "out of reach" or code in ADVICE:
            return RetryAfter()
        self._forget(delivery.row)
        if code in GONE:
            self._conversations.pop(delivery.address.chat, None)
            return Gone()
        if code == "message_not_found" and delivery.op in ("edit", "delete"):
            return Sent(delivery.target or "") if delivery.op == "delete" else Refused("final")
        return Refused(code)

    def _forget(self, row: int) -> None:
        self._done.pop(row, None)

    async def _upload(self, delivery: Delivery) -> str:
        """Give Slack the picture; it is shown by the message alone. Raises Failure."""
        assert delivery.image is not None
        alt = (delivery.message.image or {}).get("alt", "")
        place = await self._wire.call(
            "files.getUploadURLExternal",
            form=True,
            filename="image.png",
            length=len(delivery.image),
            alt_txt=alt[:1000],
        )
        await self._wire.post(place["upload_url"], data=delivery.image)
        files = [{"id": place["file_id"], "title": alt[:200] or "image"}]
        await self._wire.call("files.completeUploadExternal", files=files)
        return str(place["file_id"])


def spoken(commands: Collection[str]) -> Callable[[str], str]:
    """How our commands are said in Slack, which keeps a slash for itself: "/status" becomes "/samskab status"."""
    names = "|".join(sorted(map(re.escape, commands), key=len, reverse=True))
    known = re.compile(rf"(?<![\w/])/({names})(?![\w/])")
    return lambda text: known.sub(r"/samskab \1", text) if names else text


QUIET: Mapping[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def content(blocks: list[Block]) -> dict[str, Any]:
    """A message: its blocks, and their text for notifications, in which no name pings."""
    return {"text": fallback(blocks), "blocks": blocks, "parse": "none", "link_names": False}


def _mark(message: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload if metadata.get("event_type") == "samskab" else {}
