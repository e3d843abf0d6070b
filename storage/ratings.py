"""Ratings of applications: each is a row of its own, and the newest of each rater counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from bot.domain import assessment
from bot.domain.mandate import CompetenceProfile, Mandate
from storage import audit, calls, committees
from storage.database import Tx, every, insert
from storage.tables import Application as Application
from storage.tables import Rating as Rating
from storage.vault import Vault

ACTIVE = ("sent", "appointed", "reserve", "not_appointed")
SEALED = "_"  # a line that says something sensitive stands here under a name that only we can find again


def declared(mandate: Mandate, vault: Vault, application: Application) -> list[CompetenceProfile]:
    """The lines somebody declared, the sealed ones too."""
    special = vault.open(application.special) if application.special is not None else []
    chosen = {*(application.answers.get("profiles") or []), *(special or [])}
    return [profile for profile in mandate.profiles if profile.key in chosen]


def stored(vault: Vault, application_id: int, profile: CompetenceProfile) -> str:
    """The name of a line in a rating: nobody can read from it who declared a line that says something sensitive."""
    if profile.special is None:
        return profile.key
    return SEALED + vault.hash(f"line {application_id} {profile.key}")[:7]


def rate(tx: Tx, application: Application, line: str, rater_id: int, value: int, note: str, now: datetime) -> None:
    """Add a rating of a line (by its stored name); it leaves a line in the record."""
    tx.execute(
        insert(tx, Rating).values(
            application_id=application.id, line=line, rater_id=rater_id, value=value, note=note, at=now
        )
    )
    audit.log(tx, now, rater_id, application.committee_id, "rated", f"application:{application.id}")


def newest(tx: Tx, application_ids: Collection[int]) -> Mapping[int, Mapping[str, Mapping[int, Rating]]]:
    """By application, stored line and rater: the rating that counts."""
    found: dict[int, dict[str, dict[int, Rating]]] = defaultdict(lambda: defaultdict(dict))
    statement = select(Rating).where(Rating.application_id.in_(application_ids)).order_by(Rating.id)
    for row in every(tx, Rating, statement):
        found[row.application_id][row.line][row.rater_id] = row
    return found


def of_call(tx: Tx, committee_id: int, call: int) -> Sequence[Application]:
    """The applications for a seat that a call is about, the oldest first, with those that were not answered before."""
    waiting = and_(Application.call < call, Application.state == "sent")
    statement = select(Application).where(Application.committee_id == committee_id, Application.door == "seat")
    statement = statement.where(or_(Application.call == call, waiting), Application.state.in_(ACTIVE))
    return every(tx, Application, statement.order_by(Application.id))


def agreed(tx: Tx, committee_id: int, call: int, vault: Vault) -> dict[int, dict[str, int]]:
    """By application, the rating used of each line it declares, by the line's key.

    Where the mandate has nobody rate, whoever declares a line fits it; else a line that nobody rated is left out.
    """
    mandate = committees.mandate(tx, committee_id)
    applications = of_call(tx, committee_id, call)
    given = newest(tx, [one.id for one in applications])
    found: dict[int, dict[str, int]] = {}
    for one in applications:
        found[one.id] = {}
        for profile in declared(mandate, vault, one):
            rows = given.get(one.id, {}).get(stored(vault, one.id, profile), {})
            if not mandate.selection.rated:
                found[one.id][profile.key] = mandate.selection.threshold
            elif rows:
                found[one.id][profile.key] = assessment.agreed([row.value for row in rows.values()])
    return found


def of_all_calls(tx: Tx, committee_id: int, vault: Vault) -> dict[int, dict[str, int]]:
    """The same over all calls; an application that went along into a later call stands once."""
    return {
        number: lines
        for call in range(calls.number(tx, committee_id) + 1)
        for number, lines in agreed(tx, committee_id, call, vault).items()
    }


def missing(tx: Tx, committee_id: int, call: int, vault: Vault) -> dict[int, list[str]]:
    """By application, the keys of the declared lines that too few have rated; nothing where nobody rates."""
    mandate = committees.mandate(tx, committee_id)
    if not mandate.selection.rated:
        return {}
    applications = of_call(tx, committee_id, call)
    given = newest(tx, [one.id for one in applications])
    found = {}
    for one in applications:
        lines = {profile.key: stored(vault, one.id, profile) for profile in declared(mandate, vault, one)}
        rows = given.get(one.id, {})
        if short := [key for key, line in lines.items() if len(rows.get(line, {})) < mandate.selection.raters]:
            found[one.id] = short
    return found


def changes_since(tx: Tx, committee_id: int, moment: datetime) -> list[dict[str, Any]]:
    """The ratings given since a moment, each with the same rater's earlier one; sealed lines by their stored name."""
    statement = select(Rating).join(Application, Application.id == Rating.application_id)
    statement = statement.where(Application.committee_id == committee_id).order_by(Rating.id)
    before: dict[tuple[int, str, int], int] = {}
    found = []
    for row in every(tx, Rating, statement):
        key = (row.application_id, row.line, row.rater_id)
        if row.at > moment:
            found.append(
                {
                    "application": row.application_id,
                    "line": row.line,
                    "rater": row.rater_id,
                    "at": row.at,
                    "before": before.get(key),
                    "after": row.value,
                }
            )
        before[key] = row.value
    return found
