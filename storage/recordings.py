"""Voice answers: kept beside the answer they belong to, fetched from their platform, written down, and deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, func, or_, select, update

from bot.domain.errors import Refusal
from bot.domain.people import MEMBERS, Role
from bot.domain.questionnaire import TO_ALL, UNNAMED
from bot.domain.questions import Value
from bot.domain.retention import RULES, Recordings
from bot.domain.voice import MOST_A_DAY, spoken
from bot.text import _
from storage import answers, conversations, news
from storage.database import Tx, every, insert
from storage.database import find as find_row
from storage.tables import AnswerRow, Pile, PiledAnswer, Prompt, Sound
from storage.tables import Recording as Recording


def add(tx: Tx, prompt: Prompt, question: int, person_id: int, now: datetime, **values: Any) -> Recording:
    """A recording that its platform still has (`account`, `reference`), or that is here already (`state` kept)."""
    known: dict[str, Any] = {"state": "waiting", "account": "", "reference": "", "seconds": 0, "kind": "", "size": 0}
    known |= {"tries": 0, "due_at": None}
    known |= {"committee_id": prompt.committee_id, "prompt_id": prompt.id, "question": question}
    known |= {"person_id": person_id, "sent_at": now, **values}
    if known["state"] == "waiting":
        known["due_at"] = now
        news.leave(tx, known["account"])
    found = get(tx, tx.execute(insert(tx, Recording).values(known).returning(Recording.id)).scalar_one())
    assert found is not None
    return found


def keep(tx: Tx, prompt: Prompt, question: int, person_id: int, now: datetime, sound: bytes, **values: Any) -> int:
    """A recording with its bytes; its number. The same page sent twice (`reference`) is kept once."""
    same = (Recording.person_id == person_id, Recording.prompt_id == prompt.id, Recording.question == question)
    known = select(Recording.id).where(*same, Recording.reference == values["reference"], Recording.account == "")
    if (number := tx.execute(known).scalar()) is not None:
        return int(number)
    row = add(tx, prompt, question, person_id, now, state="kept", size=len(sound), **values)
    tx.execute(insert(tx, Sound).values(recording_id=row.id, data=sound))
    return row.id


def get(tx: Tx, number: int) -> Recording | None:
    """A recording by number."""
    return find_row(tx, Recording, number)


def sound(tx: Tx, number: int) -> bytes | None:
    """The bytes of a recording."""
    found = tx.execute(select(Sound.data).where(Sound.recording_id == number)).scalar_one_or_none()
    return None if found is None else bytes(found)


def require_room(tx: Tx, person_id: int, now: datetime) -> None:
    """Nobody fills our disks: so many recordings a day are enough. Raises Refusal."""
    mine = (Recording.person_id == person_id, Recording.sent_at > now - timedelta(days=1))
    if tx.execute(select(func.count()).select_from(Recording).where(*mine)).scalar_one() >= MOST_A_DAY:
        raise Refusal(_("You have sent many recordings today. Please write, or record again tomorrow."))


def may_hear(tx: Tx, row: Recording, person_id: int, roles: Collection[Role]) -> bool:
    """Whether somebody may listen: its speaker, a facilitator, and members where all see names and it is shared."""
    if row.person_id == person_id:
        return True
    prompt = find_row(tx, Prompt, row.prompt_id)
    if prompt is None or all(row.id != one.id for one in given(tx, row.prompt_id)):
        return False
    if Role.FACILITATOR in roles:
        return open_to_facilitators(tx, prompt)
    return prompt.seen_by == TO_ALL and prompt.piling == "shared" and bool(MEMBERS & set(roles))


def open_to_facilitators(tx: Tx, prompt: Prompt) -> bool:
    """Whether a facilitator may listen: without names only once enough have answered, as with what is written.

    A voice tells whose it is, so the committee never hears one where it sees no names.
    """
    return prompt.seen_by != UNNAMED or (prompt.state == "closed" and not answers.too_few(tx, prompt))


def own(tx: Tx, person_id: int) -> Sequence[Recording]:
    """A person's recordings, the newest first."""
    mine = select(Recording).where(Recording.person_id == person_id, Recording.state != "lost")
    return every(tx, Recording, mine.order_by(Recording.id.desc()))


def given(tx: Tx, prompt_id: int) -> Sequence[Recording]:
    """The recordings that stand as answers to a set of questions, or were written down; in the questions' order."""
    sent = (AnswerRow.prompt_id == prompt_id, AnswerRow.state.in_(("sent", "handed_over")))
    statement = select(AnswerRow.person_id, AnswerRow.__table__.c["values"].label("given")).where(*sent)
    values = {row.person_id: row.given for row in tx.execute(statement)}
    kept = select(Recording).where(Recording.prompt_id == prompt_id, Recording.state == "kept")
    return [
        row
        for row in every(tx, Recording, kept.order_by(Recording.question, Recording.id))
        if row.person_id in values and (row.written_at or _is(values[row.person_id].get(f"q{row.question}"), row))
    ]


# Fetching ----------------------------------------------------------------------------------------------------


def due(tx: Tx, account: str, now: datetime) -> Sequence[Recording]:
    """What waits at a platform and is to be fetched now, the oldest first."""
    waiting = (Recording.account == account, Recording.state == "waiting", Recording.due_at <= now)
    return every(tx, Recording, select(Recording).where(*waiting).order_by(Recording.id).limit(10))


def take(tx: Tx, row: Recording, until: datetime) -> bool:
    """Begin to fetch: nobody else does before `until`. False where somebody was first."""
    this = (Recording.id == row.id, Recording.state == "waiting", Recording.tries == row.tries)
    return tx.execute(update(Recording).where(*this).values(tries=row.tries + 1, due_at=until)).rowcount == 1


def postpone(tx: Tx, number: int, until: datetime) -> None:
    """It was not to be had just now: try again later."""
    tx.execute(update(Recording).where(Recording.id == number, Recording.state == "waiting").values(due_at=until))


def arrived(tx: Tx, number: int, sound: bytes, kind: str, seconds: int) -> bool:
    """Keep what was fetched; False where the recording is no longer waited for."""
    this = (Recording.id == number, Recording.state == "waiting")
    values = {"state": "kept", "reference": "", "due_at": None, "kind": kind, "seconds": seconds, "size": len(sound)}
    if tx.execute(update(Recording).where(*this).values(values)).rowcount != 1:
        return False
    tx.execute(insert(tx, Sound).values(recording_id=number, data=sound))
    return True


def lose(tx: Tx, row: Recording) -> bool:
    """It cannot be fetched: the question is as if it were not answered; False where it is no longer waited for."""
    this = (Recording.id == row.id, Recording.state == "waiting")
    values = {"state": "lost", "reference": "", "due_at": None}
    if tx.execute(update(Recording).where(*this).values(values)).rowcount != 1:
        return False
    _replace(tx, row, None)
    return True


# What becomes of it ------------------------------------------------------------------------------------------


def write_down(tx: Tx, row: Recording, words: str, now: datetime) -> bool:
    """From now on the words are the answer; False where something else is the answer by now."""
    if row.written_at is not None:
        return False
    if not _replace(tx, row, words):
        return False
    tx.execute(update(Recording).where(Recording.id == row.id).values(written_at=now))
    return True


def _replace(tx: Tx, row: Recording, value: Value) -> bool:
    """Put something else in the place of a recording among the answers, where it still stands there."""
    key, changed = f"q{row.question}", False
    values = _values(tx, row)
    if _is(values.get(key), row):
        _give(tx, row, {**values, key: value})
        changed = True
    begun = conversations.find(tx, row.person_id, answers.FORM, row.prompt_id)
    if begun is not None and _is(begun.answers.get(key), row):
        rest = {name: given for name, given in begun.answers.items() if name != key}
        conversations.save(tx, begun, begun.updated_at, answers=rest if value is None else {**rest, key: value})
        changed = True
    return changed


def _values(tx: Tx, row: Recording) -> dict[str, Any]:
    """The answers that a recording belongs to, which nobody else changes meanwhile."""
    this = (AnswerRow.prompt_id == row.prompt_id, AnswerRow.person_id == row.person_id)
    found = tx.execute(select(AnswerRow.__table__.c["values"]).where(*this).with_for_update()).scalar_one_or_none()
    return dict(found or {})


def _is(value: Any, row: Recording) -> bool:
    found = spoken(value)
    return found is not None and found.recording == row.id


def _give(tx: Tx, row: Recording, values: dict[str, Any]) -> None:
    this = (AnswerRow.prompt_id == row.prompt_id, AnswerRow.person_id == row.person_id)
    tx.execute(update(AnswerRow).where(*this).values({"values": values}))


def drop(tx: Tx, row: Recording) -> None:
    """Delete a recording; where it is the answer itself, that is then skipped. What was written down stays."""
    if _replace(tx, row, None):
        _unpile(tx, row)
    _delete(tx, Recording.id == row.id)


def drop_answer(tx: Tx, row: Recording) -> None:
    """Delete a recording and the answer it belongs to, written down or not."""
    key, values = f"q{row.question}", _values(tx, row)
    if values.get(key) is not None:
        _give(tx, row, {**values, key: None})
    drop(tx, row)
    _unpile(tx, row)


def _unpile(tx: Tx, row: Recording) -> None:
    """Nothing of a deleted answer stays in a group."""
    this = (PiledAnswer.prompt_id == row.prompt_id, PiledAnswer.question == row.question)
    tx.execute(delete(PiledAnswer).where(*this, PiledAnswer.person_id == row.person_id))
    empty = (Pile.prompt_id == row.prompt_id, ~exists().where(PiledAnswer.pile_id == Pile.id))
    tx.execute(delete(Pile).where(*empty))


def settle(tx: Tx, prompt_id: int, person_id: int, values: Any) -> None:
    """A person has sent answers: recordings that are not among them any more, and are not written down, go."""
    if not answers.can_be_spoken(tx, prompt_id):
        return
    standing = [found.recording for value in values.values() if (found := spoken(value))]
    mine = (Recording.prompt_id == prompt_id, Recording.person_id == person_id, Recording.id.not_in(standing))
    _delete(tx, *mine, Recording.written_at.is_(None), Recording.state != "lost")


def erase(tx: Tx, person_id: int) -> None:
    """Delete all recordings of a person."""
    _delete(tx, Recording.person_id == person_id)


def clean(tx: Tx, now: datetime, kept: Recordings) -> None:
    """Delete what has been kept long enough: sooner where it is written down, or was never sent."""
    old = Recording.sent_at < kept.sent.before(now)
    answered = exists().where(AnswerRow.prompt_id == Recording.prompt_id, AnswerRow.person_id == Recording.person_id)
    idle = and_(Recording.sent_at < RULES["conversation"].before(now), ~answered)
    written = Recording.written_at < kept.written.before(now)
    _delete(tx, or_(old, written, idle))


def _delete(tx: Tx, *which: Any) -> None:
    numbers = select(Recording.id).where(*which)
    tx.execute(delete(Sound).where(Sound.recording_id.in_(numbers)))
    tx.execute(delete(Recording).where(*which))
