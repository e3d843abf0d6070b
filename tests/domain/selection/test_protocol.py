"""A lottery from the freezing to the last reserve, in the order in which a municipality holds it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import Refusal
from bot.domain.selection.commitments import freeze
from bot.domain.selection.drawing import drawn
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.reading import chances_per_mille, read, receipts
from bot.domain.selection.records import Record
from bot.domain.selection.reserves import replacement, reserves, without_reserve
from bot.domain.selection.seating import meets, reasons
from bot.domain.selection.seeds import Source, require_notice, require_past
from bot.domain.selection.verifying import check_hash, check_record, check_rules
from bot.i18n import say
from tests.domain.selection.tiny import lottery, youth


def test_the_protocol_from_top_to_bottom() -> None:
    # Monday. The call has closed; the rules are those of the mandate, version 2.
    monday = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
    pool = youth()
    facts = Facts(
        call="svelvik-ungdom",
        number=1,
        mandate=2,
        source=Source("vikinglotto", monday + timedelta(days=2, hours=9)),
        time_limit=60,
        program="samskab 0.1.0",
        solver="highs 1.11.0",
    )
    require_notice(facts.source, announced=monday)

    # Freeze: pseudonyms and salts by chance (in earnest by the system's random source), then the solver's lottery.
    chance = random.Random(2026)
    frozen = freeze(pool, facts, chance.shuffle, lambda: chance.randbytes(32))
    content = panels_file(frozen, lottery(frozen.pool), facts)

    # Announce: the hash and the source of the seed to everybody, and to each applicant a record.
    announced = digest(content)
    assert say(facts.source.promise, "nb", "Europe/Oslo") == (
        "Loddtrekningen avgjøres av hovedtallene i den første trekningen av Vikinglotto fra og med onsdag 9. desember "
        "kl. 20. Hvis den trekningen blir avlyst, gjelder den neste."
    )
    told = receipts(frozen, content)
    assert told["Ada"].chance == chances_per_mille(content)[told["Ada"].pseudonym]
    with pytest.raises(Refusal):
        require_past(facts.source, monday)

    # Wednesday night: the numbers come on television, and one person types them, in whatever order.
    require_past(facts.source, monday + timedelta(days=2, hours=10))
    sitting = drawn(content, "41 3 17 8 25 30")
    seed = facts.source.normalise("41 3 17 8 25 30")
    people = {one.id: one for one in frozen.pool.applicants}
    assert meets(frozen.pool, [people[who] for who in sitting.values()]) == ()
    assert [one.line for one in reasons(frozen.pool, sitting)] == ["pupil", "pupil", "sport", "parent"]

    # Reserves, and a warning before the panel is confirmed.
    waiting = reserves(frozen.pool, sitting, announced, seed)
    assert without_reserve(waiting) == ()

    # Ada checks at home, from what she was sent; an auditor checks all of it.
    own = Record.read(told["Ada"].document())
    file = read(content)
    assert check_hash(file.digest, announced).fine
    assert all(check.fine for check in check_record(file, own))
    assert all(check.fine for check in check_rules(file, list(told.values())))

    # In spring somebody moves away, and the first reserve of the seat is asked, who keeps the rules.
    seat, leaving = next(iter(sitting.items()))
    comes = replacement(frozen.pool, sitting, leaving, waiting[seat])
    assert comes is not None and comes.id == waiting[seat][0]
    assert meets(frozen.pool, [people[who] for who in comes.seats.values()]) == ()
