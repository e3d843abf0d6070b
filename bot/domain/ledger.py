"""The ledger of time: the rule that politicians spend no more time in all, tested on their hours alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.anonymity import FEWEST
from bot.domain.representativeness import suppressed

GROUPS = ("politicians", "citizens", "administration")


@dataclass(frozen=True, slots=True)
class Standing:
    """Standing committees in a year: how many, with how many politicians each, and hours a politician spends."""

    committees: int
    politicians: int
    hours: Decimal

    @property
    def total(self) -> Decimal:
        """Politicians' hours a year, in all of them together."""
        return self.committees * self.politicians * self.hours


@dataclass(frozen=True, slots=True)
class Task:
    """A task committee in the year: people and hours of each group, estimated, or `corrected` by somebody."""

    key: str
    people: Mapping[str, int]
    hours: Mapping[str, Decimal]
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """Before, after, the task committees, and what drafts may have saved the facilitators.

    `drafts` counts the messages that the service drafted and somebody sent; `minutes` is what writing one oneself is
    assumed to take, which nobody has measured.
    """

    before: Standing
    after: Standing
    tasks: tuple[Task, ...]
    drafts: int = 0
    minutes: Decimal = Decimal(0)

    @property
    def change(self) -> Decimal:
        """Politicians' hours a year now, less those before: at most 0 where the rule is kept."""
        return self.after.total + self.total("politicians") - self.before.total

    @property
    def kept(self) -> bool:
        """Politicians spend no more time in all."""
        return self.change <= 0

    @property
    def saved(self) -> Decimal:
        """Hours that facilitators did not spend on writing, if each draft saved so many minutes."""
        return self.drafts * self.minutes / 60

    def total(self, group: str) -> Decimal:
        """The hours of a group in all task committees together."""
        return sum((one.hours.get(group, Decimal(0)) for one in self.tasks), Decimal(0))

    def shown(self, group: str) -> tuple[Mapping[str, Decimal | None], Decimal | None]:
        """The hours of a group by committee, and together; None where fewer than `FEWEST` people stand behind them.

        A hidden committee must not follow from the total, so the next smallest is hidden with it.
        """
        people = {one.key: one.people.get(group, 0) for one in self.tasks}
        visible = suppressed(people)
        cells = {one.key: one.hours.get(group) if visible[one.key] is not None else None for one in self.tasks}
        return cells, self.total(group) if sum(people.values()) >= FEWEST else None


def estimated(minutes: Sequence[int], people: Mapping[str, int]) -> dict[str, Decimal]:
    """Hours by group from the lengths of the meetings held, in minutes, as if everybody with a seat had been there."""
    hours = Decimal(sum(minutes)) / 60
    return {group: hours * people.get(group, 0) for group in GROUPS}
