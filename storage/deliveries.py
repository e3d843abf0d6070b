"""What became of one thing sent, person by person: who has it, who waits and until when, whom it did not reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, and_, bindparam, case, exists, func, or_, select, update

from bot.domain.paper import ACCOUNT
from storage import answers, audiences, news, schedules
from storage.database import Tx
from storage.outbox import HOLD
from storage.prepared import Prepared
from storage.sending import OPEN
from storage.tables import AddressRow, AnswerRow, Conversation, Outbox, PersonRow, Prompt, Schedule

PATIENCE = timedelta(minutes=2)
OFTEN, SELDOM = timedelta(seconds=5), timedelta(hours=1)
PAGE = 30
# What needs somebody's help comes first in a list.
ORDER = ("unreachable", "failed", "expired", "uncertain", "waiting", "cancelled", "sent")
KIND = "prompt"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sending has come, counted in people.

    `to_come` have no row yet; `quiet` asked not to be written to. `finish` is when the last is expected to have it;
    `silent` are the accounts on which nothing has moved for a while, and `until` is when we give up there.
    """

    counts: Mapping[str, int]
    to_come: int
    quiet: int
    finish: datetime | None
    silent: Sequence[str]
    until: datetime | None

    @property
    def waiting(self) -> int:
        """How many are still to get it."""
        return self.counts.get("waiting", 0) + self.to_come

    @property
    def total(self) -> int:
        """To how many it was to go."""
        return sum(self.counts.values()) + self.to_come

    def of(self, state: str) -> int:
        """How many people are in a state."""
        return self.counts.get(state, 0)


@dataclass(frozen=True, slots=True)
class Reached:
    """One line of the delivery log: a person, by which account, what became of it and when."""

    name: str
    account: str
    state: str
    at: datetime | None


def known(tx: Tx, keys: Collection[str]) -> frozenset[str]:
    """Which of these keys, each of which lets a message be put once, are used."""
    return frozenset(tx.execute(select(Outbox.dedupe).where(Outbox.dedupe.in_(keys))).scalars())


def progress(tx: Tx, prompt: Prompt, now: datetime, paces: Mapping[str, float]) -> Progress:
    """How far a sending has come. `paces` is how many messages a second each account may send."""
    counts = {row.state: row.many for row in _COUNTS.all(tx, {"prompt": prompt.id, "now": now})}
    coming = _coming(tx, prompt)
    if prompt.state == "stopped":
        never = tx.execute(select(func.count()).select_from(_beyond(tx, prompt).subquery())).scalar_one()
        counts["cancelled"] = counts.get("cancelled", 0) + never
    to_come = tx.execute(select(func.count()).select_from(coming.subquery())).scalar_one() if coming is not None else 0
    queues = _queues(tx, prompt, now) if counts.get("waiting") else {}
    return Progress(
        counts,
        to_come,
        _quiet(tx, prompt),
        _finish(tx, queues, coming, now, paces) if queues or to_come else None,
        [queue.account for queue in queues.values() if queue.alone and queue.moved < now - PATIENCE],
        max((queue.until for queue in queues.values()), default=None),
    )


def log(tx: Tx, prompt: Prompt, now: datetime, page: int = 0) -> Sequence[Reached]:
    """One page of the delivery log, those who need help first."""
    values = {"prompt": prompt.id, "now": now, "size": PAGE, "skipped": page * PAGE}
    return [Reached(*row) for row in _LOG.all(tx, values)]


def send_again(tx: Tx, prompt: Prompt, now: datetime) -> int:
    """Have what is uncertain sent once more, save to those who have reacted; returns how many rows."""
    _settle_reacted(tx, prompt)
    lasting = now + timedelta(days=1)
    statement = update(Outbox).where(*_about(prompt.id), Outbox.state == "uncertain")
    statement = statement.where(Outbox.content.is_not(None) | Outbox.body_id.is_not(None))
    # One attempt is already spent: should the line break again, it is the facilitator who decides again.
    values = {"state": "ready", "attempts": 1, "expires_at": prompt.deadline_at or lasting}
    again = tx.execute(statement.values(**values).returning(Outbox.account)).scalars().all()
    for account in set(again):
        news.leave(tx, account)
    return len(again)


def stop(tx: Tx, prompt: Prompt) -> int:
    """Cancel what no platform has been asked to carry yet; returns how many rows."""
    statement = update(Outbox).where(*_about(prompt.id), Outbox.state.in_(("ready", "leased")))
    return tx.execute(statement.values(state="cancelled")).rowcount


def follow(tx: Tx, row_id: int | None, prompt: Prompt, now: datetime) -> None:
    """From here on this message shows how a sending goes."""
    tx.execute(update(Outbox).where(Outbox.id == row_id).values(about="progress", about_id=prompt.id))
    schedules.drop(tx, prompt.id, "progress")
    schedules.plan(tx, "progress", prompt.id, now + OFTEN, prompt.committee_id)


def look_after(tx: Tx, prompt: Prompt, now: datetime) -> None:
    """Have somebody look how a sending goes, ever more seldom the longer it takes."""
    pause = min(max((now - (prompt.sent_at or now)) / 4, OFTEN), SELDOM)
    schedules.plan(tx, "progress", prompt.id, now + pause, prompt.committee_id)


def followers(tx: Tx, prompt_id: int) -> Sequence[tuple[int, int]]:
    """The messages that show how a sending goes, and to whom: (row, person)."""
    statement = select(Outbox.id, Outbox.person_id).where(Outbox.about == "progress", Outbox.about_id == prompt_id)
    return [(row[0], row[1]) for row in tx.execute(statement.order_by(Outbox.id))]


def _about(prompt_id: Any) -> tuple[Any, ...]:
    return (Outbox.about == "prompt", Outbox.about_id == prompt_id, Outbox.op == "send", Outbox.kind == KIND)


def _reacted(prompt_id: Any) -> Any:
    """Whoever has begun to answer, has answered or would rather not, has got the questions; of a message nobody has."""
    answered = exists().where(AnswerRow.prompt_id == prompt_id, AnswerRow.person_id == Outbox.person_id)
    begun = exists().where(
        Conversation.form == answers.FORM, Conversation.subject == prompt_id, Conversation.person_id == Outbox.person_id
    )
    return or_(answered, begun)


def _settle_reacted(tx: Tx, prompt: Prompt) -> None:
    uncertain = (*_about(prompt.id), Outbox.state == "uncertain", _reacted(prompt.id))
    tx.execute(update(Outbox).where(*uncertain).values(state="sent"))


_PROMPT, _NOW = bindparam("prompt", type_=BigInteger), bindparam("now", type_=Outbox.__table__.c.expires_at.type)


def _each() -> Any:
    """One row a person: where a mail stands beside the web page, the mail is what counts."""
    carrier = Outbox.__table__.alias("carrier")  # what went along in another message is where that one is
    now_is = func.coalesce(carrier.c.state, Outbox.state)
    state = case(
        (and_(now_is == "ready", Outbox.expires_at <= _NOW), "expired"),
        (now_is.in_(OPEN), "waiting"),
        (and_(now_is.in_(("uncertain", "cancelled")), _reacted(_PROMPT)), "sent"),
        else_=now_is,
    )
    place = func.row_number().over(
        partition_by=Outbox.person_id, order_by=((Outbox.account == "mail").desc(), Outbox.id.desc())
    )
    rows = (
        select(
            Outbox.id,
            PersonRow.name,
            Outbox.account,
            state.label("state"),
            func.coalesce(carrier.c.sent_at, Outbox.sent_at).label("at"),
            place.label("n"),
        )
        .join(PersonRow, PersonRow.id == Outbox.person_id)
        .outerjoin(carrier, carrier.c.id == Outbox.target)
        .where(*_about(_PROMPT))
        .subquery()
    )
    return select(rows).where(rows.c.n == 1).subquery()


_EACH = _each()
_COUNTS = Prepared(select(_EACH.c.state, func.count().label("many")).group_by(_EACH.c.state))
_RANK = case({state: place for place, state in enumerate(ORDER)}, value=_EACH.c.state)
_LOG = Prepared(
    select(_EACH.c.name, _EACH.c.account, _EACH.c.state, _EACH.c.at)
    .order_by(_RANK, _EACH.c.name, _EACH.c.id)
    .limit(bindparam("size", type_=Integer))
    .offset(bindparam("skipped", type_=Integer))
)


def _audience(tx: Tx, prompt: Prompt) -> Any:
    return select(PersonRow.id).where(PersonRow.id.in_(audiences.ids(tx, prompt)))


def _quiet(tx: Tx, prompt: Prompt) -> int:
    """How many of the audience asked not to be written to, and were not."""
    written = exists().where(*_about(prompt.id), Outbox.person_id == PersonRow.id)
    quiet = _audience(tx, prompt).where(PersonRow.state.in_(("necessary", "silent")), ~written)
    return tx.execute(select(func.count()).select_from(quiet.subquery())).scalar_one()


def _coming(tx: Tx, prompt: Prompt) -> Any:
    """Those the sending has not come to yet; None where it has come to all."""
    if prompt.sent_at is None or prompt.state == "stopped" or not _GOES_ON.all(tx, {"prompt": prompt.id}):
        return None
    return _beyond(tx, prompt)


_GOES_ON = Prepared(
    select(Schedule.id)
    .where(Schedule.subject == _PROMPT, Schedule.kind.in_(("prompt", "asking")), Schedule.state == "waiting")
    .limit(1)
)


def _beyond(tx: Tx, prompt: Prompt) -> Any:
    """Those after the cursor who were there when it was sent."""
    cursor = select(Prompt.cursor).where(Prompt.id == prompt.id).scalar_subquery()
    joined = _audience(tx, prompt)
    return joined.where(PersonRow.state == "active", PersonRow.id > cursor)


@dataclass(frozen=True, slots=True)
class _Queue:
    """What waits on one account: `ahead` counts the rows up to our last; `alone` where all of them are ours."""

    account: str
    ahead: int
    alone: bool
    moved: datetime
    until: datetime


def _queues(tx: Tx, prompt: Prompt, now: datetime) -> Mapping[str, _Queue]:
    found = {}
    for row in _OURS.all(tx, {"prompt": prompt.id, "now": now}):
        ahead = _AHEAD.scalar(tx, {"account": row.account, "now": now, "lane": row.lane, "last": row.last})
        sent = _MOVED.scalar(tx, {"prompt": prompt.id, "account": row.account})
        moved = max(filter(None, (row.since, sent)))
        found[row.account] = _Queue(row.account, ahead, ahead == row.waiting, moved, row.until)
    return found


_OPEN_NOW = and_(Outbox.state.in_(OPEN), Outbox.expires_at > _NOW, Outbox.account != ACCOUNT, Outbox.lane < HOLD)
_OURS = Prepared(
    select(
        Outbox.account,
        func.max(Outbox.lane).label("lane"),
        func.max(Outbox.id).label("last"),
        func.count().label("waiting"),
        func.max(Outbox.created_at).label("since"),
        func.max(Outbox.expires_at).label("until"),
    )
    .where(*_about(_PROMPT), _OPEN_NOW)
    .group_by(Outbox.account)
)
_THERE, _LANE = Outbox.account == bindparam("account"), bindparam("lane", type_=Integer)
_AHEAD = Prepared(
    select(func.count().label("ahead"))
    .select_from(Outbox)
    .where(_THERE, _OPEN_NOW)
    .where(or_(Outbox.lane < _LANE, and_(Outbox.lane == _LANE, Outbox.id <= bindparam("last"))))
)
_MOVED = Prepared(select(func.max(Outbox.sent_at).label("at")).where(*_about(_PROMPT), _THERE))


def _finish(
    tx: Tx, queues: Mapping[str, _Queue], coming: Select[Any] | None, now: datetime, paces: Mapping[str, float]
) -> datetime:
    """When the last message is expected to be out, at the pace of each account; said by the minute."""
    rows = {account: queue.ahead for account, queue in queues.items()}
    if coming is not None:
        more = select(AddressRow.account, func.count()).where(
            AddressRow.person_id.in_(coming), AddressRow.state == "active", AddressRow.account.in_(list(paces))
        )
        for account, count in tx.execute(more.group_by(AddressRow.account)):
            rows[account] = rows.get(account, 0) + count
    seconds = max((ceil(count / paces.get(account, 1.0)) for account, count in rows.items()), default=0)
    end = now + timedelta(seconds=seconds)
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(minutes=1)
