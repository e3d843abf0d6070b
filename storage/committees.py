"""Committees and the versions of their mandates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.domain.mandate import Call as Dates
from bot.domain.mandate import Mandate, Switches, parse, switches
from storage import memo, schedules
from storage.database import Tx, every, find, find_several, first, insert
from storage.prepared import Prepared
from storage.tables import Call, MandateVersion, Switch
from storage.tables import Committee as Committee

_MANDATE = MandateVersion.__table__
_CALL = Call.__table__
_LATER, _LAST = _MANDATE.alias("later"), _CALL.alias("last")
_NEWEST_VERSION = select(func.max(_LATER.c.version)).where(_LATER.c.committee_id == _MANDATE.c.committee_id)
_NEWEST_VERSION = _NEWEST_VERSION.correlate(_MANDATE)
_NEWEST_CALL = select(func.max(_LAST.c.number)).where(_LAST.c.committee_id == _MANDATE.c.committee_id)
_NEWEST_CALL = _NEWEST_CALL.correlate(_MANDATE)
_VERSIONS = (
    select(
        _MANDATE.c.committee_id,
        _MANDATE.c.source,
        _MANDATE.c.loaded_on,
        _CALL.c.opens_at,
        _CALL.c.closes_at,
        _CALL.c.answered_at,
        _CALL.c.profiles,
    )
    .select_from(_MANDATE)
    .outerjoin(
        _CALL, (_CALL.c.committee_id == _MANDATE.c.committee_id) & (_CALL.c.number == _NEWEST_CALL.scalar_subquery())
    )
    .where(_MANDATE.c.committee_id.in_(bindparam("of", expanding=True)))
)
_NEWEST = Prepared(_VERSIONS.where(_MANDATE.c.version == _NEWEST_VERSION.scalar_subquery()))
_VERSION = Prepared(_VERSIONS.where(_MANDATE.c.version == bindparam("number")))


@lru_cache(maxsize=256)
def _parsed(source: str, loaded_on: date) -> Mandate:
    return parse(source, loaded_on)


def mandate(tx: Tx, committee_id: int, version: int | None = None) -> Mandate:
    """The newest mandate of a committee, or one version of it. Raises LookupError where there is none.

    Its call is the newest one, where the committee has called again.
    """

    def read() -> Mandate:
        row = (
            _NEWEST.first(tx, {"of": [committee_id]})
            if version is None
            else _VERSION.first(tx, {"of": [committee_id], "number": version})
        )
        if row is None:
            raise LookupError(f"no mandate of committee {committee_id}")
        return _mandate_of(row)

    return memo.once(tx, "mandate", (committee_id, version), read)


def recall(tx: Tx, numbers: Collection[int]) -> None:
    """Read several committees and their mandates at once, so that `get` and `mandate` have them."""
    find_several(tx, Committee, numbers)
    for row in _NEWEST.all(tx, {"of": sorted(numbers)}):
        memo.remember(tx, "mandate", (row.committee_id, None), _mandate_of(row))


def _mandate_of(row: Any) -> Mandate:
    value = _parsed(row.source, row.loaded_on)
    if row.opens_at is None:
        return value
    return replace(value, call=Dates(row.opens_at, row.closes_at, row.answered_at, tuple(row.profiles)))


def own_call(tx: Tx, committee_id: int) -> Dates:
    """The call of the newest mandate itself, whatever was called again since."""
    newest = select(MandateVersion).where(MandateVersion.committee_id == committee_id)
    row = first(tx, MandateVersion, newest.order_by(MandateVersion.version.desc()).limit(1))
    if row is None:
        raise LookupError(f"no mandate of committee {committee_id}")
    return _parsed(row.source, row.loaded_on).call


def by_key(tx: Tx, key: str) -> Committee | None:
    """A committee by its short key."""
    return first(tx, Committee, select(Committee).where(Committee.key == key))


def get(tx: Tx, committee_id: int) -> Committee | None:
    """A committee by number."""
    return find(tx, Committee, committee_id)


def all_of(tx: Tx) -> Sequence[Committee]:
    """Every committee, the oldest first."""
    return every(tx, Committee, select(Committee).order_by(Committee.id))


_NEWEST_NUMBER = Prepared(select(func.max(_MANDATE.c.version)).where(_MANDATE.c.committee_id == bindparam("of")))


def newest_version(tx: Tx, committee_id: int) -> int:
    """The number of the newest version of a mandate; 0 where there is none."""
    return _NEWEST_NUMBER.scalar(tx, {"of": committee_id}) or 0


def versions(tx: Tx, committee_id: int) -> Sequence[MandateVersion]:
    """All versions of a mandate, the newest first."""
    statement = select(MandateVersion).where(MandateVersion.committee_id == committee_id)
    return every(tx, MandateVersion, statement.order_by(MandateVersion.version.desc()))


def load_mandate(tx: Tx, value: Mandate, source: str, today: date, now: datetime) -> tuple[Committee, bool]:
    """Store a mandate as a new version; the committee, and whether it was new. Raises ValueError for an old version."""
    committee = by_key(tx, value.key)
    if committee is None:
        tx.execute(insert(tx, Committee).values(key=value.key, created_at=now))
        committee = by_key(tx, value.key)
    assert committee is not None
    newest = newest_version(tx, committee.id)
    if value.version <= newest:
        same = tx.execute(
            select(MandateVersion.source).where(
                MandateVersion.committee_id == committee.id, MandateVersion.version == value.version
            )
        ).scalar()
        if same == source:
            return committee, False
        raise ValueError(f"version {value.version} is already stored; give the changed mandate version {newest + 1}")
    tx.execute(
        insert(tx, MandateVersion).values(
            committee_id=committee.id,
            version=value.version,
            source=source,
            loaded_on=today,
            approved_on=value.approved_on,
            approved_by=value.approved_by[value.locales[0]],
            loaded_at=now,
        )
    )
    _plan_closing(tx, committee.id, now)
    return committee, True


def _plan_closing(tx: Tx, committee_id: int, now: datetime) -> None:
    """Those who assess hear when the call closes; its dates may have moved with this version."""
    closes = mandate(tx, committee_id).call.closes
    schedules.drop(tx, committee_id, "callends")
    if closes > now:
        schedules.plan(tx, "callends", committee_id, closes, committee_id)


def plan_closings(tx: Tx, now: datetime) -> None:
    """Plan the end of every call that is still open: mandates may have been loaded by a version that did not."""
    for committee in all_of(tx):
        if newest_version(tx, committee.id) and (closes := mandate(tx, committee.id).call.closes) > now:
            schedules.plan(tx, "callends", committee.id, closes, committee.id)


def rules(tx: Tx, committee_id: int) -> Switches:
    """What the legal form of a committee allows, with the owner's own changes."""

    def read() -> Switches:
        changed = _SWITCHES.all(tx, {"of": committee_id})
        return switches(mandate(tx, committee_id).legal_form, {row.name: row.value for row in changed})

    return memo.once(tx, "switch", committee_id, read)


_SWITCH = Switch.__table__
_SWITCHES = Prepared(select(_SWITCH.c.name, _SWITCH.c.value).where(_SWITCH.c.committee_id == bindparam("of")))


def change_rule(tx: Tx, committee_id: int, name: str, value: bool, reason: str, person_id: int, now: datetime) -> None:
    """Change one effect of the legal form, with the reason."""
    values = {"value": value, "reason": reason, "changed_by": person_id, "changed_at": now}
    statement = insert(tx, Switch).values(committee_id=committee_id, name=name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["committee_id", "name"], set_=values))
