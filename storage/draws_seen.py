"""Draws as those read them who decide and those who keep the record: what is fixed, never what is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain.eligibility import REASONS
from storage import calls
from storage.database import Tx, every, first
from storage.tables import Draw as Draw


def listed(tx: Tx, committee_id: int) -> Sequence[Draw]:
    """All draws of a committee, the void ones too, the oldest first."""
    statement = select(Draw).where(Draw.committee_id == committee_id).order_by(Draw.call, Draw.number)
    return every(tx, Draw, statement)


def newest_drawn(tx: Tx, committee_id: int) -> Draw | None:
    """The draw of the newest call that has been drawn and stands."""
    mine = (Draw.committee_id == committee_id, Draw.call == calls.number(tx, committee_id), Draw.state == "drawn")
    return first(tx, Draw, select(Draw).where(*mine).order_by(Draw.number.desc()).limit(1))


def reasons(draw: Draw) -> Mapping[int, str]:
    """By application, why somebody had no chance in a draw, where its result says so under "reasons"."""
    found = (draw.result or {}).get("reasons") or {}
    return {int(number): str(reason) for number, reason in found.items() if reason in REASONS}
