"""Slack: one workspace, one door. Bolt checks who knocks; one middleware has the event committed and answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import i18n
from bot.chat.delivery import Accept, Answer, Delivery, Found, Pace, Result, Unavailable
from bot.chat.events import Event, Outcome
from bot.platforms.slack_blocks import mrkdwn
from bot.platforms.slack_files import fetch
from bot.platforms.slack_follow import FollowUp, ticks_asked
from bot.platforms.slack_modals import form_view, inputs, notice_view
from bot.platforms.slack_parse import Body, parse
from bot.platforms.slack_send import ADVICE, Courier
from bot.platforms.slack_wire import SILENT, Failure, Wire
from bot.text import Text, _

log = structlog.get_logger()

LARGEST = 1_000_000
# Calls a minute in the whole workspace: chat.update and chat.delete are of tier 3, views.publish of tier 4.
TIERS = {"edit": 50, "delete": 50, "home": 100}
SCOPES = frozenset(
    {"app_mentions:read", "chat:write", "commands", "files:read", "files:write", "im:history", "im:write", "users:read"}
)


class Slack:
    """One workspace's bot, over HTTP or over Socket Mode; `name` is its workspace's id, known once it is started or
    another process has told it."""

    def __init__(
        self,
        *,
        bot_token: str,
        signing_secret: str,
        app_token: str = "",
        api_url: str = "https://slack.com/api/",
        base_url: str,
        accept: Accept,
        locale: str = "en",
        team: str = "",
        commands: Collection[str] | None = None,
    ) -> None:
        self.pace = Pace(rate=20, chat_rate=1, chat_burst=3, ops=TIERS)
        self._signing_secret = signing_secret
        self._app_token = app_token
        self._accept = accept
        self._locale = locale
        self.name = team
        self._commands = commands
        self._bot_user: str | None = None
        self._wire = Wire(bot_token, api_url)
        self._courier = Courier(self._wire, commands or ())
        self._locales: dict[str, str] = {}
        self._asks_locale = True
        self._follow = FollowUp(self._wire, self._courier)

        async def authorize() -> AuthorizeResult:
            # Always our one bot: a request is ours by its signature, and its team is checked as it is read.
            return AuthorizeResult(
                enterprise_id=None, team_id=self.name, bot_user_id=self._bot_user, bot_token=bot_token
            )

        self._app = AsyncApp(
            name="samskab.slack.silent",
            logger=SILENT,
            signing_secret=signing_secret,
            authorize=authorize,
            process_before_response=True,
        )
        self._app.middleware(self._middleware)
        self._app.error(self._broken)

    @property
    def account(self) -> str:
        """Our account's name, whole once the workspace is known."""
        return f"slack:{self.name}" if self.name else "slack"

    @property
    def door(self) -> str:
        """Nobody outside the workspace can begin a chat, so there is no link."""
        return ""

    async def start(self) -> None:
        """Learn which workspace and which bot the token belongs to. Raises OSError where Slack cannot say."""
        try:
            me = await self._wire.call("auth.test")
        except Failure as failure:
            if failure.code == "unknown_method" and self.name:
                log.warning("Slack lacks a method", method="auth.test")
                return
            log.error(
                "Slack does not know us", why=failure.code, do=ADVICE.get(failure.code, "wait, or check the network")
            )
            raise OSError(failure.code) from None
        if self.name and self.name != me["team_id"]:
            log.warning("the bot token belongs to another workspace than before", team=me["team_id"])
        self.name, self._bot_user = str(me["team_id"]), me.get("user_id")
        if me["scopes"] and (missing := SCOPES - {scope.strip() for scope in me["scopes"].split(",")}):
            log.warning("the Slack app lacks scopes", scopes=sorted(missing), do=ADVICE["missing_scope"])

    async def stop(self) -> None:
        """Finish what follows the last answers, and close the connections."""
        await self._follow.finish()
        await self._wire.close()

    @property
    def finds(self) -> bool:
        """Each message carries its row's number, by which it is found in the conversation."""
        return True

    async def send(self, delivery: Delivery) -> Result:
        """Carry one message."""
        return await self._courier.send(delivery)

    async def fetch(self, reference: str, largest: int) -> Found:
        """The bytes of a file that a person sent."""
        return await fetch(self._wire, reference, largest)

    async def well(self) -> bool:
        """Whether Slack answers and knows us."""
        try:
            await self._wire.call("auth.test")
        except Failure:
            return False
        return True

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The door for Slack's requests: Bolt checks the signature on the bytes as they came."""
        if len(body) > LARGEST:
            return Answer(413)
        if not self._signing_secret:
            return Answer(403)
        known = {name.lower(): value for name, value in headers.items()}
        stamp, signature = known.get("x-slack-request-timestamp", ""), known.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdigit() and signature.isascii()):
            return Answer(401)
        try:
            request = AsyncBoltRequest(body=body.decode(), headers=dict(known))
        except ValueError:
            return Answer(400)
        answer = await self._app.async_dispatch(request)
        found = answer.first_headers()
        retry_after = int(found["retry-after"]) if "retry-after" in found else None
        return Answer(answer.status, (answer.body or "").encode(), found["content-type"], retry_after)

    async def sockets(self, stopping: asyncio.Event) -> None:
        """Read from Slack over Socket Mode until stopping; what is not committed is not acknowledged."""
        client = self._wire.client
        handler = AsyncSocketModeHandler(self._app, self._app_token, logger=SILENT, web_client=client)
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        connected = False
        try:
            while not stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), 5)
                now = bool(await handler.client.is_connected())
                if now != connected:
                    log.info("Slack socket", connected=now)
                    connected = now
        finally:
            connecting.cancel()
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _broken(self, error: Exception) -> None:
        """A fault of ours: Slack is told 500 and comes again; the log says what broke and nothing of the event."""
        log.error("Slack event failed", error=type(error).__name__)

    async def _middleware(self, req: AsyncBoltRequest) -> BoltResponse:
        """Read, have it committed, answer."""
        began, body = time.monotonic(), req.body
        if not self.name:
            return BoltResponse(status=503, headers={"retry-after": "5"})
        try:
            event = parse(body, self.name, commands=self._commands)
            view = ticks_asked(body)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            log.warning("unreadable event", kind=str(body.get("type"))[:40], error=type(error).__name__)
            return BoltResponse(status=200)
        if view is not None:
            self._follow.open_ticks(body, view)
        if event is None:
            return BoltResponse(status=200)
        event = replace(event, locale=await self._locale_of(event.address.chat))
        try:
            outcome = await self._accept(event)
        except Unavailable as busy:
            return self._busy(body, event, busy)
        return self._answer(body, event, outcome, began)

    def _answer(self, body: Body, event: Event, outcome: Outcome, began: float) -> BoltResponse:
        """The answer to a committed event; what needs a call of its own follows after it."""
        if body.get("type") == "view_submission":
            return self._answer_window(body, event, outcome)
        if outcome.opens:
            self._follow.show(body, event, outcome.opens, began)
        elif outcome.replaces:
            self._follow.redraw(body, event, outcome.replaces)
        if "command" in body:
            elsewhere = body.get("channel_name") != "directmessage" and not outcome.opens and not outcome.duplicate
            there = self._say(event, _("I have answered you in our private chat.")) if elsewhere else ""
            toast = outcome.toast or there
            return _ephemeral(toast) if toast else BoltResponse(status=200)
        if outcome.toast:
            self._follow.whisper(body, event, outcome.toast)
        return BoltResponse(status=200)

    def _answer_window(self, body: Body, event: Event, outcome: Outcome) -> BoltResponse:
        """Errors under their fields, the next page, or the end."""
        fields = set(inputs(body["view"]))
        if outcome.errors and set(outcome.errors) <= fields:
            return BoltResponse(status=200, body={"response_action": "errors", "errors": dict(outcome.errors)})
        if outcome.opens:
            return BoltResponse(status=200, body={"response_action": "update", "view": form_view(outcome.opens)})
        if outcome.toast:
            self._follow.whisper(body, event, outcome.toast)
        return BoltResponse(status=200, body={"response_action": "clear"})

    def _busy(self, body: Body, event: Event, busy: Unavailable) -> BoltResponse:
        """Slack comes again with an event; a person at a button or window has to."""
        text = self._say(event, _("We are busy just now, and this was not taken. Please try again in a moment."))
        if "command" in body:
            return _ephemeral(text)
        if body.get("type") == "block_actions":
            self._follow.whisper(body, event, text)
            return BoltResponse(status=200)
        if body.get("type") == "view_submission":
            if fields := inputs(body["view"]):
                return BoltResponse(status=200, body={"response_action": "errors", "errors": {fields[0]: text}})
            return BoltResponse(status=200, body={"response_action": "push", "view": notice_view(text)})
        return BoltResponse(status=503, headers={"retry-after": str(busy.retry_after)})

    def _say(self, event: Event, text: Text) -> str:
        return i18n.say(text, i18n.known(event.locale) or self._locale)

    async def _locale_of(self, user: str) -> str:
        """The language a person has set in Slack, asked once; nothing where Slack does not say in time."""
        if user in self._locales or not self._asks_locale:
            return self._locales.get(user, "")
        try:
            async with asyncio.timeout(1):
                answer = await self._wire.call("users.info", form=True, user=user, include_locale=True)
        except TimeoutError:
            return ""
        except Failure as failure:
            if failure.code in ("missing_scope", "unknown_method"):
                self._asks_locale = False
                log.warning("Slack does not tell languages", why=failure.code, do=ADVICE["missing_scope"])
            return ""
        self._locales[user] = str(answer["user"].get("locale") or "")
        return self._locales[user]


def _ephemeral(text: str) -> BoltResponse:
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": mrkdwn(text)})
