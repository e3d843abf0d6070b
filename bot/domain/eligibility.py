"""Who can have which seat: the hard rules for one person, in words with what can be done instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.mandate import (
    ADULT,
    CHILD,
    AgeBand,
    AgeRange,
    CompetenceProfile,
    Mandate,
    Rule,
    RuleKind,
    Sex,
    Switches,
    Tie,
    switches,
)
from bot.domain.mandate import OWN_SAY as OWN_SAY
from bot.text import Text, _

# Reasons speak of the call and the group, never of another person.
REASONS = {
    "lot": _("the seats you fit were filled by lot"),
    "spread": _("the group needed a spread of age or area"),
    "profile": _("the seats you fit are filled"),
    "condition": _("a condition of the task was not met"),
    "cancelled": _("the call was cancelled"),
}
SEXES = {
    Sex.WOMAN: _("Woman"),
    Sex.MAN: _("Man"),
    Sex.OTHER: _("Other, or I would rather not say"),
}
TIES = {
    Tie.LIVES: _("I live here"),
    Tie.WORKS: _("I work here"),
    Tie.LEARNS: _("I go to school or study here"),
    Tie.ACTIVE: _("I am active in an association here"),
    Tie.NONE: _("None of these"),
}


def age_words(band: AgeBand) -> Text:
    """An age band in words."""
    if band.upper is None:
        return _("{age} or older", age=band.lower)
    if band.lower == 0:
        return _("Under {age}", age=band.upper + 1)
    if band.lower == band.upper:
        return _("{age} years", age=band.lower)
    return _("{lower} to {upper} years", lower=band.lower, upper=band.upper)


def below_floor(band: AgeBand, floor: int = CHILD) -> bool:
    """Is everybody of this age too young for us to store anything at all? `floor` is in years."""
    return band.last < floor


def guardian_needed(age_band: str | None, own_say_from: int = OWN_SAY) -> bool:
    """Must a guardian be asked first? `age_band` is None where this mandate does not ask for it."""
    return age_band is not None and AgeBand.of(age_band).lower < own_say_from


def refusal(
    mandate: Mandate,
    age_band: str | None,
    tie: str | None = None,
    *,
    district: str | None = None,
    rules: Switches | None = None,
    floor: int = CHILD,
) -> Text | None:
    """Why a person cannot have a seat, in kind words with what can be done instead; None where nothing is against it.

    An answer that was not asked for is None. `rules` are the committee's switches with the owner's changes.
    """
    law = rules or switches(mandate.legal_form, {})
    band = AgeBand.of(age_band) if age_band is not None else None
    if band is not None and (words := _too_young_or_old(mandate, band, law, floor)):
        return words
    if tie is not None and not _tied(mandate, Tie(tie), law):
        return _(
            "The seats in this committee are for people with another tie to {municipality} than yours. "
            "You can still follow along, and take part in an open evening.",
            municipality=mandate.municipality.name,
        )
    wanted = [rule.district for rule in _for_everyone(mandate, RuleKind.DISTRICT)]
    if district is not None and any(one != district for one in wanted):
        return _(
            "The seats in this committee are for people who live in {district}. "
            "You can still follow along, and take part in an open evening.",
            district=next(one.label for one in mandate.districts if one.key in wanted),
        )
    return None


def _too_young_or_old(mandate: Mandate, band: AgeBand, law: Switches, floor: int) -> Text | None:
    if below_floor(band, floor):
        return _(
            "You need to be at least {age} years old to sign up here. We have not stored anything about you. "
            "You can read about the committee on its page, and ask a grown-up to pass on what you think.",
            age=floor,
        )
    if not law.minors_allowed and band.lower < ADULT:
        return _(
            "The seats in this committee are for people who can vote in local elections, "
            "and you need to be {age} for that. You can still follow along, and tell us what you think.",
            age=ADULT,
        )
    ranges = [rule.ages for rule in _for_everyone(mandate, RuleKind.AGE) if rule.ages]
    if all(ages.covers(band) for ages in ranges):
        return None
    return _ages_words(_common(ranges))


def _common(ranges: Sequence[AgeRange]) -> AgeRange:
    youngest, oldest = max(one.lower for one in ranges), min(one.last for one in ranges)
    return AgeRange(youngest, None if all(one.upper is None for one in ranges) else oldest)


def _ages_words(ages: AgeRange) -> Text:
    if ages.upper is None:
        return _(
            "The seats in this committee are for people aged {from_age} or older. "
            "You can still follow along, and take part in an open evening.",
            from_age=ages.lower,
        )
    if not ages.lower:
        return _(
            "The seats in this committee are for people aged {to_age} or younger. "
            "You can still follow along, and take part in an open evening.",
            to_age=ages.upper,
        )
    return _(
        "The seats in this committee are for people aged {from_age} to {to_age}. "
        "You can still follow along, and take part in an open evening.",
        from_age=ages.lower,
        to_age=ages.upper,
    )


def _for_everyone(mandate: Mandate, kind: RuleKind) -> list[Rule]:
    return [rule for rule in mandate.rules if rule.hard and rule.everyone and rule.kind is kind]


def _tied(mandate: Mandate, tie: Tie, law: Switches) -> bool:
    if not law.other_tie_allowed and tie is not Tie.LIVES:
        return False
    return all(tie in rule.ties for rule in _for_everyone(mandate, RuleKind.TIE))


def fits(profile: CompetenceProfile, age_band: str | None) -> bool:
    """Does a person's age allow this line? An age that was not asked for is None and fits all lines without ages."""
    if profile.ages is None:
        return True
    return age_band is not None and profile.ages.covers(AgeBand.of(age_band))


def open_profiles(mandate: Mandate, age_band: str | None) -> tuple[CompetenceProfile, ...]:
    """The lines one can apply for at this age: called, and not nominated by somebody else."""
    called = mandate.call.profiles or tuple(profile.key for profile in mandate.profiles)
    return tuple(
        profile
        for profile in mandate.profiles
        if profile.key in called and profile.nominated_by is None and fits(profile, age_band)
    )


def special_lines(mandate: Mandate, chosen: Collection[str]) -> tuple[CompetenceProfile, ...]:
    """The chosen lines that say something sensitive about whoever picks them: each needs a consent of its own."""
    return tuple(profile for profile in mandate.profiles if profile.special and profile.key in chosen)
