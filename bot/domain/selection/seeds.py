"""Public seeds: where the chance of a lottery comes from, when it may come, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.domain.errors import Refusal
from bot.text import Text, _

NOTICE = timedelta(hours=24)
DICE = 20

# drand "quicknet", chain 52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971: a round every three seconds.
DRAND_GENESIS, DRAND_PERIOD = 1692803367, 3


@dataclass(frozen=True, slots=True)
class SeedRule:
    """A source of chance that nobody in the municipality can steer.

    `name` stands in a list, `form` says what to type, `promise` is announced with the holes {when} and {round};
    `normalise` gives the one way to write a seed, or raises Refusal.
    """

    name: Text
    form: Text
    promise: Callable[[datetime], Text]
    normalise: Callable[[str], str]


def _main_numbers(count: int, typed: str) -> str:
    parts = [part for part in re.split(r"[\s,;.\-]+", typed) if part]
    numbers = {int(part) for part in parts if re.fullmatch(r"[0-9]{1,2}", part)}
    if len(parts) != count or len(numbers) != count or 0 in numbers:
        raise Refusal(
            _(
                "Type the {count} main numbers, for example {example}. "
                "Their order does not matter, and the additional numbers stay out.",
                count=count,
                example="-".join(f"{7 * n:02}" for n in range(1, count + 1)),
            )
        )
    return "-".join(f"{number:02}" for number in sorted(numbers))


def _throws(typed: str) -> str:
    digits = re.sub(r"[\s,;.\-]+", "", typed)
    if not re.fullmatch(rf"[1-6]{{{DICE}}}", digits):
        raise Refusal(_("Type {count} digits from 1 to 6, in the order of the throws.", count=DICE))
    return digits


def _randomness(typed: str) -> str:
    value = typed.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Refusal(
            _("The random value of a round has 64 characters, 0 to 9 and a to f. Copy the whole of it and try again.")
        )
    return value


def drand_round(at: datetime) -> int:
    """The first round of drand quicknet that is due at `at` (aware) or later; round 1 is due at the genesis time.

    Source: drand's specification, "Round time": genesis + (round - 1) * period.
    """
    return max(1, -((DRAND_GENESIS - int(at.timestamp())) // DRAND_PERIOD) + 1)


def _drawing(lottery: str, at: datetime) -> Text:
    return _(
        "The lottery is decided by the main numbers of the first drawing of {lottery} from {when} on. "
        "If that drawing is cancelled, the next one counts.",
        lottery=lottery,
        when=at,
    )


def _dice(at: datetime) -> Text:
    return _(
        "The lottery is decided by a die thrown {count} times in the open meeting {when}. "
        "If that meeting is cancelled, the next open meeting counts.",
        count=DICE,
        when=at,
    )


def _round(at: datetime) -> Text:
    return _(
        "The lottery is decided by the random value of round {round} of drand quicknet. It comes {when}. "
        "If that round is missing, the next one counts.",
        round=drand_round(at),
        when=at,
    )


def _lottery(name: str, count: int) -> SeedRule:
    return SeedRule(
        _("{lottery}: the main numbers of an official drawing", lottery=name),
        _("The {count} main numbers, without the additional numbers", count=count),
        partial(_drawing, name),
        partial(_main_numbers, count),
    )


SEED_RULES: Mapping[str, SeedRule] = {
    "vikinglotto": _lottery("Vikinglotto", 6),
    "eurojackpot": _lottery("Eurojackpot", 5),
    "drand": SeedRule(
        _("drand: a public source of random values on the internet"),
        _("The random value (randomness) of the round, 64 characters"),
        _round,
        _randomness,
    ),
    "dice": SeedRule(
        _("A die, thrown {count} times in an open meeting", count=DICE),
        _("The {count} throws, in their order", count=DICE),
        _dice,
        _throws,
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where one draw's seed comes from: the first of its kind at `at` or later.

    A drawing is named by time alone, and not by a number: a number could be that of a drawing long past. So a cancelled
    drawing is simply followed by the next. `rule` is a key of SEED_RULES; `at` is aware, in whole seconds.
    """

    rule: str
    at: datetime

    def __post_init__(self) -> None:
        if self.rule not in SEED_RULES or self.at.tzinfo is None or self.at.microsecond:
            raise ValueError("a seed comes from one of the known rules, at an aware time in whole seconds")

    @property
    def moment(self) -> str:
        """The time as it stands in the panels file: "2026-12-09T19:00:00Z"."""
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def promise(self) -> Text:
        """What is announced: which drawing decides, and what happens if it is cancelled."""
        return SEED_RULES[self.rule].promise(self.at)

    def normalise(self, typed: str) -> str:
        """The one way to write a seed that somebody has typed. Raises Refusal for what cannot be one."""
        return SEED_RULES[self.rule].normalise(typed)


def earliest(announced: datetime) -> datetime:
    """The earliest moment a seed may come from, for a draw announced then: 24 hours later."""
    return announced + NOTICE


def require_notice(source: Source, announced: datetime) -> None:
    """Raise Refusal unless the seed comes at least 24 hours after the announcement (aware)."""
    if source.at < earliest(announced):
        raise Refusal(
            _(
                "What decides the lottery must come at least 24 hours after the announcement. "
                "Choose a time from {when} on.",
                when=earliest(announced),
            )
        )


def require_past(source: Source, now: datetime) -> None:
    """Raise Refusal while the seed cannot be known yet."""
    if now < source.at:
        raise Refusal(_("What decides the lottery comes {when}. Type it after that.", when=source.at))
