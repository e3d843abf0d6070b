"""The season's calendar: what is proposed, approved and done, each item at its moment and on its meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.season import Kind
from storage import schedules
from storage.database import Tx, every, find, insert
from storage.tables import SeasonItem as SeasonItem

# Who is called when an item is due: what goes to members is the meetings' own, the rest is a nudge to the facilitator.
TOLD = {Kind.REMINDER: "mtremind"}
NUDGE = "season"
DUE = (*TOLD.values(), NUDGE)


def add(tx: Tx, committee_id: int, items: Sequence[tuple[str, int | None, datetime]]) -> None:
    """Propose things: each is a kind, the number of its meeting, and a moment."""
    rows = [
        {"committee_id": committee_id, "kind": kind, "meeting_id": meeting, "due_at": due, "state": "proposed"}
        for kind, meeting, due in items
    ]
    if rows:
        tx.execute(insert(tx, SeasonItem), rows)


def get(tx: Tx, item_id: int) -> SeasonItem | None:
    """An item by number."""
    return find(tx, SeasonItem, item_id)


def of(tx: Tx, committee_id: int, *states: str) -> Sequence[SeasonItem]:
    """The items of a committee in these states, the next first."""
    statement = select(SeasonItem).where(SeasonItem.committee_id == committee_id, SeasonItem.state.in_(states))
    return every(tx, SeasonItem, statement.order_by(SeasonItem.due_at, SeasonItem.id))


def on(tx: Tx, meeting_id: int) -> Sequence[SeasonItem]:
    """What hangs on a meeting and is not done."""
    statement = select(SeasonItem).where(SeasonItem.meeting_id == meeting_id)
    statement = statement.where(SeasonItem.state.in_(("proposed", "approved")))
    return every(tx, SeasonItem, statement.order_by(SeasonItem.due_at, SeasonItem.id))


def enter(tx: Tx, item_id: int, state: str, *before: str) -> bool:
    """Let an item be approved, done or dropped; False where it no longer is in one of the states `before`."""
    statement = update(SeasonItem).where(SeasonItem.id == item_id, SeasonItem.state.in_(before))
    changed = tx.execute(statement.values(state=state)).rowcount == 1
    if changed and state == "dropped":
        schedules.drop(tx, item_id, *DUE)
    return changed


def take(tx: Tx, item_id: int) -> SeasonItem | None:
    """An item whose moment has come; None where it was done or dropped before."""
    return get(tx, item_id) if enter(tx, item_id, "done", "approved") else None


def approve(tx: Tx, items: Sequence[tuple[SeasonItem, datetime]]) -> None:
    """From here on each item happens at its moment, if that is not past the moment beside it."""
    numbers = [item.id for item, _until in items]
    tx.execute(update(SeasonItem).where(SeasonItem.id.in_(numbers)).values(state="approved"))
    for item, until in items:
        _plan(tx, item, item.due_at, until)


def _plan(tx: Tx, item: SeasonItem, due_at: datetime, useful_until: datetime | None) -> None:
    kind = TOLD.get(Kind(item.kind), NUDGE)
    schedules.plan(tx, kind, item.id, due_at, item.committee_id, useful_until)


def drafted(tx: Tx, item_id: int, prompt_id: int) -> None:
    """Note which draft an item is to send."""
    tx.execute(update(SeasonItem).where(SeasonItem.id == item_id).values(prompt_id=prompt_id))


def move(tx: Tx, item: SeasonItem, due_at: datetime, useful_until: datetime | None) -> None:
    """Give an item another moment."""
    tx.execute(update(SeasonItem).where(SeasonItem.id == item.id).values(due_at=due_at))
    if item.state == "approved":
        schedules.drop(tx, item.id, *DUE)
        _plan(tx, item, due_at, useful_until)


def begin_anew(tx: Tx, committee_id: int) -> None:
    """Forget what was proposed and never approved."""
    proposed = (SeasonItem.committee_id == committee_id, SeasonItem.state == "proposed")
    tx.execute(delete(SeasonItem).where(*proposed))
