"""Recordings on the web: brought along by a page, heard by those who may, in parts, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.people import Person, Role
from storage import answers, prompts, recordings
from tests import sounds
from tests.web.site import Browser, Site
from tests.web.test_browser import CHROMIUM, chromium, live, sound

__all__ = ["live"]
# A recording is read by the browser as sound, and is played a little.
KNOWN = """new Promise((known) => { const audio = document.querySelector("audio");
  if (audio.readyState) known(); else audio.addEventListener("loadedmetadata", known); })"""
PLAYED = """new Promise((played) => { const audio = document.querySelector("audio"); audio.play();
  audio.addEventListener("timeupdate", () => { if (audio.currentTime > 0.2) played(); }); })"""


def asked(site: Site, *people: Person, seen_by: str = "named", questions: int = 1) -> int:
    """Questions that can be spoken, sent to the committee's members."""
    with site.db.transaction() as tx:
        values: dict[str, Any] = {"text": {"en": "the evenings"}, "deadline_at": site.now.replace(day=12)}
        values |= {"state": "open", "seen_by": seen_by, "sent_at": site.now}
        prompt = prompts.draft(tx, site.committee.id, "questions", people[0].id, site.now, **values)
        for _number in range(questions):
            prompts.add_question(tx, prompt.id, "free_text", {"en": "What is missing?"}, {"spoken": True})
    return prompt.id


@pytest.fixture
def frida(site: Site) -> Person:
    return site.person("Frida", Role.FACILITATOR)


@pytest.fixture
def ola(site: Site, frida: Person) -> Browser:
    person = site.person("Ola", Role.CITIZEN)
    number = asked(site, frida)
    browser = site.signed_in(person)
    form = next(form for form in browser.opens("/talk").page.forms if form.action == "/press")
    data = {**dict(form.fields), "data": f"open:answers:{number}"}
    return browser._took(browser.client.post("/press", data=data))


def speaks(browser: Browser, sound: bytes, name: str = "answer.ogg", **fields: str) -> Browser:
    form = next(form for form in browser.page.forms if form.action.startswith("/form/"))
    data = {**dict(form.fields), **fields}
    file = [("s-q1", (name, sound, "audio/ogg"))]
    return browser._took(browser.client.post(form.action, data=data, files=file))


def standing(site: Site) -> Any:
    with site.db.reading() as tx:
        row = tx.exec_driver_sql("SELECT person_id FROM answer").first()
        found = answers.of(tx, 1, row.person_id) if row else None
    return found and found.values["q1"]


def test_a_recording_is_sent_heard_and_deleted_without_scripts(site: Site, ola: Browser) -> None:
    page = ola.client.get(ola.path)
    assert "microphone=(self)" in page.headers["permissions-policy"]
    assert "media-src 'self' blob:" in page.headers["content-security-policy"]
    speaks(ola, sounds.ogg(42)).sees("Your answers are in:", "A voice answer, 0:42")
    assert standing(site) == ["1", "42"]
    ola.opens("/voice/1").sees("What is missing?", "A voice answer, 0:42")
    sound = ola.client.get("/voice/1/sound")
    assert sound.content == sounds.ogg(42)
    wanted = {"content-type": "audio/ogg", "cache-control": "no-store", "x-content-type-options": "nosniff"}
    wanted |= {"content-disposition": "inline", "accept-ranges": "bytes"}
    assert {name: sound.headers[name] for name in wanted} == wanted
    ola.presses("Delete the recording").sees("Delete it?").presses("Yes, delete it").sees("It is deleted.")
    assert standing(site) is None
    assert ola.opens("/voice/1").status == 404
    assert site.rows()["sound"] == 0


@pytest.mark.parametrize(
    ("asked_for", "status", "part"),
    [
        ("bytes=0-3", 206, (0, 4)),
        ("bytes=10-", 206, (10, None)),
        ("bytes=-5", 206, (-5, None)),
        ("bytes=5-100000", 206, (5, None)),
        ("bytes=100000-", 416, (0, 0)),
        ("bytes=-", 200, (0, None)),
        ("bytes=0-1,4-5", 200, (0, None)),
        ("nonsense", 200, (0, None)),
        (f"bytes={'9' * 5000}-", 200, (0, None)),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    site: Site, ola: Browser, asked_for: str, status: int, part: tuple[int, int | None]
) -> None:
    speaks(ola, whole := sounds.ogg(42))
    answer = ola.client.get("/voice/1/sound", headers={"range": asked_for})
    assert answer.status_code == status
    assert answer.content == whole[part[0] : part[1]]
    if status == 206:
        first = part[0] % len(whole)
        assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (sounds.PDF, "What you sent is no recording that we can play."),
        (sounds.ogg(181), "That recording is too long: there is room for 3 minutes."),
        (sounds.wav(5) + b"\x80" * 5_000_000, "That recording is too long"),
    ],
)
def test_what_is_no_short_recording_is_refused_on_the_page(site: Site, ola: Browser, sound: bytes, why: str) -> None:
    speaks(ola, sound, "voice.ogg").sees(why, "Please look at this once more")
    assert ola.status == 422
    assert site.rows()["recording"] == 0
    speaks(ola, sounds.ogg(3)).sees("A voice answer, 0:03")


def test_an_empty_file_is_no_answer_and_thirty_megabytes_are_not_taken(site: Site, ola: Browser) -> None:
    form = ola.path
    assert speaks(ola, b"\0" * 30_000_000).status == 413
    speaks(ola.opens(form), b"").sees("Your answers are in:", "skipped")
    assert site.rows()["recording"] == 0


def test_whoever_is_not_signed_in_sends_no_files(site: Site, ola: Browser) -> None:
    stranger = site.browser()
    files = {"s-q1": ("answer.ogg", sounds.ogg(42) + b"\0" * 1_000_000, "audio/ogg")}
    assert stranger.client.post("/form/answers/1", data={"fields": "q1"}, files=files).status_code == 413


def test_the_same_page_sent_twice_is_one_recording(site: Site, ola: Browser) -> None:
    form = next(form for form in ola.page.forms if form.action.startswith("/form/"))
    for _time in range(2):
        ola.client.post(form.action, data=dict(form.fields), files=[("s-q1", ("a", sounds.ogg(3), "audio/ogg"))])
    assert site.rows()["recording"] == 1


def test_recorded_and_written_is_one_too_many_and_nobody_speaks_twice(site: Site, ola: Browser) -> None:
    speaks(ola, sounds.ogg(3), **{"f-q1": "Lights"}).sees("You have recorded an answer and written one.")
    form = next(form for form in ola.page.forms if form.action.startswith("/form/"))
    data = {**dict(form.fields), "f-q1": ""}
    ola._took(ola.client.post(form.action, data=data)).sees("A voice answer, 0:03")
    assert standing(site) == ["1", "3"]


def test_a_facilitator_with_the_rights_of_staff_listens_and_writes_down(
    site: Site, ola: Browser, frida: Person
) -> None:
    speaks(ola, sounds.ogg(42))
    assert site.signed_in(frida).opens("/voice/1").status == 404  # by a link in a chat
    desk = site.signed_in(frida, staff=True).opens("/voice/1").sees("What is missing?", "A voice answer, 0:42")
    desk.does_not_see("Delete the recording")
    assert desk.client.get("/voice/1/sound").content == sounds.ogg(42)
    desk.presses("Write it down", words="More lights").sees("It is written down")
    assert standing(site) == "More lights"
    desk.opens("/voice/1").does_not_see("Write it as it was said.")


def test_it_is_heard_by_nobody_else(site: Site, ola: Browser) -> None:
    speaks(ola, sounds.ogg(42))
    others = (Role.CITIZEN, Role.SECRETARIAT, Role.CHAIR, Role.OWNER)
    for role in others:
        stranger = site.signed_in(site.person(role.value, role), staff=True)
        for path in ("/voice/1", "/voice/1/sound", "/voice/99"):
            assert stranger.opens(path).status == 404, (role, path)
    nobody = site.browser()
    assert nobody.opens("/voice/1").path == "/signin"
    assert nobody.opens("/voice/1/sound").status == 404


def test_members_hear_it_only_where_all_see_names_and_it_is_shared(site: Site, ola: Browser) -> None:
    speaks(ola, sounds.ogg(42))
    kari = site.signed_in(site.person("Kari", Role.CITIZEN))
    for seen_by, piling, status in (("members", "ready", 404), ("named", "shared", 404), ("members", "shared", 200)):
        with site.db.transaction() as tx:
            prompts.change(tx, 1, seen_by=seen_by, piling=piling)
        assert kari.opens("/voice/1/sound").status == status, (seen_by, piling)
    kari.opens("/voice/1").does_not_see("Delete the recording", "Write it down")


def test_another_ones_recording_is_no_answer(site: Site, ola: Browser) -> None:
    kari = site.person("Kari", Role.CITIZEN)
    with site.db.transaction() as tx:
        prompt = prompts.get(tx, 1)
        assert prompt is not None
        theirs = recordings.keep(tx, prompt, 1, kari.id, site.now, sounds.ogg(3), kind="audio/ogg", reference="x")
    form = next(form for form in ola.page.forms if form.action.startswith("/form/"))
    ola._took(ola.client.post(form.action, data={**dict(form.fields), "r-q1": str(theirs)}))
    ola.sees("That is not here any more")
    assert standing(site) is None


def test_my_data_has_ones_own_recordings_to_listen_to(site: Site, ola: Browser) -> None:
    speaks(ola, sounds.ogg(42))
    page = ola.opens("/mydata").sees("Recordings of your voice", "A voice answer, 0:42")
    assert '<audio controls preload="none" src="/voice/1/sound">' in page.html


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_is_recorded_in_the_page_played_and_deleted(live: Site, width: int) -> None:
    frida, ola = live.person("Frida", Role.FACILITATOR), live.person("Ola", Role.CITIZEN)
    number = asked(live, frida)
    with chromium("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as browser:
        page = browser.new_page(viewport={"width": width, "height": 844})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(live.web.base_url + live.link(ola, path=f"/form/answers/{number}"))
        page.click("main button.strong")
        page.click("main button.strong")
        sound(page)
        page.get_by_role("button", name="Record my answer").click()
        page.get_by_text("Recording 0:02").wait_for(timeout=9000)
        page.get_by_role("button", name="Stop the recording").click()
        page.get_by_text("Recorded. Listen to it").wait_for()
        page.evaluate(KNOWN)
        sound(page)
        page.get_by_role("button", name="Delete this recording").click()
        assert page.evaluate("document.querySelector('input[type=file]').files.length") == 0
        page.get_by_role("button", name="Record my answer").click()
        page.get_by_text("Recording 0:01").wait_for(timeout=9000)
        page.get_by_role("button", name="Stop the recording").click()
        page.get_by_text("Recorded. Listen to it").wait_for()
        page.click("main form button.strong")
        assert "A voice answer, 0:0" in page.inner_text("main")
        page.goto(f"{live.web.base_url}/voice/1")
        sound(page)
        page.evaluate(PLAYED)
        page.get_by_role("button", name="Delete the recording").click()
        page.get_by_role("button", name="Yes, delete it").click()
        page.get_by_text("It is deleted.").wait_for()
        assert faults == []
    assert standing(live) is None
    assert live.rows()["sound"] == 0
