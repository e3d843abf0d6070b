"""The scheme we do not use, to show that the thief is no fool: roll and votes apart, and no link between them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.domain import ballots as rules
from bot.domain.voting import METHODS
from storage import ballots
from storage.database import Tx
from storage.tables import Ballot, Paper, Voter


def cast(ordered: bool) -> Callable[[Tx, int, int, int, datetime], Ballot]:
    """A vote as two rows: the roll says that somebody voted, a paper what; its key counts up, or is random."""

    def separately(tx: Tx, ballot_id: int, person_id: int, ticked: int, now: datetime) -> Ballot:
        ballot = ballots.get(tx, ballot_id)
        rules.require_open(ballot.state, ballot.closes_at, now)
        tx.execute(update(Voter).where(Voter.ballot_id == ballot_id, Voter.person_id == person_id).values(box=b""))
        number = tx.execute(select(func.count()).select_from(Paper)).scalar_one()
        key = number.to_bytes(16, "big") if ordered else secrets.token_bytes(16)
        tx.execute(insert(Paper).values(id=key, ballot_id=ballot_id, choice=ticked))
        return ballot

    return separately


def count(tx: Tx, ballot_id: int, private: bytes) -> bool:
    """The papers are there already."""
    ballot = ballots.get(tx, ballot_id)
    tally = METHODS[ballot.method](ballots.papers(tx, ballot_id), len(ballot.options))
    values = {"state": rules.State.COUNTED, "tally": {**asdict(tally), "shown": True}}
    return tx.execute(update(Ballot).where(Ballot.id == ballot_id).values(values)).rowcount == 1
