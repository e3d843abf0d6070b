"""A mandate's file: what is read, and the sentence and line for everything that can be wrong with it."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.mandate import (
    SWITCHES,
    AgeBand,
    AgeRange,
    LegalForm,
    Mandate,
    MandateError,
    MandateFault,
    SpecialKind,
    parse,
    switches,
)
from bot.domain.mandate.lines import find_lines

TODAY = date(2026, 5, 5)
DEMO = Path(__file__).parent.parent.parent / "docs" / "demo"
DEMOS = sorted(DEMO.glob("*.toml"))

SMALL = """\
key = "benches"
languages = ["en", "da"]
legal_form = "dk_17_4"
version = 2
approved_on = 2026-05-01
start = "2026-07-01"
end = 2027-03-01
meetings = 6
citizens = 4
politicians = 2
title = { en = "Benches", da = "Bænke" }
short_name = { en = "Benches", da = "Bænke" }
proposed_by = { en = "Council", da = "Rådet" }
approved_by = { en = "Council", da = "Rådet" }
background = { en = "Background", da = "Baggrund" }
purpose = { en = "Purpose", da = "Formål" }
fixed = { en = "Fixed", da = "Fast" }
open = { en = "Open", da = "Åbent" }
tasks = [
  { en = "Look", da = "Se" },
  { en = "Sit", da = "Sid" },
]
deliverable = { en = "A list", da = "En liste" }
receiver = { en = "Council", da = "Rådet" }
in_brief = { en = "Brief", da = "Kort" }
promise = { en = "You propose", da = "I foreslår" }
compensation = "none"
practical = "none"

[[profiles]]
key = "sits"
seats = 3
label = { en = "Sits", da = "Sidder" }

[[profiles]]
key = "young"
seats = 1
ages = { from = 16, to = 24 }
label = { en = "Young", da = "Ung" }

[[districts]]
key = "north"
label = { en = "North", da = "Nord" }

[[rules]]
kind = "district"
hard = false
min_seats = 1
district = "north"
description = { en = "One from the north", da = "En fra nord" }

[call]
opens = 2026-05-02
closes = "2026-05-31"
answered = 2026-06-15T09:00:00

[contact]
name = "Kim"
phone = "00 00 00 00"
email = "kim@example.org"

[municipality]
key = "small"
languages = ["en", "da"]
country = "dk"
zone = "Europe/Copenhagen"
name = { en = "Small", da = "Lille" }

[municipality.terms]
council.indefinite = { en = "council", da = "råd" }
council.definite = { en = "the council", da = "rådet" }
committee.indefinite = { en = "committee", da = "udvalg" }
committee.definite = { en = "the committee", da = "udvalget" }
standing_committee.indefinite = { en = "board", da = "nævn" }
standing_committee.definite = { en = "the board", da = "nævnet" }
chief_executive.indefinite = { en = "director", da = "direktør" }
chief_executive.definite = { en = "the director", da = "direktøren" }
chair.indefinite = { en = "chair", da = "formand" }
chair.definite = { en = "the chair", da = "formanden" }

[municipality.information]
controller = { en = "Small", da = "Lille" }
data_protection_contact = { en = "a@example.org", da = "a@example.org" }
legal_basis = { en = "A task", da = "En opgave" }
who_sees = { en = "The secretariat", da = "Sekretariatet" }
keep = { en = "A year", da = "Et år" }
complaint_authority = { en = "The agency", da = "Tilsynet" }
transfers = { en = "None", da = "Ingen" }
"""


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def faults(text: str) -> tuple[MandateFault, ...]:
    with pytest.raises(MandateError) as caught:
        parse(text, TODAY)
    return caught.value.errors


def demo(name: str, today: date = TODAY) -> Mandate:
    return parse((DEMO / f"{name}.toml").read_text(encoding="utf-8"), today)


def test_a_sound_file_becomes_a_mandate() -> None:
    mandate = parse(SMALL, TODAY)
    assert mandate.key == "benches" and mandate.version == 2 and mandate.locales == ("en", "da")
    assert mandate.title == {"en": "Benches", "da": "Bænke"}
    assert [task["da"] for task in mandate.tasks] == ["Se", "Sid"]
    assert mandate.profile("young").ages == AgeRange(16, 24)
    assert mandate.municipality.terms["council"].definite["da"] == "rådet"
    assert mandate.compensation == {} and mandate.missing_information() == ()
    assert mandate.needs_district and mandate.needs_age and not mandate.needs_sex and not mandate.needs_tie
    with pytest.raises(LookupError):
        mandate.profile("gone")


def test_days_without_a_time_last_until_midnight_where_people_live() -> None:
    call = parse(SMALL, TODAY).call
    assert call.opens == datetime(2026, 5, 1, 22, tzinfo=UTC)
    assert call.closes == datetime(2026, 5, 31, 21, 59, tzinfo=UTC)
    assert call.answered == datetime(2026, 6, 15, 7, tzinfo=UTC)


def test_days_can_be_counted_from_today() -> None:
    text = changed("opens = 2026-05-02", 'opens = "day-3 17:00"').replace('closes = "2026-05-31"', 'closes = "day+12"')
    call = parse(text, TODAY).call
    assert call.opens == datetime(2026, 5, 2, 15, tzinfo=UTC)
    assert call.closes == datetime(2026, 5, 17, 21, 59, tzinfo=UTC)
    assert parse(text.replace("day+12", "day"), TODAY).call.closes.date() == TODAY


def test_a_moment_with_its_own_offset_is_kept() -> None:
    text = changed('closes = "2026-05-31"', "closes = 2026-05-31T12:00:00-05:00")
    assert parse(text, TODAY).call.closes == datetime(2026, 5, 31, 17, tzinfo=UTC)


def test_a_plain_text_is_enough_where_there_is_one_language() -> None:
    mandate = demo("svelvik-byhuset")
    assert mandate.locales == ("nb",) and mandate.title == {"nb": "Byhuset i Svelvik"}


def test_a_committee_may_speak_fewer_languages_than_its_municipality() -> None:
    assert (
        parse(changed('languages = ["en", "da"]\nlegal', 'languages = ["da", "en"]\nlegal'), TODAY).locales[0] == "da"
    )
    assert parse(changed('languages = ["en", "da"]\nlegal', "legal"), TODAY).locales == ("en", "da")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault() -> None:
    assert parse("\ufeff" + SMALL.replace("\n", "\r\n"), TODAY) == parse(SMALL, TODAY)


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_the_demo_files_are_sound_on_any_day(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for today in (TODAY, date(2027, 3, 28), date(2028, 2, 29)):
        mandate = parse(text, today)
        assert mandate.missing_information() == ()
        assert mandate.key == path.stem and mandate.contact.email.endswith("example.org")


def test_the_youth_committee_has_its_real_seats_and_is_open_now() -> None:
    mandate, now = demo("svelvik-ungdom"), datetime(2026, 5, 5, 12, tzinfo=UTC)
    assert sorted(profile.seats for profile in mandate.profiles) == [1, 1, 1, 1, 1, 2, 3]
    assert {profile.special for profile in mandate.profiles} == {None, SpecialKind.HEALTH, SpecialKind.ORIGIN}
    assert mandate.call.opens < now < mandate.call.closes and mandate.locales == ("nb", "nn", "en")
    assert [band.key for band in mandate.age_bands()] == ["0-12", "13-14", "15-17", "18", "19-25", "26+"]


def test_the_library_committee_is_at_work_now() -> None:
    mandate = demo("gentofte-biblioteker")
    assert mandate.call.answered.date() < TODAY and mandate.start < TODAY < mandate.end
    assert mandate.legal_form is LegalForm.DK_17_4 and not mandate.needs_age


def test_the_town_house_has_long_labels_and_ages_on_one_line_only() -> None:
    profiles = demo("svelvik-byhuset").profiles
    assert [profile.ages for profile in profiles if profile.ages] == [AgeRange(13, 25)]
    assert all(80 <= len(profile.label["nb"]) <= 140 for profile in profiles if profile.key != "apen")


def test_a_call_cannot_open_while_something_people_must_be_told_is_empty() -> None:
    text = changed('keep = { en = "A year", da = "Et år" }', 'keep = { en = "A year", da = " " }')
    text = text.replace('in_brief = { en = "Brief", da = "Kort" }\n', "")
    text = text.replace('transfers = { en = "None", da = "Ingen" }\n', "")
    missing = parse(text, TODAY).missing_information()
    assert set(missing) == {"municipality.information.keep", "municipality.information.transfers", "in_brief"}


RULE = '[[rules]]\nkind = "{kind}"\nhard = true\n{rest}\ndescription = {{ en = "R", da = "R" }}\n\n[call]'

# What is written, what stands there instead, where the fault is, and a part of its sentence.
WRONG = {
    "not TOML": ("version = 2", "version = ", "the file", "This is not TOML: Invalid value."),
    "a key twice": ("version = 2", "version = 2\nversion = 3", "the file", "This is not TOML"),
    "missing": ("version = 2\n", "", "version", "This key is missing."),
    "missing inside": ('phone = "00 00 00 00"\n', "", "contact.phone", "This key is missing."),
    "missing list": ("tasks = [\n", "tusks = [\n", "tasks", "This key is missing."),
    "unknown": ("tasks = [\n", "tusks = [\n", "tusks", "Did you mean “tasks”?"),
    "unknown inside": ('phone = "00', 'fone = "00', "contact.fone", "Did you mean “phone”?"),
    "unknown language": ('title = { en = "Benches"', 'title = { sv = "x", en = "Benches"', "title.sv", "not known"),
    "not a number": ("meetings = 6", 'meetings = "six"', "meetings", "must be a whole number, not a text"),
    "a truth as number": ("meetings = 6", "meetings = true", "meetings", "must be a whole number, not true or false"),
    "a decimal": ("meetings = 6", "meetings = 6.5", "meetings", "not a number with decimals"),
    "too many": ("meetings = 6", "meetings = 600", "meetings", "from 1 to 99, not 600"),
    "not a text": ('key = "benches"', "key = 7", "key", "must be a text, not a whole number"),
    "a date for a text": ('key = "benches"', "key = 2026-05-01", "key", "not a date or time"),
    "not a table": ("[contact]", "[[contact]]", "contact", "must be a table, not a list"),
    "not tables": ("[[districts]]\n", "districts = [1]\n[[x]]\n", "profiles[2].districts", "not known"),
    "a list of plain values": ('key = "benches"', 'key = "benches"\ndistricts = [1]', "the file", "not TOML"),
    "not true or false": ("hard = false", 'hard = "no"', "rules[1].hard", "must be true or false"),
    "no slug": ('key = "benches"', 'key = "Benches 2"', "key", "small letters"),
    "no legal form": ('legal_form = "dk_17_4"\n', "", "legal_form", "This key is missing."),
    "unknown legal form": ('"dk_17_4"', '"dk_17_5"', "legal_form", "Did you mean “dk_17_4”?"),
    "another country's form": ('"dk_17_4"', '"no_medvirkning"', "legal_form", "no form of a municipality in “dk”"),
    "seats": ("seats = 3", "seats = 4", "citizens", "have 5 seats together, but this says 4"),
    "a key for two lines": ('key = "young"', 'key = "sits"', "profiles", "“sits” is used 2 times"),
    "a long key": ('key = "young"', 'key = "youngsters"', "profiles[2].key", "at most 8 fit"),
    "a key of other letters": ('key = "young"', 'key = "ung-1"', "profiles[2].key", "small letters a to z"),
    "unknown special kind": ("seats = 3", 'seats = 3\nspecial = "helth"', "profiles[1].special", "mean “health”?"),
    "ages the wrong way": ("from = 16, to = 24", "from = 24, to = 16", "profiles[2].ages", "Nobody is at least 24"),
    "ages without an end": ("{ from = 16, to = 24 }", "{ }", "profiles[2].ages", "Give “from”, “to” or both"),
    "too long in brief": ('en = "Brief"', f'en = "{"word " * 81}"', "in_brief.en", "81 words; at most 80"),
    "a language missing": ('{ en = "Fixed", da = "Fast" }', '{ da = "Fast" }', "fixed", "The text is missing in en."),
    "a plain text for two": ('{ en = "Fixed", da = "Fast" }', '"Fixed"', "fixed", "The text is missing in da."),
    "a language in a list": ('{ en = "Sit", da = "Sid" }', '"Sit"', "tasks[2]", "The text is missing in da."),
    "an empty text": ('en = "Fixed"', 'en = " "', "fixed.en", "The text is empty."),
    "a text that is a number": ('en = "Fixed"', "en = 3", "fixed", "must be a text, or a text for each language"),
    "two lines": ('title = { en = "Benches"', 'title = { en = "Ben\\nches"', "title.en", "must be one line"),
    "too long": (
        'title = { en = "Benches"',
        f'title = {{ en = "{"x" * 121}"',
        "title.en",
        "121 characters; at most 120",
    ),
    "a control character": ('en = "Fixed"', 'en = "Fix\\u0007ed"', "fixed.en", "cannot be shown (U+0007)"),
    "a turning character": ('en = "Fixed"', 'en = "Fix\\u202Eed"', "fixed.en", "cannot be shown (U+202E)"),
    "no tasks": ("tasks = [\n", "tasks = []\nx = [\n", "tasks", "The list is empty."),
    "no language": ('languages = ["en", "da"]\nlegal', "languages = [1]\nlegal", "languages", "in quotation marks"),
    "a language of no kind": ('["en", "da"]\nlegal', '["en", "English"]\nlegal', "languages", "is not a language"),
    "Norwegian": ('["en", "da"]\nlegal', '["en", "no"]\nlegal', "languages", "two languages here"),
    "a language twice": ('["en", "da"]\nlegal', '["en", "en"]\nlegal', "languages", "twice"),
    "a language too many": ('["en", "da"]\nlegal', '["en", "nn"]\nlegal', "languages", "does not have the language"),
    "no languages": ('["en", "da"]\ncountry', "[]\ncountry", "municipality.languages", "at least one language"),
    "no zone": ('"Europe/Copenhagen"', '"Europe/Kopenhagen"', "municipality.zone", "is not a time zone"),
    "a folder as zone": ('"Europe/Copenhagen"', '"Europe"', "municipality.zone", "is not a time zone"),
    "a path as zone": ('"Europe/Copenhagen"', '"../passwd"', "municipality.zone", "is not a time zone"),
    "no country": ('country = "dk"', 'country = "se"', "municipality.country", "not one of dk, no"),
    "a term missing": (
        'chair.definite = { en = "the chair"',
        'chair.definit = { en = "the chair"',
        "municipality.terms.chair.definite",
        "missing",
    ),
    "no date": ("approved_on = 2026-05-01", 'approved_on = "soon"', "approved_on", "must be a date such as"),
    "no such day": ('start = "2026-07-01"', 'start = "2026-06-31"', "start", "must be a date such as"),
    "no such hour": ('closes = "2026-05-31"', 'closes = "2026-05-31 25:00"', "call.closes", "must be a date such as"),
    "a number for a date": ("approved_on = 2026-05-01", "approved_on = 3", "approved_on", "must be a date such as"),
    "approved late": ("approved_on = 2026-05-01", "approved_on = 2026-05-03", "call.opens", "after approved_on"),
    "closed before open": ('closes = "2026-05-31"', 'closes = "2026-05-01"', "call.closes", "after call.opens"),
    "answered too early": ('closes = "2026-05-31"', 'closes = "2026-06-20"', "call.answered", "after call.closes"),
    "ended early": ("end = 2027-03-01", "end = 2026-06-20", "end", "must come after start"),
    "answered after the end": ("2026-06-15T09", "2027-06-15T09", "end", "must come after call.answered"),
    "no mail": ('"kim@example.org"', '"kim"', "contact.email", "is not an e-mail address"),
    "a line nobody has": (
        'closes = "2026-05-31"',
        'closes = "2026-05-31"\nprofiles = ["old"]',
        "call.profiles",
        "“old”",
    ),
    "unknown district": ('district = "north"', 'district = "south"', "rules[1].district", "no district with the key"),
    "no group": ('district = "north"\n', "", "rules[1].district", "whom the rule is about"),
    "another group": (
        'district = "north"',
        'district = "north"\nties = ["lives"]',
        "rules[1].ties",
        "does not have this",
    ),
    "no bound": ("min_seats = 1\n", "", "rules[1]", "Say how many"),
    "two bounds": ("min_seats = 1", "everyone = true\nmin_seats = 1", "rules[1]", "takes no other bound"),
    "a bound above the other": ("min_seats = 1", "min_seats = 2\nmax_seats = 1", "rules[1]", "contradicts itself"),
    "more than all": ("min_seats = 1", "min_seats = 5", "rules[1]", "contradicts itself"),
    "unknown kind": ('kind = "district"', 'kind = "distrikt"', "rules[1].kind", "Did you mean “district”?"),
    "refused by sex": ("[call]", RULE.format(kind="sex", rest="everyone = true"), "rules[2]", "nobody is refused"),
    "more than half": ("[call]", RULE.format(kind="sex", rest="min_share = 60"), "rules[2]", "more than half"),
    "unknown tie": (
        "[call]",
        RULE.format(kind="tie", rest='everyone = true\nties = ["born"]'),
        "rules[2].ties",
        "not one of",
    ),
    "a line without people": (
        "[call]",
        RULE.format(kind="age", rest="everyone = true\nages = { from = 30 }"),
        "profiles[2].ages",
        "asks other ages of everyone",
    ),
    "a release rule without text": (
        "[call]",
        "[release_rule]\non = 2026-01-01\n[call]",
        "release_rule.text",
        "missing",
    ),
}


@pytest.mark.parametrize(("old", "new", "where", "sentence"), WRONG.values(), ids=WRONG)
def test_every_fault_is_named(old: str, new: str, where: str, sentence: str) -> None:
    found = faults(changed(old, new))
    assert any(fault.where == where and sentence in fault.sentence for fault in found), found


NORWEGIAN = SMALL.replace('country = "dk"', 'country = "no"').replace("dk_17_4", "no_5_7")


@pytest.mark.parametrize(
    ("rest", "where", "sentence"),
    [
        ('kind = "age"\neveryone = true\nages = { from = 16 }', "rules[2].ages", "nobody under 18"),
        ('kind = "age"\nmin_seats = 1\nages = { to = 17 }', "rules[2].ages", "nobody under 18"),
        ('kind = "tie"\neveryone = true\nties = ["lives", "works"]', "rules[2].ties", "for residents"),
    ],
)
def test_an_elected_body_has_adult_residents_only(rest: str, where: str, sentence: str) -> None:
    text = NORWEGIAN.replace("from = 16", "from = 18")
    assert parse(text, TODAY).needs_tie and parse(text, TODAY).needs_age
    rule = f'[[rules]]\nhard = false\n{rest}\ndescription = {{ en = "R", da = "R" }}\n\n[call]'
    (fault,) = faults(text.replace("[call]", rule))
    assert fault.where == where and sentence in fault.sentence


def test_an_elected_body_may_want_some_young_adults() -> None:
    rule = RULE.format(kind="age", rest="min_seats = 1\nages = { to = 20 }")
    assert len(parse(NORWEGIAN.replace("from = 16", "from = 18").replace("[call]", rule), TODAY).rules) == 2


def test_an_elected_body_has_no_line_for_minors() -> None:
    (fault,) = faults(NORWEGIAN)
    assert fault.where == "profiles[2].ages" and "municipal vote" in fault.sentence


def test_rules_that_ask_for_more_seats_than_there_are_contradict_each_other() -> None:
    text = SMALL
    for ages in ("{ to = 29 }", "{ from = 30 }"):
        text = text.replace("[call]", RULE.format(kind="age", rest=f"min_seats = 3\nages = {ages}"))
    (fault,) = faults(text)
    assert fault.where == "rules[3]" and "more seats together" in fault.sentence


def test_rules_that_just_fit_together_are_no_fault() -> None:
    text = changed('en = "Brief"', f'en = "{"word " * 80}"')
    for ages in ("{ to = 29 }", "{ from = 30 }"):
        text = text.replace("[call]", RULE.format(kind="age", rest=f"min_seats = 2\nages = {ages}"))
    assert len(parse(text.replace("[call]", RULE.format(kind="sex", rest="min_share = 50")), TODAY).rules) == 4


def test_all_faults_come_at_once_with_their_lines_in_the_order_of_the_file() -> None:
    text = SMALL.replace("version = 2", "version = -1").replace("seats = 3", "seats = 4").replace('"Kim"', '""')
    found = faults(text)
    lines = text.splitlines()
    assert [(fault.where, lines[(fault.line or 0) - 1]) for fault in found] == [
        ("version", "version = -1"),
        ("citizens", "citizens = 4"),
        ("contact.name", 'name = ""'),
    ]


def test_a_syntax_fault_has_its_line() -> None:
    (fault,) = faults(changed("version = 2", "version = "))
    assert fault.line == 4
    (fault,) = faults('a = 1\nb = "open')
    assert fault.line == 2
    (fault,) = faults("a = " + "[" * 100_000)
    assert "nested too deeply" in fault.sentence


def test_an_empty_file_is_many_missing_keys_each_said_once() -> None:
    found = faults("")
    assert len({fault.where for fault in found}) == len(found)
    assert {"municipality", "legal_form", "call", "profiles"} <= {fault.where for fault in found}
    assert "municipality.zone" not in {fault.where for fault in found}


def test_lines_are_found_in_nested_tables_lists_and_long_texts() -> None:
    text = '''\
# a comment with [brackets] and = signs
top = """
key = "not a key"
[not.a.table]
"""
"quoted key" = 'x'   # [no]
a.b = { c = [1, { d = 2 }], "e" = "}" }
[[list]]
one = 1
[list.inner]
two = [
  "x",
  # a comment
  "]",
]
[[list]]
one = 2026-05-05 17:00:00
[[list.deep]]
three = 3
[plain.table]
four = 4.5
'''
    tomllib.loads(text)
    assert dict(find_lines(text)) == {
        ("top",): 2,
        ("quoted key",): 6,
        ("a",): 7,
        ("a", "b"): 7,
        ("a", "b", "c"): 7,
        ("a", "b", "c", 0): 7,
        ("a", "b", "c", 1): 7,
        ("a", "b", "c", 1, "d"): 7,
        ("a", "b", "e"): 7,
        ("list",): 8,
        ("list", 0): 8,
        ("list", 0, "one"): 9,
        ("list", 0, "inner"): 10,
        ("list", 0, "inner", "two"): 11,
        ("list", 0, "inner", "two", 0): 12,
        ("list", 0, "inner", "two", 1): 14,
        ("list", 1): 16,
        ("list", 1, "one"): 17,
        ("list", 1, "deep"): 18,
        ("list", 1, "deep", 0): 18,
        ("list", 1, "deep", 0, "three"): 19,
        ("plain", "table"): 20,
        ("plain", "table", "four"): 21,
    }


@given(st.text())
def test_any_text_at_all_is_a_mandate_or_a_list_of_faults(text: str) -> None:
    with pytest.raises(MandateError) as caught:
        parse(text, TODAY)
    assert caught.value.errors


@given(st.integers(0, len(SMALL)), st.integers(0, 40), st.sampled_from(["", "[", "]", "=", '"', "{", "\n", "x", "9"]))
def test_a_damaged_file_never_ends_in_anything_but_a_list_of_faults(start: int, length: int, instead: str) -> None:
    try:
        parse(SMALL[:start] + instead + SMALL[start + length :], TODAY)
    except MandateError as error:
        assert all(fault.sentence.endswith((".", "?")) for fault in error.errors)  # noqa: PT017 - both ways are right


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_age_bands_are_a_partition_with_no_limit_inside(pairs: list[tuple[int, int]]) -> None:
    rules = "".join(
        f'[[rules]]\nkind = "age"\nhard = false\nmax_seats = 4\nages = {{ from = {min(pair)}, to = {max(pair)} }}\n'
        'description = { en = "R", da = "R" }\n\n'
        for pair in pairs
    )
    mandate = parse(changed("[call]", rules + "[call]"), TODAY)
    bands = mandate.age_bands()
    assert bands[0].lower == 0 and bands[-1].upper is None
    for band, following in pairwise(bands):
        assert band.last + 1 == following.lower
    for ages in [rule.ages for rule in mandate.rules if rule.ages]:
        assert all(ages.covers(band) or not ages.meets(band) for band in bands)
    assert all(len(band.key) <= 8 and AgeBand.of(band.key) == band for band in bands)
    assert {0, 13, 15, 18} <= {band.lower for band in bands}


@pytest.mark.parametrize("key", ["", "young", "13-", "-14", "13-14-15", "1٣"])
def test_what_is_no_age_band_is_not_read_as_one(key: str) -> None:
    with pytest.raises(LookupError):
        AgeBand.of(key)


def test_the_legal_form_sets_the_switches_and_the_owner_can_change_each() -> None:
    assert switches(LegalForm.DK_17_4, {}).closed and switches(LegalForm.DK_17_4, {}).publishing_needs_rule
    assert not switches(LegalForm.NO_MEDVIRKNING, {}).closed
    elected = switches(LegalForm.NO_5_7, {})
    assert elected.answers_to_facilitator_only and elected.written_consent and elected.ballot_in_meeting_only
    assert not (elected.members_exchange_between_meetings or elected.minors_allowed or elected.other_tie_allowed)
    for form in LegalForm:
        for name in SWITCHES:
            before = getattr(switches(form, {}), name)
            assert getattr(switches(form, {name: not before}), name) is not before
    with pytest.raises(ValueError, match="unknown switch: colour"):
        switches(LegalForm.NO_5_7, {"colour": True})


def test_a_call_can_be_for_one_line_only_and_after_the_work_began() -> None:
    text = changed('closes = "2026-05-31"', 'closes = "2026-05-31"\nprofiles = ["young"]')
    mandate = parse(text.replace('start = "2026-07-01"', 'start = "2026-05-03"'), TODAY)
    assert mandate.call.profiles == ("young",) and mandate.call.answered.date() - mandate.start > timedelta(0)
