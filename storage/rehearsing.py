"""What is planned in a committee, read for a rehearsal and written into a database that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from bot.chat.events import Press
from bot.domain.mandate import Mandate, parse
from storage import audiences, meetings, prompts
from storage.database import Tx, every, first
from storage.outbox import HOLD
from storage.tables import AnswerRow, MandateVersion, Meeting, Outbox, Prompt, QuestionRow

# Questions without a day of their own are sent so long before their deadline.
BEFORE_DEADLINE = timedelta(days=7)
COPIED = ("text", "audience", "due_at", "deadline_at")


@dataclass(frozen=True, slots=True)
class Plan:
    """A committee's mandate, and the meetings, messages and questions still to come."""

    mandate: Mandate
    source: str
    loaded_on: date
    starts: datetime
    meetings: Sequence[Meeting]
    prompts: Sequence[Prompt]
    questions: Mapping[int, Sequence[QuestionRow]]

    @property
    def ends(self) -> datetime:
        """The last moment for which something is planned."""
        moments = [one.starts_at for one in self.meetings]
        moments += [moment for one in self.prompts for moment in (one.due_at, one.deadline_at) if moment]
        return max(moments, default=self.starts)

    def gaps(self, locales: Sequence[str]) -> list[str]:
        """What has no text in one of the committee's languages."""
        texts = [(f"meeting {one.starts_at:%Y-%m-%d}, place", one.place) for one in self.meetings]
        texts += [(f"meeting {one.starts_at:%Y-%m-%d}, agenda", one.agenda) for one in self.meetings]
        for prompt in self.prompts:
            texts.append((f"{prompt.kind} {prompt.id}", prompt.text))
            texts += [(f"{prompt.kind} {prompt.id}, question {q.position}", q.text) for q in self.questions[prompt.id]]
        return [f"{name}: no {locale}" for name, text in texts for locale in locales if not text.get(locale)]


def read(tx: Tx, committee_id: int, now: datetime) -> Plan:
    """What is planned in a committee from now on. Raises LookupError where it has no mandate."""
    newest = select(MandateVersion).where(MandateVersion.committee_id == committee_id)
    row = first(tx, MandateVersion, newest.order_by(MandateVersion.version.desc()).limit(1))
    if row is None:
        raise LookupError(f"no mandate of committee {committee_id}")
    planned = select(Prompt).where(Prompt.committee_id == committee_id, Prompt.state.in_(("draft", "scheduled")))
    found = [
        one for one in every(tx, Prompt, planned.order_by(Prompt.id)) if (one.due_at or one.deadline_at or now) >= now
    ]
    asked = {one.id: prompts.questions(tx, one.id) for one in found}
    mandate = parse(row.source, row.loaded_on)
    return Plan(mandate, row.source, row.loaded_on, now, meetings.planned(tx, committee_id, now), found, asked)


def write(tx: Tx, plan: Plan, committee_id: int, by: int, now: datetime) -> Iterator[tuple[datetime, Press]]:
    """Put the plan into an empty database; what the facilitator will press, and when."""
    numbers = {}
    for meeting in plan.meetings:
        added = meetings.add(tx, committee_id, meeting.starts_at, meeting.place, meeting.agenda, by, now)
        numbers[meeting.id] = added.id
        yield now, Press("announce", (str(added.id),))
    for one in plan.prompts:
        values: dict[str, Any] = {name: getattr(one, name) for name in COPIED}
        if one.audience in audiences.NARROW:
            values["audience"] = "members"  # those groups and answers are not there: it is the most that it can be
        copy = prompts.draft(tx, committee_id, one.kind, by, now, **values, meeting_id=numbers.get(one.meeting_id or 0))
        for question in plan.questions[one.id]:
            prompts.add_question(tx, copy.id, question.kind, question.text, question.settings)
        if one.kind == "questions" and one.deadline_at is not None:
            yield one.due_at or max(now, one.deadline_at - BEFORE_DEADLINE), Press("release", (str(copy.id),))
        elif one.kind == "prompt":
            yield one.due_at or now, Press("sendnow", (str(copy.id),))


def deliver(tx: Tx, account: str, now: datetime) -> Sequence[tuple[int, str, Sequence[int]]]:
    """Let everything arrive that may go: (person, kind, the prompts it brings)."""
    mine = (Outbox.account == account, Outbox.state == "ready", Outbox.lane < HOLD)
    columns = (Outbox.id, Outbox.person_id, Outbox.kind, Outbox.op, Outbox.about, Outbox.about_id)
    rows = tx.execute(select(*columns).where(*mine).order_by(Outbox.id)).all()
    tx.execute(update(Outbox).where(*mine).values(state="sent", sent_at=now, platform_id="there"))
    found = []
    for row in rows:
        if row.op == "send":
            along = select(Outbox.about_id).where(
                Outbox.target == row.id, Outbox.op == "send", Outbox.about == "prompt"
            )
            numbers = [row.about_id] if row.about == "prompt" else list(tx.execute(along).scalars())
            found.append((row.person_id, row.kind, numbers))
    return found


def unasked(tx: Tx, account: str) -> Sequence[tuple[int, datetime]]:
    """Every unasked message that arrived: to whom and when."""
    statement = select(Outbox.person_id, Outbox.sent_at).where(
        Outbox.account == account, Outbox.kind.in_(("prompt", "reminder")), Outbox.op == "send", Outbox.state == "sent"
    )
    return [(row[0], row[1]) for row in tx.execute(statement)]


def response(tx: Tx, committee_id: int) -> list[tuple[str, int, int]]:
    """How many answered of how many asked, by set of questions."""
    rows = every(tx, Prompt, select(Prompt).where(Prompt.committee_id == committee_id, Prompt.kind == "questions"))
    return [
        (
            next(iter(one.text.values()), ""),
            tx.execute(select(func.count()).where(AnswerRow.prompt_id == one.id)).scalar_one(),
            audiences.size(tx, one),
        )
        for one in rows
        if one.sent_at is not None
    ]
