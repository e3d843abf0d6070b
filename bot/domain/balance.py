"""Balance: who contributes, by seat type, and how much the administration fills. Never about one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.anonymity import FEWEST
from bot.text import Words, _

MUCH = 1.5  # so many times their share of the seats is out of proportion
HALF = 50  # per cent of all words


class Side(StrEnum):
    """The two types of seat."""

    CITIZEN = "citizen"
    POLITICIAN = "politician"


@dataclass(frozen=True, slots=True)
class Given:
    """What one side gave of one kind: how many people did, how many things, and in how many words."""

    people: int = 0
    things: int = 0
    words: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """How much each side gave of one kind, in whole per cent; None where it could point at somebody."""

    kind: str
    citizens: int | None
    politicians: int | None


@dataclass(frozen=True, slots=True)
class Balance:
    """The politicians' share of the seats, the shares of what was given, and the administration's share of all words.

    Shares are whole per cent. `shares` has each kind of contribution and, last, their words together ("words").
    """

    seats: int
    shares: tuple[Share, ...]
    administration: int | None

    @property
    def advice(self) -> Words:
        """One plain sentence: what is most out of proportion, and what to do about it."""
        if self.administration is not None and self.administration > HALF:
            return _("The administration writes more than half of all the words. Ask shorter, and let members begin.")
        heavy = [one for one in self.shares if one.politicians is not None and one.politicians > MUCH * self.seats]
        if heavy:
            return _("The politicians fill more than their seats. Ask the citizens first next time.")
        if all(one.politicians is None for one in self.shares):
            return _("Too few have contributed to say anything about it without pointing at somebody.")
        return _("Nobody fills more than their seats.")


def balance(seats: Mapping[Side, int], given: Mapping[str, Mapping[Side, Given]], administration_words: int) -> Balance:
    """Shares by seat type. `seats` and `given` count citizens and politicians; the words are the administration's own.

    A kind to which fewer than `FEWEST` people of either side contributed is not shown at all: of two shares that make
    up 100 per cent, either one gives the other away. The administration stands beside the members as a whole, and is
    shown only where at least `FEWEST` members have written.
    """
    everybody = sum(seats.values())
    shares = [_share(kind, sides, "things") for kind, sides in given.items()]
    together = {side: _sum([sides.get(side, Given()) for sides in given.values()]) for side in Side}
    shares.append(_share("words", together, "words"))
    written = sum(one.words for one in together.values())
    many = max((sum(one.people for one in sides.values()) for sides in given.values()), default=0) >= FEWEST
    own = _percent(administration_words, administration_words + written) if many else None
    return Balance(_percent(seats.get(Side.POLITICIAN, 0), everybody), tuple(shares), own)


def _sum(found: list[Given]) -> Given:
    """Together; of the people only that there are at least as many as contributed to one kind."""
    people = max((one.people for one in found), default=0)
    return Given(people, sum(one.things for one in found), sum(one.words for one in found))


def _share(kind: str, sides: Mapping[Side, Given], of: str) -> Share:
    citizens, politicians = sides.get(Side.CITIZEN, Given()), sides.get(Side.POLITICIAN, Given())
    if min(citizens.people, politicians.people) < FEWEST:
        return Share(kind, None, None)
    politicians_share = _percent(getattr(politicians, of), getattr(politicians, of) + getattr(citizens, of))
    return Share(kind, 100 - politicians_share, politicians_share)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
