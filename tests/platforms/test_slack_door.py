"""Slack's door: who may knock, what is answered when, and nothing acknowledged that was not taken."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.chat.delivery import Answer, Unavailable
from bot.chat.events import Event, FormPage, Outcome, Press, RenderedField, Said
from bot.platforms.slack import Slack
from tests.platforms.test_slack import command, message, press, submission

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOWHERE = "http://127.0.0.1:9/api/"  # nobody listens there: Slack is down


class Ear:
    """Takes events as told, and remembers them."""

    def __init__(self, outcome: Outcome | Exception = Outcome()) -> None:  # noqa: B008 - a value
        self.outcome = outcome
        self.heard: list[Event] = []

    async def accept(self, event: Event) -> Outcome:
        self.heard.append(event)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def door(ear: Ear, team: str = "T0001", secret: str = SECRET) -> Slack:
    return Slack(
        bot_token="xoxb-1",
        signing_secret=secret,
        api_url=NOWHERE,
        base_url="http://localhost:8000",
        accept=ear.accept,
        team=team,
    )


def request(body: dict[str, Any], *, secret: str = SECRET, age: int = 0) -> tuple[dict[str, str], bytes]:
    """A body as Slack sends it, signed."""
    kind = "application/json" if body.get("type") == "event_callback" else "application/x-www-form-urlencoded"
    if kind == "application/json":
        raw = json.dumps(body)
    else:
        raw = urlencode(body if "command" in body else {"payload": json.dumps(body)})
    stamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=raw) or ""
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Type": kind}
    return headers, raw.encode()


def knock(slack: Slack, headers: dict[str, str], body: bytes) -> Answer:
    async def run() -> Answer:
        try:
            return await slack.receive(headers, body)
        finally:
            await slack.stop()

    return asyncio.run(run())


def test_a_signed_event_is_taken_before_it_is_acknowledged() -> None:
    ear = Ear()
    assert knock(door(ear), *request(message("Hei"))).status == 200
    assert [event.what for event in ear.heard] == [Said("Hei")]


@pytest.mark.parametrize("age", [400, -400])
def test_an_old_or_future_request_is_refused(age: int) -> None:
    ear = Ear()
    assert knock(door(ear), *request(message(), age=age)).status == 401
    assert ear.heard == []


def test_a_wrong_or_broken_signature_is_refused() -> None:
    ear = Ear()
    headers, body = request(message())
    wrong = [
        request(message(), secret="another"),
        (headers, body.replace(b"Hei", b"Nei")),
        ({**headers, "X-Slack-Signature": "v0=æ"}, body),
        ({**headers, "X-Slack-Request-Timestamp": "soon"}, body),
        ({"Content-Type": "application/json"}, body),
    ]
    assert [knock(door(ear), *one).status for one in wrong] == [401] * 5
    assert ear.heard == []


def test_without_a_signing_secret_the_door_is_shut() -> None:
    ear = Ear()
    assert knock(door(ear, secret=""), *request(message())).status == 403
    assert ear.heard == []


def test_what_is_too_large_or_no_text_is_refused() -> None:
    ear = Ear()
    headers, _body = request(message())
    assert knock(door(ear), headers, b"x" * 1_000_001).status == 413
    assert knock(door(ear), headers, b"\xff\xfe").status == 400
    assert knock(door(ear), headers, b"{not json").status == 400


def test_slack_can_ask_whether_the_address_is_ours() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    headers, _raw = request(message())
    stamp = headers["X-Slack-Request-Timestamp"]
    headers["X-Slack-Signature"] = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body) or ""
    answer = knock(door(Ear()), headers, body.encode())
    assert answer.status == 200 and json.loads(answer.body) == {"challenge": "abc"}


def test_until_the_workspace_is_known_slack_is_asked_to_come_again() -> None:
    ear = Ear()
    slack = door(ear, team="")
    assert slack.account == "slack"
    answer = knock(slack, *request(message()))
    assert (answer.status, answer.retry_after) == (503, 5)
    assert ear.heard == []


def test_another_workspace_is_not_heard_and_not_asked_again() -> None:
    ear = Ear()
    assert knock(door(ear, team="T0002"), *request(message())).status == 200
    assert ear.heard == []


def test_what_could_not_be_stored_is_not_acknowledged() -> None:
    answer = knock(door(Ear(Unavailable(7))), *request(message()))
    assert (answer.status, answer.retry_after) == (503, 7)


def test_a_person_at_a_button_or_window_is_asked_to_try_again() -> None:
    said = knock(door(Ear(Unavailable())), *request(command("status")))
    assert said.status == 200 and "try again" in json.loads(said.body)["text"]
    assert knock(door(Ear(Unavailable())), *request(press("second:3"))).status == 200
    body = submission("form", {"form": "signup", "subject": 4, "keys": ["name"]})
    body["view"]["blocks"] = [{"type": "input", "block_id": "name"}]
    answer = json.loads(knock(door(Ear(Unavailable())), *request(body)).body)
    assert answer["response_action"] == "errors" and "try again" in answer["errors"]["name"]
    review = knock(door(Ear(Unavailable())), *request(submission("review", {"form": "signup", "subject": 4})))
    told = json.loads(review.body)
    assert (review.status, told["response_action"]) == (200, "push"), "what was to be sent stays open under it"
    assert "try again" in told["view"]["blocks"][0]["text"]["text"]


def test_a_fault_of_ours_is_not_acknowledged_and_not_told_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert knock(door(Ear(RuntimeError("Hei"))), *request(message("Hei"))).status == 500
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err and "Hei" not in said.out + said.err


def test_an_unreadable_event_is_not_sent_for_ever() -> None:
    ear = Ear()
    body = submission("form", {})
    assert knock(door(ear), *request(body)).status == 200
    assert ear.heard == []


def test_errors_stand_under_their_fields_and_the_next_page_follows() -> None:
    body = submission("form", {"form": "signup", "subject": 4, "keys": ["name"]})
    body["view"]["blocks"] = [{"type": "input", "block_id": "name"}]
    page = FormPage("signup", 4, "Bli med", (RenderedField("why", "free_text", "Hvorfor?"),), submit="Fortsett")

    def answered(outcome: Outcome) -> Any:
        return json.loads(knock(door(Ear(outcome)), *request(body)).body)

    wrong = answered(Outcome(errors={"name": "Skriv noe her."}, opens=page))
    assert wrong == {"response_action": "errors", "errors": {"name": "Skriv noe her."}}
    following = answered(Outcome(opens=page))
    assert following["response_action"] == "update" and following["view"]["blocks"][0]["block_id"] == "why"
    elsewhere = answered(Outcome(errors={"gone": "Skriv noe her."}, opens=page))
    assert elsewhere["response_action"] == "update"
    assert answered(Outcome(done=True)) == {"response_action": "clear"}


def test_a_command_in_a_channel_is_answered_to_the_person_alone() -> None:
    answer = json.loads(knock(door(Ear()), *request(command("status"))).body)
    assert answer["response_type"] == "ephemeral" and "private" in answer["text"]
    here = knock(door(Ear()), *request(command("status", channel_name="directmessage")))
    assert here.status == 200 and here.body == b""


def test_a_trigger_is_handed_on_so_that_a_form_can_open_at_once() -> None:
    ear = Ear()
    knock(door(ear), *request(press("open:signup:4")))
    assert ear.heard[0].acknowledgement == "9.9.xyz" and ear.heard[0].what == Press("open", ("signup", "4"), "3.4")


def test_boxes_are_opened_without_telling_the_engine() -> None:
    ear = Ear()
    value = json.dumps({"send": "v", "args": [], "options": ["A"], "send_label": "S", "ticked": 0, "locale": "en"})
    assert knock(door(ear), *request(press(value))).status == 200
    assert ear.heard == []


def test_an_api_address_without_encryption_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        Slack(bot_token="x", signing_secret="y", api_url="http://slack.example/api/", base_url="", accept=Ear().accept)


def test_starting_while_slack_is_down_is_an_oserror() -> None:
    async def run() -> None:
        slack = door(Ear(), team="")
        try:
            await slack.start()
        finally:
            await slack.stop()

    with pytest.raises(OSError, match="out of reach"):
        asyncio.run(run())
