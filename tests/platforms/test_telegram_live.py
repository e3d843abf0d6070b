"""Telegram: starting, fetching updates, stopping; with the service down, up again, or short of a method."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator

import pytest

from bot.chat.delivery import Unavailable
from bot.chat.events import Command, Event, Outcome, Press, Said
from bot.chat.messages import Rendered
from tests.fakes.telegram import TelegramFake
from tests.platforms.telegram_house import HOOK, TOKEN, opened, server

MENU = {
    "": [("help", "What I can do")],
    "da": [("help", "Det kan jeg"), ("status", "Det venter på dig")],
    "nb": [("help", "Dette kan jeg")],
}
YES = Rendered("Blir du med?", (({"label": "Ja", "data": "yes:1"},),))
BOXES = {"view": "m", "send": "v", "args": (), "options": ("Benker", "Buss"), "send_label": "Send"}


@pytest.fixture
def fake() -> Iterator[TelegramFake]:
    with server() as telegram:
        yield telegram


def asked(fake: TelegramFake) -> list[str]:
    """The methods called, in order, a repeated one once."""
    methods = [request.method for request in fake.requests]
    return [method for place, method in enumerate(methods) if methods[place - 1 : place] != [method]]


def commands(fake: TelegramFake) -> dict[str, list[str]]:
    return {
        language: [command["command"] for command in menu]
        for (_scope, language), menu in fake.server.world.commands.items()
    }


def test_at_the_start_telegram_learns_our_address_and_commands(fake: TelegramFake) -> None:
    with opened(fake, commands=MENU) as house:
        assert asked(fake) == ["getMe", "setWebhook", "setMyCommands"]
        hook = fake.server.delivery.webhook
        assert hook.url.endswith("/telegram") and hook.secret == HOOK
        assert hook.allowed == ["message", "callback_query", "my_chat_member"]
        assert commands(fake) == {"": ["help"], "da": ["help", "status"], "nb": ["help"]}
        assert house.telegram.account == "telegram:123456"
        assert house.telegram.door == "https://t.me/samskab_test_bot?start={key}"


def test_a_menu_telegram_cannot_take_stops_nothing(fake: TelegramFake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.lacks("setMyCommands")
    with opened(fake, commands=MENU) as house:
        fake.user("Ola").says("Hei")
        fake.wait_idle()
        assert house.said == [Said("Hei")]
    assert "commands not set" in capsys.readouterr().out


def test_one_menu_that_fails_does_not_take_the_others_along(fake: TelegramFake) -> None:
    fake.fail("setMyCommands", 400, description="Bad Request: BOT_COMMAND_INVALID")
    with opened(fake, commands=MENU):
        assert set(commands(fake)) == {"da", "nb"}


@pytest.mark.parametrize("refuse", [True, False])
def test_while_telegram_is_down_the_start_can_be_tried_again(fake: TelegramFake, refuse: bool) -> None:
    with opened(fake, start=False, commands=MENU) as house:
        fake.down(refuse=refuse)
        for _try in range(2):
            with pytest.raises(OSError):
                house.start()
        fake.up()
        house.start()
        fake.user("Ola").says("Hei")
        fake.wait_idle()
        assert house.said == [Said("Hei")] and set(commands(fake)) == set(MENU)


@pytest.mark.parametrize(("status", "why"), [(401, "token"), (429, "RetryAfter"), (500, "NetworkError")])
def test_any_refusal_at_the_start_is_an_oserror(fake: TelegramFake, status: int, why: str) -> None:
    with opened(fake, start=False) as house:
        fake.fail("getMe", status)
        with pytest.raises(OSError, match=why):
            house.start()


def test_an_address_telegram_refuses_is_told_with_advice(
    fake: TelegramFake, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(fake, start=False) as house:
        fake.fail("setWebhook", 400, description="Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        with pytest.raises(OSError, match="address"):
            house.start()
    assert "SAMSKAB_BASE_URL" in capsys.readouterr().out


def test_fetching_first_takes_the_webhook_away_and_then_hears_and_answers(fake: TelegramFake) -> None:
    fake.deliver_to("http://127.0.0.1:9/telegram")
    ola = fake.user("Ola", language_code="nb")
    with opened(fake, polling=True) as house:
        house.answers = lambda event: Outcome(toast="Takk" if isinstance(event.what, Press) else "")
        assert asked(fake)[:2] == ["getMe", "deleteWebhook"]
        ola.says("/start svelvik-4").says("Hei 😀")
        fake.wait_idle()
        house.send(ola, YES)
        ola.presses("Ja")
        fake.wait_idle()
        assert house.said == [Command("start", "svelvik-4"), Said("Hei 😀"), Press("yes", ("1",), str(ola.last.id))]
        assert (ola.toasts, fake.unanswered, fake.pending) == (["Takk"], 0, [])
        assert house.heard[0].locale == "nb"


def test_fetched_presses_are_answered_also_with_nothing_to_say_and_views_redrawn(fake: TelegramFake) -> None:
    ola = fake.user("Ola", started=True)
    with opened(fake, polling=True) as house:
        house.answers = lambda _event: Outcome(replaces=Rendered("Hva?", ticks={**BOXES, "ticked": 1}))
        house.send(ola, Rendered("Hva?", ticks={**BOXES, "ticked": 0}))
        ola.presses("☐ Benker")
        fake.wait_idle()
        assert ola.labels == ["☑ Benker", "☐ Buss", "Send"] and (ola.toasts, fake.unanswered) == ([], 0)


def test_fetched_commands_in_a_group_get_one_sentence(fake: TelegramFake) -> None:
    ola, group = fake.user("Ola"), fake.group("Ungdomsrådet")
    with opened(fake, polling=True) as house:
        house.answers = lambda event: Outcome(toast="" if event.private else "Skriv til meg privat.")
        group.user_says(ola, "/status")
        fake.wait_idle()
        assert [one.text for one in group.messages] == ["Skriv til meg privat."] and ola.messages == []


@pytest.mark.parametrize("trouble", [Unavailable(1), RuntimeError("Hemmelig")])
def test_what_could_not_be_stored_is_asked_for_again(
    fake: TelegramFake, trouble: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    """The offset moves only when all of a fetch is committed."""
    failing = [trouble]
    confirmed: list[int] = []

    def answer(event: Event) -> Outcome:
        if failing and event.what == Said("To"):
            confirmed.append(len(fake.pending))
            raise failing.pop()
        return Outcome()

    ola = fake.user("Ola", started=True)
    ola.says("En").says("To").says("Tre")
    with opened(fake, polling=True) as house:
        house.answers = answer
        fake.wait_idle()
        assert house.said == [Said("En"), Said("To"), Said("Tre")] * 2
        assert len({event.id for event in house.heard}) == 3
        assert confirmed == [3] and fake.pending == []
    told = capsys.readouterr()
    assert type(trouble).__name__ in told.out and "Hemmelig" not in told.out + told.err


@pytest.mark.parametrize("trouble", ["truncated", "told to wait", "another reader", "down"])
def test_fetching_goes_on_after_trouble(fake: TelegramFake, trouble: str) -> None:
    with opened(fake, start=False, polling=True) as house:
        if trouble == "truncated":
            fake.truncate("getUpdates")
        elif trouble == "told to wait":
            fake.fail("getUpdates", 429, retry_after=1)
        elif trouble == "another reader":
            fake.fail("getUpdates", 409, description="Conflict: terminated by other getUpdates request")
        else:
            fake.reset("getUpdates")
        fake.user("Ola").says("Hei")
        house.start()
        fake.wait_idle()
        assert house.said == [Said("Hei")] and fake.pending == []
        assert asked(fake)[:3] == ["getMe", "deleteWebhook", "getUpdates"]
        assert not any(fake.server.faults.waiting.values())


def test_a_wait_that_telegram_asks_for_is_kept(fake: TelegramFake, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(fake, start=False, polling=True) as house:
        fake.fail("getUpdates", 429, retry_after=3600)
        house.start()
        while "polling again" not in (said := capsys.readouterr().out):
            assert house.reading and not house.reading.done()
        assert "3600" in said


def test_a_stop_does_not_wait_for_the_long_poll(fake: TelegramFake) -> None:
    with opened(fake, polling=True) as house:
        fake.user("Ola").says("Hei")
        fake.wait_idle()
        assert house.reading and not house.reading.done()
    assert house.reading.done() and house.reading.exception() is None


def test_the_token_and_peoples_words_are_in_no_log_and_no_exception(
    fake: TelegramFake, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    ola = fake.user("Ola", started=True)
    raised: list[BaseException] = []
    with opened(fake, start=False, commands=MENU) as house:
        for method in ("getMe", "setWebhook"):
            for spoil in (lambda m: fake.fail(m, 401), lambda m: fake.fail(m, 404), fake.truncate, fake.reset):
                spoil(method)
                with pytest.raises(OSError) as caught:
                    house.start()
                raised.append(caught.value)
        fake.truncate("setMyCommands")
        house.start()
        fake.limits = False
        for spoil in (fake.truncate, fake.reset, lambda m: fake.fail(m, 401), lambda m: fake.fail(m, 500)):
            spoil("sendMessage")
            house.send(ola, Rendered("Hemmelig"))
        fake.down(refuse=True)
        house.send(ola, Rendered("Hemmelig"))
        fake.up()
        ola.says("Hemmelig")
        fake.wait_idle()
    told = capsys.readouterr()
    shown = "".join("".join(traceback.format_exception(error)) for error in raised)
    chain = [repr(one) for error in raised for one in (error, error.__cause__, error.__context__)]
    everything = "\n".join([told.out, told.err, caplog.text, shown, json.dumps(chain)])
    assert house.said == [Said("Hemmelig")] and len(raised) == 8
    secret = TOKEN.partition(":")[2]
    assert secret not in everything and HOOK not in everything and "Hemmelig" not in everything
