"""Answers in people's own words in groups: each in exactly one, named, joined and split by the facilitator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update

from bot.domain.questions import FreeText
from bot.domain.voice import said, spoken
from bot.text import Words
from storage import answers, prompts
from storage.database import Tx, every, insert
from storage.database import find as find_row
from storage.tables import AnswerRow, PersonRow, Prompt
from storage.tables import Pile as Pile
from storage.tables import PiledAnswer as PiledAnswer


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer: its number within the question, whose it is, what it says, and what its writer meant by it.

    One that is spoken and not written down has a `recording`.
    """

    place: int
    person_id: int
    name: str
    text: Words
    correction: str = ""
    locale: str | None = None
    recording: int = 0


@dataclass(frozen=True, slots=True)
class Full:
    """A group with its answers in order, the most typical one first."""

    id: int
    question: int
    name: str
    entries: tuple[Entry, ...]


def questions(tx: Tx, prompt_id: int) -> Sequence[int]:
    """The positions of the questions that are answered in one's own words."""
    asked = enumerate(answers.questions(tx, prompt_id), start=1)
    return [place for place, question in asked if isinstance(question, FreeText)]


def waiting(tx: Tx) -> Sequence[Prompt]:
    """The sets of questions whose answers are to be grouped."""
    return every(tx, Prompt, select(Prompt).where(Prompt.piling == "waiting").order_by(Prompt.id))


def texts(tx: Tx, prompt_id: int, question: int) -> Sequence[tuple[int, str, str | None]]:
    """The answers to a question that came in time: (whose, what, the writer's language), in the order of people.

    One that is spoken and not written down yet has no words.
    """
    statement = (
        select(AnswerRow.person_id, AnswerRow.__table__.c["values"].label("given"), PersonRow.locale)
        .join(PersonRow, PersonRow.id == AnswerRow.person_id)
        .where(AnswerRow.prompt_id == prompt_id, AnswerRow.state == "sent")
        .order_by(AnswerRow.person_id)
    )
    key = f"q{question}"
    return [
        (row.person_id, "" if spoken(row.given[key]) else str(row.given[key]), row.locale)
        for row in tx.execute(statement)
        if row.given.get(key)
    ]


def store(tx: Tx, prompt: Prompt, question: int, groups: Sequence[Sequence[int]]) -> None:
    """Keep groups of people's answers; they are numbered through in this order."""
    place = 0
    for number, group in enumerate(groups, start=1):
        pile = _new(tx, prompt, question, number)
        for person_id in group:
            place += 1
            _put(tx, prompt.id, question, person_id, pile, place)


def _new(tx: Tx, prompt: Prompt, question: int, place: int) -> int:
    values: dict[str, Any] = {"committee_id": prompt.committee_id, "prompt_id": prompt.id, "question": question}
    values |= {"place": place, "name": ""}
    return int(tx.execute(insert(tx, Pile).values(values).returning(Pile.id)).scalar_one())


def _put(tx: Tx, prompt_id: int, question: int, person_id: int, pile_id: int, place: int) -> None:
    values = {"prompt_id": prompt_id, "question": question, "person_id": person_id, "pile_id": pile_id, "place": place}
    tx.execute(insert(tx, PiledAnswer).values(**values, correction="").on_conflict_do_nothing())


def add_late(tx: Tx, prompt: Prompt, person_id: int) -> None:
    """A late answer that was handed over joins what is grouped already, each text in a group of its own."""
    found = answers.of(tx, prompt.id, person_id)
    if found is None or prompt.piling not in ("ready", "shared"):
        return
    for question in questions(tx, prompt.id):
        if found.values.get(f"q{question}"):
            pile = _new(tx, prompt, question, _last(tx, Pile.place, Pile, prompt.id, question) + 1)
            place = _last(tx, PiledAnswer.place, PiledAnswer, prompt.id, question) + 1
            _put(tx, prompt.id, question, person_id, pile, place)


def _last(tx: Tx, column: Any, model: Any, prompt_id: int, question: int) -> int:
    within = (model.prompt_id == prompt_id, model.question == question)
    return int(tx.execute(select(func.coalesce(func.max(column), 0)).where(*within)).scalar_one())


def get(tx: Tx, pile_id: int) -> Pile | None:
    """A group by number."""
    return find_row(tx, Pile, pile_id)


def listed(tx: Tx, prompt_id: int, question: int) -> Sequence[Full]:
    """The groups of a question in order, without those that nothing is left in."""
    rows = every(
        tx,
        Pile,
        select(Pile).where(Pile.prompt_id == prompt_id, Pile.question == question).order_by(Pile.place, Pile.id),
    )
    entries = _entries(tx, prompt_id, question)
    found = [Full(row.id, question, row.name, tuple(entries.get(row.id, ()))) for row in rows]
    return [pile for pile in found if pile.entries]


def full(tx: Tx, pile: Pile) -> Full:
    """A group with its answers."""
    return Full(pile.id, pile.question, pile.name, tuple(_entries(tx, pile.prompt_id, pile.question).get(pile.id, ())))


def _entries(tx: Tx, prompt_id: int, question: int) -> Mapping[int, list[Entry]]:
    statement = (
        select(
            PiledAnswer.pile_id,
            PiledAnswer.place,
            PiledAnswer.person_id,
            PiledAnswer.correction,
            PersonRow.name,
            PersonRow.locale,
            AnswerRow.__table__.c["values"].label("given"),
        )
        .join(PersonRow, PersonRow.id == PiledAnswer.person_id)
        .join(
            AnswerRow,
            (AnswerRow.prompt_id == PiledAnswer.prompt_id) & (AnswerRow.person_id == PiledAnswer.person_id),
        )
        .where(PiledAnswer.prompt_id == prompt_id, PiledAnswer.question == question)
        .order_by(PiledAnswer.place)
    )
    found: dict[int, list[Entry]] = {}
    for row in tx.execute(statement):
        value = row.given.get(f"q{question}")
        voiced = spoken(value)
        text = said(voiced.seconds) if voiced else str(value or "")
        number = voiced.recording if voiced else 0
        entry = Entry(row.place, row.person_id, row.name, text, row.correction, row.locale, number)
        found.setdefault(row.pile_id, []).append(entry)
    return found


def rename(tx: Tx, pile_id: int, name: str) -> None:
    """Name a group."""
    tx.execute(update(Pile).where(Pile.id == pile_id).values(name=name))


def join(tx: Tx, pile: Pile, into: Pile) -> None:
    """Put all answers of a group into another of the same question; it keeps a name if it has one."""
    tx.execute(update(PiledAnswer).where(PiledAnswer.pile_id == pile.id).values(pile_id=into.id))
    if pile.name and not into.name:
        rename(tx, into.id, pile.name)
    tx.execute(delete(Pile).where(Pile.id == pile.id))


def move(tx: Tx, pile: Pile, place: int, into: Pile | None) -> Pile | None:
    """Move one answer to another group, or to a new one of its own; None where it is no longer in this group."""
    target = into or _beside(tx, pile)
    within = (PiledAnswer.pile_id == pile.id, PiledAnswer.place == place)
    moved = tx.execute(update(PiledAnswer).where(*within).values(pile_id=target.id)).rowcount
    for one in (pile.id, target.id):
        tx.execute(delete(Pile).where(Pile.id == one, ~exists().where(PiledAnswer.pile_id == Pile.id)))
    return target if moved else None


def _beside(tx: Tx, pile: Pile) -> Pile:
    prompt = prompts.get(tx, pile.prompt_id)
    assert prompt is not None
    made = get(tx, _new(tx, prompt, pile.question, _last(tx, Pile.place, Pile, prompt.id, pile.question) + 1))
    assert made is not None
    return made


def own(tx: Tx, prompt_id: int, person_id: int) -> Sequence[PiledAnswer]:
    """What became of a person's own answers."""
    statement = select(PiledAnswer).where(PiledAnswer.prompt_id == prompt_id, PiledAnswer.person_id == person_id)
    return every(tx, PiledAnswer, statement.order_by(PiledAnswer.question))


def writers(tx: Tx, prompt_id: int) -> frozenset[int]:
    """Those who have an answer in some group."""
    return frozenset(tx.execute(select(PiledAnswer.person_id).where(PiledAnswer.prompt_id == prompt_id)).scalars())


def correct(
    tx: Tx,
    prompt_id: int,
    question: int,
    person_id: int,
    words: str,
    now: datetime,
    by: int | None = None,
    how: str | None = None,
) -> bool:
    """What a person says about his or her own answer stands beside it; False where there is none.

    `by` took it down on the person's behalf, `how` from paper or phone.
    """
    said = {"correction": words, "corrected_at": now, "corrected_by": by, "corrected_how": how}
    within = (
        PiledAnswer.prompt_id == prompt_id,
        PiledAnswer.question == question,
        PiledAnswer.person_id == person_id,
    )
    return tx.execute(update(PiledAnswer).where(*within).values(said)).rowcount == 1


def begin(tx: Tx, prompt: Prompt) -> None:
    """Have the answers grouped, where there are some in people's own words.

    Where there are answers, but none in people's own words, they can be sent to members as they are.
    """
    if answers.too_few(tx, prompt) or not answers.in_time(tx, prompt.id):
        return
    some = any(texts(tx, prompt.id, question) for question in questions(tx, prompt.id))
    prompts.change(tx, prompt.id, piling="waiting" if some else "ready")


def enter(tx: Tx, prompt_id: int, state: str, *before: str) -> bool:
    """Let the grouping enter a state; False where it no longer is in one of the states `before`."""
    statement = update(Prompt).where(Prompt.id == prompt_id, Prompt.piling.in_(before))
    return tx.execute(statement.values(piling=state)).rowcount == 1
