"""A message to many that is still on its way when the night begins goes on in the morning, in each person's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.chat.events import Address
from bot.domain.people import Role
from storage import people
from storage.outbox import HOLD
from storage.tables import Outbox
from tests.world import World

SECOND = timedelta(seconds=1)


def by_mail(world: World, name: str, zone: str | None = None) -> int:
    """A member who is written to by mail, which no test sends."""
    home = world.committee or world.load()
    with world.db.transaction() as tx:
        person = people.add(tx, world.now, name, "en")
        people.give_role(tx, person.id, home.id, Role.CITIZEN, world.now)
        people.change(tx, person.id, zone=zone)
        people.give_address(tx, person.id, Address("mail", name), world.now, b"sealed")
    return person.id


def on_their_way(world: World) -> dict[int, tuple[bool, datetime | None]]:
    """Each unsent mail: whether it waits for an hour, and for which."""
    statement = select(Outbox.person_id, Outbox.lane, Outbox.due_at)
    with world.db.reading() as tx:
        rows = tx.execute(statement.where(Outbox.account == "mail", Outbox.state == "ready")).all()
    return {row.person_id: (row.lane >= HOLD, row.due_at) for row in rows}


def test_what_is_not_out_at_nine_waits_until_eight(world: World) -> None:
    home, abroad = by_mail(world, "kari"), by_mail(world, "anna", "America/New_York")
    frida = world.facilitator()
    world.until(datetime(2026, 3, 2, 19, 55, tzinfo=UTC))
    frida.says("/prompt").answers("Hei", "Skip", "Hello", "all members (2)", "Now").presses("Send now")
    world.until(datetime(2026, 3, 2, 20, tzinfo=UTC) - SECOND)
    assert {held for held, _hour in on_their_way(world).values()} == {False}
    world.until(datetime(2026, 3, 2, 20, 0, 1, tzinfo=UTC))
    assert on_their_way(world)[home] == (True, datetime(2026, 3, 3, 7, tzinfo=UTC))
    assert not on_their_way(world)[abroad][0]
    world.until(datetime(2026, 3, 3, 2, 0, 1, tzinfo=UTC))
    assert on_their_way(world)[abroad] == (True, datetime(2026, 3, 3, 13, tzinfo=UTC))
    world.until(datetime(2026, 3, 3, 7, tzinfo=UTC))
    assert not on_their_way(world)[home][0]
    world.until(datetime(2026, 3, 3, 20, 0, 1, tzinfo=UTC))  # and again, as it is still not out
    assert on_their_way(world)[home] == (True, datetime(2026, 3, 4, 7, tzinfo=UTC))
