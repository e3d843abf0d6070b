"""Writing to a person who did not just write to us: which address, which language, when, and a mail beside the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import i18n
from bot.chat.events import Address
from bot.chat.messages import Link, Message, Rendered, Secret
from bot.domain.hearing import UNASKED
from bot.domain.mandate import Mandate
from bot.domain.paper import ACCOUNT
from bot.domain.people import Person
from bot.engine import merging
from bot.engine.ears import Ears
from bot.engine.house import House
from bot.text import Words, _
from storage import committees, hearing, outbox, paper, people
from storage.database import Tx

BY_CALL = timedelta(days=7)  # nobody is called on the very day


def voice(house: House, person: Person, mandate: Mandate | None) -> tuple[str, str]:
    """The language and time zone in which a person reads; the committee's own where the person's is unknown."""
    locale = person.locale or (mandate.locales[0] if mandate else house.locale)
    return locale, person.zone or (mandate.municipality.zone if mandate else house.zone)


def render(house: House, person: Person, mandate: Mandate | None, message: Message, notice: Words = "") -> Rendered:
    """A message in the person's language; `notice` becomes its neutral first line: "Short name: a question for you"."""
    locale, zone = voice(house, person, mandate)
    rendered = i18n.render(message, locale, zone, house.base_url)
    if not notice:
        return rendered
    line = _("{committee}: {notice}", committee=mandate.short_name, notice=notice) if mandate else notice
    return replace(rendered, subject=i18n.say(line, locale, zone))


def as_mail(rendered: Rendered, path: str) -> Rendered:
    """The mail beside a message on the web page; it leads to the page at `path`."""
    secrets = {**rendered.secrets, "login": {"kind": "login", "path": path}}
    return replace(rendered, ticks=None, image=None, table=(), secrets=secrets)


def reached_at(house: House, tx: Tx, person_id: int) -> list[Any]:
    """Where a person can be written to, of what is on in this house."""
    return [row for row in people.addresses(tx, person_id) if row.state == "active" and row.account in house.accounts]


def only_called(house: House, tx: Tx, person_id: int) -> bool:
    """Whether all that is for a person becomes a call or a letter."""
    return not reached_at(house, tx, person_id) and paper.on_paper(tx, person_id)


def those_called(house: House, tx: Tx, numbers: Collection[int]) -> Sequence[Person]:
    """Of these people, those of whom `only_called` is true."""
    reached = people.ways(tx, sorted(numbers), house.accounts)
    found = paper.those_on_paper(tx, [number for number in numbers if number not in reached])
    return [people.get(tx, number) for number in sorted(found)]


def members_called(house: House, tx: Tx, committee_id: int) -> Sequence[Person]:
    """The members of a committee for whom all becomes a call or a letter."""
    return those_called(house, tx, [one.id for one in people.members(tx, committee_id)])


def post(
    house: House,
    tx: Tx,
    person: Person,
    message: Message,
    now: datetime,
    *,
    committee_id: int | None,
    notice: Words,
    kind: str = "prompt",
    lane: int = 1,
    dedupe: str | None = None,
    about: tuple[str, int] | None = None,
    expires_at: datetime | None = None,
    lasting: timedelta | None = None,
    path: str = "/",
    mail: bool = True,
    only_mail: bool = False,
    asked: bool = False,
    boxes_on_web: bool = False,
    collect: bool = False,
    not_before: datetime | None = None,
) -> int | None:
    """Put one message in the outbox for a person, and a mail beside it where the web is what the person uses.

    Returns the row that carries the conversation, or None where the same message (`dedupe`) was already put or
    the person has asked not to hear it. `only_mail` is for what was just said on the web page itself; `asked` is for a
    mail somebody asked for, whatever chat the person uses. `path` is the page a mail leads to. `boxes_on_web` keeps
    boxes to tick on our own page: a chat gets a link.

    What is unasked waits for its hour, and goes along with whatever goes before. `expires_at` is its deadline; what
    has none lasts `lasting` (a day) from when it goes. What has no hour before its deadline stands on the person's
    page, too. `collect` lets it wait for all else that is due at this moment,
    `not_before` for what is planned for that one.
    """
    heard = outbox.HEARD[person.state]
    if heard is not None and kind not in heard:
        return None
    mandate = committees.mandate(tx, committee_id) if committee_id is not None else None
    rendered = render(house, person, mandate, message, notice)
    options: dict[str, Any] = {"committee_id": committee_id, "kind": kind, "lane": lane, "about": about}
    known = reached_at(house, tx, person.id)
    otherwise = ACCOUNT if not known and paper.on_paper(tx, person.id) else "web"
    live = next(
        (Address(row.account, row.chat) for row in known if row.account != "mail"), Address(otherwise, f"p{person.id}")
    )
    hour = Hour(None, False)
    if kind in UNASKED:
        on_page = live.account != ACCOUNT  # where it was at once, or is put now
        ears = Ears(house, tx, [person], mandate, now)
        hour = hour_of(ears, person, kind, now, expires_at, collect=collect or kind == "reminder", on_page=on_page)
        if not_before is not None and (hour.until or now) < not_before:
            hour = Hour(not_before, False)
    lasting = BY_CALL if live.account == ACCOUNT else lasting or timedelta(days=1)
    lasts: dict[str, Any] = {"expires_at": expires_at or (hour.until or now) + lasting}
    pushed = {**options, **lasts, "hold_until": hour.until}
    in_chat = live.account not in ("web", ACCOUNT) and not only_mail
    if in_chat and (boxes_on_web or (kind == "prompt" and not hour.alone)):
        page = Address("web", f"p{person.id}")
        outbox.put(tx, page, person.id, rendered, now, dedupe=f"{dedupe}:web" if dedupe else None, **options, **lasts)
    if in_chat and boxes_on_web:
        link = Link(_("Vote on our web page"), Secret("login", path))
        elsewhere = replace(message, ticks=None, buttons=(*message.buttons, (link,)))
        rendered = render(house, person, mandate, elsewhere, notice)
    how = {**options, **lasts} if live.account == "web" else pushed
    row = None if only_mail else outbox.put(tx, live, person.id, rendered, now, dedupe=dedupe, **how)
    letter = next((Address(row.account, row.chat) for row in known if row.account == "mail"), None)
    if mail and letter and (live.account == "web" or asked) and (only_mail or row is not None or dedupe is None):
        key = f"{dedupe}:mail" if dedupe else None
        outbox.put(tx, letter, person.id, as_mail(rendered, path), now, dedupe=key, **pushed)
    if hour.with_others:
        merging.release(house, tx, [person.id], now)
    elif hour.until is not None:
        hearing.wake_at(tx, hour.until)
    return row


@dataclass(frozen=True, slots=True)
class Hour:
    """Until when a message is held (None: not at all), or that it goes now together with what waits.

    One that does not go `alone` has no hour before its deadline, and can only go along with another one.
    """

    until: datetime | None
    with_others: bool
    alone: bool = True


def hour_of(
    ears: Ears,
    person: Person,
    kind: str,
    now: datetime,
    deadline: datetime | None,
    *,
    collect: bool = False,
    on_page: bool = False,
) -> Hour:
    """The hour of a message of this kind to a person; with `collect` it waits for all else that is due now."""
    found = ears.hour(person, kind, deadline, on_page=on_page)
    waits = ears.waits(person)
    if found is None or found > now:
        return Hour(now, not collect) if waits.goes else Hour(found or deadline, False, found is not None)
    if collect:
        return Hour(now, False)
    return Hour(now, True) if waits.held else Hour(None, False)
