"""One message to many people at once: its words are rendered once for each language and zone, and shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat.events import Address
from bot.chat.messages import Message
from bot.domain.people import Person
from bot.engine import post
from bot.engine.ears import Ears, rest_of
from bot.engine.house import House
from bot.text import Words
from storage import committees, hearing, outbox, people
from storage.database import Tx


def spread(
    house: House,
    tx: Tx,
    those: Sequence[Person],
    message: Message,
    now: datetime,
    *,
    committee_id: int,
    notice: Words,
    dedupe: str,
    about: tuple[str, int],
    lasting: timedelta,
    path: str,
    lane: int = 2,
) -> None:
    """Put a message of the kind `prompt` in the outbox for each of these people, as `post.post` would.

    `dedupe` is completed with the person's number. Who is reached in more than one way, or has something waiting with
    which this could go along, is written to one by one.
    """
    mandate = committees.mandate(tx, committee_id)
    ears = Ears(house, tx, those, mandate, now)
    ways = people.ways(tx, [one.id for one in those], house.accounts)
    bodies: dict[tuple[str, str], int] = {}
    rows: list[dict[str, Any]] = []
    hours: set[datetime] = set()
    for zone in {post.voice(house, one, mandate)[1] for one in those}:
        hearing.stop_at(tx, about, rest_of(mandate).evening(now, zone), committee_id)
    for person in those:
        waits, found = ears.waits(person), ways.get(person.id, ())
        if (
            person.state != "active"
            or waits.held
            or waits.goes
            or len(found) != 1
            or found[0].account in ("web", "mail")
        ):
            post.post(
                house, tx, person, message, now, committee_id=committee_id, notice=notice, lane=lane,
                dedupe=f"{dedupe}{person.id}", about=about, lasting=lasting, path=path,
            )  # fmt: skip
            continue
        voice = post.voice(house, person, mandate)
        if voice not in bodies:
            key = f"{dedupe}{voice[0]}:{voice[1]}"
            bodies[voice] = outbox.body(tx, key, post.render(house, person, mandate, message, notice))
        hour = ears.hour(person, "prompt", None) or now
        if hour > now:
            hours.add(hour)
        rows.append(_row(person, found[0], bodies[voice], hour, now, f"{dedupe}{person.id}", lasting))
    fixed = {"committee_id": committee_id, "about": about[0], "about_id": about[1], "kind": "prompt", "created_at": now}
    outbox.put_many(tx, rows, fixed, lane)
    for moment in hours:
        hearing.wake_at(tx, moment)


def _row(
    person: Person, way: Address, body: int, hour: datetime, now: datetime, dedupe: str, lasting: timedelta
) -> dict[str, Any]:
    return {
        "account": way.account,
        "chat": way.chat,
        "person_id": person.id,
        "body_id": body,
        "dedupe": dedupe,
        "due_at": hour if hour > now else None,
        "expires_at": hour + lasting,
    }
