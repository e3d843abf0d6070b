"""A whole season of the libraries' committee: everybody reads at ten, and does what the newest message asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.people import Role
from storage import meetings
from tests.scenarios.test_beforehand import mornings
from tests.season import words
from tests.season.stage import Reader
from tests.world import World

CITIZENS = ("Ole", "Karen", "Nina", "Emil", "Yusuf", "Solveig")
MISSES = {"Yusuf": (2, 3), "Emil": (2,), "Poul": (4,)}
SILENT = "Berit"  # says neither whether she comes nor what she thinks


class Season:
    """The committee and its year, in one language."""

    def __init__(self, world: World, language: str) -> None:
        self.world, self.language = world, language
        self.loads()
        self.frida = Reader(world.facilitator(locale=language), language)
        self.sekri = Reader(world.secretariat(locale=language), language)
        self.chair = self.reader("Cecilie", Role.CHAIR)
        self.members = [*self.gathers(), self.chair]
        self.done: set[str] = set()

    def loads(self) -> None:
        """The committee's task."""
        if self.language == "da":
            self.world.load("gentofte-biblioteker")
        else:
            source = (Path(__file__).parent / "nordvik-bibliotek.toml").read_text(encoding="utf-8")
            self.world.load(change=lambda other: source)

    def gathers(self) -> list[Reader]:
        """The members who chat, beside the chair."""
        politicians = [self.reader(name, Role.POLITICIAN) for name in ("Poul", SILENT)]
        return [*(self.reader(name, Role.CITIZEN) for name in CITIZENS), *politicians]

    def reader(self, name: str, role: Role) -> Reader:
        language = "nn" if name == "Solveig" and self.language == "nb" else self.language
        return Reader(self.world.member(name, locale=language, role=role), language)

    def member(self, name: str) -> Reader:
        return next(one for one in self.members if one.name == name)

    def played(self) -> None:
        """From the approved calendar to the council's answers."""
        mornings(self.world)
        self.frida.says("/season").presses("Approve the calendar")
        day = self.world.now.date()
        while day < date(2026, 12, 20):
            self.world.until(datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9))
            self.a_day(day)
            day += timedelta(days=1)

    def a_day(self, day: date) -> None:
        """What somebody does of an own accord, and then everybody reads; the facilitator first."""
        if day in ON_A_DATE:
            ON_A_DATE[day](self)
        for one in (self.frida, *self.members):
            self.reads(one)

    def reads(self, one: Reader) -> None:
        """Do what the new messages ask for, the first thing first."""
        labels = one.news()
        for label, does in self.duties(one).items():
            if one.sees(labels, label):
                does(self, one)
        one.read = self.world.newest_row()

    def duties(self, one: Reader) -> dict[str, Callable[[Season, Reader], None]]:
        """What somebody does about each button."""
        return FACILITATOR if one is self.frida else MEMBER

    def number(self) -> int:
        """How many meetings have been held."""
        with self.world.db.reading() as tx:
            return len(meetings.held(tx, 1, self.world.now, 100))

    def once(self, what: str) -> bool:
        new = what not in self.done
        self.done.add(what)
        return new


# The facilitator ------------------------------------------------------------------------------------------


def looks_at_meeting(season: Season, frida: Reader) -> None:
    """Write place and agenda, and announce it; later look whether it still holds."""
    frida.presses("Look at the meeting")
    if frida.label("Write place and agenda") in frida.someone.labels:
        agenda = words.AGENDAS[min(season.number(), 1)]
        frida.presses("Write place and agenda").writes(words.PLACE, agenda)
        frida.presses("Save the change", "Announce")


def sends_questions(season: Season, frida: Reader) -> None:
    frida.presses("Look at the questions", "Send to {count} member")


def sends_statements(season: Season, frida: Reader) -> None:
    frida.presses("Look at the five statements")
    if frida.label("Send it to the members") in frida.someone.labels:
        frida.presses("Send it to the members")


def writes_minutes(season: Season, frida: Reader) -> None:
    """Who was there, and then what was said."""
    held = season.number()
    absent = [name for name, missed in MISSES.items() if held in missed]
    frida.says("/meetings").presses("{when} (held)", "Who was there?")
    seen = frida.someone.messages[-1].message.ticks
    assert seen is not None
    there = {name for place, name in enumerate(seen["options"]) if seen["ticked"] >> place & 1}
    frida.someone.ticks(*sorted(there ^ (set(seen["options"]) - set(absent))))
    frida.presses("Save")
    if frida.label("A word to {name}") in frida.someone.labels:
        frida.presses("A word to {name}", "Send it")
    frida.presses("Write the minutes")
    frida.writes(words.ESSENCE, words.MINUTES, "The usual three").presses("Save", "Publish to members")


def arranges_groups(season: Season, frida: Reader) -> None:
    """Name the first group where there are several answers, and let members see it."""
    frida.presses("See the groups")
    if season.once("name"):
        frida.presses("{name} ({count})", "Name it").says(frida.own(words.NAMED)).presses("All groups")
    frida.presses("Send the groups to members")


def prioritises(season: Season, frida: Reader) -> None:
    """A prioritisation of all ideas, open for a week."""
    closes = season.world.now + timedelta(days=6)
    frida.presses("Prioritise").writes(words.BALLOT)
    seen = frida.someone.messages[-1].message.ticks
    assert seen is not None, frida.someone.transcript()[-2000:]
    frida.someone.ticks(*seen["options"])
    frida.presses("Done").writes("As soon as I send it", closes.strftime("%Y-%m-%d 12:00"), "The numbers")
    frida.presses("See how it will look", "Open it")


def passes_on(season: Season, frida: Reader) -> None:
    until = (season.world.now + timedelta(days=7)).strftime("%Y-%m-%d 12:00")
    frida.presses("Look at it", "Make it a draft")
    if season.language == "nb":
        frida.says(words.TO_OTHERS["nn"])
    elif len(season.world.mandate.locales) > 1:
        frida.presses("Skip")
    frida.writes(words.ABOUT_OTHERS, until).presses(
        "Keep the draft", "Look at it and send it", "Send to {count} member"
    )


def sends_inquiry(season: Season, frida: Reader) -> None:
    frida.presses("To the members", "Send to {count} member")


def delivers(season: Season, frida: Reader) -> None:
    """Write the recommendation, and have the chair confirm it."""
    frida.says("/recommendations").presses("New recommendation").writes(words.TITLE, words.TEXT)
    frida.presses("What follows").writes(words.WHAT, words.WHO, words.STEP, "2027-05-05")
    frida.presses("What fed it")
    seen = frida.someone.messages[-1].message.ticks
    assert seen is not None
    frida.someone.ticks(seen["options"][0])
    frida.presses("Done", "Skip", "Skip", "All recommendations", "An idea that was tried")
    frida.someone.presses(frida.someone.labels[0])
    frida.writes(words.TRIED).says(frida.own(words.WHO), "2026-09-20").writes(words.LEARNT)
    frida.presses("All recommendations", "The case in short").writes(words.CASE)
    frida.presses("All recommendations", "Ask the chair whether the committee stands behind them")


def hands_over(season: Season, frida: Reader) -> None:
    if season.once("delivered"):
        frida.presses("All recommendations", "Deliver", "Deliver, and tell {count} member")


FACILITATOR: dict[str, Callable[[Season, Reader], None]] = {
    "Look at the meeting": looks_at_meeting,
    "Look at the questions": sends_questions,
    "Look at the five statements": sends_statements,
    "Write the minutes": writes_minutes,
    "See the groups": arranges_groups,
    "Prioritise": prioritises,
    "Look at it": passes_on,
    "To the members": sends_inquiry,
    "See the season": delivers,
    "All recommendations": hands_over,
}


# The members ----------------------------------------------------------------------------------------------


def says_whether(season: Season, one: Reader) -> None:
    """Most answer at once, some only when they are reminded, one never."""
    if one.name == SILENT or (one.name == "Nina" and season.once(f"nina {season.number()}")):
        return
    missed = season.number() + 1 in MISSES.get(one.name, ())
    one.presses("I cannot come" if missed else "I am coming")


def answers(season: Season, one: Reader) -> None:
    """Who has something to say says it; Karen only when she is reminded."""
    if one.name in words.ANSWERS and one.name != "Karen":
        one.presses("Start")
        says_it(one)


def says_it(one: Reader) -> None:
    """Go through the questions."""
    for text in words.ANSWERS[one.name]:
        if one.label("Change my answers") in one.someone.labels:
            break
        one.presses("Skip") if text is None else one.says(one.own(text))


def answers_now(season: Season, one: Reader) -> None:
    """What is asked afterwards, or once more before the deadline."""
    if one.name in ("Yusuf", "Emil"):
        one.presses("Answer now").says(one.own(words.CAUGHT_UP))
        while one.label("Skip") in one.someone.labels:
            one.presses("Skip")
    elif one.name in words.ANSWERS:
        one.presses("Answer now")
        says_it(one)


def ticks(season: Season, one: Reader) -> None:
    """The statements, or the ideas: whatever has boxes."""
    seen = next(seen for seen in reversed(one.someone.messages) if seen.message.ticks)
    assert seen.message.ticks is not None
    one.someone.ticks(*seen.message.ticks["options"][:2]).presses(seen.message.ticks["send_label"])


def corrects(season: Season, one: Reader) -> None:
    if one.name == "Karen" and season.once("correct"):
        one.presses("This is not what I meant")
        one.someone.presses(one.someone.labels[0])
        one.says(one.own(words.MEANT))


def stands_behind(season: Season, one: Reader) -> None:
    one.presses("Read the first", "The committee stands behind this text")


def needs(season: Season, one: Reader) -> None:
    if one.name == "Solveig":
        one.presses("I need something").says("En rampe" if season.language == "da" else "Ei rampe")


MEMBER: dict[str, Callable[[Season, Reader], None]] = {
    "I am coming": says_whether,
    "I need something": needs,
    "Start": answers,
    "Answer now": answers_now,
    "Send": ticks,
    "Send my vote": ticks,
    "This is not what I meant": corrects,
    "Read the first": stands_behind,
}


# What is done on a day of one's own choosing ---------------------------------------------------------------


def ideas(season: Season) -> None:
    for name, said in words.IDEAS.items():
        one = season.member(name)
        one.says(f"/idea {one.own(said)}")


def asks_the_others(season: Season) -> None:
    one = season.member("Ole")
    one.says("/askback").says(one.own(words.TO_OTHERS)).presses("Yes, with my name")


def party_group(season: Season) -> None:
    season.member("Poul").says("/group")


def inquires(season: Season) -> None:
    poul = season.member("Poul")
    poul.says("/inquire").writes(words.ITEM, "2026-12-10", words.BEFORE_ITEM)


def council(season: Season) -> None:
    sekri = season.sekri
    sekri.says("/council").presses("Answer to {number}", "Adopted with changes").writes(words.REASON, "2026-12-15")
    sekri.presses("Keep it", "Look them over, and tell", "Tell {count} person")


ON_A_DATE: dict[date, Callable[[Season], None]] = {
    date(2026, 4, 7): ideas,
    date(2026, 5, 5): asks_the_others,
    date(2026, 8, 18): party_group,
    date(2026, 11, 25): inquires,
    date(2026, 12, 16): council,
}
