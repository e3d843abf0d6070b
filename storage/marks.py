"""Single facts about this database: whether it is a demo, which Slack team it belongs to."""

from __future__ import annotations

from sqlalchemy import select

from storage.database import Tx, insert
from storage.tables import Mark


def get(tx: Tx, key: str) -> str | None:
    """A fact, or None."""
    return tx.execute(select(Mark.value).where(Mark.key == key)).scalar()


def once(tx: Tx, key: str, value: str) -> str:
    """Note a fact unless another process has noted it first; returns what is noted."""
    tx.execute(insert(tx, Mark).values(key=key, value=value).on_conflict_do_nothing())
    return get(tx, key) or value


def put(tx: Tx, key: str, value: str) -> None:
    """Note a fact."""
    statement = insert(tx, Mark).values(key=key, value=value)
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
