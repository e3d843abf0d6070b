"""The logs of a whole run, in every detail: no name, no word that was written, no address and no secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.doors.outside import Outside
from tests.doors.stage import APP_TOKEN, BOT_TOKEN, HOOK, SIGNING, PostOffice
from tests.doors.web import Online
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram import fake as telegram_fake
from tests.scenarios.test_everywhere import FRI, SEAT, only
from tests.serve import SECRET
from tests.world import Someone

WHY, BRING, IDEA = "Jeg er bare funnet på for en prøve", "En oppdiktet trompet", "Flere oppdiktede benker"
TITLE = "Hva vi finner på"
EMAIL, PHONE = "astrid.oppdiktet@example.org", "+4700012345"
BOT = "7123456789:made-up-token-of-a-bot-in-no-log"


class MovedPost(PostOffice):
    """A mail server that may no longer know anybody, and says so with the address, as they do."""

    knows, refused = True, ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an address; the name is the library's."""
        if not self.knows:
            self.refused = address
            return f"550 5.1.1 <{address}>: no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def signs_up(world: Outside, name: str) -> None:
    """Somebody applies for a seat."""
    someone = world.person(name, "nb").starts("svelvik-ungdom").presses("Meld interesse")
    answers = {
        "Hvordan vil du være med?": SEAT,
        "Hvor gammel er du": "15 til 17 år",
        "Hvilket kjønn er du?": "Kvinne",
        "Hvem vi ser etter": (FRI,),
        "Hvorfor vil du være med": f"{WHY}. {BRING}, {PHONE}",
        "Hva skal vi kalle deg?": name,
        "kan vi nå deg?": EMAIL,
    }
    someone.fills(answers).presses("Send søknaden min").hears("Vi har søknaden din")


def votes(world: Outside) -> Someone:
    """A prioritisation of two ideas."""
    ola, frida = world.member("Ola Oppdiktet", locale="nb"), world.facilitator("Frida Oppdiktet", locale="nb")
    for name in ("Kari", "Per", "Pål", "Eva"):
        world.member(f"{name} Oppdiktet", locale="nb")
    for idea in (IDEA, "En oppdiktet nattbuss"):
        ola.says(f"/idea {idea}").hears("Ideen din står på lista")
    frida.says("/ballot").fills(
        {
            "Hva skal prioriteringen hete?": TITLE,
            "Hvilke ideer er valgt ut?": (IDEA, "En oppdiktet nattbuss"),
            "Når åpner den?": "Så snart jeg sender den",
            "Når lukker den?": "2026-03-06 12:00",
            "Hva ser utvalget når det er talt opp?": None,
        }
    )
    frida.presses("Se hvordan den blir").presses("Åpne den")
    return ola.votes("Send stemmen min", IDEA).hears("Stemmen din er mottatt")


def mailed(world: Outside, post: MovedPost) -> list[str]:
    """Somebody looks at the link of a mail and signs in by its code; what was secret in it."""
    browser = Online(world.service.url, "en")
    browser.opens("/signin").presses("Send me a link", email=EMAIL)
    asked = browser.html
    world.wait_until(lambda: post.to(EMAIL))
    text = post.to(EMAIL)[-1].get_content()
    token, code = re.findall(r"/login/(\S+)", text)[0], re.findall(r"\b\d{6}\b", text)[0]
    browser.opens(f"/login/{token}").sees("Sign in on this device")
    browser.html = asked
    browser.presses("Sign in with the code", code=code)
    assert browser.path == "/talk", browser.page.text
    found = [token, code, *browser.client.cookies.values()]
    browser.client.cookies.clear()
    post.knows = False
    world.now += timedelta(minutes=2)
    (later := world.clock.with_suffix(".new")).write_text(world.now.isoformat())
    later.replace(world.clock)  # in one step: the service reads it all the time
    browser.opens("/signin").presses("Send me a link", email=EMAIL)
    world.wait_until(lambda: post.refused)
    browser.client.close()
    return found


def told(log: str, words: Iterable[str]) -> set[str]:
    """Those of the words that stand in a log."""
    return {word for word in words if word.casefold() in log.casefold()}


def test_a_whole_run_in_every_detail_names_nobody_and_keeps_every_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_fake, "FIRST_PERSON", 7_318_204_455)
    post = MovedPost()
    with ExitStack() as stack:
        fake = stack.enter_context(TelegramFake(BOT))
        slack = stack.enter_context(SlackFake(BOT_TOKEN, SIGNING, APP_TOKEN))
        fake.limits = slack.limits = False
        post.start()
        stack.callback(post.stop)
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.url,
            "SMTP_URL": post.url,
        }
        (tmp_path / ".env").touch(mode=0o600)
        (tmp_path / ".env").write_text("".join(f"SAMSKAB_{name}={value}\n" for name, value in settings.items()))
        world = Outside(tmp_path, fake)
        stack.callback(world.ends)
        world.load("svelvik-ungdom", only("nb"))
        signs_up(world, "Astrid Oppdiktet")
        ola = votes(world)
        desk = slack.user("Slackbert Oppdiktet")
        world.wait_until(lambda: slack.connected)
        desk.says(WHY)
        world.wait_until(lambda: desk.messages)
        tokens = mailed(world, post)
        fake.fail("sendMessage", 400, description="Bad Request: made up")
        ola.says(BRING)
        assert world.service.stop() == 0
        chats = [str(person.id) for person in fake.people] + [desk.id]
    log = world.service.log.read_text()
    written = ["Oppdiktet", "Slackbert", WHY, BRING, IDEA, TITLE, EMAIL, PHONE[1:], *chats]
    secrets = [BOT, BOT.partition(":")[2], BOT_TOKEN, SIGNING, APP_TOKEN, HOOK, SECRET, *tokens]
    assert len(tokens) >= 3 and len(chats) == 8
    # What is known to be logged is found by the same search, so that the search itself is seen to work.
    known = "message refused"
    assert told(log, [*written, *secrets, "Traceback", '"exception"', known]) == {known}
