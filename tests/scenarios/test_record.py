"""What is kept of a selection: the record without others' names, one's own data, and what is erased and when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select

from bot import i18n
from bot.text import Words
from storage import mydata, retention, selection_record
from storage.database import insert
from storage.tables import Application, Appointment, Entrant, Rating, Reserve
from tests.scenarios.test_appointing import FRI, applies
from tests.scenarios.test_assessing import rates
from tests.scenarios.test_deciding import changes, drawn, panel
from tests.world import Someone, World


def chosen(world: World) -> tuple[Someone, Someone, list[Someone]]:
    """Four applied, one was drawn and exchanged, one is in line, and everybody has been answered."""
    world.load()
    secretary, frida = world.secretariat(), world.facilitator()
    them = [applies(world, name) for name in ("Anna", "Berit", "Cecilie", "Dina")]
    frida.says("/assess")
    rates(frida, "3 – fits very well", "Knows the harbour")
    drawn(world, {1: "fri"}, {"fri.1": [3]})
    changes(panel(secretary), 4).presses("Somebody else takes this seat")
    secretary.answers("Berit", "Knows both clubs").presses("Send")
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)
    return secretary, frida, them


def told(world: World) -> str:
    """The whole record as it is read."""
    with world.db.reading() as tx:
        record = selection_record.of(tx, world.engine.house.vault, 1, world.now)

    def say(words: object) -> str:
        return i18n.say(words, "en")

    lines = [say(record.title), say(record.about)]
    for part in record.parts:
        lines += [say(part.title), *map(say, part.paragraphs)]
        for table in part.tables:
            lines += [" | ".join(map(say, row)) for row in (table.head, *table.rows)]
    return "\n".join(lines)


def test_the_record_says_who_decided_what_and_why_and_names_only_the_appointed(world: World) -> None:
    chosen(world)
    text = told(world)
    for part in (
        "Record of the selection",
        "It is the municipal council that appoints",
        "4 people applied for a seat.",
        f"{FRI} | 1 | 4",
        f"{FRI} | 0 | 0 | 0 | 1",
        "0.1 | drawn",
        f"Berit | appointed | {FRI} | Knows both clubs | Sekri",
        "Application 3 | reserve |  | in line for a seat that falls empty",
        "Application 4 | not appointed |  | the seats you fit were filled by lot",
        "Application 1 | Application 2 | Knows both clubs | Sekri",
        "no answer yet",
        "4 applied, 1 sit on the panel.",
    ):
        assert part in text, f"{part!r} is not in\n{text}"
    for name in ("Anna", "Cecilie", "Dina", "Knows the harbour"):
        assert name not in text


def test_one_sees_what_was_said_about_oneself_and_ones_own_offer(world: World) -> None:
    _secretary, frida, (anna, berit, *_others) = chosen(world)

    def facts(someone: Someone) -> str:
        with world.db.reading() as tx:
            parts = mydata.everything(tx, world.engine.house.vault, someone.id, i18n.NAMES)

        def say(words: Words) -> str:
            return i18n.say(words, "en")

        return "\n".join(
            f"{say(name)}: {say(value)}" for part in parts for entry in part.entries for name, value in entry
        )

    assert f"Seat: {FRI}\nHow well you fit, 0 to 3: 3\nNote: Knows the harbour" in facts(anna)
    assert "Frida" not in facts(anna)
    assert "The seat waits for your answer until: " in facts(berit) and "Decision: A seat" in facts(berit)
    assert "Rating: 3\nNote: Knows the harbour" in facts(frida) and "Anna" not in facts(frida)
    berit.presses("Yes, I take the seat")
    assert "Your answer: You took the seat" in facts(berit)


def count(world: World, model: type) -> int:
    with world.db.reading() as tx:
        return tx.execute(select(func.count()).select_from(model.__table__)).scalar_one()


def test_an_erased_applicant_leaves_no_rating_no_place_in_line_and_no_record_in_a_draw(world: World) -> None:
    _secretary, _frida, (anna, _berit, cecilie, _dina) = chosen(world)
    with world.db.transaction() as tx:
        for pseudonym, number in (("A1", 1), ("C3", 3)):
            values = {"draw_id": 1, "pseudonym": pseudonym, "application_id": number, "record": b"sealed"}
            tx.execute(insert(tx, Entrant).values(**values))
    assert (count(world, Rating), count(world, Reserve)) == (1, 1)
    anna.says("/forget").presses("Yes, erase it all")
    cecilie.says("/forget").presses("Yes, erase it all")
    assert (count(world, Rating), count(world, Reserve)) == (0, 0)
    with world.db.reading() as tx:
        rows = tx.execute(select(Entrant.pseudonym, Entrant.application_id, Entrant.record))
        assert [tuple(row) for row in rows.all()] == [("A1", None, None), ("C3", None, None)]


def test_whoever_said_no_and_whoever_was_never_called_is_forgotten_on_the_day_that_was_named(world: World) -> None:
    _secretary, _frida, (_anna, berit, _cecilie, _dina) = chosen(world)
    berit.presses("No, I cannot").presses("No thanks")

    def written(someone: int) -> bool:
        with world.db.reading() as tx:
            return bool(tx.execute(select(Application.answers).where(Application.id == someone)).scalar_one())

    def night(moment: datetime) -> None:
        with world.db.transaction() as tx:
            retention.clean(tx, moment)

    night(world.now + timedelta(days=89))
    assert (written(2), written(3)) == (True, True)
    night(world.now + timedelta(days=91))
    assert (written(2), written(3)) == (False, True)
    night(datetime.combine(world.mandate.end, time(), UTC) + timedelta(days=30))
    assert written(3) and count(world, Reserve) == 1
    night(datetime.combine(world.mandate.end, time(), UTC) + timedelta(days=31))
    assert not written(3) and count(world, Reserve) == 0
    assert count(world, Appointment) == 4, "that decisions were made stays"
