"""What a call still lacks: too few for a line or a rule, in plain words, and a message that asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.coverage import HALVES, Coverage, RuleCoverage, State, rule_words
from bot.domain.eligibility import age_words
from bot.domain.mandate import AgeBand, CompetenceProfile, Mandate
from bot.text import Lines, Words, _, n_


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: said to the staff, and to those who might help (None where no call can help)."""

    text: Words
    asks: Words | None = None


def gaps(mandate: Mandate, coverage: Coverage) -> Sequence[Gap]:
    """What is missing, the lines first, then the rules that do not hold yet."""
    found = [_line(one.profile, one.wanted - one.fit) for one in coverage.lines if one.fit < one.wanted]
    # A rule for everybody says nothing new: whoever is missing for it is missing for a line.
    rules = [one for one in coverage.rules if one.state is not State.OK and not one.rule.everyone]
    return found + [_rule(mandate, one) for one in rules]


def _line(profile: CompetenceProfile, missing: int) -> Gap:
    if profile.nominated_by is not None:
        text = n_(
            "{line}: {body} has to name {count} person.",
            "{line}: {body} has to name {count} people.",
            missing,
            line=profile.label,
            body=profile.nominated_by,
        )
        return Gap(text)
    text = n_("{line}: {count} person is missing.", "{line}: {count} people are missing.", missing, line=profile.label)
    return Gap(text, profile.label)


def _rule(mandate: Mandate, one: RuleCoverage) -> Gap:
    about = rule_words(one.rule, one.sex)
    if one.state is State.IMPOSSIBLE:
        text = _(
            "{rule}: enough have applied, but for too few different seats. Ask them to tick all the seats that fit.",
            rule=about,
        )
        return Gap(text)
    missing = one.wanted - one.have
    text = n_("{rule}: {count} person is missing.", "{rule}: {count} people are missing.", missing, rule=about)
    return Gap(text, _group(mandate, one))


def _group(mandate: Mandate, one: RuleCoverage) -> Words:
    """Whom a rule is about, as one asks for them."""
    rule = one.rule
    if one.rest:
        return rule.description
    if one.sex is not None:
        return HALVES[one.sex]
    if rule.ages is not None:
        return age_words(AgeBand(rule.ages.lower, rule.ages.upper))
    places = (place.label for place in mandate.districts if place.key == rule.district)
    return next(places, rule.description)


def message(mandate: Mandate, found: Sequence[Gap], link: str) -> Words:
    """A message that says whom the committee still looks for."""
    asked = [gap.asks for gap in found if gap.asks is not None]
    head = _(
        "We are still looking for people for the committee on {topic} in {municipality}.",
        topic=mandate.title,
        municipality=mandate.municipality.name,
    )
    bullets = Lines(tuple(Lines(("–", words), " ") for words in asked), "\n")
    wanted = (Lines((_("We would especially like to hear from:"), bullets), "\n"),) if asked else ()
    join = _(
        "Is that you, or somebody you know? You need not know anything about politics. "
        "Read more and sign up before {closes}: {link}",
        closes=mandate.call.closes,
        link=link,
    )
    contact = _("Questions? Call {name}, {phone}.", name=mandate.contact.name, phone=mandate.contact.phone)
    return Lines((head, *wanted, join, contact))
