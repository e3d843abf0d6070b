"""One commit of a sender: it keeps the lease, settles what came back, and marks what goes out next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.chat.delivery import Gone, Moved, Refused, Result, RetryAfter, Sent, Uncertain
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.work.limits import Room
from storage import outbox, people, sending
from storage.database import Tx
from storage.sending import Claimed

log = structlog.get_logger()
TRIES = 3


@dataclass(frozen=True, slots=True)
class Post:
    """What the sender needs beside a platform: `mint` makes a secret's value, `gone` tells of somebody unreachable,
    `reveal` unseals an address that no row may show."""

    mint: Callable[[Tx, int, str, str], str]
    gone: Callable[[Tx, Claimed], None]
    now: Callable[[], datetime]
    reveal: Callable[[Address, bytes | None], Address]


@dataclass(frozen=True, slots=True)
class Back:
    """What came of a row that was marked in an epoch."""

    row: Claimed
    epoch: int
    result: Result


@dataclass(frozen=True, slots=True)
class Going:
    """A row that is marked, with what no row may hold."""

    row: Claimed
    address: Address
    message: Rendered
    image: bytes | None
    paid: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What a turn found: the epoch, None where the lease is another's; what to send; whether there may be more."""

    epoch: int | None
    going: Sequence[Going] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What a sender has in hand as it turns to the database; with a `lease` it renews its right for that time.

    Where it `expires` it also looks through all that waits for what is too old, which no turn would send.
    """

    account: str
    owner: str
    post: Post
    finds: bool
    epoch: int | None
    lease: timedelta | None
    expires: bool
    alone: bool
    back: Sequence[Back]
    room: Room | None
    chats: Collection[str]
    ops: Collection[str]

    def run(self, tx: Tx) -> Next:
        """Do all of it. It may run twice, where a commit fails, so it changes nothing but the database."""
        epoch = self._hold(tx)
        if epoch is None:
            return Next(None)
        self._settle(tx)
        if self.expires:
            sending.expire(tx, self.account, self.post.now())
        if self.room is None:
            return Next(epoch)
        room = replace(self.room, ops=dict(self.room.ops))
        # With paid slots only, replies wait for their own.
        lane = 0 if room.free else 2
        found = sending.claim(
            tx, self.account, self.post.now(), room.size + room.size // 4 + 1, lane=lane, chats=self.chats, ops=self.ops
        )
        picked = _pick(found.rows, room)
        sending.mark(tx, [row.id for row, _paid in picked], self.owner, epoch)
        return Next(epoch, [self._prepare(tx, row, paid) for row, paid in picked], found.more or lane > 0)

    def _hold(self, tx: Tx) -> int | None:
        """The epoch in which the lease is ours; with a new one, what the former owner left is settled."""
        if self.lease is None:
            # What is only settled is fenced by its own row.
            fenced = self.room is None or sending.holds(tx, self.account, self.owner, self.epoch)
            return self.epoch if fenced else None
        now = self.post.now()
        epoch = sending.take_lease(tx, self.account, self.owner, now, self.lease, alone=self.alone)
        if epoch is not None and epoch != self.epoch:
            sending.adopt(tx, self.account, epoch, now, finds=self.finds)
        return epoch

    def _settle(self, tx: Tx) -> None:
        now = self.post.now()
        for epoch in {back.epoch for back in self.back}:
            arrived = {
                back.row.id: back.result.id
                for back in self.back
                if back.epoch == epoch and isinstance(back.result, Sent)
            }
            sending.sent(tx, arrived, epoch, now)
        for back in self.back:
            if not isinstance(back.result, Sent):
                self._settle_trouble(tx, back.row, back.epoch, back.result)

    def _settle_trouble(self, tx: Tx, row: Claimed, epoch: int, result: Result) -> None:
        free = isinstance(result, RetryAfter | Moved)
        if not sending.settle(tx, row.id, epoch, self._state(row, result), free=free):
            return
        if isinstance(result, Moved):
            people.move(tx, self.account, row.address.chat, result.chat)
            sending.move_chat(tx, self.account, row.address.chat, result.chat)
        elif isinstance(result, Gone):
            people.reachable(tx, row.address, False)
            self.post.gone(tx, row)
        elif isinstance(result, Refused):
            log.warning("message refused", account=self.account, why=result.why, row=row.id)

    def _state(self, row: Claimed, result: Result) -> str:
        if isinstance(result, Gone):
            return "unreachable"
        if isinstance(result, Refused):
            return "ready" if row.attempts + 1 < TRIES and result.why != "final" else "failed"
        if isinstance(result, Uncertain):
            again = self.finds or row.op != "send" or (not row.bulk and row.attempts + 1 < sending.MOST_ATTEMPTS)
            return "ready" if again else "uncertain"
        return "ready"

    def _prepare(self, tx: Tx, row: Claimed, paid: bool) -> Going:
        """Put in what no row may hold."""
        message = Rendered.of(row.content)
        if message.secrets:
            mint = self.post.mint
            minted = {name: mint(tx, row.person_id, one["kind"], one["path"]) for name, one in message.secrets.items()}
            message = _reveal(message, minted)
        image = outbox.blob(tx, message.image["blob"]) if message.image else None
        return Going(row, self.post.reveal(row.address, row.sealed), message, image[1] if image else None, paid)


def _pick(rows: Sequence[Claimed], room: Room) -> list[tuple[Claimed, bool]]:
    """The rows that may start, one of each chat, and whether its slot is paid for."""
    picked: list[tuple[Claimed, bool]] = []
    chats: set[str] = set()
    for row in rows:
        if row.address.chat in chats:
            continue
        chats.add(row.address.chat)
        slot = room.admit(row.op, bulk=row.bulk)
        if slot:
            picked.append((row, slot == "paid"))
    return picked


def _reveal(message: Rendered, minted: dict[str, str]) -> Rendered:
    """Replace each secret's placeholder by the value minted for this sending."""
    rows = tuple(
        tuple({"label": one["label"], "url": minted[one["secret"]]} if "secret" in one else one for one in row)
        for row in message.buttons
    )
    text = message.text
    for name, value in minted.items():
        text = text.replace(f"⟦{name}⟧", value)
    return replace(message, text=text, buttons=rows, secrets={name: {"value": value} for name, value in minted.items()})
