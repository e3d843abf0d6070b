"""The panels file: 1,000 panels that keep every rule, dealt so that equals are equal, the same on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.selection.commitments import Frozen
from bot.domain.selection.dealing import PANELS, deal, rounded
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Applicant, Composition, Line, Pool, Quota, Selection
from bot.domain.selection.reading import PanelsFile, Unreadable, chances_per_mille, read, receipts
from bot.domain.selection.seeds import Source
from tests.domain.selection.tiny import FACTS, ORDERED, compositions, frozen, keeps, lottery, panels, pools, youth

ROOT = Path(__file__).parents[3]
weights = st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=9).filter(any)


@st.composite
def written(draw: st.DrawFn) -> tuple[Frozen, Selection, PanelsFile]:
    """A lottery with random weights over a random pool, and its file."""
    pool = draw(pools())
    assume(compositions(pool))
    selection = lottery(pool, [0.5, *draw(weights)])
    ice = frozen(pool, chance=draw(st.integers(0, 99)))
    return ice, selection, read(panels_file(ice, selection, FACTS))


@given(weights, st.integers(1, 1000))
def test_shares_sum_to_the_whole_and_none_is_off_by_one(given_weights: list[float], total: int) -> None:
    shares = rounded(given_weights, total)
    assert sum(shares) == total
    whole = sum(Fraction(weight) for weight in given_weights)
    for share, weight in zip(shares, given_weights, strict=True):
        assert abs(share - Fraction(weight) * total / whole) < 1


def test_the_largest_remainder_is_rounded_up_and_of_equals_the_first() -> None:
    assert rounded([41, 33, 26], 10) == (4, 3, 3)
    assert rounded([1, 1, 1], 10) == (4, 3, 3)


@pytest.mark.parametrize("wrong", [[], [0.0, 0.0], [0.5, -0.1]])
def test_weights_that_make_no_lottery_are_noticed(wrong: list[float]) -> None:
    with pytest.raises(ValueError):
        rounded(wrong)


@settings(max_examples=60)
@given(written())
def test_every_line_keeps_every_rule(case: tuple[Frozen, Selection, PanelsFile]) -> None:
    ice, _selection, file = case
    people = {one.id: one for one in ice.pool.applicants}
    assert len(file.panels) == PANELS
    lines = [seat.rpartition(".")[0] for seat in file.seats]
    for panel in set(file.panels):
        assert keeps(ice.pool, [people[who] for who in panel])
        assert all(line in ice.pool.fits(people[who]) for line, who in zip(lines, panel, strict=True))


@settings(max_examples=60)
@given(written())
def test_equals_are_on_equally_many_panels_or_one_on_one_more(case: tuple[Frozen, Selection, PanelsFile]) -> None:
    ice, _selection, file = case
    for people in ice.pool.kinds.values():
        chances = [file.chances[one.id] for one in people]
        assert max(chances) - min(chances) <= 1
    assert sum(file.chances.values()) == PANELS * ice.pool.seats
    assert file.chances.keys() == file.commitments.keys()


@settings(max_examples=60)
@given(written())
def test_no_composition_is_off_by_a_whole_panel(case: tuple[Frozen, Selection, PanelsFile]) -> None:
    ice, selection, file = case
    kind = {one.id: n for n, people in enumerate(ice.pool.kinds.values()) for one in people}
    found = Counter(
        tuple(Counter(kind[who] for who in panel)[n] for n in range(len(ice.pool.kinds))) for panel in file.panels
    )
    for one in selection.compositions:
        assert abs(Fraction(found[one.counts], PANELS) - Fraction(one.weight)) < Fraction(1, PANELS) + Fraction(
            1, 10**9
        )


@settings(max_examples=30)
@given(written(), st.permutations(range(8)))
def test_the_order_of_people_changes_no_byte(case: tuple[Frozen, Selection, PanelsFile], order: list[int]) -> None:
    ice, selection, file = case
    people = ice.pool.applicants
    mixed = [people[n] for n in order if n < len(people)]
    records = dict(reversed(ice.records.items()))
    again = panels_file(Frozen(records, replace(ice.pool, applicants=mixed)), selection, FACTS)
    assert digest(again) == file.digest


def test_it_is_not_always_the_same_people_who_meet() -> None:
    # Two lines, a kind of four people on each: in step, each would only ever meet one of the other kind.
    pool = youth()
    people = [replace(pool.applicants[0], id=f"{n}", ratings={"ab"[n % 2]: 2}, groups=frozenset()) for n in range(8)]
    pool = Pool(people, [Line("a", 1), Line("b", 1)])
    assert {frozenset(one.id for one in panel) for panel in deal(pool, [Composition((1, 1), 1.0)], "salt")} == {
        frozenset(one.id for one in panel) for panel in panels(pool)
    }


@pytest.mark.parametrize("salt", ["a", "b", "c", "d"])
def test_who_of_a_kind_is_on_one_panel_more_is_settled_by_the_hash_of_the_pool(salt: str) -> None:
    people = [Applicant(f"{key}{n}", {key: 2}) for key in "ab" for n in range(3)]
    pool = Pool(people, [Line("a", 1), Line("b", 1)])
    counts = Counter(one.id for panel in deal(pool, [Composition((1, 1), 1.0)], salt) for one in panel)
    for key in "ab":
        first = min(
            (f"{key}{n}" for n in range(3)), key=lambda who: sha256(f"samskab/deal/1\n{salt}\n{who}".encode()).digest()
        )
        assert [who for who in counts if who[0] == key and counts[who] == 334] == [first]


def test_chances_and_receipts_are_what_the_file_says() -> None:
    ice = frozen(youth())
    content = panels_file(ice, lottery(ice.pool, [1, 2, 5]), FACTS)
    chances = chances_per_mille(content)
    lines = content.decode().splitlines()[-1000:]
    told = receipts(ice, content)
    for applicant, record in ice.records.items():
        count = sum(f"={record.pseudonym}," in f"{line}," for line in lines)
        assert chances[record.pseudonym] == count
        assert told[applicant] == replace(record, chance=count, digest=digest(content))
    assert told["Liv"].chance == 0


def test_a_hash_ordered_lottery_has_people_instead_of_panels_and_knows_no_chance() -> None:
    ice = frozen(youth())
    file = read(content := panels_file(ice, ORDERED, FACTS))
    assert file.panels == () and file.chances == {}
    assert file.pool == ice.pool
    assert receipts(ice, content)["Ada"] == replace(ice.records["Ada"], digest=digest(content))


def test_the_header_says_what_the_draw_rests_on() -> None:
    ice = frozen(replace(youth(), slack=2, threshold=1))
    other = Facts("gentofte", 3, 7, Source("drand", FACTS.source.at + timedelta(days=1)), 5, "samskab 9", "none")
    header = read(panels_file(ice, replace(lottery(ice.pool), complete=False, levels=3), other)).header
    assert (header.facts, header.applicants, header.pool_hash) == (other, 12, ice.pool_hash)
    assert header.rules == replace(ice.pool, applicants=())
    assert (header.method, header.complete, header.levels, header.ordered) == ("leximin", False, 3, False)


def test_a_file_that_must_not_be_announced_is_not_written() -> None:
    ice = frozen(youth())
    good = lottery(ice.pool)
    kinds = list(ice.pool.kinds.values())
    alone = next(n for n, people in enumerate(kinds) if len(people) == 1)
    beyond = tuple(ice.pool.seats if n == alone else 0 for n in range(len(kinds)))
    with pytest.raises(ValueError, match="whom the pool does not have"):
        panels_file(ice, replace(good, compositions=(Composition(beyond, 1.0),)), FACTS)
    strict = replace(ice, pool=replace(ice.pool, quotas=[Quota("north", 4, 4)]))
    with pytest.raises(ValueError, match="breaks a hard rule"):
        panels_file(strict, lottery(replace(strict.pool, quotas=[Quota("north", 0, 4)])), FACTS)
    few = tuple(1 if n == alone else 0 for n in range(len(kinds)))
    with pytest.raises(ValueError, match="seats stay empty"):
        panels_file(ice, replace(good, compositions=(Composition(few, 1.0),)), FACTS)
    comma = replace(ice.pool, lines=[Line("a,b", 1)])
    with pytest.raises(ValueError, match="keys of lines"):
        panels_file(replace(ice, pool=comma), good, FACTS)
    with pytest.raises(ValueError, match="method must be known"):
        panels_file(ice, replace(good, method="by hand"), FACTS)


OTHER_PROCESS = """
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from tests.domain.selection.tiny import FACTS, ORDERED, frozen, lottery, youth
ice = frozen(youth())
print(digest(panels_file(ice, lottery(ice.pool, [1, 2, 5]), FACTS)), digest(panels_file(ice, ORDERED, FACTS)))
"""


def test_another_process_with_other_hashes_writes_the_same_bytes() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", OTHER_PROCESS],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    ice = frozen(youth())
    here = [panels_file(ice, one, FACTS) for one in (lottery(ice.pool, [1, 2, 5]), ORDERED)]
    assert said == {f"{digest(here[0])} {digest(here[1])}\n"}


# Reading back ---------------------------------------------------------------------------------------------------


def faults(content: bytes) -> list[str]:
    with pytest.raises(Unreadable) as raised:
        read(content)
    return [f"{fault.line}: {fault.sentence}" for fault in raised.value.faults]


FROZEN = frozen(youth())
CONTENT = panels_file(FROZEN, lottery(FROZEN.pool, [1, 2, 5]), FACTS)
LINES = CONTENT.decode().splitlines()
PEOPLE = panels_file(FROZEN, ORDERED, FACTS)


def edited(number: int, old: str, new: str, content: bytes = CONTENT) -> bytes:
    lines = content.decode().splitlines()
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new)
    return "".join(f"{line}\n" for line in lines).encode()


def test_a_file_that_is_no_panels_file_is_told_by_its_first_fault() -> None:
    assert faults(b"") == ["1: The file breaks off: its last line has no end."]
    assert faults(CONTENT[:-1]) == [f"{len(LINES)}: The file breaks off: its last line has no end."]
    assert faults(b"one\n\xff\n") == ["2: The file is not UTF-8."]
    assert faults(b"PK\x03\x04\n")[0].startswith("1: It is not JSON")
    assert faults(CONTENT.replace(b"\n", b"\r\n"))[0] == "1: The header is not in canonical form."
    assert faults(b"{}\n") == ["1: “format” is missing."]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("samskab/panels/1", "samskab/panels/2", "“format” should be samskab/panels/1."),
        ('"threshold":2', '"threshold":1', "“rules” should be"),
        ('"least":1', '"least":0', "“rules” should be"),
        ('"seats":4', '"seats":5', "“seats” should be 4."),
        ('"panels":1000', '"panels":999', "“panels” should be 1000."),
        ('"hard":"no"', '"hard":"maybe"', "“quotas” should be"),
        ('"complete":"yes"', '"complete":"nearly"', "“complete” should be"),
        ('"method":"leximin"', '"method":"by hand"', "“method” should be one of leximin"),
        ('"seed_rule":"dice"', '"seed_rule":"stars"', "No seed can come from the rule “stars”"),
        ("2026-12-09T19:00:00Z", "9 December", "No seed can come from the rule “dice” at “9 December”"),
        ('"call":', '"caller":', "“call” is missing."),
        ('"draw":1', '"draw":1,"extra":1', "“extra” does not belong here."),
        ('"draw":1', '"draw": 1', "The header is not in canonical form."),
        ('"key":"sport"', '"key":"sp,rt"', "The keys of lines have letters"),
        ('"key":"sport"', '"key":"pupil"', "Two lines have the key “pupil”."),
    ],
)
def test_a_header_with_a_fault_says_which_key(old: str, new: str, said: str) -> None:
    assert [fault[: len(said) + 3] for fault in faults(edited(1, old, new))] == [f"1: {said}"]


def test_a_hash_that_is_not_of_the_commitments_is_told() -> None:
    commitment = LINES[3].partition("=")[2]
    told = faults(edited(4, commitment, "0" * 64))
    assert told == ["1: “pool” is not the hash of the commitments below."]
    assert faults(edited(4, commitment, "0")) == ["4: The commitment of P003 is not 64 hexadecimal digits."]
    assert faults(edited(4, "P003", "P004")) == ["4: The commitment of P003 should stand here."]


def test_each_line_of_panels_is_read_by_itself() -> None:
    first = LINES[13]
    assert first.startswith("pupil.1=P0")
    assert faults(edited(14, "pupil.2", "pupil.3")) == [
        "14: A panel should fill the seats pupil.1, pupil.2, sport.1, parent.1, in this order."
    ]
    who = first.partition("=")[2][:4]
    assert faults(edited(14, who, "P099"))[0] == "14: “P099” is not one of the applicants."
    other = first.partition("pupil.2=")[2][:4]
    assert faults(edited(14, other, who))[0] == "14: Somebody has two seats."
    assert faults(edited(14, first, LINES[-1])) == ["15: The panels are not sorted."]


def test_panels_may_neither_be_added_nor_left_out() -> None:
    size = len(LINES)
    wanted = f"not {size}: a header, 12 commitments, 1000 panels."
    assert faults(CONTENT + LINES[-1].encode() + b"\n") == [f"{size}: The file has {size + 1} lines, {wanted}"]
    assert faults("".join(f"{line}\n" for line in LINES[:-1]).encode()) == [
        f"{size - 1}: The file has {size - 1} lines, {wanted}"
    ]


def test_a_huge_number_in_the_header_is_no_way_to_fill_the_memory() -> None:
    assert "lines, not" in faults(edited(1, '"applicants":12', '"applicants":99999999999999'))[0]


def test_the_people_of_a_hash_ordered_lottery_are_read_one_by_one() -> None:
    assert read(PEOPLE).applicants == FROZEN.pool.applicants
    line = PEOPLE.decode().splitlines()[13]
    assert faults(edited(14, line, line.replace(":", ": "), PEOPLE)) == ["14: This is not in canonical form."]
    assert faults(edited(14, "P001", "P002", PEOPLE)) == ["14: P001 should stand here."]
    assert faults(edited(14, line, line.replace("pupil", "climber").replace("sport", "climber"), PEOPLE))[0] in (
        "14: There is no line “climber”.",
        "14: A key stands twice in one object.",
    )


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed_without_another_hash_or_a_crash(place: int, change: int) -> None:
    broken = bytes([*CONTENT[:place], CONTENT[place] ^ change, *CONTENT[place + 1 :]])
    assert digest(broken) != digest(CONTENT)
    with suppress(Unreadable):
        read(broken)
