"""One message to many people at once: its words are rendered once for each language and zone, and shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.chat.messages import Message
from bot.domain.mandate import Mandate
from bot.domain.paper import ACCOUNT
from bot.domain.people import Person
from bot.engine import post
from bot.engine.ears import Ears, rest_of
from bot.engine.house import House
from bot.engine.post import Hour
from bot.text import Words
from storage import committees, hearing, many, outbox, paper, people
from storage.database import Tx
from storage.many import Cause, Way

Voice = tuple[str, str]


def spread(
    house: House,
    tx: Tx,
    those: Sequence[Person],
    message: Callable[[Person], Message],
    now: datetime,
    *,
    cause: Cause,
    notice: Words,
    lasting: timedelta,
    path: str,
) -> None:
    """Put a message of the kind `prompt` in the outbox for each of these people, as `post.post` would.

    `message` is asked once for each language and zone, about one who reads that. Whoever has something waiting with
    which this could go along gets both by the clock, soon.
    """
    mandate = committees.mandate(tx, cause.committee_id)
    those = [one for one in those if outbox.HEARD[one.state] is None]
    heaps = _heaps(house, tx, those, mandate, now)
    for zone in {voice[1] for parts in heaps.values() for voice in parts}:
        hearing.stop_at(tx, cause.about, rest_of(mandate).evening(now, zone), cause.committee_id)
    bodies = many.bodies(tx, cause, {_name(voice, way) for way, parts in heaps.items() for voice in parts})
    for way, parts in heaps.items():
        body_of: dict[int, int] = {}
        for voice, numbers in parts.items():
            name = _name(voice, way)
            if name not in bodies:
                reader = next(one for one in those if post.voice(house, one, mandate) == voice)
                rendered = post.render(house, reader, mandate, message(reader), notice)
                letter = post.as_mail(rendered, path) if way.account == "mail" else rendered
                bodies[name] = many.add_body(tx, cause, name, letter)
            body_of |= dict.fromkeys(numbers, bodies[name])
        expires_at = (way.hour or now) + (post.BY_CALL if way.account == ACCOUNT else lasting)
        many.put(tx, way, cause, now, body_of, expires_at=expires_at)


def _name(voice: Voice, way: Way) -> str:
    return f"{':'.join(voice)}{way.suffix}"


def _heaps(
    house: House, tx: Tx, those: Sequence[Person], mandate: Mandate, now: datetime
) -> Mapping[Way, Mapping[Voice, Sequence[int]]]:
    """These people's addresses (or they themselves) by what their rows share, and by voice; one of all alike is asked
    about."""
    numbers = [one.id for one in those]
    ears, ways = Ears(house, tx, those, mandate, now), people.ways(tx, numbers, house.accounts)
    on_paper = paper.those_on_paper(tx, [number for number in numbers if number not in ways])
    crowd: dict[Hashable, list[tuple[Person, Sequence[tuple[int, str]]]]] = defaultdict(list)
    for person in those:
        known = ways.get(person.id, ())
        accounts = tuple([account for _number, account in known])
        crowd[person.locale, ears.alike(person), accounts, person.id in on_paper].append((person, known))
    heaps: dict[Way, dict[Voice, list[int]]] = defaultdict(lambda: defaultdict(list))
    hours: dict[Hour, list[int]] = defaultdict(list)
    for alike in crowd.values():
        one, known = alike[0]
        voice, hour = post.voice(house, one, mandate), post.hour_of(ears, one, "prompt", now, None)
        hours[hour] += [person.id for person, _known in alike]
        for way, place in _ways([account for _number, account in known], hour.until, one.id in on_paper):
            heaps[way][voice] += [person.id if place is None else known[place][0] for person, known in alike]
    for hour, waiting in hours.items():
        if hour.with_others:
            hearing.gather(tx, waiting, now)
        elif hour.until is not None:
            hearing.wake_at(tx, hour.until)
    return heaps


def _ways(accounts: Sequence[str], until: datetime | None, on_paper: bool) -> Iterator[tuple[Way, int | None]]:
    """The rows of one with these addresses, each with the place of the address that it goes to; None is the person.

    A chat's; or the page's, which does not wait, and a mail's beside it; or a call's.
    """
    live = next((place for place, account in enumerate(accounts) if account != "mail"), None)
    if live is not None:
        yield Way("address", accounts[live], until), live
    else:
        yield Way("person", ACCOUNT if on_paper else "web", until), None
    if "mail" in accounts and (live is None or accounts[live] == "web"):
        yield Way("address", "mail", until), accounts.index("mail")
