"""From a mandate's file to a Mandate, or to the list of everything that is wrong with it."""

from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo

from bot.domain.mandate.checks import check
from bot.domain.mandate.composition import AgeRange, CompetenceProfile, District, Rule, RuleKind, Sex, SpecialKind, Tie
from bot.domain.mandate.legal import LegalForm
from bot.domain.mandate.model import (
    INFORMATION,
    TERMS,
    Call,
    Contact,
    Country,
    Mandate,
    Municipality,
    ReleaseRule,
    SealedBy,
    SecretOn,
    Term,
)
from bot.domain.mandate.selecting import USUAL, ChosenBy, Selecting
from bot.domain.mandate.sheet import Sheet, load

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHORT = re.compile(r"[a-z0-9]{1,8}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
FIRST_MINUTE, ANSWER_TIME, LAST_MINUTE = time(0), time(12), time(23, 59)


def parse(text: str, today: date) -> Mandate:
    """Read a mandate's TOML file. Days written as "day+9" are counted from `today`.

    Raises MandateError with every fault, each with its key and, where known, its line.
    """
    page = load(text, today)
    place = page.section("municipality")
    place.locales = _languages(place, ())
    page.locales = _languages(page, place.locales)
    municipality = _municipality(place)
    page.zone = municipality.zone
    key = page.text("key", 40)
    if key and not SLUG.fullmatch(key):
        page.fault("key", "Use small letters a to z, digits and single hyphens only, as it becomes a web address.")
    mandate = Mandate(
        key=key,
        municipality=municipality,
        locales=page.locales,
        title=page.words("title", 120, one_line=True),
        short_name=page.words("short_name", 40, one_line=True),
        legal_form=page.choice("legal_form", LegalForm, LegalForm.DK_17_4),
        secret_on=page.choice("secret_on", SecretOn, SecretOn.EVERYWHERE, optional=True),
        sealed_by=page.choice("sealed_by", SealedBy, SealedBy.SERVICE, optional=True),
        proposed_by=page.words("proposed_by", 200, one_line=True),
        approved_by=page.words("approved_by", 200, one_line=True),
        approved_on=page.day("approved_on"),
        version=page.whole("version", 1, 999),
        background=page.words("background"),
        purpose=page.words("purpose"),
        fixed=page.words("fixed"),
        open=page.words("open"),
        tasks=page.list_of_words("tasks"),
        deliverable=page.words("deliverable"),
        receiver=page.words("receiver"),
        start=page.day("start"),
        end=page.day("end"),
        meetings=page.whole("meetings", 1, 99),
        citizens=page.whole("citizens", 1, 200),
        politicians=page.whole("politicians", 0, 200),
        profiles=tuple(_profile(line) for line in page.sections("profiles")),
        districts=tuple(_district(line) for line in page.sections("districts", optional=True)),
        rules=tuple(_rule(line) for line in page.sections("rules", optional=True)),
        in_brief=page.words("in_brief", gaps=True),
        promise=page.words("promise"),
        compensation=page.words("compensation", may_be_none=True),
        practical=page.words("practical", may_be_none=True),
        contact=_contact(page.section("contact")),
        call=_call(page.section("call")),
        release_rule=_release(page.section("release_rule")) if "release_rule" in page.table else None,
        selection=_selecting(page.section("selection", optional=True)),
        population=_population(page.section("population", optional=True)),
    )
    page.close()
    check(page, mandate)
    page.faults.stop_if_any()
    return mandate


def _languages(sheet: Sheet, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of a table, the first one first; a committee may leave them to the municipality."""
    found = sheet.names("languages", optional=bool(otherwise)) or otherwise
    for locale in found:
        if locale == "no":
            sheet.fault("languages", "“no” is two languages here: write “nb” for Bokmål or “nn” for Nynorsk.")
        elif not LANGUAGE.fullmatch(locale):
            sheet.fault("languages", f"“{locale}” is not a language; write da, nb, nn or en.")
        elif otherwise and locale not in otherwise:
            sheet.fault("languages", f"The municipality does not have the language “{locale}”; add it there first.")
    if not found and sheet.fine("languages"):
        sheet.fault("languages", "Name at least one language.")
    return found


def _municipality(sheet: Sheet) -> Municipality:
    terms, information = sheet.section("terms"), sheet.section("information")
    terms.locales = information.locales = sheet.locales
    municipality = Municipality(
        key=sheet.text("key", 40),
        name=sheet.words("name", 80, one_line=True),
        country=sheet.choice("country", Country, Country.DK),
        zone=_zone(sheet),
        locales=sheet.locales,
        terms={name: _term(terms.section(name)) for name in TERMS},
        information={name: information.words(name, gaps=True) for name in INFORMATION},
        quiet_days=not sheet.flag("write_on_holidays", optional=True),
    )
    terms.close()
    information.close()
    sheet.close()
    return municipality


def _zone(sheet: Sheet) -> str:
    name = sheet.text("zone", 60)
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (LookupError, ValueError, OSError):
        sheet.fault("zone", f"“{name}” is not a time zone; write for instance Europe/Copenhagen or Europe/Oslo.")
        return "UTC"


def _term(sheet: Sheet) -> Term:
    term = Term(sheet.words("indefinite", 60, one_line=True), sheet.words("definite", 60, one_line=True))
    sheet.close()
    return term


def _ages(sheet: Sheet, key: str = "ages") -> AgeRange | None:
    if key not in sheet.table:
        sheet.known.add(key)
        return None
    ages = sheet.section(key)
    found = AgeRange(ages.whole("from", 0, 120, default=0), ages.maybe_whole("to", 0, 120))
    if "from" not in ages.table and "to" not in ages.table:
        ages.fault("", "Give “from”, “to” or both.")
    elif ages.fine("from", "to") and found.lower > found.last:
        ages.fault("", f"Nobody is at least {found.lower} and at most {found.last}.")
    ages.close()
    return found


def _key(sheet: Sheet) -> str:
    key = sheet.text("key", 8)
    if key and sheet.fine("key") and not SHORT.fullmatch(key):
        sheet.fault("key", "Use at most 8 small letters a to z and digits.")
    return key


def _profile(sheet: Sheet) -> CompetenceProfile:
    special = sheet.choice("special", SpecialKind, SpecialKind.HEALTH, optional=True)
    profile = CompetenceProfile(
        key=_key(sheet),
        label=sheet.words("label", 200, one_line=True),
        seats=sheet.whole("seats", 1, 200),
        ages=_ages(sheet),
        special=special if "special" in sheet.table else None,
        nominated_by=sheet.words("nominated_by", 200, one_line=True) if "nominated_by" in sheet.table else None,
    )
    sheet.known.add("nominated_by")
    sheet.close()
    return profile


def _district(sheet: Sheet) -> District:
    district = District(_key(sheet), sheet.words("label", 80, one_line=True))
    sheet.close()
    return district


def _rule(sheet: Sheet) -> Rule:
    everyone = sheet.flag("everyone", optional=True)
    sex = sheet.choice("sex", Sex, Sex.OTHER, optional=True)
    rule = Rule(
        kind=sheet.choice("kind", RuleKind, RuleKind.AGE),
        hard=sheet.flag("hard"),
        description=sheet.words("description", 300, one_line=True),
        ages=_ages(sheet),
        sex=sex if "sex" in sheet.table else None,
        district=sheet.text("district", 8, optional=True) or None,
        ties=frozenset(Tie(name) for name in _known_ties(sheet)),
        min_seats=sheet.maybe_whole("min_seats", 0, 200),
        max_seats=sheet.maybe_whole("max_seats", 0, 200),
        min_share=100 if everyone else sheet.maybe_whole("min_share", 0, 100),
        max_share=sheet.maybe_whole("max_share", 0, 100),
    )
    sheet.known.add("min_share")
    sheet.close()
    return rule


def _known_ties(sheet: Sheet) -> list[str]:
    names = sheet.names("ties", optional=True)
    for name in names:
        if name not in list(Tie):
            sheet.fault("ties", f"“{name}” is not one of {', '.join(Tie)}.")
    return [name for name in names if name in list(Tie)]


def _contact(sheet: Sheet) -> Contact:
    contact = Contact(sheet.text("name", 80), sheet.text("phone", 40), sheet.text("email", 120))
    if sheet.fine("email") and not MAIL.fullmatch(contact.email):
        sheet.fault("email", f"“{contact.email}” is not an e-mail address.")
    sheet.close()
    return contact


def _call(sheet: Sheet) -> Call:
    call = Call(
        opens=sheet.moment("opens", FIRST_MINUTE),
        closes=sheet.moment("closes", LAST_MINUTE),
        answered=sheet.moment("answered", ANSWER_TIME),
        profiles=sheet.names("profiles", optional=True),
    )
    sheet.close()
    return call


def _release(sheet: Sheet) -> ReleaseRule:
    rule = ReleaseRule(sheet.day("on"), sheet.words("text"))
    sheet.close()
    return rule


def _selecting(sheet: Sheet) -> Selecting:
    found = Selecting(
        by=sheet.choice("by", ChosenBy, USUAL.by, optional=True),
        rated=sheet.flag("rated", optional=True) if "rated" in sheet.table else USUAL.rated,
        threshold=sheet.whole("threshold", 1, 3, USUAL.threshold),
        slack=sheet.maybe_whole("slack", 0, 600),
        blind=sheet.flag("blind", optional=True),
        raters=sheet.whole("raters", 1, 2, USUAL.raters),
        panels=sheet.whole("panels", 1, 3, USUAL.panels),
        reply_days=sheet.whole("reply_days", 1, 60, USUAL.reply_days),
    )
    sheet.known.add("rated")
    sheet.close()
    return found


def _population(sheet: Sheet) -> dict[RuleKind, dict[str, int]]:
    """How many people live here, by the same groups that people are asked about."""
    found = {}
    for kind in (RuleKind.AGE, RuleKind.SEX, RuleKind.DISTRICT):
        table = sheet.section(str(kind), optional=True)
        found[kind] = {key: table.whole(key, 0, 100_000_000) for key in table.table}
    sheet.close()
    return {kind: counts for kind, counts in found.items() if counts}
