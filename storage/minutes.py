"""Minutes of meetings, and what those who were not there answered afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.questions import Value
from storage.database import Tx, every, first, insert
from storage.tables import Afterwards as Afterwards
from storage.tables import Meeting
from storage.tables import Minutes as Minutes


def of(tx: Tx, meeting_id: int) -> Minutes | None:
    """The minutes of a meeting."""
    return first(tx, Minutes, select(Minutes).where(Minutes.meeting_id == meeting_id))


def write(
    tx: Tx,
    meeting_id: int,
    essence: Mapping[str, str],
    text: Mapping[str, str],
    questions: Mapping[str, Sequence[str]] | None,
    written_by: int,
) -> None:
    """Keep the minutes, or a correction of them. `questions` None is the usual ones, and empty is none."""
    own = None if questions is None else {locale: list(lines) for locale, lines in questions.items()}
    values = {"essence": dict(essence), "text": dict(text), "questions": own, "written_by": written_by}
    statement = insert(tx, Minutes).values(meeting_id=meeting_id, state="draft", **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["meeting_id"], set_=values))


def publish(tx: Tx, meeting_id: int, now: datetime) -> bool:
    """Let members read the minutes; False where they can already."""
    statement = update(Minutes).where(Minutes.meeting_id == meeting_id, Minutes.state == "draft")
    return tx.execute(statement.values(state="published", published_at=now)).rowcount == 1


def published(tx: Tx, committee_id: int, limit: int = 20) -> Sequence[Meeting]:
    """The meetings of a committee whose minutes can be read, the newest first."""
    statement = select(Meeting).join(Minutes, Minutes.meeting_id == Meeting.id)
    statement = statement.where(Meeting.committee_id == committee_id, Minutes.state == "published")
    return every(tx, Meeting, statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit))


def answer(tx: Tx, meeting_id: int, person_id: int, values: Mapping[str, Value], now: datetime) -> None:
    """Keep what somebody answers who was not there; sent again it replaces what was."""
    new = {"values": dict(values), "sent_at": now}
    statement = insert(tx, Afterwards).values(meeting_id=meeting_id, person_id=person_id, **new)
    tx.execute(statement.on_conflict_do_update(index_elements=["meeting_id", "person_id"], set_=new))


def answers(tx: Tx, meeting_id: int) -> Sequence[Afterwards]:
    """What was answered afterwards, in the order of people's numbers."""
    statement = select(Afterwards).where(Afterwards.meeting_id == meeting_id)
    return every(tx, Afterwards, statement.order_by(Afterwards.person_id))


def answer_of(tx: Tx, meeting_id: int, person_id: int) -> Afterwards | None:
    """What one person answered afterwards."""
    this = (Afterwards.meeting_id == meeting_id, Afterwards.person_id == person_id)
    return first(tx, Afterwards, select(Afterwards).where(*this))
