"""Assessing applications: what two raters' numbers come to, and when they should talk."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.mandate import CompetenceProfile, Mandate
from bot.domain.people import OFFICE, POLITICIANS, Role, Standing
from bot.text import Words, _

FITS_NOT, BEST = 0, 3
MEANINGS = {
    0: _("0 – does not fit"),
    1: _("1 – fits a little"),
    2: _("2 – fits"),
    3: _("3 – fits very well"),
}
APART = 2


def rater(standing: Standing) -> bool:
    """Those who may assess where the mandate lets them: `may_rate` then decides."""
    return bool(standing.roles & (OFFICE | POLITICIANS))


def decider(standing: Standing) -> bool:
    """Those who may appoint where the mandate lets them: `require_decides` then decides."""
    return Role.SECRETARIAT in standing.roles or bool(standing.roles & POLITICIANS)


def rating(mandate: Mandate) -> frozenset[Role]:
    """Facilitators and the secretariat assess, and the committee's politicians where they are the ones who choose."""
    return OFFICE | (POLITICIANS if mandate.selection.by_politicians else frozenset())


def deciding(mandate: Mandate) -> frozenset[Role]:
    """The secretariat enters decisions, and the committee's politicians where they are the ones who choose."""
    return frozenset({Role.SECRETARIAT}) | (POLITICIANS if mandate.selection.by_politicians else frozenset())


def may_rate(mandate: Mandate, roles: Collection[Role]) -> bool:
    """Whether somebody with these roles assesses."""
    return bool(rating(mandate) & set(roles))


def require_decides(mandate: Mandate, roles: Collection[Role]) -> None:
    """Raise Refusal unless somebody with these roles decides."""
    if not deciding(mandate) & set(roles):
        raise Refusal(_("That is for others in this committee. Write /help to see what you can do here."))


def assessed_by(closes: datetime, answered: datetime) -> datetime:
    """Until when applications are to be assessed: half of the time until the answers is for drawing and deciding."""
    return closes + (answered - closes) / 2


def sees_special(roles: Collection[Role]) -> bool:
    """Only those who fill the lines that say something sensitive see who declared them."""
    return Role.SECRETARIAT in roles


def lines_for(profiles: Collection[CompetenceProfile], roles: Collection[Role]) -> list[CompetenceProfile]:
    """Of the lines somebody declared, those that a rater with these roles sees."""
    return [profile for profile in profiles if profile.special is None or sees_special(roles)]


def agreed(values: Collection[int]) -> int:
    """The rating used, 0 to 3: the mean of the raters' numbers, rounded up in the applicant's favour.

    Raises ValueError where nobody has rated.
    """
    if not values:
        raise ValueError("nobody has rated")
    return -(-sum(values) // len(values))


def disagree(values: Collection[int], threshold: int) -> bool:
    """Do the raters lie two or more apart, or does one say "fits" (from `threshold` on) and another not?"""
    if not values:
        return False
    low, high = min(values), max(values)
    return high - low >= APART or low < threshold <= high


def unnamed(text: str, name: str) -> str:
    """Somebody's words without each part of their own name, for those who are not to see who wrote."""
    for part in sorted(name.split(), key=len, reverse=True):
        if len(part) > 1:
            text = _without(text, part)
    return text


def _without(text: str, part: str) -> str:
    found = text.casefold().find(part.casefold())
    while found >= 0 and len(text.casefold()) == len(text):
        text = f"{text[:found]}[…]{text[found + len(part) :]}"
        found = text.casefold().find(part.casefold(), found + 3)
    return text


def pseudonym(number: int) -> Words:
    """What an application is called where nobody is to see who sent it."""
    return _("Application {number}", number=number)
