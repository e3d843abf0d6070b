"""A season with one member on the phone and on paper, and one politician who has e-mail and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.domain.people import Person, Role
from storage import contact, people
from tests.scenarios.test_everywhere import only
from tests.season import play, stage, words
from tests.season.browsing import Correspondent, Door
from tests.season.play import MISSES, Season
from tests.season.post import Town
from tests.season.stage import Reader

MAIL, PHONE, HOME = "poul@example.org", "+45 22 22 22 22", "Strandvej 1, 2900 Hellerup"
MOST = 200


@dataclass(frozen=True, slots=True)
class Call:
    """What Frida had before her when she called or printed."""

    at: datetime
    shown: str
    letter: str
    did: str


class Apart(Season):
    """The same season, of four who chat and two who do not."""

    def __init__(self, world: Town, folder: Path) -> None:
        self.calls: list[Call] = []
        super().__init__(world, "da")
        self.door = Door(world, folder)
        self.karen = self.joins("Karen", Role.CITIZEN)
        poul = self.joins("Poul", Role.POLITICIAN)
        with world.db.transaction() as tx:
            vault = world.engine.house.vault
            contact.give(tx, vault, self.karen.id, PHONE, world.now)
            contact.give_letter(tx, vault, self.karen.id, HOME, world.now)
            contact.give(tx, vault, poul.id, MAIL, world.now)
        self.poul = Correspondent(self.door, poul, MAIL, "da")

    def loads(self) -> None:
        self.world.load("gentofte-biblioteker", only("da"))

    def gathers(self) -> list[Reader]:
        return [self.reader(name, Role.CITIZEN) for name in ("Ole", "Nina", "Emil")]

    def joins(self, name: str, role: Role) -> Person:
        """Somebody the administration enters, with no account anywhere."""
        committee = self.world.committee
        assert committee is not None
        with self.world.db.transaction() as tx:
            person = people.add(tx, self.world.now, name, "da")
            people.give_role(tx, person.id, committee.id, role, self.world.now)
            people.change(tx, person.id, committee_id=committee.id)
        return person

    def printed(self, path: str) -> str:
        """A page as Frida prints it, signed in anew as on any morning."""
        self.door.comes()
        with self.world.db.reading() as tx:
            office = people.get(tx, self.frida.someone.id)
        browser = self.door.browser("da").opens(self.door.link(office, staff=True))
        return browser.presses(stage.words("Continue", "da")).opens(path).html

    def a_day(self, day: date) -> None:
        if day in ON_A_DATE:
            ON_A_DATE[day](self)
        for one in (self.frida, *self.members):
            self.reads(one)
        found = self.poul.news()
        for label, does in BY_MAIL.items():
            if self.poul.sees(found, label):
                does(self)

    def transcript(self) -> str:
        """What everybody saw, for reading."""
        calls = [f"[{one.at:%d %b %H:%M}] {one.did}\n{one.shown}" for one in self.calls]
        mails = [f"[{one.at:%d %b %H:%M}] {one.subject}\n{one.text}" for one in self.poul.letters]
        chats = self.world.transcripts(self.world.people)
        return "\n\n".join(["--- what Karen is told ---", *calls, "--- what Poul gets ---", *mails, chats])

    def duties(self, one: Reader) -> dict[str, Callable[[Season, Reader], None]]:
        found = super().duties(one)
        return {**found, "See whom to call": rings} if one is self.frida else found


# Frida at the phone ---------------------------------------------------------------------------------------


def rings(season: Season, frida: Reader) -> None:
    """Do all that waits, one after the other: call, say what is said, and enter what comes back."""
    assert isinstance(season, Apart)
    frida.says("/calls")
    while frida.label("{name}, until {until}") in frida.someone.labels:
        frida.presses("{name}, until {until}")
        shown, offered = frida.someone.last, frida.someone.labels
        number = frida.someone.messages[-1].message.buttons
        path = next(button["url"] for row in number for button in row if "/letter/" in button.get("url", ""))
        letter = season.printed(path.removeprefix(season.door.web.base_url))
        did = next((does for label, does in AT_THE_PHONE.items() if frida.label(label) in offered), settles)
        did(season, frida)
        assert len(season.calls) < MOST, "a call that never ends"
        season.calls.append(Call(season.world.now, shown, letter, did.__name__))
        frida.says("/calls")


def enters_answers(season: Season, frida: Reader) -> None:
    frida.presses("Enter the answers", "By phone")
    for text in words.ANSWERS["Karen"]:
        if frida.label("Enter these answers") in frida.someone.labels:
            break
        frida.presses("Skip") if text is None else frida.says(frida.own(text))
    frida.presses("Enter these answers")


def enters_vote(season: Season, frida: Reader) -> None:
    said = frida.someone.labels
    assert len(said) == len(set(said)), "what came for two reasons stands there once"
    frida.presses("Enter the vote")
    ticks = frida.someone.messages[-1].message.ticks
    assert ticks is not None
    frida.someone.ticks(*ticks["options"][:2])
    frida.presses("Enter this vote")


def settles(season: Season, frida: Reader) -> None:
    frida.presses("Done")


def enters_ticks(season: Season, frida: Reader) -> None:
    frida.presses("Enter the ticks")
    ticks = frida.someone.messages[-1].message.ticks
    assert ticks is not None
    frida.someone.ticks(*ticks["options"][:3]).presses(ticks["send_label"])


def says_what_she_meant(season: Season, frida: Reader) -> None:
    """Karen listens to the groups, and says once what one of hers was about."""
    if season.once("karen's correction"):
        frida.presses("Enter what was meant")
        while frida.label("By phone") not in frida.someone.labels:
            frida.someone.presses(frida.someone.labels[0])
        frida.presses("By phone").says(frida.own(words.MEANT)).presses("Enter the correction")
    frida.presses("Done")


def says_she_comes(season: Season, frida: Reader) -> None:
    frida.presses("Is coming", "Done")


AT_THE_PHONE: dict[str, Callable[[Season, Reader], None]] = {
    "Enter the ticks": enters_ticks,
    "Is coming": says_she_comes,
    "Enter the answers": enters_answers,
    "Enter the vote": enters_vote,
    "Enter what was meant": says_what_she_meant,
}


# Poul, who gets a mail ------------------------------------------------------------------------------------


def says_whether(season: Apart) -> None:
    missed = season.number() + 1 in MISSES["Poul"]
    season.poul.presses("I cannot come" if missed else "I am coming")


def answers(season: Apart) -> None:
    season.poul.presses("Start")
    season.poul.fills(words.ANSWERS["Poul"][0]["da"])  # type: ignore[index]


def catches_up(season: Apart) -> None:
    season.poul.presses("Answer now").fills(words.CAUGHT_UP["da"])


def ticks(season: Apart) -> None:
    season.poul.presses("Send", ticks=2)


def votes(season: Apart) -> None:
    season.poul.presses("Send my vote", ticks=2)


BY_MAIL: dict[str, Callable[[Apart], None]] = {
    "I am coming": says_whether,
    "Start": answers,
    "Answer now": catches_up,
    "Send": ticks,
    "Send my vote": votes,
}


# On a day of one's own choosing ---------------------------------------------------------------------------


def ideas(season: Apart) -> None:
    for name in ("Nina", "Emil"):
        season.member(name).says(f"/idea {words.IDEAS[name]['da']}")
    season.poul.says(f"/idea {words.IDEAS['Solveig']['da']}")
    frida = season.frida
    frida.says("/calls").presses("Enter an idea")
    frida.someone.presses("Karen")
    frida.presses("On paper").says(frida.own(words.ON_PAPER)).presses("Enter this idea")


def inquires(season: Apart) -> None:
    season.poul.says("/inquire").fills(words.ITEM["da"], "2026-12-10", words.BEFORE_ITEM["da"]).confirms()


ON_A_DATE: dict[date, Callable[[Apart], None]] = {
    date(2026, 4, 7): ideas,
    date(2026, 5, 5): play.asks_the_others,
    date(2026, 11, 25): inquires,
    date(2026, 12, 16): play.council,
}
