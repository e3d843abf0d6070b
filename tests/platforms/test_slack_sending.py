"""Slack: what becomes of a message, also when the line breaks: sent once, or known not to be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.chat.delivery import Gone, Refused, RetryAfter, Sent, Uncertain
from bot.chat.messages import Rendered
from tests.fakes.slack import SlackFake
from tests.platforms.slack_house import House, opened, workspace

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def fake() -> Iterator[SlackFake]:
    with workspace() as slack:
        yield slack


@pytest.fixture
def sending(fake: SlackFake) -> Iterator[House]:
    with opened(fake) as found:
        yield found


def test_a_message_is_sent_changed_and_taken_back(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    sent = sending.send(ola.id, Rendered("Kom <!channel> & hør", (({"label": "Nettsiden", "url": "https://a.no"},),)))
    assert isinstance(sent, Sent) and sent.id == ola.messages[0].ts
    assert "Kom <!channel> & hør" in ola.messages[0].shown and "<!channel>" not in ola.messages[0].text
    assert sending.send(ola.id, Rendered("Avlyst"), "edit", target=sent.id) == sent
    assert (ola.messages[0].shown, ola.messages[0].buttons) == ("Avlyst", [])
    assert sending.send(ola.id, Rendered(""), "delete", target=sent.id) == sent
    assert sending.send(ola.id, Rendered(""), "delete", target=sent.id) == sent
    assert sending.send(ola.id, Rendered("Avlyst"), "edit", target=sent.id) == Refused("final")
    assert ola.messages == []


def test_our_commands_are_said_as_slack_takes_them(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    sending.send(ola.id, Rendered("Skriv /status. Ikke og/status, /te eller https://a.no/status"))
    assert ola.messages[0].shown == "Skriv /samskab status. Ikke og/status, /te eller https://a.no/status"


def test_a_picture_comes_with_its_words(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    shown = Rendered("Resultat", image={"blob": "x", "alt": "Benker 7, nattbuss 12"})
    assert isinstance(sending.send(ola.id, shown, image=PIXEL), Sent)
    assert [(one.alt, one.data) for one in ola.messages[0].images] == [("Benker 7, nattbuss 12", PIXEL)]


def test_a_message_too_long_for_one_comes_whole_and_once(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    long = Rendered("\n\n".join(f"{n} " + "ord " * 700 for n in range(7)), (({"label": "Ja", "data": "y:1"},),))
    fake.fail("chat.postMessage", error="ratelimited", status=429, retry_after=1)
    assert sending.send(ola.id, long, row=7) == RetryAfter(1, op="send")
    fake.wait_until(
        lambda: not fake.server.limits.blocked or max(fake.server.limits.blocked.values()) < fake.server.limits.clock()
    )
    sent = sending.send(ola.id, long, row=7)
    assert len(ola.messages) == 2 and sent == Sent(ola.messages[-1].ts)
    assert [button.label for button in ola.messages[-1].buttons] == ["Ja"] and not ola.messages[0].buttons
    assert "".join(one.shown for one in ola.messages).count("ord") == 4900


def test_who_is_gone_is_gone(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    sending.send(ola.id, Rendered("Hei"))
    ola.is_deactivated()
    assert sending.send(ola.id, Rendered("Hei")) == Gone()
    assert sending.send("U0NOBODY", Rendered("Hei")) == Gone()


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_trouble_with_the_token_costs_no_message(fake: SlackFake, sending: House, error: str) -> None:
    ola = fake.user("Ola")
    fake.fail("chat.postMessage", error=error)
    assert sending.send(ola.id, Rendered("Hei")) == RetryAfter(None)


def test_a_message_slack_refuses_is_refused(fake: SlackFake, sending: House) -> None:
    fake.fail("chat.postMessage", error="invalid_blocks")
    assert sending.send(fake.user("Ola").id, Rendered("Hei")) == Refused("invalid_blocks")


def test_while_slack_is_out_of_reach_it_says_so_and_nothing_is_lost(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    fake.down()
    assert sending.send(ola.id, Rendered("Hei"), row=1) == Uncertain()
    assert not sending.do(sending.slack.well())
    fake.up()
    assert sending.do(sending.slack.well())
    assert isinstance(sending.send(ola.id, Rendered("Hei"), row=1, tried=True), Sent)
    assert len(ola.messages) == 1


@pytest.mark.parametrize("trouble", ["reset", "truncate"])
def test_what_arrived_though_the_line_broke_is_found_and_not_repeated(
    fake: SlackFake, sending: House, trouble: str
) -> None:
    ola = fake.user("Ola")
    if trouble == "reset":
        fake.reset("chat.postMessage", before=False)
    else:
        fake.truncate("chat.postMessage")
    assert sending.send(ola.id, Rendered("Hei"), row=5) == Uncertain()
    sent = sending.send(ola.id, Rendered("Hei"), row=5, tried=True)
    assert isinstance(sent, Sent) and [one.ts for one in ola.messages] == [sent.id]


def test_what_another_process_sent_is_found_too(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    sent = sending.send(ola.id, Rendered("Hei"), row=5)
    with opened(fake) as other:
        assert other.send(ola.id, Rendered("Hei"), row=5, tried=True) == sent
    assert len(ola.messages) == 1


def test_what_did_not_arrive_is_looked_for_before_it_is_repeated(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    fake.reset("chat.postMessage", before=True)
    assert sending.send(ola.id, Rendered("Hei"), row=5) == Uncertain()
    fake.fail("conversations.history", status=500)
    assert sending.send(ola.id, Rendered("Hei"), row=5, tried=True) == Uncertain(unwell=True)
    assert ola.messages == []
    assert isinstance(sending.send(ola.id, Rendered("Hei"), row=5, tried=True), Sent)
    assert len(ola.messages) == 1


def test_a_server_error_is_the_accounts_trouble(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    fake.fail("chat.postMessage", status=503, error="service_unavailable")
    assert sending.send(ola.id, Rendered("Hei"), row=5) == Uncertain(unwell=True)
    assert isinstance(sending.send(ola.id, Rendered("Hei"), row=5, tried=True), Sent)
    assert len(ola.messages) == 1


def test_a_limit_of_one_method_holds_up_its_own_kind_alone(fake: SlackFake, sending: House) -> None:
    ola = fake.user("Ola")
    sent = sending.send(ola.id, Rendered("Hei"))
    assert isinstance(sent, Sent)
    fake.fail("chat.update", error="ratelimited", status=429, retry_after=30)
    assert sending.send(ola.id, Rendered("Hallo"), "edit", target=sent.id) == RetryAfter(30, op="edit")
    assert isinstance(sending.send(ola.id, Rendered("Neste")), Sent)


def test_a_token_slack_does_not_know_is_out_of_reach(fake: SlackFake, sending: House) -> None:
    fake.fail("auth.test", error="invalid_auth")
    with pytest.raises(OSError, match="invalid_auth"):
        sending.do(sending.slack.start())


def test_the_account_is_named_by_the_workspace(sending: House) -> None:
    assert sending.slack.account == "slack:T0001"
