"""Recommendations of a committee, what fed them, and the ideas that were tried."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.domain.questions import said
from bot.domain.recommending import Action, State
from bot.text import Words
from storage.database import Tx, every, insert
from storage.database import find as find_row
from storage.tables import Attempt as Attempt
from storage.tables import Idea, Meeting, Prompt, RecommendationSource
from storage.tables import Recommendation as Recommendation

Texts = Mapping[str, str]
IDEA, PROMPT, MEETING = "idea", "prompt", "meeting"


def add(tx: Tx, committee_id: int, title: Texts, text: Texts, created_by: int, now: datetime) -> Recommendation:
    """A new draft, numbered last."""
    last = tx.execute(
        select(func.max(Recommendation.number)).where(Recommendation.committee_id == committee_id)
    ).scalar()
    statement = insert(tx, Recommendation).values(
        committee_id=committee_id,
        number=(last or 0) + 1,
        title=dict(title),
        text=dict(text),
        actions=[],
        state=State.DRAFT,
        revision=1,
        created_by=created_by,
        created_at=now,
    )
    added = get(tx, tx.execute(statement.returning(Recommendation.id)).scalar_one())
    assert added is not None
    return added


def get(tx: Tx, number: int) -> Recommendation | None:
    """A recommendation by its row's number."""
    return find_row(tx, Recommendation, number)


def listed(tx: Tx, committee_id: int) -> Sequence[Recommendation]:
    """All recommendations of a committee in their order."""
    statement = select(Recommendation).where(Recommendation.committee_id == committee_id)
    return every(tx, Recommendation, statement.order_by(Recommendation.number))


def change(tx: Tx, found: Recommendation, **values: Any) -> None:
    """Change what it says: nobody has agreed to the new words yet."""
    new = {"revision": found.revision + 1, "state": State.DRAFT, "agreed_by": None, "agreed_at": None}
    tx.execute(update(Recommendation).where(Recommendation.id == found.id).values(**values, **new))


def agree(tx: Tx, number: int, revision: int, person_id: int, now: datetime) -> bool:
    """The committee stands behind this revision; False where the words have changed since, or it was said before."""
    this = (Recommendation.id == number, Recommendation.revision == revision, Recommendation.state == State.DRAFT)
    values = {"state": State.AGREED, "agreed_by": person_id, "agreed_at": now}
    return tx.execute(update(Recommendation).where(*this).values(**values)).rowcount == 1


def deliver(tx: Tx, committee_id: int) -> None:
    """From here on their words stand."""
    agreed = (Recommendation.committee_id == committee_id, Recommendation.state == State.AGREED)
    tx.execute(update(Recommendation).where(*agreed).values(state=State.DELIVERED))


def remove(tx: Tx, found: Recommendation) -> None:
    """Take a recommendation out, and move up those after it."""
    tx.execute(delete(RecommendationSource).where(RecommendationSource.recommendation_id == found.id))
    tx.execute(delete(Recommendation).where(Recommendation.id == found.id))
    # One by one, in order, so that no two ever share a number.
    for later in listed(tx, found.committee_id):
        if later.number > found.number:
            tx.execute(update(Recommendation).where(Recommendation.id == later.id).values(number=later.number - 1))


def actions(found: Recommendation) -> list[Action]:
    """What follows from a recommendation."""
    return [Action.of(row) for row in found.actions]


# What fed it -------------------------------------------------------------------------------------------------


def possible_sources(tx: Tx, committee_id: int, now: datetime) -> Mapping[str, Sequence[tuple[int, Words]]]:
    """The ideas that stand, the questions that were asked, and the meetings that were held: number and words."""
    ideas = select(Idea).where(Idea.committee_id == committee_id, Idea.state != "withdrawn").order_by(Idea.id)
    asked = select(Prompt).where(Prompt.committee_id == committee_id, Prompt.kind == "questions")
    asked = asked.where(Prompt.state.in_(("open", "closed"))).order_by(Prompt.id)
    held = select(Meeting).where(Meeting.committee_id == committee_id, Meeting.state == "announced")
    held = held.where(Meeting.starts_at <= now).order_by(Meeting.starts_at)
    return {
        IDEA: [(one.id, one.text) for one in every(tx, Idea, ideas)],
        PROMPT: [(one.id, one.text) for one in every(tx, Prompt, asked)],
        MEETING: [(one.id, said(one.starts_at)) for one in every(tx, Meeting, held)],
    }


def sources(tx: Tx, number: int) -> Mapping[str, Sequence[int]]:
    """The numbers of the ideas, prompts and meetings that fed a recommendation."""
    found: dict[str, list[int]] = {IDEA: [], PROMPT: [], MEETING: []}
    statement = select(RecommendationSource.kind, RecommendationSource.source_id)
    statement = statement.where(RecommendationSource.recommendation_id == number)
    for row in tx.execute(statement.order_by(RecommendationSource.source_id)):
        found[row.kind].append(row.source_id)
    return found


def set_sources(tx: Tx, number: int, chosen: Mapping[str, Collection[int]]) -> None:
    """Say anew what fed a recommendation."""
    tx.execute(delete(RecommendationSource).where(RecommendationSource.recommendation_id == number))
    for kind, numbers in chosen.items():
        for source in sorted(set(numbers)):
            values = {"recommendation_id": number, "kind": kind, "source_id": source}
            tx.execute(insert(tx, RecommendationSource).values(**values))


# What was tried ----------------------------------------------------------------------------------------------


def tried(
    tx: Tx,
    committee_id: int,
    idea_id: int | None,
    what: Texts,
    who: str,
    on: date,
    learnt: Texts,
    created_by: int,
    now: datetime,
) -> None:
    """An idea was tried."""
    values = {"what": dict(what), "who": who, "tried_on": on, "learnt": dict(learnt)}
    statement = insert(tx, Attempt).values(committee_id=committee_id, idea_id=idea_id, created_by=created_by, **values)
    tx.execute(statement.values(created_at=now))


def attempts(tx: Tx, committee_id: int) -> Sequence[Attempt]:
    """What was tried, the first first."""
    statement = select(Attempt).where(Attempt.committee_id == committee_id)
    return every(tx, Attempt, statement.order_by(Attempt.tried_on, Attempt.id))


def untry(tx: Tx, attempt_id: int) -> None:
    """Take what was tried out of the result."""
    tx.execute(delete(Attempt).where(Attempt.id == attempt_id))
