"""Errand: what happens by the clock has this to write with; a chat is an errand that a person started."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.chat.messages import Button, Image, Link, Message, Ticks
from bot.domain.people import Person
from bot.engine import post
from bot.engine.house import House
from bot.text import Words
from storage import people
from storage.committees import Committee
from storage.database import Tx, find
from storage.many import Cause

if TYPE_CHECKING:
    from bot.engine.router import Router

Item = Button | Link


def in_rows(items: tuple[Item | tuple[Item, ...], ...]) -> tuple[tuple[Item, ...], ...]:
    """Buttons as rows: a bare one is a row of its own."""
    return tuple(item if isinstance(item, tuple) else (item,) for item in items)


class Errand:
    """A transaction, the moment, the committee it is about, and a way to write to people."""

    def __init__(self, house: House, router: Router, tx: Tx, now: datetime) -> None:
        self.house = house
        self.router = router
        self.tx = tx
        self.now = now
        self.committee: Committee | None = None

    def about(self, committee_id: int) -> None:
        """From here on it is about this committee."""
        if self.committee is None or self.committee.id != committee_id:
            self.committee = find(self.tx, Committee, committee_id)

    def tell_all(
        self,
        those: Sequence[Person],
        text: Callable[[Person], Words],
        *,
        notice: Words,
        dedupe: str,
        about: tuple[str, int],
        lasting: timedelta,
        path: str = "/",
    ) -> None:
        """Write to many people about this committee, the same to all who read alike; see `spreading.spread`."""
        from bot.engine import spreading  # for few errands

        assert self.committee is not None
        spreading.spread(
            self.house,
            self.tx,
            those,
            lambda reader: Message(text(reader)),
            self.now,
            cause=Cause(self.committee.id, about, dedupe),
            notice=notice,
            lasting=lasting,
            path=path,
        )

    def tell(
        self,
        person: Person | int,
        text: Words,
        *rows: Item | tuple[Item, ...],
        notice: Words,
        kind: str = "prompt",
        lane: int = 1,
        dedupe: str | None = None,
        about: tuple[str, int] | None = None,
        expires_at: datetime | None = None,
        lasting: timedelta | None = None,
        ticks: Ticks | None = None,
        image: Image | None = None,
        table: tuple[tuple[Words, ...], ...] = (),
        equals: bool = False,
        path: str = "/",
        mail: bool = True,
        only_mail: bool = False,
        boxes_on_web: bool = False,
        collect: bool = False,
        not_before: datetime | None = None,
    ) -> int | None:
        """Write to any person about this committee, in that person's language; see `post.post` for the rest."""
        to = person if isinstance(person, Person) else people.get(self.tx, person)
        return post.post(
            self.house,
            self.tx,
            to,
            Message(text, in_rows(rows), ticks, image, table=table, equals=equals),
            self.now,
            committee_id=self.committee.id if self.committee else None,
            notice=notice,
            kind=kind,
            lane=lane,
            dedupe=dedupe,
            about=about,
            expires_at=expires_at,
            lasting=lasting,
            path=path,
            mail=mail,
            only_mail=only_mail,
            boxes_on_web=boxes_on_web,
            collect=collect,
            not_before=not_before,
        )

    def tell_facilitators(
        self,
        committee_id: int,
        text: Words,
        *rows: Item | tuple[Item, ...],
        notice: Words,
        dedupe: str | None = None,
        path: str = "/talk",
    ) -> None:
        """Write to those who look after a committee what they must know or do."""
        self.tell_each(people.facilitators(self.tx, committee_id), text, *rows, notice=notice, dedupe=dedupe, path=path)

    def tell_each(
        self,
        those: Sequence[Person],
        text: Words,
        *rows: Item | tuple[Item, ...],
        notice: Words,
        dedupe: str | None = None,
        path: str = "/",
    ) -> None:
        """Write to a few people what they must know or do; `dedupe` is completed with each one's number."""
        for person in those:
            key = None if dedupe is None else f"{dedupe}:{person.id}"
            self.tell(person, text, *rows, notice=notice, kind="necessary", dedupe=key, path=path)
