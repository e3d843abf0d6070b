"""Several messages to one person become one: each under its number, with its first three buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import i18n
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.engine import ears
from bot.engine.house import House
from bot.text import _, n_
from storage import committees, hearing, news, outbox, people
from storage.database import Tx

ASIDE = timedelta(days=1)
BUTTONS = 3  # of each message: yes, later and no, for no answer may be harder to give than another
RICH = frozenset({"ticks", "image", "table"})


def release(house: House, tx: Tx, people_ids: Sequence[int], now: datetime, *, early: bool = False) -> None:
    """Let go all that waits for these people and no sender has taken yet, as one message for each place it goes to.

    In quiet hours, as after an outage, it is kept until they end. What is all that waits for somebody goes as it is.
    What could only have gone along with something before its deadline lets nothing else go when that has come. With
    `early` nothing need be due: somebody is back before a pause was to end.
    """
    alone: list[int] = []
    for person_id, found in hearing.waiting_for(tx, people_ids).items():
        rows = [row for row in found if row.expires_at > now]
        hearing.expire(tx, [row.id for row in found if row.expires_at <= now])
        if not rows or not (early or any(row.due_at is None or row.due_at <= now for row in rows)):
            continue
        mandate = committees.mandate(tx, rows[0].committee_id) if rows[0].committee_id else None
        hour = ears.ready(house, people.get(tx, person_id), mandate, now)
        if hour > now:
            hearing.hold(tx, person_id, hour)
        elif len(rows) == 1 and rows[0].about != outbox.SEVERAL:
            alone.append(rows[0].id)
            news.leave(tx, rows[0].account)
        else:
            _together(tx, person_id, rows, now)
    hearing.let_go(tx, alone, now)


def _together(tx: Tx, person_id: int, rows: Sequence[Any], now: datetime) -> None:
    places: dict[Address, list[Any]] = {}
    for row in rows:
        places.setdefault(Address(row.account, row.chat), []).append(row)
    for place, found in places.items():
        rich = [row for row in found if RICH & (row.content or row.shared or {}).keys()]
        hearing.keep(tx, [row.id for row in rich[1:]], now + ASIDE)  # no message has the boxes or pictures of two
        _go(tx, place, person_id, [row for row in found if row not in rich[1:]], now)


def _go(tx: Tx, place: Address, person_id: int, rows: Sequence[Any], now: datetime) -> None:
    """One message goes as it is; several go along in one, also what went along in one of them and still holds."""
    news.leave(tx, place.account)
    before, parts = [row.id for row in rows], hearing.apart(tx, rows)
    live = [row for row in parts if row.expires_at > now]
    rows = without_echoes(live)
    as_it_is = before if len(before) == 1 and len(live) == len(parts) else [row.id for row in rows]
    if len(as_it_is) == 1 and as_it_is[0] in before:
        hearing.let_go(tx, [as_it_is[0]], now)
        if others := [one for one in before if one != as_it_is[0]]:
            hearing.go_along(tx, others, as_it_is[0])
        return
    said = [Rendered.of(row.content or row.shared or {}) for row in rows]
    carrier = outbox.put(
        tx,
        place,
        person_id,
        merged(said, len({row.committee_id for row in rows})) if len(said) > 1 else said[0],
        now,
        committee_id=rows[0].committee_id,
        kind="prompt" if any(row.kind == "prompt" for row in rows) else "reminder",
        lane=min(row.lane % outbox.HOLD for row in rows),
        expires_at=max(row.expires_at for row in rows),
    )
    assert carrier is not None
    hearing.go_along(tx, [*before, *(row.id for row in parts)], carrier, several=True)


def without_echoes(rows: Sequence[Any]) -> Sequence[Any]:
    """These messages without reminders of what is itself among them, and with one reminder of anything else."""
    known = {(row.about, row.about_id) for row in rows if row.kind == "prompt"}
    found = []
    for row in reversed(rows):  # of several reminders the newest, which knows best what is still open
        if row.kind == "reminder" and row.about is not None:
            if (row.about, row.about_id) in known:
                continue
            known.add((row.about, row.about_id))
        found.append(row)
    return found[::-1]


def merged(messages: Sequence[Rendered], committees_of: int = 1) -> Rendered:
    """One message of several, in the language of the first.

    At most one of them has boxes, a picture or a table, which stand under the whole: it comes last.
    """
    messages = sorted(messages, key=lambda one: any(getattr(one, name) for name in RICH))
    first, rich = messages[0], messages[-1]
    subject = i18n.say(n_("{count} thing for you", "{count} things for you", len(messages)), first.locale or "en")
    if committees_of == 1 and ":" in first.subject:
        subject = f"{first.subject.partition(':')[0]}: {subject}"

    def heading(number: int) -> str:
        # On a line of its own: a message that goes along may have numbers in it.
        return i18n.say(_("{number} of {count}:", number=number, count=len(messages)), first.locale or "en")

    secrets = {name: value for one in messages for name, value in one.secrets.items()}
    return Rendered(
        text="\n\n".join(f"{heading(number)}\n{one.text}" for number, one in enumerate(messages, 1)),
        buttons=tuple(
            (_numbered(number, button),)
            for number, one in enumerate(messages, 1)
            for button in [button for row in one.buttons for button in row][:BUTTONS]
        ),
        ticks=rich.ticks,
        image=rich.image,
        table=rich.table,
        protect=any(one.protect for one in messages),
        secrets=secrets,
        subject=subject,
        locale=first.locale,
    )


def _numbered(number: int, button: Mapping[str, str]) -> Mapping[str, str]:
    return {**button, "label": f"{number}. {button['label']}"}
