"""What the facilitator's desk shows of a committee: plans, what is out, what came back, what was not delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.domain.mandate import Mandate
from bot.domain.people import MEMBERS
from bot.domain.summary import as_csv
from bot.text import Words
from storage import (
    answers,
    applications,
    audiences,
    audit,
    ballots,
    calls,
    committees,
    deliveries,
    draws,
    meetings,
    paper,
    people,
    prompts,
    ratings,
    sources,
)
from storage.committees import Committee
from storage.database import Tx
from storage.database import find as find_row
from storage.deliveries import Progress
from storage.draws import Waiting
from storage.sources import Counted
from storage.tables import Ballot, Idea, Meeting, Outbox, PersonRow, Prompt


@dataclass(frozen=True, slots=True)
class Sending:
    """A message or set of questions, how far it has come, and how many have answered."""

    prompt: Prompt
    progress: Progress
    answered: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Facts:
    """One committee at a glance."""

    members: int
    meetings: Sequence[Meeting]
    messages: Sequence[Sending]
    questions: Sequence[Sending]
    ballots: Sequence[Ballot]
    ideas: int
    applications: int
    undecided: int
    in_call: int
    unreachable: Sequence[str]
    calls: int
    sources: Sequence[Counted]
    draw: Waiting | None


def committee(tx: Tx, committee_id: int) -> tuple[Committee, Mandate]:
    """A committee and its newest mandate."""
    found = find_row(tx, Committee, committee_id)
    assert found is not None
    return found, committees.mandate(tx, committee_id)


def of(tx: Tx, committee_id: int, now: datetime, paces: Mapping[str, float]) -> Facts:
    """The facts of a committee now."""
    listed = applications.to_decide(tx, committee_id)
    decided = applications.decisions(tx, committee_id)
    return Facts(
        members=len(people.holding(tx, committee_id, MEMBERS)),
        meetings=meetings.planned(tx, committee_id, now),
        messages=[_sending(tx, one, now, paces) for one in prompts.listed(tx, committee_id, "prompt")],
        questions=[_sending(tx, one, now, paces) for one in prompts.listed(tx, committee_id, "questions")],
        ballots=ballots.listed(tx, committee_id),
        ideas=tx.execute(
            select(func.count()).where(Idea.committee_id == committee_id, Idea.state != "withdrawn")
        ).scalar_one(),
        applications=len([one for one in listed if one.door == "seat"]),
        undecided=len([one for one in listed if one.id not in decided]),
        in_call=len(ratings.of_call(tx, committee_id, calls.number(tx, committee_id))),
        unreachable=_unreachable(tx, committee_id),
        calls=paper.count(tx, committee_id, now),
        sources=sources.listed(tx, committee_id),
        draw=draws.underway(tx, committee_id),
    )


def _sending(tx: Tx, prompt: Prompt, now: datetime, paces: Mapping[str, float]) -> Sending:
    answered = answers.counts(tx, prompt.id).get("sent", 0)
    recipients = audiences.size(tx, prompt)
    return Sending(prompt, deliveries.progress(tx, prompt, now, paces), answered, recipients)


def _unreachable(tx: Tx, committee_id: int) -> Sequence[str]:
    """The names of those to whom something could not be delivered."""
    lost = select(PersonRow.name).join(Outbox, Outbox.person_id == PersonRow.id)
    lost = lost.where(Outbox.committee_id == committee_id, Outbox.state.in_(("unreachable", "failed")))
    lost = lost.where(Outbox.account != "mail")
    return sorted({name or "?" for name in tx.execute(lost).scalars()})


def unsent_mails(tx: Tx, limit: int = 50) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The newest mails that had no server to go to: to whom, and what they say."""
    statement = (
        select(PersonRow.name, Outbox.content)
        .join(PersonRow, PersonRow.id == Outbox.person_id)
        .where(Outbox.account == "mail", Outbox.state.in_(("failed", "ready")), Outbox.content.is_not(None))
    )
    return [(row.name, row.content) for row in tx.execute(statement.order_by(Outbox.id.desc()).limit(limit))]


def committee_of_prompt(tx: Tx, prompt_id: int) -> int | None:
    """The committee a set of questions belongs to."""
    prompt = prompts.get(tx, prompt_id)
    return None if prompt is None else prompt.committee_id


def answers_file(tx: Tx, prompt_id: int, person_id: int, say: Callable[[Words], str], now: datetime) -> bytes:
    """All answers as a table; taking it out leaves a line in the record."""
    prompt = prompts.get(tx, prompt_id)
    assert prompt is not None
    if answers.too_few(tx, prompt):
        raise PermissionError("too few answers without names")
    audit.log(tx, now, person_id, prompt.committee_id, "answers exported", f"prompt:{prompt_id}")
    return as_csv(answers.questions(tx, prompt_id), answers.csv_rows(tx, prompt_id), say)
