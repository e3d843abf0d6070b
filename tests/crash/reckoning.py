"""What the platform saw compared with what it was owed, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.chat.delivery import Delivery
from bot.chat.events import Address
from bot.chat.messages import Rendered
from bot.domain.voting import METHODS
from bot.platforms.telegram_send import steps
from storage import ballots, hearing
from storage.database import Database, Tx
from storage.tables import AnswerRow, Audit, Body, EventRow, Idea, Outbox, Schedule, Second
from tests.crash.scene import OPTIONS, Scene
from tests.crash.serve import FIRED
from tests.crash.town import Ledger
from tests.fakes.telegram import TelegramFake

REPLIES, MASS = 0, 2
TICK = timedelta(seconds=1)
LEFT = ("ready", "leased", "sending")


@dataclass
class Count:
    """One line of the reckoning: how many were looked at, and what is wrong, in words."""

    looked_at: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Reckoning:
    """Everything a trial must show."""

    answers_lost: Count = field(default_factory=Count)
    votes_wrong: Count = field(default_factory=Count)
    messages_lost: Count = field(default_factory=Count)
    doubled: Count = field(default_factory=Count)
    order: Count = field(default_factory=Count)
    schedules: Count = field(default_factory=Count)
    uncertain: int = 0

    @property
    def counts(self) -> Mapping[str, Count]:
        return {
            "answers lost": self.answers_lost,
            "votes wrong": self.votes_wrong,
            "messages lost": self.messages_lost,
            "duplicates not allowed": self.doubled,
            "out of order": self.order,
            "fired twice or never": self.schedules,
        }

    @property
    def wrong(self) -> list[str]:
        return [f"{name}: {what}" for name, count in self.counts.items() for what in count.wrong]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as it came to a phone."""

    chat: str
    text: str
    id: int


def arrivals(fake: TelegramFake) -> list[Arrived]:
    """Every message that took effect, answered or not, in the order of its effect."""
    found = []
    for request in fake.requests:
        if request.method.lower() in ("sendmessage", "sendphoto") and request.status == 200:
            message = request.response["result"]
            text = message.get("text") or message.get("caption") or ""
            found.append(Arrived(str(message["chat"]["id"]), text, message["message_id"]))
    return found


def reckon(
    database: Database,
    fake: TelegramFake,
    scene: Scene,
    ledger: Ledger,
    in_flight: Sequence[Collection[int]],
    *,
    closed: bool,
) -> Reckoning:
    """Compare; `in_flight` holds, for each change of sender, the rows that were being sent in that moment."""
    found = Reckoning()
    with database.reading() as tx:
        _answers(tx, fake, scene, ledger, found.answers_lost)
        if closed:
            _votes(tx, scene, ledger, found.votes_wrong)
        _messages(tx, fake, in_flight, found)
        _broadcasts(tx, scene, ledger, found.messages_lost)
        _schedules(tx, scene, found.schedules)
    found.messages_lost.wrong += ledger.stalled
    return found


def _answers(tx: Tx, fake: TelegramFake, scene: Scene, ledger: Ledger, count: Count) -> None:
    accepted = {str(attempt.update_id) for attempt in fake.attempts if 200 <= attempt.status < 300}
    noted = set(tx.execute(select(EventRow.id)).scalars())
    count.wrong += [f"update {number} was accepted and is not noted" for number in accepted - noted]
    count.wrong += [f"update {number} was never accepted" for number in fake.pending]
    ideas = Counter((row.text, row.person_id) for row in tx.execute(select(Idea.text, Idea.person_id)))
    for text, person in ledger.ideas.items():
        if ideas[text, person] != 1:
            count.wrong.append(f"{text!r} stands {ideas[text, person]} times")
    given = {(row.prompt_id, row.person_id): row for row in tx.execute(select(AnswerRow))}
    for key, values in ledger.answers.items():
        if key not in given or given[key].values != values:
            count.wrong.append(f"answer {key} is {given[key].values if key in given else None}, not {values}")
    seconded = {(row.idea_id, row.person_id) for row in tx.execute(select(Second))}
    for key, wanted in ledger.seconds.items():
        if (key in seconded) != wanted:
            count.wrong.append(f"second {key} is {key in seconded}")
    count.looked_at = len(accepted) + len(ledger.ideas) + len(ledger.answers) + len(ledger.seconds)


def _votes(tx: Tx, scene: Scene, ledger: Ledger, count: Count) -> None:
    ballot = ballots.get(tx, scene.ballot)
    papers = list(ledger.votes.values())
    wanted = METHODS["approval"](papers, len(OPTIONS))
    tally: dict[str, Any] = ballot.tally or {}
    count.looked_at = len(papers)
    if ballot.state != "released":
        count.wrong.append(f"the ballot is {ballot.state}")
    if tally.get("turnout") != len(papers):
        count.wrong.append(f"turnout {tally.get('turnout')}, not {len(papers)}")
    if list(tally.get("counts", [])) != list(wanted.counts):
        count.wrong.append(f"counts {tally.get('counts')}, not {wanted.counts}")
    if sorted(ballots.papers(tx, scene.ballot)) != sorted(papers):
        count.wrong.append("the papers are not those that were sent")


def _messages(tx: Tx, fake: TelegramFake, in_flight: Sequence[Collection[int]], found: Reckoning) -> None:
    rows = tx.execute(
        select(Outbox, Body.content.label("shared"))
        .outerjoin(Body, Body.id == Outbox.body_id)
        .where(Outbox.account.like("telegram:%"), Outbox.op == "send")
        .order_by(Outbox.id)
    ).all()
    came = arrivals(fake)
    by_id = {(one.chat, str(one.id)): one for one in came}
    first: dict[int, int] = {}
    extra = set(by_id)
    without: dict[tuple[str, str], list[Any]] = defaultdict(list)
    replies: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if (row.chat, row.platform_id) in by_id:
            extra.discard((row.chat, row.platform_id))
            first[row.id] = int(row.platform_id)
        message = Rendered.of(row.content or row.shared or {})
        *first_parts, text = said_in(row, message)
        if first_parts:
            extra -= {key for key, one in by_id.items() if one.chat == row.chat and one.text in first_parts}
        without[row.chat, text].append(row)
        if row.kind == "reply":
            replies[row.chat].append(row)
    chances = Counter(row for kill in in_flight for row in kill)
    for key in sorted(extra, key=lambda key: int(key[1])):
        arrived = by_id[key]
        # A question that was answered before it was sent once more went out with other words.
        twins = without[arrived.chat, arrived.text] or [row for row in replies[arrived.chat] if chances[row.id]]
        _account_for(arrived, twins, first, chances, found.doubled)
    found.doubled.looked_at = len(extra)
    found.messages_lost.looked_at = found.order.looked_at = len(rows)
    for row in rows:
        if row.state == "uncertain":
            found.uncertain += 1
        if (
            row.id not in first
            and row.state not in ("cancelled",)
            and not (row.state == "uncertain" and row.lane == MASS)
        ):
            found.messages_lost.wrong.append(f"row {row.id} ({row.kind}) is {row.state} and never arrived")
        elif row.state in LEFT:
            found.messages_lost.wrong.append(f"row {row.id} ({row.kind}) was left {row.state}")
    _order(rows, first, found.order)


def said_in(row: Any, message: Rendered) -> list[str]:
    """The texts of the calls that carry one message: a long one goes in parts, and a picture before its words."""
    address = Address(row.account, row.chat)
    found = steps(int(row.chat), Delivery(row.id, "send", address, message, image=b"" if message.image else None))
    return [str(step.params.get("text", step.params.get("caption"))) for step in found]


def _account_for(
    arrived: Arrived, twins: Sequence[Any], first: dict[int, int], chances: Counter[int], count: Count
) -> None:
    """An arrival no row names: the first copy of a row that was in flight when its sender died, or one too many."""
    for row in twins:
        # Whoever took over may have died before the laboratory could note it; that the row is in doubt stands in it.
        if row.id not in first and (chances[row.id] or row.state == "uncertain"):
            first[row.id] = arrived.id  # it arrived, and nobody lived to note it
            chances[row.id] -= 1
            return
    for row in twins:
        if chances[row.id] and row.lane != MASS:
            first[row.id] = min(first[row.id], arrived.id)
            chances[row.id] -= 1
            return
    kinds = sorted({row.kind for row in twins}) or ["unknown"]
    count.wrong.append(f"message {arrived.id} to {arrived.chat} ({', '.join(kinds)}): {arrived.text[:40]!r}")


def _order(rows: Sequence[Any], first: Mapping[int, int], count: Count) -> None:
    """What is said to somebody comes in its order; what two processes say of their own accord at once has none."""
    last: dict[tuple[str, int], tuple[int, Any]] = {}
    for row in rows:
        if row.id in first:
            before, earlier = last.get((row.chat, row.lane), (0, None))
            at_once = earlier is not None and row.lane > REPLIES and row.created_at - earlier.created_at < TICK
            if first[row.id] < before and not at_once:
                later, sooner = (f"{one.id} ({one.kind}, lane {one.lane}, {one.created_at})" for one in (row, earlier))
                count.wrong.append(f"to {row.chat}: row {later} came before row {sooner}")
            if first[row.id] > before:
                last[row.chat, row.lane] = (first[row.id], row)


def _broadcasts(tx: Tx, scene: Scene, ledger: Ledger, count: Count) -> None:
    """Everybody on the list has one row of each message to all."""
    for prompt in ledger.broadcasts:
        have = Counter(
            tx.execute(select(Outbox.person_id).where(Outbox.about == "prompt", Outbox.about_id == prompt)).scalars()
        )
        missing = [person for person in scene.everybody if have[person] != 1]
        if missing:
            count.wrong.append(f"message {prompt} to all has not one row for {len(missing)} people")


def _schedules(tx: Tx, scene: Scene, count: Count) -> None:
    """Each thing due fired once; the note of its firing was written by the very transaction.

    The hour at which held messages go may be planned for a moment at which it has come before.
    """
    fired = Counter(tx.execute(select(Audit.object).where(Audit.action == FIRED)).scalars())
    states = tx.execute(select(Schedule.kind, Schedule.subject, Schedule.state)).all()
    wanted = Counter(f"{row.kind}:{row.subject}" for row in states if row.state == "fired")
    count.looked_at = sum(wanted.values())
    for key in fired.keys() | wanted.keys():
        again = key == f"{hearing.KIND}:0" and fired[key] > wanted[key]
        if fired[key] != wanted[key] and not again:
            count.wrong.append(f"{key} fired {fired[key]} times, and was due {wanted[key]} times")
    reminders = Counter(
        (row.about_id, row.person_id)
        for row in tx.execute(select(Outbox.about_id, Outbox.person_id).where(Outbox.kind == "reminder"))
    )
    due = {row.subject for row in states if row.kind == "remind" and row.state == "fired"} & set(scene.reminded)
    for prompt in due:
        for person in scene.listeners:
            if reminders[prompt, person] != 1:
                count.wrong.append(f"reminder {prompt} to person {person}: {reminders[prompt, person]} rows")
