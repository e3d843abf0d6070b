"""What the council answers to recommendations, and everybody whose idea or input fed what is answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, update

from bot.domain.people import Person
from storage import people
from storage.database import Tx, every, first, insert
from storage.recommendations import IDEA, PROMPT
from storage.tables import AnswerRow, Idea, PersonRow, Prompt, Recommendation, RecommendationSource
from storage.tables import CouncilAnswer as CouncilAnswer


def enter(
    tx: Tx, number: int, outcome: str, reason: Mapping[str, str], on: date, person_id: int, now: datetime
) -> None:
    """Enter what was answered to a recommendation; nobody is told yet, and an earlier draft is replaced."""
    drop(tx, number)
    values = {"outcome": outcome, "reason": dict(reason), "decided_on": on, "entered_by": person_id, "entered_at": now}
    tx.execute(insert(tx, CouncilAnswer).values(recommendation_id=number, **values))


def drop(tx: Tx, number: int) -> None:
    """Give up an answer that nobody was told."""
    untold = (CouncilAnswer.recommendation_id == number, CouncilAnswer.told_at.is_(None))
    tx.execute(delete(CouncilAnswer).where(*untold))


def draft(tx: Tx, number: int) -> CouncilAnswer | None:
    """The answer to a recommendation that nobody has been told yet."""
    untold = (CouncilAnswer.recommendation_id == number, CouncilAnswer.told_at.is_(None))
    return first(tx, CouncilAnswer, select(CouncilAnswer).where(*untold))


def told(tx: Tx, number: int, before: datetime | None = None) -> CouncilAnswer | None:
    """The answer that holds; the one that held `before` a moment, where it is given."""
    statement = select(CouncilAnswer).where(CouncilAnswer.recommendation_id == number)
    statement = statement.where(CouncilAnswer.told_at.is_not(None))
    if before is not None:
        statement = statement.where(CouncilAnswer.told_at < before)
    return first(tx, CouncilAnswer, statement.order_by(CouncilAnswer.id.desc()).limit(1))


def drafts(tx: Tx, committee_id: int) -> Sequence[CouncilAnswer]:
    """All answers of a committee that nobody has been told, in the order of the recommendations."""
    return _of(tx, committee_id, None)


def told_at(tx: Tx, committee_id: int, moment: datetime) -> Sequence[CouncilAnswer]:
    """The answers that are told together from this moment on."""
    return _of(tx, committee_id, moment)


def _of(tx: Tx, committee_id: int, moment: datetime | None) -> Sequence[CouncilAnswer]:
    statement = select(CouncilAnswer).join(Recommendation, Recommendation.id == CouncilAnswer.recommendation_id)
    statement = statement.where(Recommendation.committee_id == committee_id)
    when = CouncilAnswer.told_at.is_(None) if moment is None else CouncilAnswer.told_at == moment
    return every(tx, CouncilAnswer, statement.where(when).order_by(Recommendation.number))


def tell(tx: Tx, numbers: Collection[int], person_id: int, now: datetime) -> None:
    """These answers are told from now on, and hold."""
    statement = update(CouncilAnswer).where(CouncilAnswer.id.in_(numbers), CouncilAnswer.told_at.is_(None))
    tx.execute(statement.values(told_by=person_id, told_at=now))


def audience(
    tx: Tx, committee_id: int, numbers: Collection[int], members: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """Who is told of these recommendations, by person: `members` hear of all, others of those that they fed."""
    fed: dict[int, set[int]] = {}
    source = RecommendationSource
    ideas = (
        select(source.recommendation_id, Idea.person_id)
        .join(Idea, Idea.id == source.source_id)
        .where(source.kind == IDEA, source.recommendation_id.in_(numbers), Idea.state != "withdrawn")
    )
    answers = (
        select(source.recommendation_id, AnswerRow.person_id)
        .join(Prompt, Prompt.id == source.source_id)
        .join(AnswerRow, AnswerRow.prompt_id == Prompt.id)
        .where(source.kind == PROMPT, source.recommendation_id.in_(numbers))
        .where(AnswerRow.state.in_(("sent", "handed_over")))
    )
    for statement in (ideas, answers):
        for row in tx.execute(statement):
            fed.setdefault(row.person_id, set()).add(row.recommendation_id)
    gone = select(PersonRow.id).where(PersonRow.id.in_(list(fed)), PersonRow.state == "forgotten")
    for person in tx.execute(gone).scalars():
        del fed[person]
    everything = frozenset(numbers)
    return {person: frozenset(those) for person, those in fed.items()} | dict.fromkeys(members, everything)


def batch(tx: Tx, found: Collection[int], after: int, limit: int) -> Sequence[Person]:
    """The next of these people after a number, in the order of their numbers."""
    numbers = sorted(number for number in found if number > after)[:limit]
    statement = select(PersonRow).where(PersonRow.id.in_(numbers)).order_by(PersonRow.id)
    return [people.person_of(row) for row in every(tx, PersonRow, statement)]
