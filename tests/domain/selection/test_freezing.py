"""Freezing a pool: pseudonyms, salts, commitments and records."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.selection.canonical import NotCanonical
from bot.domain.selection.commitments import freeze, pool_hash, pseudonyms
from bot.domain.selection.pool import Applicant, Line, Pool
from bot.domain.selection.records import Record
from tests.domain.selection.tiny import FACTS, frozen, pools, youth

SALT = bytes(range(32))
RECORD = Record("svelvik-ungdom", 1, "P007", SALT, ("youth", "sport"), {"sport": 2, "youth": 3}, ("under19", "women"))


def test_the_commitment_is_the_hash_that_the_protocol_names() -> None:
    # Everything spelled out; the digest was computed with sha256sum from the same bytes.
    line = (
        b'{"groups":["under19","women"],"lines":["youth","sport"],"pseudonym":"P007","ratings":{"sport":2,"youth":3}}'
    )
    committed = b"samskab/applicant/1\n" + bytes.fromhex("".join(f"{n:02x}" for n in range(32))) + line
    assert (
        RECORD.commitment
        == sha256(committed).hexdigest()
        == "c4c5d40170c57983c148a03937b774a2847431396bd13d9179595768d286c984"
    )


def test_the_hash_of_the_pool_is_over_the_commitments_sorted() -> None:
    one, other = "0" * 63 + "1", "f" * 64
    assert (
        pool_hash([other, one])
        == sha256(f"samskab/pool/1\n{one}\n{other}\n".encode()).hexdigest()
        == "721e0c55df3b9d1fb4df78619120c7c70a78bcd56b42f67150f2617f3518bddd"
    )


@given(pools(), st.integers(0, 2**32))
def test_everybody_is_in_the_frozen_pool_as_before_but_for_the_name(pool: Pool, chance: int) -> None:
    ice = frozen(pool, chance=chance)
    assert [one.id for one in ice.pool.applicants] == list(pseudonyms(len(pool.applicants))) == list(ice.commitments)
    people = {one.id: one for one in ice.pool.applicants}
    for one in pool.applicants:
        same = people[ice.records[one.id].pseudonym]
        assert replace(one, id=same.id, groups=one.groups & {"young", "west"}) == same
    assert replace(ice.pool, applicants=()) == replace(
        pool, applicants=(), lines=tuple(pool.lines), quotas=tuple(pool.quotas)
    )
    assert ice.pool_hash == pool_hash(record.commitment for record in ice.records.values())


@given(pools(), st.permutations(range(8)))
def test_neither_names_nor_their_order_reach_the_file(pool: Pool, order: list[int]) -> None:
    ice = frozen(pool)
    renamed = [replace(one, id=f"{order[n]} was {n}") for n, one in enumerate(pool.applicants)]
    again = frozen(replace(pool, applicants=renamed))
    assert again.pool == ice.pool and again.commitments == ice.commitments
    assert list(again.records.values()) == list(ice.records.values())


def test_ratings_of_other_lines_and_groups_of_no_quota_stay_out() -> None:
    stranger = Applicant("Ola", {"a": 2, "elsewhere": 3}, frozenset({"smokers"}))
    record = frozen(Pool([stranger], [Line("a", 1)])).records["Ola"]
    assert (record.lines, record.ratings, record.groups) == (("a",), {"a": 2}, ())


def test_the_pseudonyms_are_given_by_the_shuffle() -> None:
    pool = youth()
    source = (bytes([n]) * 32 for n in range(99))
    backwards = freeze(pool, FACTS, lambda names: names.reverse(), lambda: next(source))
    assert [backwards.records[one.id].pseudonym for one in pool.applicants] == list(reversed(pseudonyms(12)))


@pytest.mark.parametrize("salts", [[bytes([n]) * 31 for n in range(12)], [SALT] * 12])
def test_a_poor_source_of_salts_is_noticed(salts: list[bytes]) -> None:
    source = iter(salts)
    with pytest.raises(ValueError, match="of his or her own"):
        freeze(youth(), FACTS, lambda names: None, lambda: next(source))


def test_an_applicant_who_stands_twice_is_noticed() -> None:
    pool = youth()
    with pytest.raises(ValueError, match="of his or her own"):
        frozen(replace(pool, applicants=[*pool.applicants, pool.applicants[0]]))


def test_pseudonyms_sort_as_numbers_do() -> None:
    assert pseudonyms(3) == ("P001", "P002", "P003")
    assert pseudonyms(1000)[:2] == ("P0001", "P0002") and list(pseudonyms(1000)) == sorted(pseudonyms(1000))


@pytest.mark.parametrize("record", [RECORD, replace(RECORD, chance=59, digest="ab" * 32)])
def test_a_record_is_read_back(record: Record) -> None:
    assert Record.read(record.document()) == record
    assert Record.read(record.document().replace(b",", b" ,\n ")) == record


def test_a_record_shows_nothing_in_a_log() -> None:
    assert "youth" not in repr(RECORD) and SALT.hex() not in repr(RECORD)
    assert "pupil" not in repr(frozen(youth()))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("samskab/record/1", "samskab/record/2", "“format” must be"),
        ('"draw":1', '"draw":"1"', "“draw” must be a whole number"),
        ('"draw":1', '"draw":0', "“draw” must be at least 1"),
        ('"draw":1', '"drawing":1', "“draw” is missing"),
        ('"draw":1', '"draw":1,"extra":1', "“extra” does not belong here"),
        ('"salt":"00', '"salt":"', "“salt” must be 64 hexadecimal digits"),
        ('"youth":3', '"youth":4', "from 0 to 3 for each"),
        ('"youth":3', '"parent":3', "from 0 to 3 for each"),
        ('["youth","sport"]', '"youth"', "“lines” must be an array"),
        ('["youth","sport"]', '["youth",1]', "“lines” must be an array of texts"),
        ('{"sport":2,"youth":3}', '["sport"]', "“ratings” must be an object"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(old: str, new: str, fault: str) -> None:
    text = RECORD.document().decode()
    assert old in text
    with pytest.raises(NotCanonical, match=fault):
        Record.read(text.replace(old, new))


def test_a_list_is_no_record() -> None:
    with pytest.raises(NotCanonical, match="not an object"):
        Record.read("[1]")
