"""Ideas offered between meetings, and who seconds them. Authors are not shown while the committee deliberates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update

from storage.database import Tx, every, find, insert
from storage.tables import Idea as Idea
from storage.tables import Second


class Listed(NamedTuple):
    """An idea on the list: without its author, with how many second it and whether the reader does or wrote it."""

    idea: Idea
    seconds: int
    seconded: bool
    mine: bool


def add(
    tx: Tx,
    committee_id: int,
    person_id: int,
    text: str,
    now: datetime,
    entered_by: int | None = None,
    entered_how: str | None = None,
) -> Idea:
    """Offer an idea; `entered_by` took it down on the person's behalf, `entered_how` from paper or phone."""
    values: dict[str, Any] = {"committee_id": committee_id, "person_id": person_id, "text": text, "state": "offered"}
    values |= {"entered_by": entered_by, "entered_how": entered_how}
    number = tx.execute(
        insert(tx, Idea).values(**values, created_at=now, updated_at=now).returning(Idea.id)
    ).scalar_one()
    found = find(tx, Idea, number)
    assert found is not None
    return found


def offered_since(tx: Tx, person_id: int, now: datetime) -> int:
    """How many ideas a person has offered in the 24 hours before `now`."""
    since = now - timedelta(days=1)
    return tx.execute(select(func.count()).where(Idea.person_id == person_id, Idea.created_at > since)).scalar_one()


def listed(tx: Tx, committee_id: int, person_id: int) -> Sequence[Listed]:
    """All ideas that stand, the oldest first: an order that ranks nobody."""
    ideas = every(
        tx,
        Idea,
        select(Idea).where(Idea.committee_id == committee_id, Idea.state != "withdrawn").order_by(Idea.id),
    )
    counts: dict[int, int] = dict(
        tx.execute(
            select(Second.idea_id, func.count())
            .where(Second.idea_id.in_([idea.id for idea in ideas]))
            .group_by(Second.idea_id)
        ).all()
    )
    mine = set(tx.execute(select(Second.idea_id).where(Second.person_id == person_id)).scalars())
    return [Listed(idea, counts.get(idea.id, 0), idea.id in mine, idea.person_id == person_id) for idea in ideas]


def own(tx: Tx, person_id: int, committee_id: int | None = None) -> Sequence[Idea]:
    """A person's own ideas, the oldest first."""
    statement = select(Idea).where(Idea.person_id == person_id, Idea.state != "withdrawn").order_by(Idea.id)
    if committee_id is not None:
        statement = statement.where(Idea.committee_id == committee_id)
    return every(tx, Idea, statement)


def second(tx: Tx, idea_id: int, person_id: int) -> bool:
    """Second an idea; False where the person already does."""
    statement = insert(tx, Second).values(idea_id=idea_id, person_id=person_id).on_conflict_do_nothing()
    return tx.execute(statement.returning(Second.idea_id)).first() is not None


def unsecond(tx: Tx, idea_id: int, person_id: int) -> None:
    """Second an idea no longer."""
    tx.execute(delete(Second).where(Second.idea_id == idea_id, Second.person_id == person_id))


def change(tx: Tx, idea_id: int, text: str, now: datetime) -> None:
    """Put an idea in other words; those who seconded the old words no longer do."""
    tx.execute(update(Idea).where(Idea.id == idea_id).values(text=text, updated_at=now))
    tx.execute(delete(Second).where(Second.idea_id == idea_id))


def set_state(tx: Tx, idea_ids: Sequence[int], state: str, now: datetime) -> None:
    """Mark ideas as offered, shortlisted or withdrawn."""
    tx.execute(update(Idea).where(Idea.id.in_(idea_ids)).values(state=state, updated_at=now))


def erase(tx: Tx, person_id: int, now: datetime) -> None:
    """Take a person's ideas out where they are not on a ballot; the others only lose their author's name."""
    tx.execute(delete(Second).where(Second.person_id == person_id))
    gone = select(Idea.id).where(Idea.person_id == person_id, Idea.state != "shortlisted")
    tx.execute(delete(Second).where(Second.idea_id.in_(gone)))
    tx.execute(
        update(Idea)
        .where(Idea.person_id == person_id, Idea.state != "shortlisted")
        .values(text="", state="withdrawn", updated_at=now)
    )


def author(tx: Tx, idea_id: int) -> int:
    """Who wrote an idea, to tell that person alone."""
    number: int = tx.execute(select(Idea.person_id).where(Idea.id == idea_id)).scalar_one()
    return number
