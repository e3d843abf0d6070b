"""What follows an answer to Slack: windows opened, messages drawn anew, a line for one person. It may be lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.chat.events import Event, FormPage
from bot.chat.messages import Rendered
from bot.platforms.slack_blocks import Block, button, home_view, message_parts, mrkdwn, section
from bot.platforms.slack_modals import form_view, ticks_view
from bot.platforms.slack_parse import Body, button_data, message_of, modal_of
from bot.platforms.slack_send import Courier, content
from bot.platforms.slack_wire import Failure, Wire

log = structlog.get_logger()

FRESH = 2.5  # seconds in which a trigger surely still opens a window; Slack gives it three


class FollowUp:
    """Runs each thing as a task of its own, so that Slack has its answer at once."""

    def __init__(self, wire: Wire, courier: Courier) -> None:
        self._wire = wire
        self._courier = courier
        self._running: set[asyncio.Task[None]] = set()

    async def finish(self) -> None:
        """Wait a little for what is still under way."""
        if self._running:
            await asyncio.wait(self._running, timeout=5)

    def show(self, body: Body, event: Event, page: FormPage, began: float) -> None:
        """Show a page: in the window at hand, in a new one, or behind a button where it is too late for that."""
        self._start(self._show(body, event, page, began))

    def open_ticks(self, body: Body, view: Block) -> None:
        """Open the window of boxes."""
        self._start(self._open(body["trigger_id"], view))

    def redraw(self, body: Body, event: Event, message: Rendered) -> None:
        """Show a message anew where its button was pressed."""
        self._start(self._redraw(body, event, message))

    def whisper(self, body: Body, event: Event, text: str) -> None:
        """Say a line that only this person sees."""
        self._start(self._whisper(body, event, text))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_guarded(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _open(self, trigger: str, view: Block) -> None:
        await self._wire.call("views.open", trigger_id=trigger, view=view)

    async def _show(self, body: Body, event: Event, page: FormPage, began: float) -> None:
        view = form_view(page)
        if window := modal_of(body):
            await self._wire.call("views.update", view_id=window["id"], hash=window["hash"], view=view)
            return
        if event.acknowledgement and time.monotonic() - began < FRESH:
            try:
                await self._open(event.acknowledgement, view)
                return
            except Failure as failure:
                log.info("window not opened", why=failure.code)
        label = page.title or page.submit
        opener = button(label, 0, value=f"open:{page.form}:{page.subject}")
        blocks = [section(mrkdwn(label)), {"type": "actions", "elements": [opener]}]
        channel = await self._courier.conversation(event.address.chat)
        await self._wire.call("chat.postMessage", channel=channel, **content(blocks))

    async def _redraw(self, body: Body, event: Event, message: Rendered) -> None:
        if (body.get("view") or {}).get("type") == "home":
            await self._wire.call("views.publish", user_id=event.address.chat, view=home_view(message))
        elif ts := message_of(body):
            channel = await self._courier.conversation(event.address.chat)
            await self._wire.call("chat.update", channel=channel, ts=ts, **content(message_parts(message)[0]))

    async def _whisper(self, body: Body, event: Event, text: str) -> None:
        marked = mrkdwn(text)
        if url := body.get("response_url"):
            line = {"response_type": "ephemeral", "replace_original": False, "text": marked}
            await self._wire.post(url, json=line)
            return
        channel = (body.get("event") or {}).get("channel") or await self._courier.conversation(event.address.chat)
        await self._wire.call("chat.postEphemeral", channel=channel, user=event.address.chat, text=marked)


def ticks_asked(body: Body) -> Block | None:
    """The window of boxes that a pressed *Open* button asks for; nothing of it is ours to remember."""
    value = button_data(body)
    if body.get("type") != "block_actions" or not value.startswith("{"):
        return None
    blocks = (body.get("message") or body.get("view") or {}).get("blocks") or ()
    texts = [block["text"]["text"] for block in blocks if block.get("type") == "section"]
    return ticks_view(value, str(texts[0]) if texts else "", message_of(body))


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Failure as failure:
        log.warning("not shown in Slack", method=failure.method, why=failure.code)
    except Exception as error:
        log.error("not shown in Slack", error=type(error).__name__)
