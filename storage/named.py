"""Whose names stand on a committee's page: members who said yes, and for the young a guardian too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain import eligibility
from bot.domain.people import Person
from storage import people
from storage.database import Tx, every
from storage.people import ConsentRow
from storage.tables import Application

PURPOSE = "named"


@dataclass(frozen=True, slots=True)
class Roll:
    """The members of a committee as everybody may see them: names, and how many more there are."""

    names: Sequence[str]
    others: int


def guardians(person_id: int) -> str:
    """The purpose of a guardian's consent to the name of a young person."""
    return f"{PURPOSE} {person_id}"


def of(tx: Tx, person_id: int) -> Sequence[int]:
    """The committees on whose pages a person has agreed to be named."""
    said: dict[int, bool] = {}
    for row in people.consents(tx, person_id):
        if row.purpose == PURPOSE:
            said[row.committee_id] = row.given
    return [committee_id for committee_id, given in said.items() if given]


def roll(tx: Tx, committee_id: int) -> Roll:
    """Who may be named, in the order of their names, and the number of the others."""
    said = _newest(tx, committee_id)
    young = _guardians(tx, committee_id)
    members = people.members(tx, committee_id)

    def may(person: Person) -> bool:
        own = said.get((person.id, PURPOSE), False)
        if person.id not in young:
            return own
        guardian = young[person.id]
        return own and guardian is not None and said.get((guardian, guardians(person.id)), False)

    names = sorted((person.name for person in members if person.name and may(person)), key=str.casefold)
    return Roll(names, len(members) - len(names))


def _newest(tx: Tx, committee_id: int) -> Mapping[tuple[int, str], bool]:
    statement = select(ConsentRow).where(ConsentRow.committee_id == committee_id).order_by(ConsentRow.id)
    return {(row.person_id, row.purpose): row.given for row in every(tx, ConsentRow, statement)}


def _guardians(tx: Tx, committee_id: int) -> Mapping[int, int | None]:
    """By member too young to decide alone, the guardian who was asked."""
    rows = every(tx, Application, select(Application).where(Application.committee_id == committee_id))
    return {
        row.person_id: row.guardian_id
        for row in rows
        if row.guardian is not None or eligibility.guardian_needed(row.answers.get("age"))
    }
