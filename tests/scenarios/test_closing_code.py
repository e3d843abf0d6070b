"""Votes sealed by the chair: the code is on paper and nowhere else, and without it nothing is counted."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import codes
from bot.domain.ballots import State
from bot.domain.errors import Refusal
from bot.domain.people import Role
from storage import ballots, keys
from tests.doors.stage import Stage
from tests.doors.web import Surfer
from tests.scenarios.test_prioritising import IDEAS

CODE = re.compile(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}")


def surfer(town: Stage, name: str, role: Role = Role.CITIZEN) -> Surfer:
    """Somebody with a role and a browser."""
    found = town.facilitator(name) if role is Role.FACILITATOR else town.member(name, role=role)
    assert isinstance(found, Surfer)
    return found


def prioritisation(town: Stage) -> tuple[Surfer, Surfer, list[Surfer]]:
    """A facilitator has drafted and released a prioritisation; the chair and four members are there."""
    town.load(change=lambda source: 'sealed_by = "chair"\n' + source)
    town.people_are = Surfer
    chair = surfer(town, "Chair", Role.CHAIR)
    members = [surfer(town, f"Member{number}") for number in range(4)]
    frida = surfer(town, "Frida", Role.FACILITATOR)
    for idea in IDEAS:
        members[0].says(f"/idea {idea}")
    closes = (town.now + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    frida.says("/ballot").fills(
        {
            "What shall the prioritisation be called?": "What first",
            "Which ideas": IDEAS,
            "When does it open?": "As soon as I send it",
            "When does it close?": closes,
        }
    )
    frida.presses("See how it will look").hears("The chair takes a closing code before it opens")
    frida.presses("Open it").hears("It opens as soon as that is done")
    return frida, chair, members


def taken(chair: Surfer) -> str:
    """The chair goes to the page, writes the code down and types it back."""
    chair.presses("Take the closing code").browser.sees("Write it on paper")
    found = CODE.search(chair.browser.page.text)
    assert found is not None
    chair.browser.presses("I have the code", code=found[0][:-1]).sees("That is not a closing code")
    assert not CODE.search(chair.browser.page.text), "another code would not be the one on the paper"
    chair.browser.presses("I have the code", code=found[0].lower().replace("-", " "))
    chair.browser.sees("The code is taken")
    chair.stage.settle()
    return found[0]


def forges(someone: Surfer, data: str) -> Surfer:
    """Press a button that is not on this person's page."""
    fields = dict(someone.browser.opens("/talk").form("Send").fields)
    someone.browser._took(someone.browser.client.post("/press", data={**fields, "data": data}))
    someone.stage.settle()
    return someone


def everything_on_disk(folder: Path) -> bytes:
    """Every byte that the service has written."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_only_the_chairs_code_counts_the_votes(without_telegram: Stage, tmp_path: Path) -> None:
    town = without_telegram
    frida, chair, members = prioritisation(town)
    members[0].does_not_hear("Which ideas should the committee go on with?")
    code = taken(chair)
    for someone in (*members, chair):
        someone.votes("Send my vote", "A night bus").hears("Your vote is in")
    private = codes.private_key(code)
    assert not keys.exists(town.app.engine.house.keys, 1)
    disk = everything_on_disk(tmp_path)
    assert private not in disk and code.encode() not in disk and codes.tidy(code).encode() not in disk
    town.wait(timedelta(days=3, minutes=1))
    with town.db.reading() as tx:
        assert ballots.get(tx, 1).state == State.CLOSING
    frida.hears("It is counted when the chair types the closing code")
    members[0].presses("Change my vote").hears("The prioritisation closed")
    chair.presses("Type the closing code").browser.sees("please sign in once more")
    chair.signs_in(chair.mail().links[-1])
    chair.browser.presses("Count the votes", code="nonsense")
    chair.browser.sees("That is not a closing code")
    chair.browser.presses("Count the votes", code=codes.closing_code())
    chair.browser.sees("not the one of this prioritisation")
    chair.browser.presses("Count the votes", code=code)
    town.settle()
    for someone in (frida, *members, chair):
        someone.hears("5 of 5 members took part")


def test_nobody_but_the_chair_gets_to_the_page(without_telegram: Stage) -> None:
    town = without_telegram
    frida, chair, members = prioritisation(town)
    for someone in (frida, members[0]):
        assert someone.browser.opens("/ballot/1/code").status == 404
    town.now += timedelta(minutes=20)
    assert chair.browser.opens("/ballot/1/code").status == 403
    chair.browser.sees("please sign in once more")
    assert chair.browser.opens("/ballot/7/code").status == 404


def test_a_lost_code_makes_the_ballot_void_after_a_question(without_telegram: Stage) -> None:
    town = without_telegram
    frida, chair, members = prioritisation(town)
    forges(frida, "lostcode:1").hears("No vote waits for a closing code")
    taken(chair)
    for someone in (*members, chair):
        someone.votes("Send my vote", "A night bus")
    forges(members[0], "novotes:1").hears("That is not here any more")
    town.wait(timedelta(days=4, minutes=2))
    with town.db.reading() as tx:
        assert ballots.get(tx, 1).state == State.CLOSING, "nobody is in a hurry to throw votes away"
    frida.presses("The code is lost").presses("No, we look for the code").hears("The votes stay as they are")
    forges(frida, "lostcode:1").presses("Yes, throw the votes away").hears("The votes are thrown away")
    members[0].hears("The prioritisation could not be counted")
    with town.db.reading() as tx:
        assert ballots.get(tx, 1).state == State.VOID
        assert ballots.turnout(tx, 1) == 0


def test_a_closing_code_tells_a_slip_of_the_pen() -> None:
    code = codes.closing_code()
    assert CODE.fullmatch(code)
    assert codes.private_key(code.lower().replace("-", "")) == codes.private_key(code)
    assert codes.private_key(code) != codes.private_key(codes.closing_code())
    other = "2" if code[3] != "2" else "3"
    for wrong in (code[:3] + other + code[4:], code[:-1], code + "A", "", "ÆØÅ"):
        with pytest.raises(Refusal):
            codes.private_key(wrong)
