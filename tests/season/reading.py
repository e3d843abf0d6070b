"""Reads everything that was said in a season, straight from the outbox, and finds what should not have been said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot import i18n
from bot.catalogues import catalogue
from bot.chat.messages import Rendered
from bot.domain.hearing import MEMBER, POLITICIAN
from bot.domain.holidays import holiday_rule
from bot.domain.people import POLITICIANS
from bot.domain.schedule import QUIET, rests
from bot.text import _
from storage import answers, people
from storage.database import Tx
from storage.tables import Body, Outbox
from tests.world import World

TABLE = Outbox.__table__
DAY = timedelta(days=1)
HOLE = re.compile(r"\{\w+\}")
# A sentence shorter than this may well be the same in two languages.
TELLING = 12
# What is a word of one language and of none of the others.
NOT_NORWEGIAN = re.compile(
    r"\b(af|jeres|hvad|noget|kommunalbestyrelsen|udvalget|dagsorden|sprog|nej|mig|dig)\b", re.IGNORECASE
)
NOT_NYNORSK = re.compile(r"\b(ikke|jeg|hva|hvordan|noe|bare|dere|være|utvalget|spørsmålene|svarene)\b", re.IGNORECASE)
FOREIGN: Mapping[str, tuple[re.Pattern[str], ...]] = {"nb": (NOT_NORWEGIAN,), "nn": (NOT_NORWEGIAN, NOT_NYNORSK)}


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it went out."""

    row: int
    person: int
    name: str
    locale: str
    zone: str
    kind: str
    about: tuple[str, int] | None
    message: Rendered
    at: datetime
    deadline: datetime | None

    @property
    def text(self) -> str:
        return "\n".join(filter(None, (self.message.subject, self.message.text)))

    @property
    def labels(self) -> list[str]:
        return [button["label"] for row in self.message.buttons for button in row]

    @property
    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.zone))

    def __str__(self) -> str:
        return f"{self.name}, {self.local:%a %d %b %H:%M}: {self.text}"


def all_of(world: World, zone: str, *kinds: str) -> list[Said]:
    """What went out to whom and when, of some kinds, in its order; what only stands on the page disturbs nobody."""
    statement = select(TABLE, Body.content.label("shared")).outerjoin(Body, Body.id == TABLE.c.body_id)
    statement = statement.where(Outbox.op == "send", Outbox.state == "sent", Outbox.kind.in_(kinds))
    statement = statement.where(Outbox.account != "web")
    with world.db.reading() as tx:
        found = tx.execute(statement.order_by(Outbox.id)).all()
        known = {row.person_id: people.get(tx, row.person_id) for row in found}
    said = []
    for row in found:
        person = known[row.person_id]
        about = (row.about, row.about_id) if row.about and row.about_id else None
        said.append(
            Said(
                row.id, person.id, person.name, person.locale or "", person.zone or zone, row.kind, about,
                Rendered.of(row.content or row.shared or {}), row.sent_at, row.expires_at,
            )
        )  # fmt: skip
    return said


def at_night(said: list[Said], country: str) -> list[str]:
    """What was sent unasked between 21 and 8, on a Sunday or on a public holiday where its reader is."""
    holiday = holiday_rule(country)
    return [
        str(one)
        for one in said
        if not QUIET.morning <= one.local.time() < QUIET.evening or rests(one.local.date(), holiday)
    ]


def twice(said: list[Said]) -> list[str]:
    """What one person was told in the very same words more than once, alone or along with other things.

    Only a reminder may come a second time, and not in one message.
    """
    known: dict[tuple[int, str], Said] = {}
    found = []
    for one in said:
        for part in parts(one):
            again = known.setdefault((one.person, part), one) is not one
            if again and not part.startswith(i18n.say(_("You can still answer."), one.locale)):
                found.append(str(one))
        if len(set(parts(one))) < len(parts(one)):
            found.append(str(one))
    return found


def parts(one: Said) -> list[str]:
    """The several things one message brings."""
    heading = pattern("{number} of {count}:", one.locale)
    return [part.strip() for part in re.split(rf"(?m)^{heading}$", one.message.text) if part.strip()]


@cache
def pattern(message: str, locale: str) -> str:
    """A sentence of ours as an expression; its holes are anything."""
    said = catalogue(locale).messages.get(message, message)
    return HOLE.sub(".+", re.escape(str(said)).replace(r"\{", "{").replace(r"\}", "}"))


@cache
def english() -> Mapping[str, str]:
    """Our sentences in English, and what they are in Danish."""
    return {
        message: said
        for message, said in catalogue("da").messages.items()
        if isinstance(said, str) and not HOLE.search(message) and len(message) > TELLING and said != message
    }


def foreign(said: list[Said], own: frozenset[str]) -> Iterator[str]:
    """What is not in its reader's language: whole sentences of English, and words that only another language has.

    `own` is what people wrote themselves, which stays as it is.
    """
    written = re.compile("|".join(re.escape(words) for words in sorted(own, key=len, reverse=True)))
    for one in said:
        whole = written.sub("", "\n".join((one.text, *one.labels)))
        lines = {line.strip() for line in re.split(r"\n|(?<=[.?]) ", whole)}
        if lines & english().keys() or any(found.search(whole) for found in FOREIGN.get(one.locale, ())):
            yield str(one)


def too_many(said: list[Said], politicians: frozenset[int]) -> list[str]:
    """Days with more than one unasked message to a person, and weeks with more than the budget allows.

    What would be too late may go beyond the week's number, but not beyond the day's, and not to politicians.
    """
    heard: dict[int, list[Said]] = defaultdict(list)
    for one in said:
        heard[one.person].append(one)
    found = []
    for person, messages in heard.items():
        budget = POLITICIAN if person in politicians else MEMBER
        days = [one.local.date() for one in messages]
        found += [str(one) for one in messages if days.count(one.local.date()) > budget.a_day]
        for one in messages:
            late = person not in politicians and pressing(one)
            if in_week(days, one.local.date()) > budget.a_week and not late:
                found.append(f"{in_week(days, one.local.date())} in a week: {one}")
    return found


def in_week(days: list[date], day: date) -> int:
    return sum(day - 6 * DAY <= one <= day for one in days)


def pressing(one: Said) -> bool:
    """Whether this would have come too late a week later."""
    return one.deadline is not None and one.deadline - one.at < 7 * DAY


def politicians_of(tx: Tx, committee_id: int) -> frozenset[int]:
    return frozenset(one.id for one in people.holding(tx, committee_id, tuple(POLITICIANS)))


def without_facts(said: list[Said], facts: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Notices of a meeting that lack one of these facts; `facts` are by language."""
    return [
        str(one)
        for one in said
        if one.kind == "necessary" and one.about and one.about[0] == "meeting"
        and not all(fact in one.text for fact in facts[one.locale])
    ]  # fmt: skip


def reminded_in_vain(world: World, said: list[Said]) -> list[str]:
    """Reminders of questions to somebody who had answered them."""
    along = select(Outbox.person_id, Outbox.about_id, Outbox.target)
    along = along.where(Outbox.about == "prompt", Outbox.kind == "reminder", Outbox.state == "cancelled")
    with world.db.reading() as tx:
        alone = [(one, one.about[1]) for one in said if one.kind == "reminder" and one.about]
        by_row = {one.row: one for one in said}
        merged = [(by_row[row.target], row.about_id) for row in tx.execute(along) if row.target in by_row]
        return [
            str(one)
            for one, prompt in (*alone, *merged)
            if (answered := answers.of(tx, prompt, one.person)) is not None and answered.sent_at < one.at
        ]
