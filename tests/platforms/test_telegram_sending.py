"""Telegram: what becomes of a message, also when the line breaks: sent, known not to be sent, or said to be unsure."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.delivery import Delivery, Gone, Moved, Refused, Result, RetryAfter, Sent, Uncertain
from bot.chat.events import Address, Outcome
from bot.chat.messages import Rendered
from bot.platforms.telegram import Telegram
from tests.fakes.telegram import TelegramFake
from tests.platforms.telegram_house import HOOK, PIXEL, TOKEN, House, opened, server

YES = (({"label": "Ja", "data": "yes:1"},),)
HARMLESS = "<b>Ola</b> *Nordmann* _[x](http://a.no)_ `kode` & @noen \\_ </i>"


@pytest.fixture
def fake() -> Iterator[TelegramFake]:
    with server() as telegram:
        telegram.limits = False
        yield telegram


@pytest.fixture
def house(fake: TelegramFake) -> Iterator[House]:
    with opened(fake) as found:
        yield found


def test_a_message_is_sent_changed_and_taken_back(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("Kom på tirsdag", YES, protect=True))
    assert sent == Sent(str(ola.last.id)) and ola.last.protect_content and ola.labels == ["Ja"]
    assert isinstance(sent, Sent)
    assert house.send(ola, Rendered("Avlyst"), "edit", target=sent.id) == sent
    assert (ola.last.text, ola.labels, len(ola.messages)) == ("Avlyst", [], 1)
    assert house.send(ola, Rendered(""), "delete", target=sent.id) == sent
    assert ola.messages == []


def test_what_already_stands_so_or_is_already_gone_is_done(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("Kom på tirsdag"))
    assert isinstance(sent, Sent)
    assert house.send(ola, Rendered("Kom på tirsdag"), "edit", target=sent.id) == sent
    house.send(ola, Rendered(""), "delete", target=sent.id)
    assert house.send(ola, Rendered(""), "delete", target=sent.id) == sent


def test_an_edit_of_a_message_that_was_deleted_is_given_up(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("Kom på tirsdag"))
    assert isinstance(sent, Sent)
    house.send(ola, Rendered(""), "delete", target=sent.id)
    assert house.send(ola, Rendered("Avlyst"), "edit", target=sent.id) == Refused("final")
    assert ola.messages == []


@pytest.mark.parametrize("op", ["delete", "edit"])
def test_what_can_no_more_be_changed_is_given_up(fake: TelegramFake, house: House, op: str) -> None:
    ola = fake.user("Ola", started=True)
    method, why = {"delete": ("deleteMessage", "deleted for everyone"), "edit": ("editMessageText", "edited")}[op]
    fake.fail(method, 400, description=f"Bad Request: message can't be {why}")
    assert house.send(ola, Rendered("Avlyst"), op, target="1") == Refused("final")


def test_a_home_page_is_not_for_telegram(fake: TelegramFake, house: House) -> None:
    before = len(fake.requests)
    assert house.send(fake.user("Ola", started=True), Rendered("Hjem"), "home") == Refused("final")
    assert len(fake.requests) == before


def test_peoples_words_are_never_taken_for_markup(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered(HARMLESS, (({"label": "<b>Ja</b>", "data": "y"},),)))
    assert (ola.last.text, ola.last.entities, ola.labels) == (HARMLESS, [], ["<b>Ja</b>"])
    assert isinstance(sent, Sent)
    house.send(ola, Rendered(f"Igjen: {HARMLESS}"), "edit", target=sent.id)
    house.send(ola, Rendered(HARMLESS, image={"blob": "x", "alt": ""}), image=PIXEL)
    assert [one.text for one in ola.messages] == [f"Igjen: {HARMLESS}", HARMLESS]
    assert [one.entities for one in ola.messages] == [[], []]
    assert not any("parse_mode" in request.params for request in fake.requests)


def test_no_link_draws_a_preview(fake: TelegramFake, house: House) -> None:
    """A preview would open a sign-in link before its owner does."""
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("https://samskab.example/login/abc"))
    assert isinstance(sent, Sent)
    house.send(ola, Rendered("https://samskab.example/login/abd"), "edit", target=sent.id)
    asked = [request for request in fake.requests if request.method in ("sendMessage", "editMessageText")]
    assert len(asked) == 2
    assert all("is_disabled" in str(request.params["link_preview_options"]) for request in asked)


def test_a_sign_in_link_is_a_button_or_where_telegram_takes_none_a_line(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    for base in ("http://127.0.0.1:8000", "http://localhost:8000"):
        link = {"label": "Logg inn", "url": f"{base}/login/abc"}
        assert isinstance(house.send(ola, Rendered("Her er lenken.", ((link,),))), Sent)
    button, line = ola.messages
    assert (button.text, button.buttons) == ("Her er lenken.", [[("Logg inn", "http://127.0.0.1:8000/login/abc")]])
    assert (line.text, line.buttons) == ("Her er lenken.\n\nLogg inn: http://localhost:8000/login/abc", [])


def test_a_picture_comes_with_its_words_and_what_it_shows(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    shown = Rendered("Resultat", YES, image={"blob": "x", "alt": "Søyler: benker 7, nattbuss 12"})
    sent = house.send(ola, shown, image=PIXEL)
    assert sent == Sent(str(ola.last.id)) and ola.last.photo == PIXEL and ola.labels == ["Ja"]
    assert ola.last.caption == "Resultat\n\nSøyler: benker 7, nattbuss 12"
    assert isinstance(sent, Sent)
    assert house.send(ola, Rendered("Rettet: " + "😀" * 900), "edit", target=sent.id) == sent
    assert ola.last.photo == PIXEL and ola.labels == []
    caption = ola.last.caption or ""
    assert caption.startswith("Rettet: 😀") and caption.endswith("…")


def test_words_too_long_for_a_picture_follow_it(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    text = "😀 " * 500
    sent = house.send(ola, Rendered(text, YES, image={"blob": "x", "alt": "Søyler " * 300}), image=PIXEL)
    photo, said = ola.messages
    assert sent == Sent(str(said.id)) and photo.photo == PIXEL and (photo.caption or "").startswith("Søyler")
    assert (photo.labels, said.labels, said.text) == ([], ["Ja"], text.strip())


def test_a_long_text_comes_in_parts_with_the_buttons_on_the_last(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("\n\n".join(f"{n} " + "😀 " * 700 for n in range(5)), YES))
    assert sent == Sent(str(ola.last.id)) and len(ola.messages) > 2
    assert [one.labels for one in ola.messages] == [[]] * (len(ola.messages) - 1) + [["Ja"]]
    assert "".join(one.text for one in ola.messages).count("😀") == 3500


@pytest.mark.parametrize("trouble", ["too many", "down"])
def test_a_long_text_that_broke_off_goes_on_where_it_was(fake: TelegramFake, house: House, trouble: str) -> None:
    ola = fake.user("Ola", started=True)
    long = Rendered("\n\n".join(f"{n} " + "ord " * 700 for n in range(4)), YES)
    original = fake.server.world.add

    def break_off(*args: Any, **more: Any) -> Any:
        fake.server.world.add = original  # type: ignore[method-assign]
        if trouble == "down":
            fake.reset("sendMessage")
        else:
            fake.fail("sendMessage", 429, retry_after=3)
        return original(*args, **more)

    fake.server.world.add = break_off  # type: ignore[method-assign]
    assert house.send(ola, long, row=7) == (Uncertain() if trouble == "down" else RetryAfter(3))
    assert len(ola.messages) == 1
    assert house.send(ola, long, row=7) == Sent(str(ola.last.id))
    assert "".join(one.text for one in ola.messages).count("ord") == 2800
    assert [one.text[0] for one in ola.messages] == sorted({one.text[0] for one in ola.messages})
    assert ola.labels == ["Ja"]


def test_each_further_part_waits_for_a_slot(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    said: list[int] = []

    async def slot() -> None:
        said.append(len(ola.messages))

    house.send(ola, Rendered("\n\n".join("ord " * 700 for _part in range(4))), slot=slot)
    assert said == [1, 2, 3] and len(ola.messages) == 4


@pytest.mark.parametrize("paid", [False, True])
def test_only_a_message_with_a_paid_slot_is_paid_for(fake: TelegramFake, house: House, paid: bool) -> None:
    ola = fake.user("Ola", started=True)
    house.send(ola, Rendered("Hei"), paid=paid)
    house.send(ola, Rendered("Resultat", image={"blob": "x", "alt": "Søyler"}), image=PIXEL, paid=paid)
    asked = [request for request in fake.requests if request.method in ("sendMessage", "sendPhoto")]
    assert ["allow_paid_broadcast" in request.params for request in asked] == [paid, paid]


def test_whether_telegram_is_well_is_asked_without_a_message(fake: TelegramFake, house: House) -> None:
    assert house.do(house.telegram.well())
    fake.down()
    assert not house.do(house.telegram.well())
    fake.up()
    fake.fail("getMe", 401)
    assert not house.do(house.telegram.well())


def test_a_paid_pace_is_a_setting(house: House) -> None:
    async def accept(_event: object) -> Outcome:
        return Outcome()

    paid = Telegram(token=TOKEN, webhook_secret=HOOK, base_url="", accept=accept, paid=True)
    assert (house.telegram.pace.bulk, house.telegram.pace.in_flight) == (28, 14)
    assert (paid.pace.bulk, paid.pace.in_flight) == (968, 64)


def test_ten_thousand_characters_fit_an_edit_too(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    sent = house.send(ola, Rendered("Hei"))
    assert isinstance(sent, Sent)
    assert house.send(ola, Rendered("😀" * 10_000), "edit", target=sent.id) == sent
    assert ola.last.text == "😀" * 2047 + "…"


def test_told_to_wait_we_hand_the_wait_on_and_do_not_sleep(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    fake.fail("sendMessage", 429, retry_after=37)
    began = time.monotonic()
    assert house.send(ola, Rendered("Hei")) == RetryAfter(37.0)
    assert time.monotonic() - began < 5
    assert [request.status for request in fake.requests if request.method == "sendMessage"] == [429]


def test_who_has_blocked_us_is_gone(fake: TelegramFake, house: House) -> None:
    ola, stranger = fake.user("Ola", started=True), fake.user("Kari")
    ola.blocks_bot()
    assert house.send(ola, Rendered("Hei")) == Gone()
    assert house.send(ola, Rendered("Hei"), "edit", target="1") == Gone()
    assert house.send(stranger, Rendered("Hei")) == Gone()
    assert house.send(424242, Rendered("Hei")) == Gone()


def test_a_group_that_has_moved_tells_where(fake: TelegramFake, house: House) -> None:
    group = fake.group("Ungdomsrådet")
    old = group.id
    group.upgrades()
    assert house.send(old, Rendered("Hei")) == Moved(str(group.id))


def test_a_message_telegram_refuses_is_refused_without_its_words(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    fake.fail("sendMessage", 400, description="Bad Request: BUTTON_DATA_INVALID: hemmelig")
    assert house.send(ola, Rendered("Hei")) == Refused("button_data_invalid")


@pytest.mark.parametrize("before", [True, False])
def test_when_the_line_breaks_we_do_not_know(fake: TelegramFake, house: House, before: bool) -> None:
    ola = fake.user("Ola", started=True)
    fake.reset("sendMessage", before=before)
    assert house.send(ola, Rendered("Hei")) == Uncertain()
    assert len(ola.messages) == (0 if before else 1)


def test_an_answer_that_is_broken_or_none_of_telegrams_is_not_known_either(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    fake.truncate("sendMessage")
    assert house.send(ola, Rendered("Hei")) == Uncertain()
    fake.down()
    assert house.send(ola, Rendered("Hei")) == Uncertain(unwell=True)
    fake.up()
    assert isinstance(house.send(ola, Rendered("Hei")), Sent)


def test_with_nobody_at_the_other_end_it_is_known_that_nothing_was_sent() -> None:
    async def accept(_event: object) -> Outcome:
        return Outcome()

    async def run() -> Result:
        telegram = Telegram(token=TOKEN, api_url="http://127.0.0.1:9", webhook_secret=HOOK, base_url="", accept=accept)
        try:
            return await telegram.send(Delivery(1, "send", Address(telegram.account, "7"), Rendered("Hei")))
        finally:
            await telegram.stop()

    assert asyncio.run(run()) == RetryAfter(None)


def test_trouble_with_the_token_costs_no_message(
    fake: TelegramFake, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ola = fake.user("Ola", started=True)
    fake.fail("sendMessage", 401)
    assert house.send(ola, Rendered("Hei")) == RetryAfter(None)
    assert "SAMSKAB_TELEGRAM_TOKEN" in capsys.readouterr().out


def test_a_method_the_server_lacks_stops_that_message_alone(fake: TelegramFake, house: House) -> None:
    ola = fake.user("Ola", started=True)
    fake.lacks("sendPhoto")
    picture = Rendered("Resultat", image={"blob": "x", "alt": "Søyler"})
    assert house.send(ola, picture, image=PIXEL) == Refused("method not found")
    assert isinstance(house.send(ola, Rendered("Hei")), Sent)
