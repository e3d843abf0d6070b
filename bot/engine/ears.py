"""When people may be written to unasked: what they have heard over all committees, their zone, pauses and roles."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

from bot.domain import hearing as rules
from bot.domain.hearing import Ear, Rest, day_of
from bot.domain.mandate import Mandate
from bot.domain.people import POLITICIANS, STAFF, Person, Role
from bot.engine.house import House
from storage import hearing, people
from storage.database import Tx
from storage.hearing import Heard

NOTHING, NOBODY = Heard(), frozenset[Role]()
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
        self._hours: dict[Hashable, datetime | None] = {}

    def waits(self, person: Person) -> Heard:
        """Whether something unasked waits for this person, with which more can go along."""
        return self._heard.get(person.id, NOTHING)

    def hour(self, person: Person, kind: str, deadline: datetime | None, *, on_page: bool = False) -> datetime | None:
        """When a message of a kind may go to a person; see `bot.domain.hearing.hour`. At once to staff: it is work.

        To politicians, what can stand `on_page` meanwhile never goes beyond the budget.
        """
        held = self._held.get(person.id, NOBODY)
        if kind not in rules.UNASKED or held & STAFF:
            return self._now
        firm = on_page and bool(held & POLITICIANS)
        alike = (kind, deadline, firm, self.alike(person))
        if alike not in self._hours:
            budget = rules.POLITICIAN if held & POLITICIANS else rules.MEMBER
            ear = Ear(person.zone or self._zone, self._rest, budget, self.waits(person).moments, person.paused_until)
            self._hours[alike] = rules.hour(kind, self._now, deadline, ear, firm=firm)
        return self._hours[alike]

    def alike(self, person: Person) -> Hashable:
        """What the rules know of a listener: among many most are alike."""
        here = (person.zone, person.paused_until, self._held.get(person.id))
        heard = self._heard.get(person.id)
        if heard is None:
            return here
        days = tuple(sorted(day_of(moment, person.zone or self._zone) for moment in heard.moments))
        return *here, days, heard.held, heard.goes


def ready(house: House, person: Person, mandate: Mandate | None, now: datetime) -> datetime:
    """The first moment outside a person's quiet hours and pause, whatever was heard."""
    zone = person.zone or (mandate.municipality.zone if mandate else house.zone)
    return Ear(zone, rest_of(mandate), paused_until=person.paused_until).ready(now)


def rest_of(mandate: Mandate | None) -> Rest:
    """The quiet time of a committee's municipality."""
    if mandate is None:
        return NO_REST
    return rules.rest(mandate.municipality.country, mandate.municipality.quiet_days)
