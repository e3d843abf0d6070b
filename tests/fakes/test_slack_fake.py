"""The strict Slack keeps its own rules: each test would fail without the one it names."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.ending import settle
from tests.fakes.slack import Person, SlackFake
from tests.fakes.slack.page import Page

SECRET = "signing-secret"
Json = dict[str, Any]


@dataclass
class Heard:
    """A request the bot got."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Json:
        if self.raw.startswith(b"{"):
            return dict(json.loads(self.raw))
        form = {key: values[0] for key, values in parse_qs(self.raw.decode()).items()}
        return dict(json.loads(form["payload"])) if "payload" in form else form


@dataclass
class Bot:
    """A bot that writes down what it hears and answers as it is told to."""

    heard: list[Heard] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.heard.append(Heard(dict(request.headers), await request.read()))
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, tuple):
            return web.Response(status=answer[0], headers=answer[1])
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(text=answer) if isinstance(answer, str) else web.json_response(answer)

    def kinds(self) -> list[str]:
        bodies = [one.body for one in self.heard]
        return [body.get("event", body).get("subtype") or body.get("event", body).get("type", "") for body in bodies]


@contextmanager
def listening(bot: Bot) -> Iterator[Bot]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result()

    app = web.Application()
    app.router.add_post("/slack", bot.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    do(runner.setup())
    do(web.TCPSite(runner, "127.0.0.1", 0).start())
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    try:
        yield bot
    finally:
        do(runner.cleanup())
        do(settle())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock, tmp_path: Path) -> Iterator[SlackFake]:
    log = tmp_path / "requests.jsonl"
    with SlackFake(signing_secret=SECRET, clock=clock, ack_seconds=1, retry_scale=0.0001, log=log) as fake:
        yield fake


@pytest.fixture
def client(slack: SlackFake) -> WebClient:
    return WebClient(token="xoxb-test", base_url=slack.url, retry_handlers=[])


@pytest.fixture
def ola(slack: SlackFake) -> Person:
    return slack.user("Ola", locale="nb-NO")


@pytest.fixture
def bot(slack: SlackFake) -> Iterator[Bot]:
    with listening(Bot()) as bot:
        slack.deliver_to(bot.url)
        yield bot
        # An echo on its way to a bot that is closing would be a connection nobody closes.
        slack.wait_idle(quiet=0)


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def text(words: str, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": words}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": text(label), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asked(label: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "label": text(label), "element": element, **more}


def options(*labels: str) -> list[Json]:
    return [{"text": text(label), "value": label.lower()} for label in labels]


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": text("Svar"), "submit": text("Send"), "blocks": list(blocks), **more}


SECTION = {"type": "section", "text": text("Hei", "mrkdwn")}


def trigger(ola: Person, bot: Bot) -> str:
    ola.command("/samskab", "help")
    return str(bot.heard[-1].body["trigger_id"])


# The Web API


def test_the_real_client_posts_changes_and_deletes(slack: SlackFake, client: WebClient, ola: Person) -> None:
    channel = client.conversations_open(users=ola.id)["channel"]["id"]
    sent = client.chat_postMessage(
        channel=channel, text="Hei", blocks=[SECTION, actions(button("Svar nå", value="a:1"))]
    )
    assert [one.text for one in ola.messages] == ["Hei"]
    assert [(one.label, one.value) for one in ola.messages[0].buttons] == [("Svar nå", "a:1")]
    client.chat_update(channel=channel, ts=sent["ts"], text="Hallo", blocks=[])
    assert (ola.messages[0].text, ola.messages[0].edited, ola.messages[0].buttons) == ("Hallo", 1, [])
    client.chat_delete(channel=channel, ts=sent["ts"])
    assert ola.messages == []
    assert refused(lambda: client.chat_delete(channel=channel, ts=sent["ts"])) == "message_not_found"


def test_blocks_that_are_not_given_stay(client: WebClient, ola: Person) -> None:
    sent = client.chat_postMessage(channel=ola.id, text="Hei", blocks=[SECTION])
    client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Hallo")
    assert ola.messages[0].shown == "Hei"


def test_the_async_client_and_forms_work_too(slack: SlackFake, ola: Person) -> None:
    async def ask() -> tuple[Any, Any]:
        client = AsyncWebClient(token="xoxb-test", base_url=slack.url, retry_handlers=[])
        return await client.auth_test(), await client.users_info(user=ola.id, include_locale=True)

    me, found = asyncio.run(ask())
    assert (me["team_id"], me["bot_id"]) == ("T0001", "B0001")
    assert found["user"]["locale"] == "nb-NO" and not found["user"]["is_bot"]


def test_the_locale_must_be_asked_for(client: WebClient, ola: Person) -> None:
    assert "locale" not in client.users_info(user=ola.id)["user"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("xapp-test", "not_allowed_token_type")])
def test_only_the_right_token_is_let_in(slack: SlackFake, token: str, error: str) -> None:
    assert refused(lambda: WebClient(token=token, base_url=slack.url).auth_test()) == error


def test_a_token_may_stand_in_the_form_but_not_in_the_address(slack: SlackFake) -> None:
    def ask(url: str, body: bytes) -> Json:
        with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:
            return dict(json.load(answer))

    assert ask(slack.url + "auth.test", b"token=xoxb-test")["ok"]
    assert not ask(slack.url + "auth.test?token=xoxb-test", b"")["ok"]
    assert slack.forgive() == ["auth.test: the token may not stand in the address"]


def test_an_unknown_method_is_a_violation_and_an_absent_one_is_404(slack: SlackFake, client: WebClient) -> None:
    assert refused(lambda: client.api_call("chat.shout")) == "unknown_method"
    assert slack.forgive()
    slack.lacks("auth.test")
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.status_code == 404


@pytest.mark.parametrize(
    "args",
    [
        {"channel": "U", "text": "Hei", "colour": "red"},
        {"text": "Hei"},
        {"channel": 7, "text": "Hei"},
        {"channel": "U", "text": "Hei", "blocks": {"type": "section"}},
    ],
)
def test_arguments_are_known_given_and_of_their_kind(slack: SlackFake, client: WebClient, args: Json) -> None:
    assert refused(lambda: client.api_call("chat.postMessage", json=args)) == "invalid_arguments"
    assert slack.forgive()


def test_what_only_reads_takes_no_json(slack: SlackFake, client: WebClient, ola: Person) -> None:
    assert refused(lambda: client.api_call("users.info", json={"user": ola.id})) == "invalid_arguments"
    assert slack.forgive()


def break_a_rule() -> None:
    with SlackFake() as slack:
        refused(lambda: WebClient(token="xoxb-test", base_url=slack.url).api_call("chat.shout"))


def break_a_rule_and_the_test() -> None:
    with SlackFake() as slack:
        refused(lambda: WebClient(token="xoxb-test", base_url=slack.url).api_call("chat.shout"))
        raise ZeroDivisionError


def test_the_with_block_fails_where_a_rule_was_broken() -> None:
    with pytest.raises(AssertionError, match=r"there is no method chat\.shout"):
        break_a_rule()


def test_an_error_in_the_test_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        break_a_rule_and_the_test()


def test_a_conversation_opens_once_and_not_with_bots_or_nobody(client: WebClient, ola: Person) -> None:
    first, second = client.conversations_open(users=ola.id), client.conversations_open(users=ola.id)
    assert first["channel"] == second["channel"] and (first["already_open"], second["already_open"]) == (False, True)
    assert refused(lambda: client.conversations_open(users="U0BOT")) == "cannot_dm_bot"
    assert refused(lambda: client.conversations_open(users="U9")) == "user_not_found"
    assert client.conversations_info(channel=first["channel"]["id"])["channel"]["user"] == ola.id
    ola.is_deactivated()
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="Hei")) == "user_disabled"


def test_channels_want_membership(slack: SlackFake, client: WebClient) -> None:
    slack.channel("closed", bot_is_member=False)
    assert refused(lambda: client.chat_postMessage(channel="#closed", text="Hei")) == "not_in_channel"
    assert refused(lambda: client.chat_postMessage(channel="#none", text="Hei")) == "channel_not_found"
    general = slack.channel("general")
    client.chat_postMessage(channel="#general", text="Hei")
    assert general.messages == ["Hei"]


def test_history_is_newest_first_in_pages_with_metadata_on_request(client: WebClient, ola: Person) -> None:
    mark = {"event_type": "samskab", "event_payload": {"row": 7}}
    sent = [client.chat_postMessage(channel=ola.id, text=words, metadata=mark) for words in ("en", "to", "tre")]
    channel = str(sent[0]["channel"])
    page = client.conversations_history(channel=channel, limit=2)
    assert [one["text"] for one in page["messages"]] == ["tre", "to"] and "metadata" not in page["messages"][0]
    rest = client.conversations_history(
        channel=channel, cursor=page["response_metadata"]["next_cursor"], include_all_metadata=True
    )
    assert [one["metadata"] for one in rest["messages"]] == [mark]


def test_an_ephemeral_message_is_for_one_and_cannot_be_changed(
    slack: SlackFake, client: WebClient, ola: Person
) -> None:
    channel = client.conversations_open(users=ola.id)["channel"]["id"]
    sent = client.chat_postEphemeral(channel=channel, user=ola.id, text="Psst")
    assert ola.messages[0].ephemeral
    ts = sent["message_ts"]
    assert refused(lambda: client.chat_update(channel=channel, ts=ts, text="x")) == "message_not_found"
    stranger = slack.user("Maria").id
    assert refused(lambda: client.chat_postEphemeral(channel=channel, user=stranger, text="x")) == "user_not_in_channel"


BAD_BLOCKS: dict[str, list[Json]] = {
    "50 blocks": [{"type": "divider"}] * 51,
    "section text": [{"type": "section", "text": text("a" * 3001)}],
    "empty text": [{"type": "section", "text": text("")}],
    "no text": [{"type": "section"}],
    "10 fields": [{"type": "section", "fields": [text("a")] * 11}],
    "field text": [{"type": "section", "fields": [text("a" * 2001)]}],
    "header text": [{"type": "header", "text": text("a" * 151)}],
    "header mrkdwn": [{"type": "header", "text": text("a", "mrkdwn")}],
    "25 elements": [actions(*[button("a", action_id=f"b{number}") for number in range(26)])],
    "no elements": [actions()],
    "button text": [actions(button("a" * 76))],
    "button value": [actions(button("a", value="a" * 2001))],
    "button style": [actions(button("a", style="pink"))],
    "button confirm": [actions(button("a", confirm="yes"))],
    "button key": [actions(button("a", colour="pink"))],
    "action_id": [actions(button("a", action_id="a" * 256))],
    "action_id twice": [actions(button("a", action_id="a"), button("b", action_id="a"))],
    "block_id": [{"type": "divider", "block_id": "a" * 256}],
    "block_id twice": [{"type": "divider", "block_id": "a"}] * 2,
    "block key": [{"type": "divider", "text": text("a")}],
    "unknown block": [{"type": "carousel"}],
    "unknown element": [actions({"type": "slider"})],
    "context": [{"type": "context", "elements": [text("a")] * 11}],
    "context element": [{"type": "context", "elements": [button("a")]}],
    "100 options": [actions({"type": "static_select", "options": options(*(str(one) for one in range(101)))})],
    "10 boxes": [actions({"type": "checkboxes", "options": options(*(str(one) for one in range(11)))})],
    "10 radios": [actions({"type": "radio_buttons", "options": options(*(str(one) for one in range(11)))})],
    "no options": [actions({"type": "static_select", "options": []})],
    "option text": [actions({"type": "checkboxes", "options": options("a" * 76)})],
    "option value": [actions({"type": "checkboxes", "options": [{"text": text("a"), "value": "a" * 151}]})],
    "foreign start": [actions({"type": "checkboxes", "options": options("a"), "initial_options": options("b")})],
    "alt text": [{"type": "image", "image_url": "https://example.org/a.png"}],
    "two pictures": [
        {"type": "image", "image_url": "https://example.org/a", "slack_file": {"id": "F1"}, "alt_text": "a"}
    ],
    "no such file": [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"}],
    "input max": [asked("a", {"type": "plain_text_input", "max_length": 3001})],
    "input start": [asked("a", {"type": "plain_text_input", "max_length": 1, "initial_value": "ab"})],
    "input label": [asked("a" * 2001, {"type": "plain_text_input"})],
    "button in an input": [asked("a", button("a"))],
    "placeholder": [asked("a", {"type": "plain_text_input", "placeholder": text("a" * 151)})],
}


@pytest.mark.parametrize("blocks", BAD_BLOCKS.values(), ids=BAD_BLOCKS.keys())
def test_blocks_keep_their_limits(slack: SlackFake, client: WebClient, ola: Person, blocks: list[Json]) -> None:
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="Hei", blocks=blocks)) == "invalid_blocks"
    assert len(slack.forgive()) == 1 and ola.messages == []


GOOD_BLOCKS: list[Json] = [
    {"type": "section", "text": text("a" * 3000), "block_id": "b" * 255},
    {"type": "section", "fields": [text("a")] * 10},
    {"type": "header", "text": text("a" * 150)},
    actions(*[button("a" * 75, action_id=f"b{number}", value="v") for number in range(25)]),
    {"type": "context", "elements": [text("a")] * 10},
    actions({"type": "checkboxes", "action_id": "c", "options": options("A", "B"), "initial_options": options("B")}),
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a", "title": text("a")},
    asked("a", {"type": "plain_text_input", "max_length": 3000, "multiline": True}, hint=text("b"), optional=True),
    {**SECTION, "accessory": {"type": "overflow", "options": options("A")}},
]


def test_blocks_at_their_limits_pass(client: WebClient, ola: Person) -> None:
    client.chat_postMessage(channel=ola.id, text="Hei", blocks=GOOD_BLOCKS)
    assert len(ola.messages[0].blocks) == len(GOOD_BLOCKS)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"blocks": [SECTION]}, "no_text"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"text": "a", "blocks": [{"type": "section", "text": text("a" * 2900)}] * 5}, "msg_blocks_too_long"),
        ({"text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
def test_messages_keep_their_limits(slack: SlackFake, client: WebClient, ola: Person, args: Json, error: str) -> None:
    assert refused(lambda: client.api_call("chat.postMessage", json={"channel": ola.id, **args})) == error
    assert slack.forgive()


def test_a_change_has_less_room_than_a_message(slack: SlackFake, client: WebClient, ola: Person) -> None:
    sent = client.chat_postMessage(channel=ola.id, text="a" * 4001)
    channel, ts = str(sent["channel"]), str(sent["ts"])
    assert refused(lambda: client.chat_update(channel=channel, ts=ts, text="a" * 4001)) == "msg_too_long"
    assert slack.forgive()


BAD_VIEWS: dict[str, Json] = {
    "title": modal(title=text("a" * 25)),
    "submit": modal(submit=text("a" * 25)),
    "close": modal(close=text("a" * 25)),
    "private_metadata": modal(private_metadata="a" * 3001),
    "callback_id": modal(callback_id="a" * 256),
    "100 blocks": modal(*[{"type": "divider"}] * 101),
    "key": modal(colour="red"),
    "kind": {"type": "home", "blocks": []},
    "input without submit": {"type": "modal", "title": text("a"), "blocks": [asked("a", {"type": "plain_text_input"})]},
}


@pytest.mark.parametrize("view", BAD_VIEWS.values(), ids=BAD_VIEWS.keys())
def test_windows_keep_their_limits(slack: SlackFake, client: WebClient, ola: Person, bot: Bot, view: Json) -> None:
    ticket = trigger(ola, bot)
    assert refused(lambda: client.views_open(trigger_id=ticket, view=view)) == "invalid_arguments"
    assert len(slack.forgive()) == 1 and ola.modal is None


def test_a_window_has_at_most_250_kb(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    huge = modal(*[{"type": "section", "text": text("æ" * 3000)}] * 50)
    assert refused(lambda: client.views_open(trigger_id=trigger(ola, bot), view=huge)) == "view_too_large"
    assert slack.forgive()


# Pace


def test_a_conversation_takes_three_at_once_and_then_one_a_second(
    slack: SlackFake, client: WebClient, ola: Person, clock: Clock
) -> None:
    for _ in range(3):
        client.chat_postMessage(channel=ola.id, text="Hei")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ola.id, text="Hei")
    assert caught.value.response.status_code == 429 and int(caught.value.response.headers["Retry-After"]) >= 1
    client.chat_postMessage(channel=slack.user("Maria").id, text="others wait for nobody")
    clock.now += 2.1
    client.chat_postMessage(channel=ola.id, text="Hei")
    assert not slack.violations


def test_coming_back_before_retry_after_is_a_violation(
    slack: SlackFake, client: WebClient, ola: Person, clock: Clock
) -> None:
    slack.fail("chat.postMessage", status=429, retry_after=5)
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="Hei")) == "ratelimited"
    clock.now += 4
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="Hei")) == "ratelimited"
    assert "before the time" in slack.forgive()[0]
    clock.now += 1.1
    client.chat_postMessage(channel=ola.id, text="Hei")


def test_methods_have_tiers(slack: SlackFake, client: WebClient, ola: Person, clock: Clock) -> None:
    for _ in range(50):
        client.conversations_open(users=ola.id)
    assert refused(lambda: client.conversations_open(users=ola.id)) == "ratelimited"
    slack.limits = False
    clock.now += 61
    for _ in range(51):
        client.conversations_open(users=ola.id)


# Events


def test_a_message_comes_signed_and_complete(slack: SlackFake, ola: Person, bot: Bot, clock: Clock) -> None:
    ola.says("Flere <benker> & https://example.org")
    heard = bot.heard[0]
    verifier = SignatureVerifier(SECRET)
    assert verifier.is_valid_request(heard.raw, heard.headers)
    assert not verifier.is_valid_request(heard.raw + b" ", heard.headers)
    event = heard.body["event"]
    assert event["text"] == "Flere &lt;benker&gt; &amp; <https://example.org>"
    assert (event["type"], event["channel_type"], event["user"], event["team"]) == ("message", "im", ola.id, "T0001")
    assert heard.body["team_id"] == "T0001" and heard.body["authorizations"][0]["is_bot"]


def test_an_event_is_tried_three_times_more(slack: SlackFake, ola: Person, bot: Bot) -> None:
    bot.answers = [500, 500, 500, 500, 200]
    ola.says("Hei")
    slack.wait_idle()
    numbers = [one.headers.get("X-Slack-Retry-Num") for one in bot.heard]
    assert numbers == [None, "1", "2", "3"]
    assert bot.heard[1].headers["X-Slack-Retry-Reason"] == "http_error"
    assert len({one.body["event_id"] for one in bot.heard}) == 1


def test_it_is_not_tried_again_once_it_is_taken_or_forbidden(slack: SlackFake, ola: Person, bot: Bot) -> None:
    bot.answers = [500, 200, (500, {"X-Slack-No-Retry": "1"})]
    ola.says("Hei")
    slack.wait_idle()
    ola.says("Hallo")
    slack.wait_idle()
    assert [one.status for one in slack.attempts] == [500, 200, 500]


def test_a_late_answer_counts_as_none(slack: SlackFake, ola: Person, bot: Bot) -> None:
    bot.delays = [1.3]
    ola.says("Hei")
    slack.wait_idle()
    assert [(one.status, one.reason) for one in slack.attempts] == [(0, ""), (200, "http_timeout")]


def test_interactions_and_commands_are_never_tried_again(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot
) -> None:
    client.chat_postMessage(channel=ola.id, text="Hei", blocks=[actions(button("Svar", value="a"))])
    slack.wait_idle()
    bot.heard.clear()
    bot.answers = [500, 500]
    ola.presses("Svar").command("/samskab")
    slack.wait_idle()
    assert len(bot.heard) == 2 and len(ola.warnings) == 2


def test_an_event_can_come_twice(slack: SlackFake, ola: Person, bot: Bot) -> None:
    slack.duplicate_next(1)
    ola.says("en").says("to")
    ids = [one.body["event_id"] for one in bot.heard]
    assert len(ids) == 3 and ids[0] == ids[1] != ids[2]


def test_the_bot_hears_its_own_messages(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    sent = client.chat_postMessage(channel=ola.id, text="Hei")
    slack.wait_idle()
    client.chat_update(channel=sent["channel"], ts=sent["ts"], text="Hallo")
    slack.wait_idle()
    client.chat_delete(channel=sent["channel"], ts=sent["ts"])
    slack.wait_idle()
    assert bot.kinds() == ["message", "message_changed", "message_deleted"]
    assert bot.heard[0].body["event"]["bot_id"] == "B0001"


def test_people_edit_delete_send_files_and_open_the_home_page(slack: SlackFake, ola: Person, bot: Bot) -> None:
    ola.says("Hei").edits("Hei", "Hallo").deletes("Hallo").sends_file("a.png").opens_home()
    slack.channel("general").user_says(ola, "hei")
    assert bot.kinds() == ["message", "message_changed", "message_deleted", "file_share", "app_home_opened", "message"]
    assert bot.heard[-1].body["event"]["channel_type"] == "channel"


def test_others_come_from_another_team(slack: SlackFake, bot: Bot) -> None:
    slack.says_from_other_team("hei")
    slack.says_from_other_team("hei", installed=True)
    assert [one.body["team_id"] for one in bot.heard] == ["T0001", "T9999"]
    assert bot.heard[0].body["event"]["user_team"] == "T9999"


def test_the_address_is_verified(slack: SlackFake, bot: Bot) -> None:
    bot.answers = ["challenge-of-the-day", {"challenge": "challenge-of-the-day"}, "something else"]
    assert [slack.verify_url() for _ in range(3)] == [True, True, False]


def test_hostile_requests_go_out_as_they_are(slack: SlackFake, bot: Bot, clock: Clock) -> None:
    bot.answers = [401]
    assert slack.post_raw("{}", slack.sign("{}", clock.now - 400))[0] == 401
    verifier = SignatureVerifier(SECRET)
    assert not verifier.is_valid_request(b"{}", bot.heard[0].headers)
    slack.post_raw(b"{}", slack.sign("{}"))
    assert verifier.is_valid_request(b"{}", bot.heard[1].headers)


# Presses, windows and home pages


def test_a_press_names_its_message_and_its_reply_address(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot, clock: Clock
) -> None:
    sent = client.chat_postMessage(channel=ola.id, text="Hei", blocks=[SECTION, actions(button("Svar", value="a:1"))])
    slack.wait_idle()
    ola.presses("Svar")
    body = bot.heard[-1].body
    assert (body["type"], body["actions"][0]["value"], body["user"]["id"]) == ("block_actions", "a:1", ola.id)
    assert body["container"]["message_ts"] == sent["ts"] and body["message"]["text"] == "Hei"

    def reply(**args: Any) -> int:
        request = urllib.request.Request(
            body["response_url"], json.dumps(args).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    slack.fail("response_url", status=500)
    assert reply(text="Ny") == 500
    assert reply(text="Ny", colour="red") == 200 and slack.forgive()
    assert reply(text="Ny", blocks=[], replace_original=True) == 200
    assert [one.text for one in ola.messages] == ["Ny"]
    assert [reply(text="mer") for _ in range(5)] == [200] * 4 + [404]


def test_a_reply_address_lives_half_an_hour(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot, clock: Clock
) -> None:
    ola.command("/samskab")
    clock.now += 1801
    request = urllib.request.Request(bot.heard[0].body["response_url"], b'{"text": "sent"}')
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert b"expired_url" in caught.value.read()
    caught.value.close()


def test_pressing_what_is_not_there_says_what_is(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    client.chat_postMessage(channel=ola.id, text="Hei", blocks=[actions(button("Ja"), button("Nei"))])
    with pytest.raises(AssertionError, match=r"no button 'Kanskje'; visible are \['Ja', 'Nei'\]"):
        ola.presses("Kanskje")


def test_the_newest_message_with_the_label_is_pressed(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot
) -> None:
    for value in ("old", "new"):
        client.chat_postMessage(channel=ola.id, text="Hei", blocks=[actions(button("Ja", value=value))])
    slack.wait_idle()
    ola.presses("Ja")
    assert bot.heard[-1].body["actions"][0]["value"] == "new"


def test_a_command_is_a_form_and_its_answer_is_for_one_person(slack: SlackFake, ola: Person, bot: Bot) -> None:
    bot.answers = ["Ett øyeblikk", {"text": "Slik", "blocks": [SECTION]}, {"text": "Slik", "blocks": [{"type": "x"}]}]
    ola.command("/samskab", "help me")
    assert (bot.heard[0].body["command"], bot.heard[0].body["text"]) == ("/samskab", "help me")
    ola.command("/samskab").command("/samskab")
    assert [(one.text, one.ephemeral) for one in ola.messages] == [("Ett øyeblikk", True), ("Slik", True)]
    assert slack.forgive()


def test_a_trigger_lasts_three_seconds_and_serves_once(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot, clock: Clock
) -> None:
    ticket = trigger(ola, bot)
    clock.now += 2.9
    client.views_open(trigger_id=ticket, view=modal(SECTION))
    assert refused(lambda: client.views_open(trigger_id=ticket, view=modal())) == "exchanged_trigger_id"
    late = trigger(ola, bot)
    clock.now += 3.1
    assert refused(lambda: client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert refused(lambda: client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


QUESTIONS = modal(
    asked("Navn", {"type": "plain_text_input", "action_id": "v", "max_length": 10}, block_id="name"),
    asked("Dør", {"type": "radio_buttons", "action_id": "v", "options": options("Inn", "Ut")}, block_id="door"),
    asked("Emner", {"type": "checkboxes", "action_id": "v", "options": options("A", "B", "C")}, block_id="topics"),
    asked("By", {"type": "static_select", "action_id": "v", "options": options("Oslo", "Bodø")}, block_id="town"),
    asked(
        "Språk", {"type": "multi_static_select", "action_id": "v", "options": options("nb", "nn")}, block_id="tongue"
    ),
    asked("Dag", {"type": "datepicker", "action_id": "v"}, block_id="day", optional=True),
    asked("Kode", {"type": "plain_text_input", "action_id": "v", "initial_value": "x"}, block_id="code"),
    callback_id="form",
    private_metadata="kept",
)
ANSWERS = {"Navn": "Ola", "Dør": "Ut", "Emner": ["A", "C"], "By": "Bodø", "Språk": ["nn"], "Dag": "2026-05-17"}


def test_a_window_is_filled_by_its_labels_and_sent(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    client.views_open(trigger_id=trigger(ola, bot), view=QUESTIONS)
    assert ola.modal is not None and ola.modal.labels == [*ANSWERS, "Kode"]
    ola.fills(ANSWERS).submits()
    view = bot.heard[-1].body["view"]
    values = {block: state["v"] for block, state in view["state"]["values"].items()}
    assert values["name"] == {"type": "plain_text_input", "value": "Ola"} and values["code"]["value"] == "x"
    assert (
        values["door"]["selected_option"]["value"] == values["door"]["selected_option"]["text"]["text"].lower() == "ut"
    )
    assert [one["value"] for one in values["topics"]["selected_options"]] == ["a", "c"]
    assert values["town"]["selected_option"]["value"] == "bodø" and values["day"]["selected_date"] == "2026-05-17"
    assert [one["value"] for one in values["tongue"]["selected_options"]] == ["nn"]
    assert (view["callback_id"], view["private_metadata"]) == ("form", "kept") and view["hash"]
    assert ola.modal is None


def test_the_client_itself_asks_for_what_is_missing(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    client.views_open(trigger_id=trigger(ola, bot), view=QUESTIONS)
    ola.fills({"Navn": "Ola"}).submits()
    assert ola.modal_errors.keys() == {"Dør", "Emner", "By", "Språk"}
    assert bot.kinds() == [""]
    with pytest.raises(AssertionError, match="10 characters"):
        ola.fills({"Navn": "a" * 11})
    with pytest.raises(AssertionError, match="visible are"):
        ola.fills({"Name": "a"})
    with pytest.raises(AssertionError, match=r"visible are \['Inn', 'Ut'\]"):
        ola.fills({"Dør": "Opp"})


def open_small(client: WebClient, ola: Person, bot: Bot, **more: Any) -> None:
    view = modal(asked("Navn", {"type": "plain_text_input", "action_id": "v"}, block_id="name"), **more)
    client.views_open(trigger_id=trigger(ola, bot), view=view)
    ola.fills({"Navn": "Ola"})


def test_answers_to_a_submission(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    open_small(client, ola, bot)
    bot.answers = [{"response_action": "errors", "errors": {"name": "For kort"}}]
    assert ola.submits().modal_errors == {"Navn": "For kort"}
    bot.answers = [{"response_action": "push", "view": modal(SECTION, title=text("Over"))}]
    assert (window := ola.submits().modal) and window.title == "Over"
    bot.answers = [{"response_action": "update", "view": modal(SECTION, title=text("Ny"))}]
    assert (window := ola.submits().modal) and window.title == "Ny"
    ola.closes()
    assert (window := ola.modal) and window.title == "Svar"
    bot.answers = [{"response_action": "clear"}]
    assert ola.submits().modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nobody": "For kort"}},
        {"response_action": "explode"},
        {"response_action": "update", "view": modal(title=text("a" * 25))},
        "thank you",
    ],
)
def test_wrong_answers_to_a_submission(slack: SlackFake, client: WebClient, ola: Person, bot: Bot, answer: Any) -> None:
    open_small(client, ola, bot)
    bot.answers = [answer]
    ola.submits()
    assert slack.forgive() and ola.modal is not None


def test_closing_is_told_only_where_asked_for(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    open_small(client, ola, bot)
    ola.closes()
    open_small(client, ola, bot, notify_on_close=True)
    ola.closes()
    assert bot.kinds().count("view_closed") == 1


def test_three_windows_can_lie_upon_each_other(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    deeper = modal(actions(button("Videre", value="on")))
    client.views_open(trigger_id=trigger(ola, bot), view=deeper)
    for _ in range(2):
        ola.presses("Videre")
        client.views_push(trigger_id=bot.heard[-1].body["trigger_id"], view=deeper)
    ola.presses("Videre")
    ticket = bot.heard[-1].body["trigger_id"]
    assert refused(lambda: client.views_push(trigger_id=ticket, view=deeper)) == "push_limit_reached"
    assert bot.heard[-1].body["view"]["previous_view_id"]


def test_a_window_that_was_changed_meanwhile_is_not_overwritten(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot
) -> None:
    first = asked("Navn", {"type": "plain_text_input", "action_id": "v"}, block_id="name")
    opened = client.views_open(trigger_id=trigger(ola, bot), view=modal(first))["view"]
    ola.fills({"Navn": "Ola"})
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(SECTION, first))
    assert ola.modal_state["name", "v"]["value"] == "Ola"
    again = lambda: client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(first))  # noqa: E731
    assert refused(again) == "hash_conflict"
    ola.closes()
    assert refused(lambda: client.views_update(view_id=opened["id"], view=modal(first))) == "not_found"


def test_the_home_page(slack: SlackFake, client: WebClient, ola: Person, bot: Bot) -> None:
    page = {"type": "home", "blocks": [SECTION, actions(button("Mine svar", value="mine"))]}
    shown = client.views_publish(user_id=ola.id, view=page)["view"]
    client.views_publish(user_id=ola.id, view=page, hash=shown["hash"])
    assert refused(lambda: client.views_publish(user_id=ola.id, view=page, hash=shown["hash"])) == "hash_conflict"
    ola.presses("Mine svar").opens_home()
    assert bot.heard[0].body["view"]["type"] == bot.heard[1].body["event"]["view"]["type"] == "home"


def test_lists_in_messages_and_loose_boxes_tell_at_once(
    slack: SlackFake, client: WebClient, ola: Person, bot: Bot
) -> None:
    choice = {"type": "static_select", "action_id": "s", "placeholder": text("Velg"), "options": options("Ja", "Nei")}
    client.chat_postMessage(channel=ola.id, text="Hei", blocks=[actions(choice)])
    slack.wait_idle()
    ola.chooses("Nei")
    assert bot.heard[-1].body["actions"][0]["selected_option"]["value"] == "nei"
    client.views_open(trigger_id=trigger(ola, bot), view=modal({**SECTION, "accessory": choice}))
    ola.fills({"Hei": "Ja"})
    assert bot.heard[-1].body["type"] == "block_actions" and bot.heard[-1].body["view"]


# Files


def upload(client: WebClient, data: bytes, said: int | None = None) -> str:
    place = client.files_getUploadURLExternal(filename="a.png", length=said or len(data))
    with urllib.request.urlopen(urllib.request.Request(place["upload_url"], data)) as answer:
        assert answer.read() == f"OK - {len(data)}".encode()
    return str(place["file_id"])


def test_a_picture_is_uploaded_completed_and_shown(slack: SlackFake, client: WebClient, ola: Person) -> None:
    file_id = upload(client, b"picture")
    blocks = [{"type": "image", "slack_file": {"id": file_id}, "alt_text": "Et bilde"}]
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="a", blocks=blocks)) == "invalid_blocks"
    assert slack.forgive()
    client.files_completeUploadExternal(files=[{"id": file_id, "title": "Bilde"}])
    client.chat_postMessage(channel=ola.id, text="a", blocks=blocks)
    assert [(one.alt, one.data) for one in ola.messages[0].images] == [("Et bilde", b"picture")]
    assert refused(lambda: client.files_completeUploadExternal(files=[{"id": file_id}])) == "file_not_found"


def test_as_many_bytes_come_as_were_said(slack: SlackFake, client: WebClient) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        upload(client, b"picture", said=3)
    caught.value.close()
    assert slack.forgive() == ["upload: 3 bytes were said, 7 came"]


def test_the_clients_own_upload_works(client: WebClient, ola: Person) -> None:
    channel = client.conversations_open(users=ola.id)["channel"]["id"]
    client.files_upload_v2(content="words", filename="a.txt", channel=channel, initial_comment="Her")
    assert ola.messages[0].text == "Her"


def test_a_code_is_worth_a_token_once(slack: SlackFake) -> None:
    client = WebClient(base_url=slack.url)
    slack.authorises("code-1")
    got = client.oauth_v2_access(client_id="1", client_secret="2", code="code-1")
    assert (got["access_token"], got["team"]["id"]) == ("xoxb-test", "T0001")
    assert refused(lambda: client.oauth_v2_access(client_id="1", client_secret="2", code="code-1")) == "invalid_code"


# Trouble


def test_planned_refusals_take_no_effect(slack: SlackFake, client: WebClient, ola: Person) -> None:
    slack.fail("chat.postMessage", error="account_inactive")
    slack.fail("*", status=503)
    assert refused(lambda: client.chat_postMessage(channel=ola.id, text="Hei")) == "account_inactive"
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=ola.id, text="Hei")
    assert caught.value.response.status_code == 503 and ola.messages == []


@pytest.mark.parametrize("before", [True, False])
def test_the_line_breaks_before_or_after_the_effect(
    slack: SlackFake, client: WebClient, ola: Person, before: bool
) -> None:
    slack.reset("chat.postMessage", before=before)
    with pytest.raises(OSError):
        client.chat_postMessage(channel=ola.id, text="Hei")
    assert len(ola.messages) == (0 if before else 1)


def test_half_an_answer(slack: SlackFake, client: WebClient, ola: Person) -> None:
    slack.truncate("chat.postMessage")
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=ola.id, text="Hei")
    assert len(ola.messages) == 1


def test_slowness(slack: SlackFake, client: WebClient) -> None:
    slack.slow("auth.test", 0.2)
    began = time.monotonic()
    client.auth_test()
    assert time.monotonic() - began >= 0.2


def test_down_and_up_at_the_same_address(slack: SlackFake, client: WebClient) -> None:
    client.auth_test()
    slack.down()
    with pytest.raises(OSError):
        client.auth_test()
    slack.up()
    client.auth_test()


def test_every_request_is_written_down_without_the_token(
    slack: SlackFake, client: WebClient, ola: Person, tmp_path: Path
) -> None:
    client.chat_postMessage(channel=ola.id, text="Hei", token="xoxb-test")
    lines = (tmp_path / "requests.jsonl").read_text("utf-8").splitlines()
    assert (
        [json.loads(line)["method"] for line in lines] == [one.method for one in slack.requests] == ["chat.postMessage"]
    )
    assert slack.requests[0].args["text"] == "Hei" and "xoxb" not in lines[0]


# Socket Mode


@dataclass
class Socket:
    """The bot's end of a connection."""

    client: Any
    heard: list[Any]


@asynccontextmanager
async def connected(slack: SlackFake, answer: Json | None = None, *, deaf: bool = False) -> AsyncIterator[Socket]:
    heard: list[Any] = []

    async def listen(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        if not deaf:
            payload = None if request.type == "events_api" else answer
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    web_client = AsyncWebClient(token="xoxb-test", base_url=slack.url)
    client: Any = SocketModeClient(app_token="xapp-test", web_client=web_client, ping_interval=0.1)
    client.socket_mode_request_listeners.append(listen)
    await client.connect()
    try:
        yield Socket(client, heard)
    finally:
        await client.close()


def test_events_and_commands_come_over_a_socket(slack: SlackFake, ola: Person) -> None:
    async def talk() -> list[Any]:
        async with connected(slack, {"text": "Slik"}) as socket:
            await asyncio.to_thread(ola.says, "Hei")
            await asyncio.to_thread(ola.command, "/samskab", "help")
        return socket.heard

    heard = asyncio.run(talk())
    assert [(one.type, one.accepts_response_payload) for one in heard] == [
        ("events_api", False),
        ("slash_commands", True),
    ]
    assert [one.text for one in ola.messages] == ["Slik"] and slack.pending == []


def test_what_was_not_acknowledged_comes_again_over_the_next_socket(slack: SlackFake, ola: Person) -> None:
    async def talk() -> tuple[list[Any], list[Any]]:
        await asyncio.to_thread(ola.says, "to nobody")
        async with connected(slack, deaf=True) as first:
            await asyncio.to_thread(ola.says, "to the deaf")
        async with connected(slack) as second:
            await asyncio.to_thread(slack.wait_until, lambda: not slack.pending)
        return first.heard, second.heard

    deaf, heard = asyncio.run(talk())
    assert [one.payload["event"]["text"] for one in deaf] == ["to nobody", "to the deaf"]
    assert [(one.envelope_id, one.retry_attempt) for one in heard] == [(one.envelope_id, 1) for one in deaf]


def test_a_refresh_makes_the_bot_connect_anew(slack: SlackFake, ola: Person) -> None:
    async def talk() -> list[Any]:
        async with connected(slack) as socket:
            await asyncio.to_thread(slack.refresh_sockets)
            await asyncio.to_thread(slack.wait_until, lambda: slack.connected)
            await asyncio.to_thread(ola.says, "Hei")
            await asyncio.to_thread(slack.wait_until, lambda: not slack.pending)
        return socket.heard

    heard = asyncio.run(talk())
    assert [one.payload["event"]["text"] for one in heard] == ["Hei"]
    assert sum(one.method == "apps.connections.open" for one in slack.requests) >= 2


def test_sockets_want_the_apps_token_and_a_fresh_ticket(slack: SlackFake) -> None:
    async def ask() -> list[int]:
        client = AsyncWebClient(token="xoxb-test", base_url=slack.url)
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            await client.apps_connections_open(app_token="xoxb-test")
        url = str((await client.apps_connections_open(app_token="xapp-test"))["url"])
        return [await _status(url), await _status(url)]

    assert asyncio.run(ask()) == [101, 403]


async def _status(url: str) -> int:
    async with ClientSession() as session:
        try:
            async with session.ws_connect(url) as socket:
                assert (await socket.receive_json())["type"] == "hello"
                return 101
        except WSServerHandshakeError as error:
            return error.status


def test_wrong_words_over_a_socket(slack: SlackFake) -> None:
    async def talk() -> None:
        async with connected(slack) as socket:
            await socket.client.send_message("hello")
            await socket.client.send_message('{"envelope_id": "none"}')
            await asyncio.to_thread(slack.wait_until, lambda: len(slack.violations) == 2)

    asyncio.run(talk())
    assert len(slack.forgive()) == 2


def test_an_event_takes_no_payload_in_its_acknowledgement(slack: SlackFake, ola: Person) -> None:
    async def talk() -> None:
        async with connected(slack, deaf=True) as socket:
            await asyncio.to_thread(ola.says, "Hei")
            await socket.client.send_socket_mode_response(
                SocketModeResponse(socket.heard[0].envelope_id, {"text": "unwanted"})
            )
            await asyncio.to_thread(slack.wait_until, lambda: slack.violations)

    asyncio.run(talk())
    assert slack.forgive() == ["an acknowledgement of an event carries a payload"]


def test_ten_sockets_and_no_more(slack: SlackFake) -> None:
    async def ask() -> list[int]:
        client = AsyncWebClient(base_url=slack.url)
        urls = [str((await client.apps_connections_open(app_token="xapp-test"))["url"]) for _ in range(11)]
        async with ClientSession() as session, AsyncExitStack() as stack:
            for url in urls[:10]:
                await stack.enter_async_context(session.ws_connect(url))
            return [await _status(urls[10])]

    assert asyncio.run(ask()) == [403]


def test_a_command_nobody_hears_is_told_to_the_person_and_not_kept(slack: SlackFake, ola: Person) -> None:
    ola.command("/samskab")
    assert len(ola.warnings) == 1 and slack.pending == []


# By hand


def test_the_page_by_hand() -> None:
    with SlackFake(arrange=Page) as slack, listening(Bot()) as bot:
        slack.deliver_to(bot.url)
        ola, home = slack.user("Ola"), slack.url.removesuffix("api/")
        client = WebClient(token="xoxb-test", base_url=slack.url)
        client.chat_postMessage(channel=ola.id, text="Hei", blocks=[SECTION, actions(button("Svar", value="a"))])
        slack.wait_idle()

        def do(what: str, **form: str) -> str:
            body = urllib.parse.urlencode(form).encode()
            with urllib.request.urlopen(f"{home}do/{what}", body) as answer:
                return str(answer.read().decode())

        assert "Hei" in do("press", label="Svar")
        view = modal(
            asked("Navn", {"type": "plain_text_input"}), asked("Valg", {"type": "checkboxes", "options": options("A")})
        )
        client.views_open(trigger_id=bot.heard[-1].body["trigger_id"], view=view)
        assert "required" in do("submit", Navn="Ola")
        assert 'role="dialog"' not in do("submit", Navn="Ola", Valg="A")
        assert "Takk" in do("say", text="Takk") and bot.kinds()[-1] == "message"
