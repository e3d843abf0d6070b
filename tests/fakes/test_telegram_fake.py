"""The fake is as strict as the real one: each rule has a test that fails without it."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import telegram
from PIL import Image
from telegram.request import HTTPXRequest

from tests.fakes.telegram import Person, TelegramFake

TOKEN = "123456:TEST"
Answer = tuple[int, dict[str, str], dict[str, Any]]


class Clock:
    """Time moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Bot:
    """A webhook that notes what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Answer] = []
        self.gate = threading.Event()
        self.gate.set()
        self.connections: set[Any] = set()
        bot = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bot.gate.wait(5)
                status, headers, reply = bot.take(body, dict(self.headers), self.client_address)
                content = json.dumps(reply).encode()
                self.send_response(status)
                for name, value in (headers | {"Content-Length": str(len(content))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hook"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def take(self, body: bytes, headers: dict[str, str], address: Any) -> Answer:
        self.connections.add(address)
        self.headers.append(headers)
        if body.startswith(b"{"):
            self.updates.append(json.loads(body))
        return self.answers.pop(0) if self.answers else (200, {}, {})

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]

    @property
    def kinds(self) -> list[str]:
        return [kind for update in self.updates for kind in update if kind != "update_id"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tg(clock: Clock) -> Iterator[TelegramFake]:
    with TelegramFake(TOKEN, clock=clock) as fake:
        yield fake


@pytest.fixture
def maria(tg: TelegramFake) -> Person:
    return tg.user("Maria", language_code="da", started=True)


@pytest.fixture
def bot(tg: TelegramFake) -> Iterator[Bot]:
    listener = Bot()
    tg.deliver_to(listener.url, secret="s" * 32)
    yield listener
    listener.gate.set()
    listener.http.shutdown()
    listener.http.server_close()


def post(address: str, **content: Any) -> httpx.Response:
    # Loading certificates would take longer than everything else here.
    return httpx.post(address, verify=False, **content)


def call(tg: TelegramFake, method: str, /, **params: Any) -> dict[str, Any]:
    answer: dict[str, Any] = post(f"{tg.url}/bot{TOKEN}/{method}", json=params).json()
    return answer


def send(tg: TelegramFake, person: Any, text: str = "Hej", **params: Any) -> dict[str, Any]:
    return call(tg, "sendMessage", chat_id=person.id, text=text, **params)


def buttons(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str = "Ja", **action: Any) -> dict[str, Any]:
    return {"text": text} | (action or {"callback_data": "yes"})


def picture(width: int = 20, height: int = 10) -> bytes:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    return file.getvalue()


def with_ptb(tg: TelegramFake, work: Callable[[telegram.Bot], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        request = HTTPXRequest(read_timeout=2)
        bot = telegram.Bot(TOKEN, f"{tg.url}/bot", f"{tg.url}/file/bot", request=request)
        async with bot:
            return await work(bot)

    return asyncio.run(run())


# The whole, through a real client


def test_ptb_talks_with_it(tg: TelegramFake, maria: Person) -> None:
    async def talk(bot: telegram.Bot) -> None:
        keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Svar nu", callback_data="a:1")]])
        sent = await bot.send_message(maria.id, "<b>Hej</b>", parse_mode="HTML", reply_markup=keyboard)
        assert sent.text == "Hej"
        assert sent.entities[0].type == "bold"
        assert sent.reply_markup == keyboard
        edited = await bot.edit_message_text("Tak", maria.id, sent.message_id)
        assert isinstance(edited, telegram.Message)
        assert edited.edit_date is not None
        photo = await bot.send_photo(maria.id, picture(), caption="Kort", protect_content=True)
        file = await bot.get_file(photo.photo[-1].file_id)
        assert await file.download_as_bytearray() == picture()
        assert (await bot.send_document(maria.id, b"id;tekst", filename="a.csv")).document is not None
        chat = await bot.get_chat(maria.id)
        assert chat.first_name == "Maria"
        commands = [telegram.BotCommand("start", "Begynd")]
        await bot.set_my_commands(commands, telegram.BotCommandScopeAllPrivateChats(), language_code="da")
        assert list(await bot.get_my_commands(telegram.BotCommandScopeAllPrivateChats(), "da")) == commands
        assert await bot.get_my_commands() == ()
        maria.says("/start abc")
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.from_user is not None
        assert update.message.from_user.language_code == "da"
        assert update.message.entities[0].type == "bot_command"
        assert (await bot.get_webhook_info()).pending_update_count == 1

    tg.limits = False
    with_ptb(tg, talk)
    first, photo, document = maria.messages
    assert (first.text, first.buttons, first.edits) == ("Tak", [], 1)
    assert (photo.caption, photo.photo, photo.protect_content) == ("Kort", picture(), True)
    assert document.document == b"id;tekst"


def test_presses_go_by_label_and_the_toast_is_seen(tg: TelegramFake, maria: Person) -> None:
    send(tg, maria, reply_markup=buttons([button("Ja"), button("Nej", callback_data="no")]))
    assert maria.presses("Nej") == "no"
    (update,) = call(tg, "getUpdates")["result"]
    query = update["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("no", "Hej", maria.id)
    assert tg.unanswered == 1
    assert call(tg, "answerCallbackQuery", callback_query_id=query["id"], text="Tak")["ok"]
    assert maria.toasts == ["Tak"]
    with pytest.raises(AssertionError, match=r"\['Ja', 'Nej'\]"):
        maria.presses("Måske")


def test_forged_edited_and_filed(tg: TelegramFake, maria: Person) -> None:
    send(tg, maria)
    maria.says("Før").presses_raw("forged:data").edits_last("Efter")
    file_id = maria.sends_file(b"abc", caption="Bilag")
    updates = call(tg, "getUpdates")["result"]
    assert [next(kind for kind in update if kind != "update_id") for update in updates] == [
        "message", "callback_query", "edited_message", "message",
    ]  # fmt: skip
    assert updates[2]["edited_message"]["text"] == "Efter"
    path = call(tg, "getFile", file_id=file_id)["result"]["file_path"]
    assert httpx.get(f"{tg.url}/file/bot{TOKEN}/{path}").content == b"abc"
    assert httpx.get(f"{tg.url}/file/bot1:wrong/{path}").status_code == 401


# Requests are held against the published parameters


@pytest.mark.parametrize(
    ("method", "params", "status"),
    [
        ("sendMassage", {}, 404),
        ("sendMessage", {"text": "Hej"}, 400),
        ("sendMessage", {"chat_id": 1001}, 400),
        ("sendMessage", {"chat_id": 1001, "text": "Hej", "parsemode": "HTML"}, 400),
        ("sendMessage", {"chat_id": 1001, "text": 5}, 400),
        ("sendMessage", {"chat_id": 1001, "text": "Hej", "reply_parameters": {"message": 5}}, 400),
        ("sendMessage", {"chat_id": 1001, "text": "Hej", "link_preview_options": {"disabled": True}}, 400),
        ("sendMessage", {"chat_id": 1001, "text": "Hej", "disable_notification": "perhaps"}, 400),
        ("getStarTransactions", {}, 501),
    ],
)
def test_a_malformed_request_is_refused_and_remembered(
    tg: TelegramFake, maria: Person, method: str, params: dict[str, Any], status: int
) -> None:
    assert call(tg, method, **params)["error_code"] == status
    assert len(tg.violations) == 1
    with pytest.raises(AssertionError, match=method):
        tg.assert_clean()
    tg.forgive()
    assert maria.messages == []


def test_leaving_the_fake_asks_whether_the_rules_were_kept() -> None:
    fake = TelegramFake(TOKEN)
    with pytest.raises(AssertionError, match="sendMassage"), fake as tg:
        call(tg, "sendMassage")
    fake = TelegramFake(TOKEN).start()
    call(fake, "sendMassage")
    # An error of the test itself is the one to show.
    fake.__exit__(ValueError, ValueError(), None)


def test_a_wrong_token_is_refused(tg: TelegramFake) -> None:
    assert post(f"{tg.url}/bot1:wrong/getMe").status_code == 401
    assert tg.forgive() == ["getMe: Unauthorized"]


def test_all_three_encodings_are_read(tg: TelegramFake, maria: Person) -> None:
    address, keyboard = f"{tg.url}/bot{TOKEN}/sendMessage", json.dumps(buttons([button()]))
    form = {"chat_id": str(maria.id), "text": "Hej", "reply_markup": keyboard, "protect_content": "true"}
    assert post(address, data=form).json()["ok"]
    assert post(address, files={name: (None, value) for name, value in form.items()}).json()["ok"]
    assert post(address, json=form | {"chat_id": maria.id}).json()["ok"]
    assert [message.labels for message in maria.messages] == [["Ja"]] * 3
    assert all(message.protect_content for message in maria.messages)


def test_methods_that_only_say_true_are_accepted(tg: TelegramFake, maria: Person) -> None:
    assert call(tg, "pinChatMessage", chat_id=maria.id, message_id=1)["result"] is True


# Texts, pictures and keyboards have limits


@pytest.mark.parametrize(
    ("text", "mode", "sentence"),
    [
        ("", None, "message text is empty"),
        (" \n ", None, "message text is empty"),
        ("<b> </b>", "HTML", "message text is empty"),
        ("x" * 4097, None, "message is too long"),
        ("😀" * 2049, None, "message is too long"),
        ("<b>Hej", "HTML", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("Hej</b>", "HTML", "can't parse entities: Unexpected end tag at byte offset 3"),
        ("<b><i>x</b></i>", "HTML", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("ø <h1>x</h1>", "HTML", 'Unsupported start tag "h1" at byte offset 3'),
        ("1 < 2", "HTML", 'Unsupported start tag "" at byte offset 2'),
        ("Slut.", "MarkdownV2", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*Hej", "MarkdownV2", "Can't find end of Bold entity at byte offset 0"),
        ("[Hej](http://a.dk", "MarkdownV2", "Can't find end of a URL at byte offset 5"),
        ("ø_hej", "Markdown", "Can't find end of the entity starting at byte offset 2"),
        ("Hej", "BBCode", "unsupported parse_mode"),
    ],
)
def test_a_broken_text_is_refused(tg: TelegramFake, maria: Person, text: str, mode: str | None, sentence: str) -> None:
    answer = send(tg, maria, text, **({"parse_mode": mode} if mode else {}))
    assert sentence in answer["description"]
    assert answer["description"].startswith("Bad Request: ")
    assert len(tg.forgive()) == 1


@pytest.mark.parametrize(
    ("text", "mode", "plain", "kinds"),
    [
        ("😀" * 2048, None, "😀" * 2048, []),
        ("<b>" + "x" * 4096 + "</b>", "HTML", "x" * 4096, ["bold"]),
        (" <i>a &amp; b</i> ", "HTML", "a & b", ["italic"]),
        ('<a href="https://a.dk/?x=1&amp;y=2">a</a>', "HTML", "a", ["text_link"]),
        (r"*a\.* `b.` [c](https://a.dk)", "MarkdownV2", "a. b. c", ["bold", "code", "text_link"]),
        ("__a__ ||b|| >c".replace(" >", "\n>"), "MarkdownV2", "a b\nc".replace(" b", " b"), ["underline", "spoiler"]),
        ("*a* [b](https://a.dk)", "Markdown", "a b", ["bold", "text_link"]),
    ],
)
def test_markup_is_taken_apart_before_counting(
    tg: TelegramFake, maria: Person, text: str, mode: str | None, plain: str, kinds: list[str]
) -> None:
    result = send(tg, maria, text, **({"parse_mode": mode} if mode else {}))["result"]
    assert result["text"] == plain
    assert [entity["type"] for entity in result.get("entities", [])] == kinds


@pytest.mark.parametrize(
    ("markup", "sentence"),
    [
        (buttons([button("")]), "must be non-empty"),
        (buttons([{"text": "Ja"}]), "text buttons are unallowed"),
        (buttons([button(callback_data="a", url="https://a.dk")]), "text buttons are unallowed"),
        (buttons([button(callback_data="")]), "BUTTON_DATA_INVALID"),
        (buttons([button(callback_data="ø" * 33)]), "BUTTON_DATA_INVALID"),
        (buttons([button(url="http://localhost/a")]), "Wrong HTTP URL"),
        (buttons([button(url="javascript:alert(1)")]), "Wrong HTTP URL"),
        (buttons([button()] * 9), "reply markup is too long"),
        (buttons(*[[button()] * 8] * 13), "reply markup is too long"),
        (buttons([button() | {"colour": "red"}]), "colour"),
        ({"inline_keybord": []}, "can't parse reply keyboard markup"),
        ({"keyboard": [[{"text": ""}]]}, "must be non-empty"),
    ],
)
def test_a_broken_keyboard_is_refused(tg: TelegramFake, maria: Person, markup: dict[str, Any], sentence: str) -> None:
    assert sentence in send(tg, maria, reply_markup=markup)["description"]
    assert len(tg.forgive()) == 1


def test_keyboards_at_the_limit_pass(tg: TelegramFake, maria: Person) -> None:
    full = buttons(*[[button(callback_data="ø" * 32)] * 8] * 12, [button(url="https://samskab.dk/a")] * 4)
    assert send(tg, maria, reply_markup=full)["ok"]
    assert send(tg, maria, reply_markup={"keyboard": [["Ja", "Nej"]]})["ok"]
    maria.presses("Nej")
    assert call(tg, "getUpdates")["result"][0]["message"]["text"] == "Nej"


@pytest.mark.parametrize(
    ("content", "caption", "sentence"),
    [
        (b"not a picture", "", "IMAGE_PROCESS_FAILED"),
        (picture(210, 10), "", "PHOTO_INVALID_DIMENSIONS"),
        (picture(), "x" * 1025, "message caption is too long"),
        (picture() + b"x" * (10 << 20), "", "Request Entity Too Large"),
    ],
)
def test_a_broken_picture_is_refused(
    tg: TelegramFake, maria: Person, content: bytes, caption: str, sentence: str
) -> None:
    form = {"chat_id": str(maria.id), "caption": caption}
    answer = post(f"{tg.url}/bot{TOKEN}/sendPhoto", data=form, files={"photo": ("a.png", content)}).json()
    assert sentence in answer["description"]
    assert len(tg.forgive()) == 1


def test_a_picture_sent_once_is_sent_again_by_its_id(tg: TelegramFake, maria: Person) -> None:
    tg.limits = False
    form, files = {"chat_id": str(maria.id), "photo": "attach://one"}, {"one": ("a.png", picture())}
    sent = post(f"{tg.url}/bot{TOKEN}/sendPhoto", data=form, files=files).json()["result"]
    assert call(tg, "sendPhoto", chat_id=maria.id, photo=sent["photo"][0]["file_id"])["ok"]
    assert [message.photo for message in maria.messages] == [picture()] * 2
    assert "wrong file identifier" in call(tg, "sendPhoto", chat_id=maria.id, photo="AgADnone")["description"]
    answer = post(f"{tg.url}/bot{TOKEN}/sendPhoto", data=form).json()
    assert "there is no file" in answer["description"]
    assert len(tg.forgive()) == 1


# Edits, presses and those who cannot be written to


def test_edits_need_a_message_and_a_change(tg: TelegramFake, maria: Person) -> None:
    tg.limits = False
    sent = send(tg, maria, reply_markup=buttons([button()]))["result"]
    it = {"chat_id": maria.id, "message_id": sent["message_id"]}
    same = call(tg, "editMessageText", **it, text="Hej", reply_markup=buttons([button()]))
    assert same["description"].startswith("Bad Request: message is not modified: specified new message content")
    assert call(tg, "editMessageText", **it, text="Hej")["ok"]
    assert maria.labels == []
    assert call(tg, "editMessageReplyMarkup", **it, reply_markup=buttons([button("Nej")]))["ok"]
    assert (maria.labels, maria.last.edits) == (["Nej"], 2)
    assert "no caption" in call(tg, "editMessageCaption", **it, caption="x")["description"]
    wrong = call(tg, "editMessageReplyMarkup", **it, reply_markup={"keyboard": [["Ja"]]})
    assert "inline keyboard expected" in wrong["description"]
    assert len(tg.forgive()) == 1
    maria.says("Mit")
    answer = call(tg, "editMessageText", chat_id=maria.id, message_id=sent["message_id"] + 1, text="x")
    assert answer["description"] == "Bad Request: message can't be edited"
    assert call(tg, "deleteMessage", **it)["ok"]
    assert maria.messages == []
    assert call(tg, "deleteMessage", **it)["description"] == "Bad Request: message to delete not found"
    assert call(tg, "editMessageText", **it, text="x")["description"] == "Bad Request: message to edit not found"


def test_an_old_message_is_not_deleted(tg: TelegramFake, maria: Person, clock: Clock) -> None:
    number = send(tg, maria)["result"]["message_id"]
    clock.now += 48 * 3600 + 2
    assert "can't be deleted" in call(tg, "deleteMessage", chat_id=maria.id, message_id=number)["description"]


def test_a_caption_is_edited(tg: TelegramFake, maria: Person) -> None:
    files = {"photo": ("a.png", picture())}
    sent = post(f"{tg.url}/bot{TOKEN}/sendPhoto", data={"chat_id": str(maria.id)}, files=files).json()["result"]
    it = {"chat_id": maria.id, "message_id": sent["message_id"]}
    assert call(tg, "editMessageCaption", **it, caption="Kort")["ok"]
    assert maria.last.caption == "Kort"
    assert "no text" in call(tg, "editMessageText", **it, text="x")["description"]


def test_a_press_is_answered_once_and_soon(tg: TelegramFake, maria: Person, clock: Clock) -> None:
    send(tg, maria, reply_markup=buttons([button()]))
    maria.presses("Ja")
    maria.presses("Ja")
    first, second = (update["callback_query"]["id"] for update in call(tg, "getUpdates")["result"])
    assert call(tg, "answerCallbackQuery", callback_query_id=first)["ok"]
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert call(tg, "answerCallbackQuery", callback_query_id=first)["description"] == too_old
    assert call(tg, "answerCallbackQuery", callback_query_id="none")["description"] == too_old
    clock.now += 10.1
    assert call(tg, "answerCallbackQuery", callback_query_id=second)["description"] == too_old
    tg.assert_clean()
    assert not call(tg, "answerCallbackQuery", callback_query_id=second, text="x" * 201)["ok"]
    assert tg.forgive() == ["answerCallbackQuery: Bad Request: MESSAGE_TOO_LONG"]


def test_people_who_cannot_be_written_to(tg: TelegramFake) -> None:
    tg.limits = False
    ola = tg.user("Ola")
    assert send(tg, ola)["description"] == "Forbidden: bot can't initiate conversation with a user"
    assert call(tg, "getChat", chat_id=ola.id)["description"] == "Bad Request: chat not found"
    ola.says("/start")
    assert send(tg, ola)["ok"]
    ola.blocks_bot()
    assert send(tg, ola)["description"] == "Forbidden: bot was blocked by the user"
    with pytest.raises(AssertionError, match="has blocked the bot"):
        ola.says("Hej")
    ola.unblocks_bot()
    assert send(tg, ola)["ok"]
    states = [update["my_chat_member"]["new_chat_member"]["status"] for update in call(tg, "getUpdates")["result"][1:]]
    assert states == ["kicked", "member"]
    assert call(tg, "sendMessage", chat_id=77, text="Hej")["description"] == "Bad Request: chat not found"
    assert call(tg, "sendMessage", chat_id="@nobody", text="Hej")["description"] == "Bad Request: chat not found"


def test_a_group_hears_commands_moves_and_is_left(tg: TelegramFake, maria: Person) -> None:
    group = tg.group("Byrådet")
    group.user_says(maria, "Nå").user_says(maria, "/mydata")
    (update,) = call(tg, "getUpdates")["result"]
    assert (update["message"]["chat"]["title"], update["message"]["from"]["id"]) == ("Byrådet", maria.id)
    old = group.id
    group.upgrades()
    answer = call(tg, "sendMessage", chat_id=old, text="Hej")
    assert answer["parameters"] == {"migrate_to_chat_id": group.id}
    assert send(tg, group, reply_markup=buttons([button()]))["ok"]
    assert group.user_presses(maria, "Ja") == "yes"
    assert call(tg, "leaveChat", chat_id=group.id)["ok"]
    assert send(tg, group)["error_code"] == 403


@pytest.mark.parametrize(
    ("commands", "sentence"),
    [
        ([{"command": "Start", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_broken_commands_are_refused(tg: TelegramFake, commands: list[dict[str, str]], sentence: str) -> None:
    assert sentence in call(tg, "setMyCommands", commands=commands)["description"]
    assert len(tg.forgive()) == 1


def test_the_card_is_kept_by_language(tg: TelegramFake) -> None:
    assert call(tg, "setMyDescription", description="Hello")["ok"]
    assert call(tg, "setMyDescription", description="Hej", language_code="da")["ok"]
    assert call(tg, "getMyDescription", language_code="da")["result"] == {"description": "Hej"}
    assert call(tg, "getMyDescription", language_code="nb")["result"] == {"description": "Hello"}
    assert call(tg, "setMyName", name="Samskab")["ok"]
    assert call(tg, "getMe")["result"]["first_name"] == "Samskab"
    refused: list[tuple[str, dict[str, str]]] = [
        ("setMyDescription", {"description": "x" * 513}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
        ("setMyName", {"name": "x" * 65}),
        ("setMyName", {"name": "x", "language_code": "danish"}),
    ]
    assert not any(call(tg, method, **params)["ok"] for method, params in refused)
    assert len(tg.forgive()) == len(refused)


def test_the_bot_shows_that_it_is_busy(tg: TelegramFake, maria: Person) -> None:
    assert call(tg, "sendChatAction", chat_id=maria.id, action="typing")["ok"]
    assert not call(tg, "sendChatAction", chat_id=maria.id, action="thinking")["ok"]
    assert len(tg.forgive()) == 1


# Not too much at once


def test_a_chat_takes_three_at_once_and_then_one_a_second(tg: TelegramFake, maria: Person, clock: Clock) -> None:
    assert all(send(tg, maria)["ok"] for _ in range(3))
    refused = send(tg, maria)
    assert refused["description"] == "Too Many Requests: retry after 1"
    assert refused["parameters"] == {"retry_after": 1}
    tg.assert_clean()
    clock.now += 1
    assert send(tg, maria)["ok"]
    assert send(tg, maria)["error_code"] == 429
    assert send(tg, maria)["error_code"] == 429
    (violation,) = tg.forgive()
    assert "before retry_after had passed" in violation


def test_a_bot_sends_thirty_a_second_unless_it_pays(tg: TelegramFake, clock: Clock) -> None:
    people = [tg.user(f"P{number}", started=True) for number in range(32)]
    assert all(send(tg, person)["ok"] for person in people[:30])
    assert send(tg, people[30])["error_code"] == 429
    assert send(tg, people[31], allow_paid_broadcast=True)["error_code"] == 429
    clock.now += 1
    assert send(tg, people[31], allow_paid_broadcast=True)["ok"]
    assert all(send(tg, person)["ok"] for person in people[:30])
    tg.forgive()


def test_a_group_takes_twenty_a_minute(tg: TelegramFake, clock: Clock) -> None:
    group = tg.group("Byrådet")
    for _ in range(20):
        assert send(tg, group)["ok"]
        clock.now += 1
    refused = send(tg, group)
    assert refused["parameters"] == {"retry_after": 40}
    clock.now += 40
    assert send(tg, group)["ok"]


def test_acknowledging_is_free_and_limits_can_be_off(tg: TelegramFake, maria: Person) -> None:
    tg.limits = False
    assert all(send(tg, maria)["ok"] for _ in range(40))
    tg.limits = True
    assert all("too old" in call(tg, "answerCallbackQuery", callback_query_id="x")["description"] for _ in range(40))


# Updates on request


def test_polling_confirms_by_offset(tg: TelegramFake, maria: Person) -> None:
    for text in "abc":
        maria.says(text)
    first, second, third = call(tg, "getUpdates")["result"]
    assert second["update_id"] == first["update_id"] + 1
    assert call(tg, "getUpdates", limit=1)["result"] == [first]
    assert call(tg, "getUpdates", offset=second["update_id"])["result"] == [second, third]
    assert call(tg, "getUpdates", offset=-1)["result"] == [third]
    assert call(tg, "getUpdates", offset=third["update_id"] + 1)["result"] == []
    tg.wait_idle(1)


def test_a_long_poll_ends_with_news_and_a_second_poller_is_a_conflict(tg: TelegramFake, maria: Person) -> None:
    async def poll() -> tuple[Any, Any]:
        async with httpx.AsyncClient() as client:
            address = f"{tg.url}/bot{TOKEN}/getUpdates"
            first = asyncio.create_task(client.post(address, json={"timeout": 5}))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(client.post(address, json={"timeout": 5}))
            conflict = await first
            await asyncio.to_thread(maria.says, "Hej")
            return conflict, await second

    started = time.monotonic()
    conflict, news = asyncio.run(poll())
    assert time.monotonic() - started < 2
    assert conflict.status_code == 409
    assert news.json()["result"][0]["message"]["text"] == "Hej"


def test_polling_beside_a_webhook_is_a_conflict(tg: TelegramFake, bot: Bot) -> None:
    assert call(tg, "getUpdates")["error_code"] == 409
    assert call(tg, "deleteWebhook")["ok"]
    assert call(tg, "getUpdates")["result"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"url": "http://example.org/hook"},
        {"url": "https://example.org:5000/hook"},
        {"url": "nonsense"},
        {"url": "https://example.org/", "secret_token": "no spaces"},
        {"url": "https://example.org/", "secret_token": "x" * 257},
        {"url": "https://example.org/", "max_connections": 101},
    ],
)
def test_a_broken_webhook_is_refused(tg: TelegramFake, params: dict[str, Any]) -> None:
    assert call(tg, "setWebhook", **params)["error_code"] == 400
    assert len(tg.forgive()) == 1
    assert call(tg, "getWebhookInfo")["result"]["url"] == ""


# Updates by webhook


def test_the_webhook_gets_the_secret_over_a_kept_connection(tg: TelegramFake, bot: Bot, maria: Person) -> None:
    assert call(tg, "setWebhook", url=bot.url, secret_token="A-z_9", allowed_updates=["message"])["ok"]
    maria.says("a").blocks_bot()
    maria.unblocks_bot().says("b")
    tg.wait_idle()
    assert bot.texts == ["a", "b"]
    assert bot.kinds == ["message", "message"]
    assert [headers["X-Telegram-Bot-Api-Secret-Token"] for headers in bot.headers] == ["A-z_9"] * 2
    assert len(bot.connections) == 1
    assert call(tg, "getWebhookInfo")["result"]["allowed_updates"] == ["message"]


def test_one_under_way_in_a_chat_and_many_beside_it(tg: TelegramFake, bot: Bot, maria: Person) -> None:
    ola = tg.user("Ola")
    bot.gate.clear()
    for text in "abc":
        maria.says(text)
    ola.says("x")
    time.sleep(0.1)
    assert tg.server.delivery.under_way == 2
    assert len(tg.pending) == 4
    with pytest.raises(TimeoutError, match="still busy"):
        tg.wait_idle(0.1)
    bot.gate.set()
    tg.wait_idle()
    assert [text for text in bot.texts if text != "x"] == ["a", "b", "c"]


def test_max_connections_is_kept(tg: TelegramFake, bot: Bot) -> None:
    tg.deliver_to(bot.url, max_connections=2)
    for number in range(6):
        tg.user(f"P{number}").says("Hej")
    tg.wait_idle()
    assert len(bot.updates) == 6
    assert tg.server.delivery.most_under_way == 2


def test_a_refused_update_comes_again_in_order(tg: TelegramFake, bot: Bot, maria: Person) -> None:
    bot.answers = [(500, {}, {})] * 4 + [(503, {"Retry-After": "5"}, {})]
    maria.says("a").says("b")
    tg.wait_idle()
    assert bot.texts == ["a"] * 6 + ["b"]
    assert [attempt.wait for attempt in tg.attempts] == [0, 2, 4, 8, 5, None, None]
    assert "500" in "".join(str(attempt.status) for attempt in tg.attempts)


def test_an_update_is_dropped_when_it_expires(tg: TelegramFake, maria: Person, clock: Clock) -> None:
    send(tg, maria, reply_markup=buttons([button()]))
    maria.says("a")
    maria.presses("Ja")
    assert len(tg.pending) == 2
    clock.now += 151
    assert len(tg.pending) == 1
    clock.now += 86400
    assert tg.pending == []


def test_a_method_in_the_answer_is_executed(tg: TelegramFake, bot: Bot, maria: Person) -> None:
    send(tg, maria, reply_markup=buttons([button()]))
    bot.answers = [(200, {}, {"method": "sendMessage", "chat_id": maria.id, "text": "Tak"})]
    maria.presses("Ja")
    tg.wait_idle()
    assert maria.last.text == "Tak"
    assert tg.requests[-1].via == "webhook answer"
    bot.answers = [(200, {}, {"method": "getMe"}), (200, {}, {"method": "sendMessage", "text": "Tak"})]
    maria.says("a").says("b")
    tg.wait_idle()
    assert len(tg.forgive()) == 2


def test_duplicates_and_overtaking(tg: TelegramFake, bot: Bot, maria: Person) -> None:
    send(tg, maria, reply_markup=buttons([button()]))
    tg.duplicate_next(3)
    maria.says("a").says("b")
    tg.wait_idle()
    assert bot.texts == ["a", "a", "a", "b"]
    assert len({update["update_id"] for update in bot.updates}) == 2
    with tg.overtake(maria):
        maria.says("først")
        maria.presses("Ja")
    tg.wait_idle()
    assert bot.kinds[-2:] == ["callback_query", "message"]


def test_anything_can_be_posted_to_the_webhook(tg: TelegramFake, bot: Bot) -> None:
    bot.answers = [(403, {}, {"no": 1})]
    assert tg.post_raw(b"\x00", {"X-Strange": "1"}) == (403, b'{"no": 1}')
    assert "X-Telegram-Bot-Api-Secret-Token" not in bot.headers[0]
    tg.post_raw(b"{}", tg.secret_header)
    assert bot.headers[1]["X-Telegram-Bot-Api-Secret-Token"] == "s" * 32


# Trouble on purpose


def test_planned_refusals(tg: TelegramFake, maria: Person) -> None:
    ola = tg.user("Ola", started=True)
    tg.fail("sendMessage", 403, chat=ola.id)
    tg.fail("sendMessage", 500)
    tg.fail("getMe", 400, description="Bad Request: odd", migrate_to_chat_id=-5)
    assert send(tg, maria)["error_code"] == 500
    assert send(tg, maria)["ok"]
    assert send(tg, ola)["description"] == "Forbidden: bot was blocked by the user"
    assert call(tg, "getMe")["parameters"] == {"migrate_to_chat_id": -5}
    tg.fail("sendMessage", 429, retry_after=7)
    assert send(tg, maria)["parameters"] == {"retry_after": 7}
    assert send(tg, maria)["error_code"] == 429
    assert len(tg.forgive()) == 1


def test_the_line_breaks_before_or_after_the_effect(tg: TelegramFake, maria: Person) -> None:
    tg.reset("sendMessage", before=True)
    with pytest.raises(httpx.HTTPError):
        send(tg, maria, "a")
    assert maria.messages == []
    tg.reset("sendMessage", before=False)
    with pytest.raises(httpx.HTTPError):
        send(tg, maria, "b")
    assert maria.last.text == "b"


def test_slow_and_broken_answers(tg: TelegramFake, maria: Person) -> None:
    tg.slow("sendMessage", 1)
    with pytest.raises(httpx.ReadTimeout):
        post(f"{tg.url}/bot{TOKEN}/sendMessage", json={"chat_id": maria.id, "text": "a"}, timeout=0.1)
    assert maria.last.text == "a"
    tg.truncate("sendMessage")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        send(tg, maria, "b")
    assert maria.last.text == "b"


def test_down_and_up_and_an_older_server(tg: TelegramFake) -> None:
    with httpx.Client() as client:
        address = f"{tg.url}/bot{TOKEN}/getMe"
        assert client.post(address).status_code == 200
        tg.down()
        assert client.post(address).status_code == 502
        tg.down(refuse=True)
        with pytest.raises(httpx.HTTPError):
            client.post(address)
        with pytest.raises(httpx.ConnectError):
            post(address)
        tg.up()
        assert client.post(address).status_code == 200
        tg.lacks("getMe")
        assert client.post(address).status_code == 404
    tg.assert_clean()


def test_every_request_is_recorded(tmp_path: Path) -> None:
    with TelegramFake(TOKEN, log=tmp_path / "log.jsonl") as tg:
        call(tg, "sendChatAction", chat_id=5, action="typing")
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["params"] == {"chat_id": 5, "action": "typing"}
    assert TOKEN not in line
    assert tg.requests[0].status == 400


def test_a_reply_needs_its_message_unless_it_may_do_without(tg: TelegramFake, maria: Person) -> None:
    lost = {"message_id": 99}
    assert "message to be replied not found" in send(tg, maria, reply_parameters=lost)["description"]
    assert send(tg, maria, reply_parameters=lost | {"allow_sending_without_reply": True})["ok"]


def test_what_waits_can_be_dropped(tg: TelegramFake, maria: Person) -> None:
    maria.says("a")
    assert call(tg, "deleteWebhook")["ok"]
    assert len(tg.pending) == 1
    assert call(tg, "deleteWebhook", drop_pending_updates=True)["ok"]
    assert tg.pending == []


def test_a_large_file_cannot_be_fetched(tg: TelegramFake, maria: Person) -> None:
    file_id = maria.sends_file(b"x" * ((20 << 20) + 1))
    assert call(tg, "getFile", file_id=file_id)["description"] == "Bad Request: file is too big"


def test_a_text_has_at_most_a_hundred_entities(tg: TelegramFake, maria: Person) -> None:
    assert send(tg, maria, "<b>x</b> " * 100, parse_mode="HTML")["ok"]
    assert not send(tg, maria, "<b>x</b> " * 101, parse_mode="HTML")["ok"]
    assert len(tg.forgive()) == 1
