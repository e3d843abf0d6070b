"""Slack: conversations with a strict workspace over both doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.chat.delivery import Sent
from bot.chat.events import Address, Command, Event, FormPage, Outcome, Press, RenderedField, Said, Submitted
from bot.chat.messages import Rendered
from tests.fakes.slack import SlackFake
from tests.platforms.slack_house import House, opened, workspace


@pytest.fixture
def fake() -> Iterator[SlackFake]:
    with workspace() as slack:
        yield slack


@pytest.fixture(params=["http", "socket"])
def house(request: pytest.FixtureRequest, fake: SlackFake) -> Iterator[House]:
    """The same over both doors."""
    with opened(fake, sockets=request.param == "socket") as found:
        yield found


NAME = FormPage("signup", 4, "Bli med", (RenderedField("name", "text", "Navn?", longest=60),), submit="Fortsett")
REVIEW = FormPage(
    "signup",
    4,
    "Bli med",
    (RenderedField("name", "text", "Navn?", given=("Ola",)),),
    review=True,
    submit="Send",
    change="Endre",
)


def test_what_a_person_does_is_heard(fake: SlackFake, house: House) -> None:
    ola = fake.user("Ola", locale="nb-NO")
    ola.says("Flere benker & <lys>").command("/samskab", "status").opens_home()
    assert [event.what for event in house.heard] == [Said("Flere benker & <lys>"), Command("status"), Command("home")]
    assert {event.address for event in house.heard} == {Address("slack:T0001", ola.id)}
    assert {event.locale for event in house.heard} == {"nb-NO"}
    assert ola.warnings == []


def test_the_language_is_asked_for_once(fake: SlackFake, house: House) -> None:
    fake.user("Ola").says("Hei").says("Hei igjen")
    assert [one.method for one in fake.requests].count("users.info") == 1


def test_a_slack_that_does_not_tell_languages_is_no_trouble(fake: SlackFake, house: House) -> None:
    fake.lacks("users.info")
    fake.user("Ola", locale="nb-NO").says("Hei").says("Hei igjen")
    assert [event.locale for event in house.heard] == ["", ""]


def test_others_are_not_heard(fake: SlackFake, house: House) -> None:
    fake.says_from_other_team("Hei")
    fake.says_from_other_team("Hei", installed=True)
    ola = fake.user("Ola").says("Hei").edits("Hei", "Hallo").deletes("Hallo")
    house.send(ola.id, Rendered("Hei, Ola"))
    fake.wait_idle()
    assert [event.what for event in house.heard] == [Said("Hei")]


def test_a_form_is_filled_in_windows(fake: SlackFake, house: House) -> None:
    def answers(event: Event) -> Outcome:
        if isinstance(event.what, Submitted):
            empty = not event.what.values["name"][0].strip("-")
            return Outcome(errors={"name": "Skriv et navn."}, opens=NAME) if empty else Outcome(opens=REVIEW)
        if isinstance(event.what, Press) and event.what.route == "send":
            return Outcome(done=True)
        return Outcome(opens=NAME)

    house.answers = answers
    ola = fake.user("Ola")
    house.send(ola.id, Rendered("Vil du bli med?", (({"label": "Ja", "data": "open:signup:4"},),)))
    ola.presses("Ja")
    fake.wait_until(lambda: ola.modal)
    ola.fills({"Navn?": "--"}).submits()
    assert ola.modal_errors == {"Navn?": "Skriv et navn."}
    ola.fills({"Navn?": "Ola"}).submits()
    review = ola.modal
    assert review and review.submit == "Send" and "Ola" in review.shown
    ola.presses("Endre")
    fake.wait_until(lambda: ola.modal and ola.modal.labels == ["Navn?"])
    ola.fills({"Navn?": "Kari"}).submits().submits()
    assert ola.modal is None
    assert [event.what for event in house.heard if isinstance(event.what, Press)][1:] == [
        Press("redo", ("signup", "4", "name")),
        Press("send", ("signup", "4")),
    ]


def test_a_window_that_comes_too_late_is_offered_by_a_button(fake: SlackFake, house: House) -> None:
    fake.fail("views.open", error="expired_trigger_id")
    house.answers = lambda _event: Outcome(opens=NAME)
    ola = fake.user("Ola").command("/samskab", "status")
    fake.wait_until(lambda: ola.messages)
    ola.presses("Bli med")
    fake.wait_until(lambda: ola.modal)
    assert house.heard[-1].what == Press("open", ("signup", "4"), ola.messages[-1].ts)


def test_a_trigger_too_old_is_not_even_tried(fake: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.slack_follow.FRESH", 0.0)
    house.answers = lambda _event: Outcome(opens=NAME)
    ola = fake.user("Ola").command("/samskab", "status")
    fake.wait_until(lambda: ola.messages)
    assert [button.label for button in ola.messages[-1].buttons] == ["Bli med"]
    assert "views.open" not in [one.method for one in fake.requests]


def test_a_vote_is_ticked_in_a_window_and_is_known_only_to_whom_it_is_sent(fake: SlackFake, house: House) -> None:
    ticks = {"view": "t", "send": "vote", "args": ["17"], "send_label": "Send stemmen min", "ticked": 0}
    ola = fake.user("Ola")
    sent = house.send(ola.id, Rendered("Hva først?", ticks={**ticks, "options": ["Benker", "Nattbuss"]}, locale="nb"))
    ola.presses(ola.messages[-1].buttons[0].label)
    fake.wait_until(lambda: ola.modal)
    assert house.heard == []
    window = ola.modal
    assert window and "Hva først?" in window.shown
    ola.fills({window.labels[0]: ["Nattbuss"]}).submits()
    assert isinstance(sent, Sent)
    assert [event.what for event in house.heard] == [Press("vote", ("17", "2"), sent.id)]
    assert ola.modal is None


def test_a_view_is_drawn_anew_and_a_line_is_whispered(fake: SlackFake, house: House) -> None:
    ola = fake.user("Ola")
    house.send(ola.id, Rendered("Side 1", (({"label": "Neste", "data": "page:2"},),)))
    house.answers = lambda _event: Outcome(replaces=Rendered("Side 2"))
    ola.presses("Neste")
    fake.wait_until(lambda: ola.messages[-1].shown == "Side 2")
    house.send(ola.id, Rendered("Valg", (({"label": "Ja", "data": "yes:2"},),)))
    house.answers = lambda _event: Outcome(toast="Du har alt svart.")
    ola.presses("Ja")
    fake.wait_until(lambda: ola.messages[-1].ephemeral and ola.messages[-1].shown == "Du har alt svart.")


def test_the_home_page_is_shown_and_its_buttons_work(fake: SlackFake, house: House) -> None:
    ola = fake.user("Ola")
    result = house.send(ola.id, Rendered("To spørsmål venter", (({"label": "Svar", "data": "a:1"},),)), "home")
    assert isinstance(result, Sent) and ola.home and "To spørsmål" in ola.home.shown
    ola.presses("Svar")
    assert house.heard[-1].what == Press("a", ("1",))


def test_a_socket_that_is_renewed_loses_nothing(fake: SlackFake) -> None:
    with opened(fake, sockets=True) as house:
        fake.refresh_sockets()
        fake.wait_until(lambda: fake.connected == 1, timeout=20)
        fake.user("Ola").says("Hei")
        fake.wait_until(lambda: house.heard)
        assert fake.pending == []


def test_the_address_is_verified_and_a_raw_knock_refused(fake: SlackFake) -> None:
    with opened(fake) as house:
        assert fake.verify_url()
        assert fake.post_raw("{}", {"Content-Type": "application/json"})[0] == 401
        old = fake.sign("{}", ts=1_000_000)
        assert fake.post_raw("{}", {"Content-Type": "application/json", **old})[0] == 401
        assert house.heard == []
