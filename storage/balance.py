"""What a committee's balance is made of: contributions by seat type and words, counted and given away without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from bot.domain.balance import Balance, Given, Side, balance
from bot.domain.people import MEMBERS, POLITICIANS
from storage import committees
from storage.database import Tx
from storage.tables import AnswerRow, AskBack, Idea, Prompt, QuestionRow, RoleRow


def of(tx: Tx, committee_id: int) -> Balance:
    """The balance of a committee as it stands."""
    mandate = committees.mandate(tx, committee_id)
    sides = _sides(tx, committee_id)
    given = {
        "answers": _given(sides, _answers(tx, committee_id)),
        "ideas": _given(sides, _ideas(tx, committee_id)),
        "questions": _given(sides, _questions(tx, committee_id)),
    }
    seats = {Side.CITIZEN: mandate.citizens, Side.POLITICIAN: mandate.politicians}
    return balance(seats, {kind: found for kind, found in given.items() if found}, _administration(tx, committee_id))


def _sides(tx: Tx, committee_id: int) -> Mapping[int, Side]:
    """Which type of seat each member has."""
    seated = (RoleRow.committee_id == committee_id, RoleRow.role.in_(list(MEMBERS)))
    held = tx.execute(select(RoleRow.person_id, RoleRow.role).where(*seated)).all()
    return {row.person_id: Side.POLITICIAN if row.role in POLITICIANS else Side.CITIZEN for row in held}


def _given(sides: Mapping[int, Side], found: Iterable[tuple[int, int]]) -> dict[Side, Given]:
    """(person, words) of each thing as sums by side; who has no seat counts for neither."""
    people: dict[Side, set[int]] = {}
    counted: dict[Side, list[int]] = {}
    for person, words in found:
        if person in sides:
            people.setdefault(sides[person], set()).add(person)
            counted.setdefault(sides[person], []).append(words)
    return {side: Given(len(people[side]), len(words), sum(words)) for side, words in counted.items()}


def _answers(tx: Tx, committee_id: int) -> Iterable[tuple[int, int]]:
    values = AnswerRow.__table__.c["values"]
    statement = select(AnswerRow.person_id, values.label("given")).join(Prompt, Prompt.id == AnswerRow.prompt_id)
    statement = statement.where(Prompt.committee_id == committee_id, AnswerRow.state.in_(("sent", "handed_over")))
    for row in tx.execute(statement):
        answered = [value for value in row.given.values() if value is not None]
        if answered:
            yield row.person_id, sum(_words(value) for value in answered)


def _ideas(tx: Tx, committee_id: int) -> Iterable[tuple[int, int]]:
    there = (Idea.committee_id == committee_id, Idea.state != "withdrawn")
    for row in tx.execute(select(Idea.person_id, Idea.text).where(*there)):
        yield row.person_id, _words(row.text)


def _questions(tx: Tx, committee_id: int) -> Iterable[tuple[int, int]]:
    there = (AskBack.committee_id == committee_id, AskBack.state != "withdrawn")
    for row in tx.execute(select(AskBack.person_id, AskBack.text).where(*there)):
        yield row.person_id, _words(row.text)


def _administration(tx: Tx, committee_id: int) -> int:
    """The words that were sent to members in the administration's name, in one language each."""
    sent = (Prompt.committee_id == committee_id, Prompt.sent_at.is_not(None))
    messages = tx.execute(select(Prompt.text).where(*sent)).scalars()
    questions = select(QuestionRow.text).join(Prompt, Prompt.id == QuestionRow.prompt_id).where(*sent)
    return sum(_words(next(iter(text.values()), "")) for text in (*messages, *tx.execute(questions).scalars()))


def _words(value: Any) -> int:
    return len(value.split()) if isinstance(value, str) else 0
