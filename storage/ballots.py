"""Secret ballots: sealed until closing, anonymous after it; between the two nothing readable exists on disk.

The database remembers the order of everything, so a link between voter and vote cannot be hidden in it. Hidden is
what was chosen: boxes are sealed to a key that was never in the database and is destroyed at the closing.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.domain import ballots as rules
from bot.domain.ballots import State
from bot.domain.mandate import SealedBy
from bot.domain.people import MEMBERS, STAFF, Person
from bot.domain.voting import METHODS
from storage import keys, people
from storage.database import Database, Tx, every, find, insert, is_sqlite
from storage.tables import Ballot as Ballot
from storage.tables import Paper, PersonRow, Voter

# Who has voted with the own hand keeps that vote.
_ENTERABLE = Voter.box.is_(None) | Voter.entered_by.is_not(None)
UNDER_WAY = (State.OPEN, State.CLOSING, State.COUNTED)


def draft(tx: Tx, committee_id: int, created_by: int, now: datetime, **values: Any) -> Ballot:
    """A new ballot that is not open yet: title, options, opens_at, closes_at, meeting_id."""
    statement = insert(tx, Ballot).values(
        committee_id=committee_id,
        created_by=created_by,
        created_at=now,
        method="approval",
        state=State.DRAFT,
        entitled=0,
        **values,
    )
    added = find(tx, Ballot, tx.execute(statement.returning(Ballot.id)).scalar_one())
    assert added is not None
    return added


def look_up(tx: Tx, ballot_id: int) -> Ballot | None:
    """A ballot by number, if there is one."""
    return find(tx, Ballot, ballot_id)


def get(tx: Tx, ballot_id: int) -> Ballot:
    """A ballot by number. Raises LookupError."""
    found = look_up(tx, ballot_id)
    if found is None:
        raise LookupError(f"no ballot {ballot_id}")
    return found


def listed(tx: Tx, committee_id: int, limit: int = 10) -> Sequence[Ballot]:
    """The newest ballots of a committee."""
    return every(
        tx, Ballot, select(Ballot).where(Ballot.committee_id == committee_id).order_by(Ballot.id.desc()).limit(limit)
    )


def under_way(tx: Tx) -> Sequence[int]:
    """The ballots whose key in the key folder is still needed, or may be."""
    needed = select(Ballot.id).where(Ballot.state.in_(UNDER_WAY), Ballot.sealed_by == SealedBy.SERVICE)
    return list(tx.execute(needed.order_by(Ballot.id)).scalars())


def _enter(tx: Tx, ballot_id: int, state: State, *before: State, **values: Any) -> bool:
    """Change the state where it still is one of those before, so that every step can be repeated."""
    statement = update(Ballot).where(Ballot.id == ballot_id, Ballot.state.in_(before))
    return tx.execute(statement.values(state=state, **values)).rowcount == 1


def _locked(tx: Tx, ballot_id: int, *, shared: bool = False) -> Ballot | None:
    """The ballot's row, locked until the end of the transaction; SQLite's one writer is lock enough."""
    statement = select(Ballot).where(Ballot.id == ballot_id)
    rows = every(tx, Ballot, statement if is_sqlite(tx) else statement.with_for_update(read=shared))
    return rows[0] if rows else None


def cancel(tx: Tx, ballot_id: int) -> bool:
    """Give up a ballot that has not opened; False where it has."""
    return _enter(tx, ballot_id, State.VOID, State.DRAFT)


def entitled(tx: Tx, committee_id: int) -> Sequence[Person]:
    """The members who may vote: nobody who also works for the administration."""
    staff = {person.id for person in people.holding(tx, committee_id, STAFF)}
    return [person for person in people.holding(tx, committee_id, MEMBERS) if person.id not in staff]


def open_now(tx: Tx, folder: Path, ballot_id: int, now: datetime) -> Sequence[Person]:
    """Open a drafted ballot: the key is on disk before the transaction ends. Returns who may vote; empty if open.

    One that the chair seals stays a draft until the chair has the closing code. Raises OSError where the key cannot
    be written; the ballot then stays a draft, too.
    """
    ballot = _locked(tx, ballot_id)
    if ballot is None or ballot.state != State.DRAFT or waits_for_code(ballot):
        return []
    rules.require_options(len(ballot.options))
    voters = entitled(tx, ballot.committee_id)
    public = ballot.public_key if by_chair(ballot) else _key_in(folder, ballot_id)
    if voters:
        tx.execute(insert(tx, Voter).values([{"ballot_id": ballot_id, "person_id": one.id} for one in voters]))
    _enter(tx, ballot_id, State.OPEN, State.DRAFT, public_key=public, entitled=len(voters), opens_at=now)
    return voters


def by_chair(ballot: Ballot) -> bool:
    """Whether the private key is nowhere but in the chair's closing code."""
    return ballot.sealed_by == SealedBy.CHAIR


def waits_for_code(ballot: Ballot) -> bool:
    """Whether the chair has yet to take the closing code."""
    return by_chair(ballot) and ballot.state == State.DRAFT and ballot.public_key is None


def take_code(tx: Tx, ballot_id: int, private: bytes) -> bool:
    """From here the ballot can open: votes are sealed to the key of the chair's code. False where one was taken."""
    none_yet = update(Ballot).where(Ballot.id == ballot_id, Ballot.state == State.DRAFT, Ballot.public_key.is_(None))
    return tx.execute(none_yet.values(public_key=rules.public_of(private))).rowcount == 1


def _key_in(folder: Path, ballot_id: int) -> bytes:
    """A new key, its private half in the key folder; returns the public one."""
    if keys.exists(folder, ballot_id):  # left by a crash before the commit; a draft has no boxes
        keys.destroy(folder, ballot_id)
    private, public = rules.new_key()
    keys.write(folder, ballot_id, private)
    return public


def cast(
    tx: Tx, ballot_id: int, person_id: int, ticked: int, now: datetime, *, entered_by: int | None = None
) -> Ballot:
    """Seal a vote over an earlier one; `entered_by` is who enters what the person gave on paper or by phone.

    Raises Refusal where the ballot is closed, the boxes are not on it, the person is not on the roll, or a vote
    entered for the person would replace the person's own.
    """
    ballot = _locked(tx, ballot_id, shared=True)
    assert ballot is not None
    rules.require_open(ballot.state, ballot.closes_at, now)
    assert ballot.public_key is not None
    box = rules.seal(ballot.public_key, ballot_id, person_id, ticked, len(ballot.options))
    row = update(Voter).where(Voter.ballot_id == ballot_id, Voter.person_id == person_id)
    if entered_by is not None:
        row = row.where(_ENTERABLE)
    if tx.execute(row.values(box=box, entered_by=entered_by)).rowcount == 0:
        raise rules.not_entitled() if entered_by is None else rules.not_to_enter()
    return ballot


def may_vote(tx: Tx, ballot_id: int, person_id: int) -> bool:
    """Whether a person is on the roll."""
    return (
        tx.execute(select(Voter.person_id).where(Voter.ballot_id == ballot_id, Voter.person_id == person_id)).first()
        is not None
    )


def voted(tx: Tx, ballot_id: int, person_id: int) -> bool:
    """Whether a person has voted; never how."""
    mine = select(Voter.person_id).where(Voter.ballot_id == ballot_id, Voter.person_id == person_id)
    return tx.execute(mine.where(Voter.box.is_not(None))).first() is not None


def on_paper(tx: Tx, ballot_id: int) -> Sequence[Person]:
    """Those for whom a vote may be entered: on the roll, and not voted with their own hand."""
    these = PersonRow.id.in_(select(Voter.person_id).where(Voter.ballot_id == ballot_id, _ENTERABLE))
    return [
        people.person_of(row) for row in every(tx, PersonRow, select(PersonRow).where(these).order_by(PersonRow.name))
    ]


def enterable(tx: Tx, ballot_id: int, person_id: int) -> bool:
    """Whether a vote may be entered for this person."""
    this = (Voter.ballot_id == ballot_id, Voter.person_id == person_id, _ENTERABLE)
    return tx.execute(select(Voter.person_id).where(*this)).first() is not None


def without_vote(tx: Tx, ballot_id: int) -> Sequence[Person]:
    """Those on the roll who have not voted, for a reminder."""
    missing = select(Voter.person_id).where(Voter.ballot_id == ballot_id, Voter.box.is_(None))
    rows = every(tx, PersonRow, select(PersonRow).where(PersonRow.id.in_(missing)).order_by(PersonRow.id))
    return [people.person_of(row) for row in rows]


def roll(tx: Tx, ballot_id: int) -> Sequence[Person]:
    """Everybody who may vote."""
    on_roll = select(Voter.person_id).where(Voter.ballot_id == ballot_id)
    rows = every(tx, PersonRow, select(PersonRow).where(PersonRow.id.in_(on_roll)).order_by(PersonRow.id))
    return [people.person_of(row) for row in rows]


def open_for(tx: Tx, person_id: int, now: datetime) -> Sequence[Ballot]:
    """The ballots that are open and where the person is on the roll."""
    mine = exists().where(Voter.ballot_id == Ballot.id, Voter.person_id == person_id)
    statement = select(Ballot).where(Ballot.state == State.OPEN, Ballot.closes_at > now, mine)
    return every(tx, Ballot, statement.order_by(Ballot.closes_at, Ballot.id))


# Closing: each step in a transaction of its own, and each can be done again after a crash ------------------------


def start_closing(tx: Tx, ballot_id: int, now: datetime) -> bool:
    """Step one: from here no vote passes. False where it is not open or not time yet."""
    ballot = _locked(tx, ballot_id)
    if ballot is None or ballot.state != State.OPEN or ballot.closes_at > now:
        return False
    return _enter(tx, ballot_id, State.CLOSING, State.OPEN)


def count(tx: Tx, ballot_id: int, private: bytes) -> bool:
    """Step two, alone in its transaction: open all boxes, shuffle, store the papers, empty the boxes.

    Raises BrokenBox where one box does not open or is not its voter's own: then nothing is counted. With fewer than
    five papers neither papers nor counts are stored.
    """
    ballot = _locked(tx, ballot_id)
    if ballot is None or ballot.state != State.CLOSING:
        return False
    cast_boxes = select(Voter.person_id, Voter.box).where(Voter.ballot_id == ballot_id, Voter.box.is_not(None))
    boxes = {row.person_id: bytes(row.box) for row in tx.execute(cast_boxes.order_by(Voter.person_id))}
    options = len(ballot.options)
    found = rules.count(private, boxes, ballot_id, options)
    if rules.publishable(found.papers):
        tally: dict[str, Any] = {**asdict(METHODS[ballot.method](found.papers, options)), "shown": True}
        papers = [{"id": secrets.token_bytes(16), "ballot_id": ballot_id, "choice": paper} for paper in found.papers]
        tx.execute(insert(tx, Paper).values(sorted(papers, key=lambda paper: paper["id"])))
    else:
        tally = {"turnout": len(found.papers), "shown": False}
    tx.execute(update(Voter).where(Voter.ballot_id == ballot_id, Voter.box.is_not(None)).values(box=b""))
    return _enter(tx, ballot_id, State.COUNTED, State.CLOSING, tally=tally)


def tidy(database: Database) -> bool:
    """Step three, outside any transaction: leave no page of the sealed boxes behind. False: try again later."""
    if not database.sqlite:
        with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL voter"))
        return True
    raw = database.writer.raw_connection()
    try:
        cursor = raw.cursor()
        if not _log_emptied(cursor):
            return False
        cursor.execute("VACUUM")
        return _log_emptied(cursor)
    except sqlite3.OperationalError:  # another process took the lock between two of these
        return False
    finally:
        raw.close()


def _log_emptied(cursor: DBAPICursor) -> bool:
    """Whether SQLite's log could be moved into its file and cut to nothing; not while somebody reads from it."""
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    busy = cursor.fetchone()
    return busy is not None and not busy[0]


def release(tx: Tx, ballot_id: int) -> bool:
    """Step four, once the key is gone: the result may be told."""
    return _enter(tx, ballot_id, State.RELEASED, State.COUNTED)


def void(tx: Tx, ballot_id: int) -> bool:
    """The ballot cannot be counted: nothing of it remains, and everybody is told to vote anew."""
    if not _enter(tx, ballot_id, State.VOID, State.OPEN, State.CLOSING):
        return False
    tx.execute(update(Voter).where(Voter.ballot_id == ballot_id).values(box=None))
    return True


def papers(tx: Tx, ballot_id: int) -> Sequence[int]:
    """The votes of a released ballot in the order of their random keys: they belong to nobody."""
    return list(tx.execute(select(Paper.choice).where(Paper.ballot_id == ballot_id).order_by(Paper.id)).scalars())


def turnout(tx: Tx, ballot_id: int) -> int:
    """How many on the roll have voted."""
    statement = select(func.count()).where(Voter.ballot_id == ballot_id, Voter.box.is_not(None))
    return tx.execute(statement).scalar_one()


def states(tx: Tx) -> Sequence[tuple[int, str]]:
    """Every ballot that is between its opening and its release, with its state."""
    rows = tx.execute(select(Ballot.id, Ballot.state).where(Ballot.state.in_(UNDER_WAY)).order_by(Ballot.id))
    return [(row.id, row.state) for row in rows]
