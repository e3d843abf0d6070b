"""A pool of applicants as values: which seats there are, who fits which line, who counts toward which rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

FITS = 2  # a rating from which on a person fits a line, unless the municipality says otherwise
BEST = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A profile line and how many seats it has in this panel; its own `threshold` goes before the pool's."""

    key: str
    seats: int
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a group a panel has at least and at most; a soft one is kept as far as the pool allows.

    `lowest` and `highest` bound what is advised where no panel keeps a hard one.
    """

    key: str
    least: int
    most: int
    hard: bool = True
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person. `ratings` are 0-3 for each line declared; `groups` the keys of the quotas counted toward."""

    id: str
    ratings: Mapping[str, int]
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What makes people interchangeable: the groups they count toward, and the lines they fit.

    With a `slack` the ratings themselves count: `fits` then pairs each line with its rating, else with 1.
    """

    groups: tuple[str, ...]
    fits: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Pool:
    """Applicants, seats and rules. Who fits no line is in the pool, and in no panel.

    `threshold` is the rating from which on a person fits a line. `slack` is how far a panel's total rating may stay
    below the best possible one; None asks for no more than that everybody fits.
    """

    applicants: Sequence[Applicant]
    lines: Sequence[Line]
    quotas: Sequence[Quota] = field(default=())
    threshold: int = FITS
    slack: int | None = None

    @property
    def seats(self) -> int:
        """How many people a panel has."""
        return sum(line.seats for line in self.lines)

    def fits(self, applicant: Applicant) -> Collection[str]:
        """The keys of the lines whose seats this person may take, in the lines' order."""
        return [line.key for line in self.lines if applicant.ratings.get(line.key, 0) >= self.asked(line)]

    def only(self, seats: Iterable[str]) -> Pool:
        """The pool with these seats ("line.1") alone, in the lines' order: any other waits for somebody of its own."""
        count = Counter(seat.rpartition(".")[0] for seat in seats)
        return replace(self, lines=tuple(replace(one, seats=count[one.key]) for one in self.lines if count[one.key]))

    def asked(self, line: Line) -> int:
        """The rating from which on a person fits this line, at least 1."""
        return max(1, self.threshold if line.threshold is None else line.threshold)

    def kind(self, applicant: Applicant) -> Kind:
        """What this person has in common with whoever is interchangeable with them."""
        weigh = self.slack is not None
        fits = sorted((key, applicant.ratings[key] if weigh else 1) for key in self.fits(applicant))
        known = {quota.key for quota in self.quotas}
        return Kind(tuple(sorted(applicant.groups & known)), tuple(fits))

    @property
    def unfit(self) -> Sequence[Applicant]:
        """Who fits no line, and so sits on no panel."""
        return [one for one in self.applicants if not self.fits(one)]

    @cached_property
    def kinds(self) -> Mapping[Kind, Sequence[Applicant]]:
        """The people of each kind by id; kinds in an order that depends on nobody's name and no order of the file."""
        found: dict[Kind, list[Applicant]] = {}
        for applicant in sorted(self.applicants, key=lambda one: one.id):
            if self.fits(applicant):
                found.setdefault(self.kind(applicant), []).append(applicant)
        return {kind: found[kind] for kind in sorted(found)}


@dataclass(frozen=True, slots=True)
class Composition:
    """How many of each kind sit on one panel (in the order of `Pool.kinds`), and how likely the panel is."""

    counts: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Selection:
    """A lottery over panels. `method`: leximin, maximin or hash-ordered; `complete` if no time limit cut it short.

    `chances` are the kinds' (in the order of `Pool.kinds`), each person's own; with the hash-ordered lottery they are
    unknown, and `compositions` and `chances` are empty.
    """

    method: str
    complete: bool
    compositions: tuple[Composition, ...]
    chances: tuple[float, ...]
    levels: int
    seconds: float
