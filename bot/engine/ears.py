"""When people may be written to unasked: what they have heard over all committees, their zone, pauses and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import hearing as rules
from bot.domain.hearing import Ear, Rest
from bot.domain.mandate import Mandate
from bot.domain.people import POLITICIANS, STAFF, Person
from bot.engine.house import House
from storage import hearing, people
from storage.database import Tx
from storage.hearing import Heard

NOTHING = Heard()
NO_REST = Rest(lambda day: False)


class Ears:
    """Several people as listeners to one committee, or to the house itself."""

    def __init__(
        self, house: House, tx: Tx, listeners: Sequence[Person], mandate: Mandate | None, now: datetime
    ) -> None:
        self._now = now
        self._zone = mandate.municipality.zone if mandate else house.zone
        self._rest = rest_of(mandate)
        numbers = [one.id for one in listeners]
        self._held = people.with_roles(tx, numbers, POLITICIANS | STAFF)
        self._heard = hearing.heard(tx, numbers, now)
        self._open: dict[str, bool] = {}

    def waits(self, person: Person) -> Heard:
        """Whether something unasked waits for this person, with which more can go along."""
        return self._heard.get(person.id, NOTHING)

    def hour(self, person: Person, kind: str, deadline: datetime | None) -> datetime | None:
        """When a message of a kind may go to a person; see `bot.domain.hearing.hour`. At once to staff: it is work."""
        if kind not in rules.UNASKED:
            return self._now
        held = self._held.get(person.id, frozenset())
        if held & STAFF:
            return self._now
        zone = person.zone or self._zone
        if person.id not in self._heard and person.paused_until is None and self._now_is_open(zone):
            return self._now
        budget = rules.POLITICIAN if held & POLITICIANS else rules.MEMBER
        ear = Ear(zone, self._rest, budget, paused_until=person.paused_until)
        if person.id in self._heard:
            ear = replace(ear, heard=self._heard[person.id].moments)
        return rules.hour(kind, self._now, deadline, ear)

    def ready(self, person: Person) -> datetime:
        """The first moment outside this person's quiet hours and pause."""
        return Ear(person.zone or self._zone, self._rest, paused_until=person.paused_until).ready(self._now)

    def _now_is_open(self, zone: str) -> bool:
        if zone not in self._open:
            self._open[zone] = self._rest.allows(self._now, zone)
        return self._open[zone]


def rest_of(mandate: Mandate | None) -> Rest:
    """The quiet time of a committee's municipality."""
    if mandate is None:
        return NO_REST
    return rules.rest(mandate.municipality.country, mandate.municipality.quiet_days)
