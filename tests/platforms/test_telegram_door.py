"""Telegram's door: who may knock, what is answered when, and nothing acknowledged that was not taken."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.delivery import Unavailable
from bot.chat.events import Command, Event, Outcome, Press, Reached, Said, Unsupported
from bot.chat.messages import Rendered
from bot.platforms.telegram import LARGEST, Telegram
from tests.fakes.telegram import TelegramFake
from tests.platforms.telegram_house import HOOK, PIXEL, TOKEN, House, opened, server
from tests.platforms.test_telegram import message

YES = Rendered("Blir du med?", (({"label": "Ja", "data": "yes:1"},),))
BOXES = Rendered(
    "Hva er viktigst?",
    ticks={"view": "m", "send": "v", "args": (), "options": ("Benker", "Buss"), "send_label": "Send", "ticked": 0},
)


@pytest.fixture
def fake() -> Iterator[TelegramFake]:
    with server() as telegram:
        yield telegram


@pytest.fixture
def house(fake: TelegramFake) -> Iterator[House]:
    with opened(fake) as found:
        yield found


async def nobody(_event: Event) -> Outcome:
    raise AssertionError("nothing may be accepted")


def raw(update: dict[str, Any]) -> bytes:
    return json.dumps(update).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Telegram-Bot-Api-Secret-Token": ""},
        {"X-Telegram-Bot-Api-Secret-Token": HOOK[:-1]},
        {"X-Telegram-Bot-Api-Secret-Token": HOOK + "x"},
        {"X-Telegram-Bot-Api-Secret-Token": HOOK[:-1] + "æ"},
    ],
)
def test_without_the_secret_nobody_is_heard(fake: TelegramFake, house: House, headers: dict[str, str]) -> None:
    assert fake.post_raw(raw(message("Hei")), headers) == (401, b"")
    assert house.heard == []


def test_a_header_of_broken_bytes_is_refused_like_any_other(house: House) -> None:
    headers = {"x-telegram-bot-api-secret-token": "\udcff\udcfe"}
    assert house.do(house.telegram.receive(headers, raw(message("Hei")))).status == 401
    assert house.heard == []


def test_the_secret_is_compared_in_constant_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return given == wanted

    monkeypatch.setattr(hmac, "compare_digest", compare)
    house.do(house.telegram.receive({"x-telegram-bot-api-secret-token": "no"}, b"{}"))
    assert compared == [(b"no", HOOK.encode())]


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, "x" * 257, "å" * 32, "x" * 31 + " ", "x" * 32 + "\n"])
def test_a_webhook_without_a_strong_secret_does_not_open(secret: str) -> None:
    with pytest.raises(ValueError, match="SAMSKAB_TELEGRAM_WEBHOOK_SECRET"):
        Telegram(token=TOKEN, webhook_secret=secret, base_url="https://samskab.example", accept=nobody)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" " * (LARGEST + 1), 413),
        (b" " * LARGEST, 400),
        (b"", 400),
        (b"{not json", 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b'{"update_id": ' + b"9" * 10_000 + b"}", 400),
        (b"[]", 200),
        (b"null", 200),
        (b"{}", 200),
        (b'{"update_id": 1}', 200),
        (b'{"update_id": 1, "message": 7}', 200),
        (b'{"update_id": 1, "some_new_kind": {"id": 1}}', 200),
        (b'{"update_id": 1, "message": {"from": {"is_bot": false}, "chat": {}}}', 200),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_is_unknown_is_let_be(
    fake: TelegramFake, house: House, body: bytes, status: int
) -> None:
    assert fake.post_raw(body, fake.secret_header) == (status, b"")
    assert house.heard == []


def test_a_person_writes_and_is_heard_once_for_each_thing(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", language_code="nb")
    ola.says("/start svelvik-4").says("Hei 😀 مرحبا").says("å" * 4096).says("/status@samskab_test_bot")
    ola.says("/status@another_bot")
    ola.sends_file()
    ola.sends_photo(PIXEL, "Benken")
    ola.edits_last("Rettet")
    ola.blocks_bot().unblocks_bot()
    fake.wait_idle()
    assert [what for what in house.said if not isinstance(what, Reached)] == [
        Command("start", "svelvik-4"),
        Said("Hei 😀 مرحبا"),
        Said("å" * 4096),
        Command("status"),
        Unsupported("document"),
        Unsupported("photo"),
    ]
    assert [what for what in house.said if isinstance(what, Reached)] == [Reached(False), Reached(True)]
    assert {event.address.chat for event in house.heard} == {str(ola.id)}
    assert {event.locale for event in house.heard if not isinstance(event.what, Reached)} == {"nb"}


def test_an_update_that_comes_three_times_has_one_name(fake: TelegramFake, house: House) -> None:
    fake.duplicate_next(3)
    fake.user("Ola").says("Hei").says("Hå")
    fake.wait_idle()
    names = [event.id for event in house.heard]
    assert house.said == [Said("Hei")] * 3 + [Said("Hå")]
    assert len(set(names[:3])) == 1 and len(set(names)) == 2


def test_while_the_database_is_unwell_telegram_keeps_the_update(fake: TelegramFake, house: House) -> None:
    """Nothing is lost: Telegram is told when to come again, and comes."""
    tries = []

    def unwell(event: Event) -> Outcome:
        tries.append(event.id)
        if len(tries) < 3:
            raise Unavailable(7)
        return Outcome()

    house.answers = unwell
    fake.user("Ola").says("Hei")
    fake.wait_idle()
    assert [(attempt.status, attempt.wait) for attempt in fake.attempts] == [(503, 7), (503, 7), (200, None)]
    assert len(tries) == 3 and len(set(tries)) == 1


def test_a_fault_of_ours_is_not_acknowledged_and_not_told_in_the_log(
    fake: TelegramFake, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = [RuntimeError("Hemmelig")]

    def broken(_event: Event) -> Outcome:
        if faults:
            raise faults.pop()
        return Outcome()

    house.answers = broken
    fake.user("Ola").says("Hemmelig")
    fake.wait_idle()
    assert [attempt.status for attempt in fake.attempts] == [500, 200]
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err and "Hemmelig" not in said.out + said.err


def test_a_press_is_answered_with_its_line(fake: TelegramFake, house: House) -> None:
    house.answers = lambda event: Outcome(toast="Takk" if isinstance(event.what, Press) else "")
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    ola.presses("Ja")
    fake.wait_idle()
    assert house.said == [Press("yes", ("1",), str(ola.last.id))]
    assert ola.toasts == ["Takk"] and fake.unanswered == 0


def test_a_press_with_nothing_to_say_stops_waiting_all_the_same(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    ola.presses("Ja")
    fake.wait_idle()
    assert (ola.toasts, fake.unanswered) == ([], 0)


@pytest.mark.parametrize("toast", ["å" * 500, "😀" * 150])
def test_a_line_too_long_for_telegram_is_shortened(fake: TelegramFake, house: House, toast: str) -> None:
    house.answers = lambda _event: Outcome(toast=toast)
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    ola.presses("Ja")
    fake.wait_idle()
    assert len(ola.toasts) == 1 and ola.toasts[0].endswith("…") and toast.startswith(ola.toasts[0][:-1])


def test_a_box_is_ticked_where_it_stands(fake: TelegramFake, house: House) -> None:
    ticks = dict(BOXES.ticks or {})
    house.answers = lambda _event: Outcome(replaces=Rendered(BOXES.text, ticks={**ticks, "ticked": 2}), toast="Valgt")
    ola = fake.user("Ola", started=True)
    house.send(ola, BOXES)
    ola.presses("☐ Buss")
    fake.wait_idle()
    assert len(ola.messages) == 1 and ola.last.text == BOXES.text
    assert ola.labels == ["☐ Benker", "☑ Buss", "Send"]
    assert (ola.toasts, fake.unanswered) == (["Valgt"], 0)


def test_a_view_without_buttons_takes_the_old_ones_away(fake: TelegramFake, house: House) -> None:
    house.answers = lambda _event: Outcome(replaces=Rendered("Blir du med?"))
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    ola.presses("Ja")
    fake.wait_idle()
    assert (ola.labels, fake.unanswered) == ([], 0)


def test_in_a_group_the_bot_says_one_sentence_and_nothing_more(fake: TelegramFake, house: House) -> None:
    house.answers = lambda event: Outcome(toast="Skriv til meg privat.", private=event.private)
    ola, group = fake.user("Ola"), fake.group("Ungdomsrådet")
    group.user_says(ola, "/status").user_says(ola, "/status@another_bot").user_says(ola, "Hei @samskab_test_bot")
    fake.wait_idle()
    assert [(event.what, event.private) for event in house.heard] == [(Command("status"), False)]
    assert [one.text for one in group.messages] == ["Skriv til meg privat."]
    assert ola.messages == []


def test_a_press_in_a_group_is_answered_to_the_one_who_pressed(fake: TelegramFake, house: House) -> None:
    house.answers = lambda _event: Outcome(toast="Skriv til meg privat.", replaces=Rendered("Ola har svart"))
    ola, group = fake.user("Ola"), fake.group("Ungdomsrådet")
    house.send(group, YES)
    group.user_presses(ola, "Ja")
    fake.wait_idle()
    assert [event.private for event in house.heard] == [False]
    assert ola.toasts == ["Skriv til meg privat."] and fake.unanswered == 0
    assert [(one.text, one.labels) for one in group.messages] == [("Blir du med?", ["Ja"])]


def test_a_group_that_moves_and_a_bot_put_out_are_no_events(fake: TelegramFake, house: House) -> None:
    ola, group = fake.user("Ola"), fake.group("Ungdomsrådet")
    group.welcomes_bot(ola).upgrades().removes_bot(ola)
    fake.wait_idle()
    assert house.heard == [] and {attempt.status for attempt in fake.attempts} <= {200}


def test_a_press_overtakes_a_message_and_both_arrive(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    with fake.overtake(ola):
        ola.says("Hei")
        ola.presses("Ja")
    fake.wait_idle()
    assert [type(what) for what in house.said] == [Press, Said]


def test_a_press_too_old_to_be_answered_troubles_nobody(
    fake: TelegramFake, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.answers = lambda _event: Outcome(toast="Takk", replaces=Rendered("Blir du med?"))
    ola = fake.user("Ola", started=True)
    house.send(ola, YES)
    fake.fail("answerCallbackQuery", 400, description="Bad Request: query is too old")
    ola.presses("Ja")
    fake.wait_idle()
    said = capsys.readouterr()
    assert ola.labels == [] and "Traceback" not in said.out + said.err


def test_another_reader_of_the_same_body_gets_the_same_event() -> None:
    """Two bodies alike are one event, whoever reads them."""
    heard: list[Event] = []

    async def accept(event: Event) -> Outcome:
        heard.append(event)
        return Outcome()

    async def run() -> None:
        for _time in range(2):
            telegram = Telegram(token=TOKEN, webhook_secret=HOOK, base_url="https://a.example", accept=accept)
            await telegram.receive({"x-telegram-bot-api-secret-token": HOOK}, raw(message("Hei")))
            await telegram.stop()

    asyncio.run(run())
    assert heard[0] == heard[1]
