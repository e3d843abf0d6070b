"""Who holds the lottery cannot steer it: each try changes the hash that all were sent, or somebody can show it.

The attacker is the facilitator, with the database, this program and all the time there is. The witnesses are the
applicants, who each have their own record and the announced hash; an auditor has all records; everybody knows the seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import Refusal
from bot.domain.selection.commitments import Frozen, freeze
from bot.domain.selection.drawing import drawn, index
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Applicant, Pool, Quota
from bot.domain.selection.reading import Unreadable, read, receipts
from bot.domain.selection.records import Record
from bot.domain.selection.reserves import replacement, reserves
from bot.domain.selection.seeds import Source, require_notice
from bot.domain.selection.verifying import check_hash, check_record, check_rules
from tests.domain.selection.tiny import FACTS, ORDERED, SEED, keeps, lottery, youth

FRIEND, ENEMY = "Bo", "Kim"  # of one kind: whatever one gains the other could lose


@dataclass(frozen=True)
class Draw:
    """An announced draw: what the facilitator has, and what everybody was sent."""

    ice: Frozen
    content: bytes
    told: Mapping[str, Record]

    @property
    def announced(self) -> str:
        return digest(self.content)

    def name(self, applicant: str) -> str:
        return self.told[applicant].pseudonym

    @property
    def panels(self) -> list[str]:
        return self.content.decode().splitlines()[-1000:]


def held(pool: Pool | None = None, facts: Facts = FACTS, chance: int = 1) -> Draw:
    """Freeze, write, tell."""
    pool = pool or youth()
    source = random.Random(chance)
    ice = freeze(pool, facts, source.shuffle, lambda: source.randbytes(32))
    content = panels_file(ice, lottery(ice.pool, [1, 2, 5]), facts)
    return Draw(ice, content, receipts(ice, content))


def with_panels(draw: Draw, panels: Sequence[str]) -> bytes:
    """A file like the announced one, with other panels: the attacker sorts them as they should be."""
    head = draw.content.decode().splitlines()[:-1000]
    return "".join(f"{line}\n" for line in [*head, *sorted(panels)]).encode()


def seen_by(record: Record, content: bytes) -> list[str]:
    """What an applicant finds wrong with a file, from his or her own record."""
    try:
        file = read(content)
    except Unreadable as error:
        return [fault.sentence for fault in error.faults]
    return [check.sentence for check in check_record(file, record) if not check.fine]


def noticed(told: Mapping[str, Record], content: bytes) -> set[str]:
    """Who of the applicants finds something wrong."""
    return {applicant for applicant, record in told.items() if seen_by(record, content)}


def audited(content: bytes, records: Mapping[str, Record]) -> list[str]:
    """What an auditor finds wrong."""
    return [check.sentence for check in check_rules(read(content), list(records.values())) if not check.fine]


def resent(told: Mapping[str, Record], content: bytes) -> dict[str, Record]:
    """The weaker witnesses: they have lost the announced hash, and believe the one they are sent now."""
    return {applicant: replace(record, digest=digest(content)) for applicant, record in told.items()}


def test_an_honest_draw_is_found_honest_by_all() -> None:
    draw = held()
    assert noticed(draw.told, draw.content) == set()
    assert audited(draw.content, draw.told) == []


# Before the announcement ----------------------------------------------------------------------------------------


def test_running_it_again_and_again_wins_a_thousandth_at_most() -> None:
    chances = [held(chance=n).told[FRIEND].chance or 0 for n in range(48)]
    assert max(chances) - min(chances) <= 1


def test_another_order_of_the_applicants_wins_a_thousandth_at_most() -> None:
    pool = youth()
    best = max(
        held(replace(pool, applicants=random.Random(n).sample(pool.applicants, len(pool.applicants))))
        .told[FRIEND]
        .chance
        or 0
        for n in range(48)
    )
    assert best - (held().told[FRIEND].chance or 0) <= 1


def test_another_name_wins_nothing() -> None:
    pool = youth()
    renamed = [replace(one, id="Aa") if one.id == FRIEND else one for one in pool.applicants]
    assert held(replace(pool, applicants=renamed)).content == held().content


def test_a_seed_that_is_known_already_is_refused() -> None:
    now = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    for at in (now - timedelta(days=7), now, now + timedelta(hours=23)):
        with pytest.raises(Refusal):
            require_notice(Source("vikinglotto", at), now)


def test_better_ratings_for_a_friend_are_another_draw_in_everybodys_eyes() -> None:
    draw, pool = held(), youth()
    better = [replace(one, ratings={**one.ratings, "sport": 3}) if one.id == FRIEND else one for one in pool.applicants]
    again = held(replace(pool, applicants=better))
    assert again.announced != draw.announced
    assert noticed(draw.told, again.content) == set(draw.told)


# After the announcement, before the seed ------------------------------------------------------------------------


def test_an_edit_of_what_was_frozen_is_seen_by_the_one_it_is_about() -> None:
    draw = held()
    edited = replace(draw.told[ENEMY], ratings={"pupil": 1})
    assert any("ratings or groups are others" in said for said in seen_by(edited, draw.content))
    # Even where everybody believes a new file, the person has the record of the old one.
    records = {**draw.ice.records, ENEMY: replace(draw.ice.records[ENEMY], ratings={"pupil": 1})}
    people = [
        replace(one, ratings={"pupil": 1}) if one.id == draw.name(ENEMY) else one for one in draw.ice.pool.applicants
    ]
    forged = Frozen(records, replace(draw.ice.pool, applicants=people))
    content = panels_file(forged, lottery(forged.pool, [1, 2, 5]), FACTS)
    assert ENEMY in noticed(resent(draw.told, content), content)
    assert noticed(draw.told, content) == set(draw.told)


@pytest.mark.parametrize(
    "change",
    [
        lambda pool: replace(pool, threshold=1),
        lambda pool: replace(pool, slack=3),
        lambda pool: replace(pool, quotas=[Quota("under19", 0, 4), *pool.quotas[1:]]),
    ],
)
def test_other_rules_after_the_freeze_are_another_file(change: Callable[[Pool], Pool]) -> None:
    draw = held()
    forged = replace(draw.ice, pool=change(draw.ice.pool))
    content = panels_file(forged, lottery(forged.pool, [1, 2, 5]), FACTS)
    assert not check_hash(digest(content), draw.announced).fine
    assert noticed(draw.told, content) == set(draw.told)


def test_a_rule_changed_in_the_header_alone_does_not_even_fit_the_header() -> None:
    content = held().content.replace(b'"threshold":2', b'"threshold":1')
    with pytest.raises(Unreadable) as raised:
        read(content)
    assert "“rules” should be" in raised.value.faults[0].sentence


def test_another_seed_rule_or_date_is_another_file() -> None:
    draw = held()
    for source in (Source("drand", FACTS.source.at), Source("dice", FACTS.source.at + timedelta(days=7))):
        content = panels_file(draw.ice, lottery(draw.ice.pool, [1, 2, 5]), replace(FACTS, source=source))
        assert digest(content) != draw.announced
        assert noticed(draw.told, content) == set(draw.told)


def test_a_member_who_is_left_out_has_the_proof_in_hand() -> None:
    draw, pool = held(), youth()
    without = held(replace(pool, applicants=[one for one in pool.applicants if one.id != ENEMY]))
    assert without.announced != draw.announced
    assert noticed(draw.told, without.content) == set(draw.told)
    assert ENEMY in noticed(resent(draw.told, without.content), without.content)


def test_a_commitment_taken_out_leaves_a_file_that_does_not_fit_itself() -> None:
    draw = held()
    lines = draw.content.decode().splitlines()
    gone = next(line for line in lines if line.startswith(f"{draw.name(ENEMY)}="))
    content = "".join(f"{line}\n" for line in lines if line is not gone).encode()
    with pytest.raises(Unreadable):
        read(content)


def test_a_panel_more_or_less_is_no_panels_file() -> None:
    draw = held()
    good = [line for line in draw.panels if f"={draw.name(FRIEND)}," in f"{line},"]
    for panels in (draw.panels[1:], [*draw.panels, good[0]]):
        with pytest.raises(Unreadable):
            read(with_panels(draw, panels))


def test_a_panel_put_in_place_of_another_is_seen_by_whoever_loses_a_chance_and_by_the_auditor() -> None:
    draw = held()
    friend, enemy = f"={draw.name(FRIEND)}", f"={draw.name(ENEMY)}"
    panels = list(draw.panels)
    place = next(n for n, line in enumerate(panels) if enemy in line and friend not in line)
    panels[place] = panels[place].replace(enemy, friend)
    content = with_panels(draw, panels)
    assert digest(content) != draw.announced
    assert noticed(resent(draw.told, content), content) >= {FRIEND, ENEMY}
    assert audited(content, resent(draw.told, content))


def test_chances_moved_between_equals_are_seen_by_the_auditor_even_if_everybody_is_told_the_new_ones() -> None:
    draw = held()
    friend, enemy = f"={draw.name(FRIEND)}", f"={draw.name(ENEMY)}"
    panels = [line.replace(enemy, friend) if friend not in line else line for line in draw.panels]
    content = with_panels(draw, panels)
    told = receipts(draw.ice, content)
    assert noticed(told, content) == set()
    assert any("are equals under the rules" in said for said in audited(content, told))


def test_equal_chances_dealt_by_hand_are_seen_by_the_auditor() -> None:
    draw = held()
    friend, enemy = f"={draw.name(FRIEND)}", f"={draw.name(ENEMY)}"
    panels = list(draw.panels)
    one = next(n for n, line in enumerate(panels) if enemy in line and friend not in line)
    other = next(
        n
        for n, line in enumerate(panels)
        if friend in line and enemy not in line and line != panels[one].replace(enemy, friend)
    )
    panels[one], panels[other] = panels[one].replace(enemy, friend), panels[other].replace(friend, enemy)
    content = with_panels(draw, panels)
    assert any(
        "is not what dealing the seats by the rule gives" in said
        for said in audited(content, receipts(draw.ice, content))
    )


def test_a_panel_that_breaks_a_rule_is_seen_by_the_auditor() -> None:
    draw = held()
    people = {one.id: one for one in draw.ice.pool.applicants}
    panels = list(draw.panels)
    erik = draw.name("Erik")  # of no group
    for place, line in enumerate(draw.panels):
        seats = dict(part.split("=") for part in line.split(","))
        who = [*(one for seat, one in seats.items() if seat != "sport.1"), erik]
        if seats["sport.1"] != erik and not keeps(draw.ice.pool, [people[one] for one in who]):
            panels[place] = line.replace(f"sport.1={seats['sport.1']}", f"sport.1={erik}")
            break
    content = with_panels(draw, panels)
    assert any("of the group" in said for said in audited(content, receipts(draw.ice, content)))


def test_a_seat_on_a_line_that_a_person_does_not_fit_is_seen_by_that_person() -> None:
    draw = held()
    geir, erik = f"={draw.name('Geir')}", f"={draw.name('Erik')}"
    panels = list(draw.panels)
    place = next(n for n, line in enumerate(panels) if f"parent.1{geir}" in line and f"sport.1{erik}" in line)
    panels[place] = (
        panels[place].replace(f"sport.1{erik}", f"sport.1{geir}").replace(f"parent.1{geir}", f"parent.1{erik}")
    )
    content = with_panels(draw, panels)
    assert {"Geir", "Erik"} <= noticed(resent(draw.told, content), content)
    assert "which the record does not fit" in seen_by(resent(draw.told, content)["Erik"], content)[0]
    assert any("which the record does not fit" in said for said in audited(content, receipts(draw.ice, content)))


# When the seed is known -----------------------------------------------------------------------------------------


def test_a_file_made_to_fit_the_seed_is_not_the_announced_one() -> None:
    draw = held()
    tries = (held(chance=n) for n in range(2, 200))
    made = next(one for one in tries if one.name(FRIEND) in drawn(one.content, SEED).values())
    assert not check_hash(digest(made.content), draw.announced).fine
    assert noticed(draw.told, made.content) == set(draw.told)


def test_another_seed_gives_another_panel_than_the_one_everybody_can_compute() -> None:
    draw = held()
    true = drawn(draw.content, SEED)
    other = next(
        seed
        for seed in (f"{SEED[:-4]}{a}{b}{c}{d}" for a in "123456" for b in "123456" for c in "123456" for d in "123456")
        if (draw.name(FRIEND) in drawn(draw.content, seed).values()) != (draw.name(FRIEND) in true.values())
    )
    assert drawn(draw.content, other) != true
    assert index(draw.announced, other) != index(draw.announced, SEED)


def test_a_seed_of_another_kind_or_another_spelling_is_no_second_chance() -> None:
    draw = held()
    with pytest.raises(Refusal):
        drawn(draw.content, "03-08-17-25-30-41")
    assert drawn(draw.content, " ".join(SEED)) == drawn(draw.content, SEED)


def test_nobody_can_be_given_somebody_elses_pseudonym() -> None:
    draw = held()
    winner = next(iter(drawn(draw.content, SEED).values()))
    claimed = replace(draw.told[FRIEND], pseudonym=winner)
    if draw.name(FRIEND) == winner:
        claimed = replace(draw.told[ENEMY], pseudonym=winner)
    assert any("somebody else has this pseudonym" in said for said in seen_by(claimed, draw.content))


def test_two_people_who_were_told_to_be_one_are_found_by_the_auditor() -> None:
    # They have equal answers, so one record fits both; whoever compares two receipts sees it, and so does the auditor.
    draw = held()
    told = {**draw.told, ENEMY: draw.told[FRIEND]}
    assert noticed(told, draw.content) == set()
    said = audited(draw.content, told)
    assert f"Two records have the pseudonym {draw.name(FRIEND)}." in said
    assert f"The record of {draw.name(ENEMY)} is missing. Records that were erased cannot be checked any more." in said


def test_a_record_of_an_earlier_draw_does_not_pass_for_this_one() -> None:
    second = held(facts=replace(FACTS, number=2), chance=2)
    assert "The record is of draw 1 of svelvik-ungdom" in seen_by(held().told[FRIEND], second.content)[0]


def test_a_lower_chance_than_told_is_seen() -> None:
    draw = held()
    told = replace(draw.told[FRIEND], chance=(draw.told[FRIEND].chance or 0) + 1)
    assert "as told" in seen_by(told, draw.content)[0]


def test_the_hash_ordered_lottery_holds_everybody_to_what_was_frozen_too() -> None:
    draw = held()
    content = panels_file(draw.ice, ORDERED, FACTS)
    told = receipts(draw.ice, content)
    assert noticed(told, content) == set() and audited(content, told) == []
    people = [
        replace(one, ratings={"pupil": 3}) if one.id == draw.name(FRIEND) else one for one in draw.ice.pool.applicants
    ]
    records = {
        key: one if key != FRIEND else replace(one, ratings={"pupil": 3}) for key, one in draw.ice.records.items()
    }
    forged = panels_file(Frozen(records, replace(draw.ice.pool, applicants=people)), ORDERED, FACTS)
    assert FRIEND in noticed(resent(told, forged), forged)
    # The commitments as announced, and other ratings below them:
    head, tail = content.decode().splitlines()[:13], forged.decode().splitlines()[13:]
    mixed = "".join(f"{line}\n" for line in [*head, *tail]).encode()
    assert any("other ratings or groups" in said for said in seen_by(resent(told, mixed)[FRIEND], mixed))
    assert audited(mixed, resent(told, mixed))


# After the draw -------------------------------------------------------------------------------------------------


def test_a_member_pressed_to_withdraw_does_not_bring_in_the_friend_out_of_turn() -> None:
    draw = held()
    sitting = drawn(draw.content, SEED)
    waiting = reserves(draw.ice.pool, sitting, draw.announced, SEED)
    seat = max(waiting, key=lambda one: len(waiting[one]))
    first, *later = waiting[seat]
    assert later, "the test needs a seat with several reserves"
    found = replacement(draw.ice.pool, sitting, sitting[seat], waiting[seat])
    assert found is not None and found.id == first
    # The order depends on the announced hash and the public seed, so anybody with the file's records can compute it.
    again = reserves(held().ice.pool, drawn(held().content, SEED), held().announced, SEED)
    assert again == waiting


def test_a_ghost_among_the_applicants_has_a_record_that_the_auditor_asks_for() -> None:
    pool = youth()
    ghost = Applicant("nobody", {"pupil": 3, "sport": 3, "parent": 3}, frozenset({"under19", "north"}))
    draw = held(replace(pool, applicants=[*pool.applicants, ghost]))
    shown = {applicant: record for applicant, record in draw.told.items() if applicant != "nobody"}
    assert any(draw.name("nobody") in said and "is missing" in said for said in audited(draw.content, shown))
