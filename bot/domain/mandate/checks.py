"""Whether the parts of a mandate fit together: seats, lines, rules, dates and the legal form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from zoneinfo import ZoneInfo

from bot.domain.mandate.composition import ADULT, AgeRange, Rule, RuleKind, Sex, Tie
from bot.domain.mandate.legal import DEFAULTS
from bot.domain.mandate.model import Mandate
from bot.domain.mandate.sheet import Sheet

BRIEF_WORDS = 80
# Which key names the group that a rule of a kind speaks of.
GROUP = {RuleKind.AGE: "ages", RuleKind.SEX: "sex", RuleKind.DISTRICT: "district", RuleKind.TIE: "ties"}
BOUNDS = ("min_seats", "max_seats", "min_share", "max_share")


def check(page: Sheet, mandate: Mandate) -> None:
    """Note what does not fit together, as far as the parts themselves are sound."""
    _brief(page, mandate)
    _seats(page, mandate)
    _dates(page, mandate)
    for n, rule in enumerate(mandate.rules):
        if page.faults.none_in(("rules", n)):
            _rule(page, mandate, n, rule)
    if page.fine("rules", "citizens"):
        _together(page, mandate)
    if page.fine("legal_form"):
        _law(page, mandate)
    _population(page, mandate)


def _brief(page: Sheet, mandate: Mandate) -> None:
    for locale, words in mandate.in_brief.items():
        if (count := len(words.split())) > BRIEF_WORDS:
            page.faults.add(("in_brief", locale), f"The text has {count} words; at most {BRIEF_WORDS} are allowed.")


def _doubles(page: Sheet, name: str, keys: Iterable[str]) -> None:
    for key, count in Counter(keys).items():
        if key and count > 1:
            page.fault(name, f"The key “{key}” is used {count} times; each must be unique.")


def _seats(page: Sheet, mandate: Mandate) -> None:
    lines = [("profiles", n, "seats") for n in range(len(mandate.profiles))]
    total = sum(profile.seats for profile in mandate.profiles)
    if page.faults.none_in(("citizens",), *lines) and lines and total != mandate.citizens:
        page.fault("citizens", f"The profile lines have {total} seats together, but this says {mandate.citizens}.")
    keys = [profile.key for profile in mandate.profiles]
    for key in mandate.call.profiles:
        if page.fine("call") and key not in keys:
            page.faults.add(("call", "profiles"), f"There is no profile line with the key “{key}”.")
    everyone = [rule.ages for rule in mandate.rules if rule.hard and rule.everyone and rule.ages]
    for n, profile in enumerate(mandate.profiles):
        if profile.ages and not all(ages.meets(profile.ages) for ages in everyone):
            page.faults.add(("profiles", n, "ages"), "Nobody can sit here: a hard rule asks other ages of everyone.")
    _doubles(page, "profiles", keys)
    _doubles(page, "districts", (district.key for district in mandate.districts))


def _dates(page: Sheet, mandate: Mandate) -> None:
    zone = ZoneInfo(mandate.municipality.zone)
    call = mandate.call
    day, last = call.opens.astimezone(zone).date(), call.answered.astimezone(zone).date()
    order = (
        (("approved_on",), ("call", "opens"), mandate.approved_on <= day),
        (("call", "opens"), ("call", "closes"), call.opens < call.closes),
        (("call", "closes"), ("call", "answered"), call.closes < call.answered),
        (("call", "answered"), ("end",), last <= mandate.end),
        (("start",), ("end",), mandate.start < mandate.end),
    )
    for before, after, right in order:
        if not right and page.faults.none_in(before, after):
            page.faults.add(after, f"This must come after {'.'.join(before)}.")


def _rule(page: Sheet, mandate: Mandate, n: int, rule: Rule) -> None:
    here = ("rules", n)
    table = page.table["rules"][n]
    for kind, key in GROUP.items():
        needed = kind is rule.kind and kind is not RuleKind.SEX
        if key in table and kind is not rule.kind:
            page.faults.add((*here, key), f"A rule of the kind “{rule.kind}” does not have this key.")
        elif needed and key not in table:
            page.faults.add((*here, key), "This key is missing: it says whom the rule is about.")
    if rule.everyone and any(key in table for key in BOUNDS if key != "min_share"):
        page.faults.add(here, "A rule about everyone takes no other bound.")
    elif not rule.everyone and not any(key in table for key in BOUNDS):
        page.faults.add(here, "Say how many: everyone = true, min_seats, max_seats, min_share or max_share (percent).")
    elif rule.least(mandate.citizens) > rule.most(mandate.citizens):
        page.faults.add(here, "The rule contradicts itself: it asks for more seats than it allows, or than there are.")
    if rule.kind is RuleKind.SEX and (rule.everyone or rule.sex is Sex.OTHER):
        page.faults.add(here, "A rule on sex sets a share of women, of men or of each; nobody is refused by it.")
    if rule.district and rule.district not in [district.key for district in mandate.districts]:
        page.faults.add((*here, "district"), f"There is no district with the key “{rule.district}”.")


def _together(page: Sheet, mandate: Mandate) -> None:
    """Rules that each could be kept, but not all at once."""
    hard = [(n, rule) for n, rule in enumerate(mandate.rules) if rule.hard]
    for (_n, one), (n, other) in combinations(hard, 2):
        apart = one.kind is other.kind and (
            (one.ages and other.ages and not one.ages.meets(other.ages))
            or (one.sex and other.sex and one.sex is not other.sex)
            or (one.district and one.district != other.district)
            or (one.ties and not one.ties & other.ties)
        )
        if apart and one.least(mandate.citizens) + other.least(mandate.citizens) > mandate.citizens:
            page.faults.add(("rules", n), "This rule and an earlier one ask for more seats together than there are.")
    for n, rule in hard:
        if rule.kind is RuleKind.SEX and rule.sex is None and 2 * rule.least(mandate.citizens) > mandate.citizens:
            page.faults.add(("rules", n), "Women and men cannot both have more than half of the seats.")


def _law(page: Sheet, mandate: Mandate) -> None:
    form = mandate.legal_form
    if page.faults.none_in(("municipality", "country")) and form.country != mandate.municipality.country:
        page.fault("legal_form", f"“{form}” is no form of a municipality in “{mandate.municipality.country}”.")
    allowed = DEFAULTS[form]
    adults = AgeRange(ADULT)
    for n, profile in enumerate(mandate.profiles):
        if not allowed.minors_allowed and profile.ages and not adults.covers(profile.ages):
            sentence = f"“{form}” is for people with the municipal vote; the ages must be from {ADULT}."
            page.faults.add(("profiles", n, "ages"), sentence)
    for n, rule in enumerate(mandate.rules):
        wanted = rule.ages if rule.least(mandate.citizens) else None
        young = wanted and not (adults.covers(wanted) if rule.everyone else adults.meets(wanted))
        if not allowed.minors_allowed and young:
            page.faults.add(
                ("rules", n, "ages"), f"“{form}” is for people with the municipal vote; nobody under {ADULT} can sit."
            )
        elsewhere = rule.ties and rule.least(mandate.citizens) and rule.ties - {Tie.LIVES}
        if not allowed.other_tie_allowed and elsewhere:
            page.faults.add(("rules", n, "ties"), f"“{form}” is for residents; the only tie can be “lives”.")


def _population(page: Sheet, mandate: Mandate) -> None:
    """The population is counted by the answers that people can give, so that the two can be compared."""
    known = {
        RuleKind.AGE: [band.key for band in mandate.age_bands()],
        RuleKind.SEX: [str(sex) for sex in Sex],
        RuleKind.DISTRICT: [district.key for district in mandate.districts],
    }
    for kind, counts in mandate.population.items():
        for key in counts:
            if key not in known[kind]:
                sentence = f"“{key}” is not one of {', '.join(known[kind]) or 'the districts of this file'}."
                page.faults.add(("population", str(kind), key), sentence)
