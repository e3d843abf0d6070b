"""How members are chosen among those who applied: who decides, how fit is judged, what may be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ChosenBy(StrEnum):
    """The body that appoints: the council through its secretariat, or the committee's own politicians."""

    COUNCIL = "council"
    POLITICIANS = "politicians"


@dataclass(frozen=True, slots=True)
class Selecting:
    """The rules of choosing, settled before the call opens.

    `rated`: whether applications are assessed; else whoever declares a line fits it. `threshold` is the rating (1-3)
    from which on a person fits a line, `slack` how far a panel's total rating may stay below the best one; None is any
    distance, the fairest lottery. `blind` hides names and contact details from raters; `raters` are one or two for each
    application. `panels` is how many drawn panels the deciding body may choose from, `reply_days` how long an offered
    seat waits for an answer.
    """

    by: ChosenBy = ChosenBy.COUNCIL
    rated: bool = True
    threshold: int = 2
    slack: int | None = None
    blind: bool = False
    raters: int = 1
    panels: int = 1
    reply_days: int = 7

    @property
    def by_politicians(self) -> bool:
        """Whether the committee's own politicians choose."""
        return self.by is ChosenBy.POLITICIANS


USUAL = Selecting()
