"""What a committee hands over as a whole: the case in short, the document, when it was delivered and made public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.domain.mandate import Mandate
from bot.domain.recommending import STATES, State, answered
from bot.domain.record import Part, Record, Row, Table
from bot.text import Day, Words, _, n_
from storage import committees, meetings, prompts, recommendations, replies
from storage.database import Tx, find, first, insert
from storage.recommendations import IDEA, MEETING, PROMPT, Recommendation
from storage.tables import Idea
from storage.tables import Result as Result


def of(tx: Tx, committee_id: int) -> Result:
    """The result of a committee, begun where there is none yet."""
    found = first(tx, Result, select(Result).where(Result.committee_id == committee_id))
    return found or Result(committee_id=committee_id, summary={}, cursor=0)


def save(tx: Tx, committee_id: int, **values: Any) -> None:
    """Set the case in short, or what became of the result."""
    new: dict[str, Any] = {"summary": {}, "cursor": 0}
    tx.execute(insert(tx, Result).values(committee_id=committee_id, **new).on_conflict_do_nothing())
    if values:
        tx.execute(update(Result).where(Result.committee_id == committee_id).values(**values))


def unrelease(tx: Tx, committee_id: int) -> None:
    """Something was changed that nobody has looked at, so the result is not public until somebody has."""
    tx.execute(update(Result).where(Result.committee_id == committee_id).values(released_by=None, released_at=None))


def deliver(tx: Tx, committee_id: int, person_id: int, now: datetime) -> bool:
    """The result is handed over; False where it was before."""
    save(tx, committee_id)
    open_ = (Result.committee_id == committee_id, Result.delivered_at.is_(None))
    values = {"delivered_by": person_id, "delivered_at": now}
    if tx.execute(update(Result).where(*open_).values(**values)).rowcount != 1:
        return False
    recommendations.deliver(tx, committee_id)
    return True


# The document ------------------------------------------------------------------------------------------------


def document(tx: Tx, committee_id: int, now: datetime, *, public: bool = False) -> Record:
    """The agenda item in short, the recommendations with what follows, and what was tried, as they stand now.

    What is `public` does not say how the committee came to it: from whose words, or that something is a draft.
    """
    mandate = committees.mandate(tx, committee_id)
    result = of(tx, committee_id)
    everything = recommendations.listed(tx, committee_id)
    found = [one for one in everything if not public or one.state != State.DRAFT]
    parts = (
        _case(mandate, result, len(found)),
        *(_part(tx, one, public=public) for one in found),
        _actions(found),
        _tried(tx, committee_id),
    )
    made = result.delivered_at or now
    full = [part for part in parts if part.paragraphs or any(table.rows for table in part.tables)]
    return Record(_("Recommendations"), mandate.title, made, full)


def _case(mandate: Mandate, result: Result, count: int) -> Part:
    """What whoever prepares the agenda needs: who asks whom for what."""
    handed: Words = _("To: {receiver}", receiver=mandate.receiver)
    if result.delivered_at is not None:
        handed = _("Delivered to {receiver} on {day}", receiver=mandate.receiver, day=Day(result.delivered_at))
    task = _(
        "{approved_by} gave the committee its task on {day}.",
        approved_by=mandate.approved_by,
        day=Day(mandate.approved_on),
    )
    ask = n_(
        "The committee asks {the_council} to take a position on {count} recommendation. It is {the_council} that "
        "decides, and the committee is promised an answer to it, with a reason.",
        "The committee asks {the_council} to take a position on {count} recommendations. It is {the_council} that "
        "decides, and the committee is promised an answer to each, with a reason.",
        count,
        the_council=mandate.municipality.the_council,
    )
    lines = (handed, task, mandate.purpose, result.summary or "", ask)
    return Part(_("The case in short"), [line for line in lines if line])


def _part(tx: Tx, one: Recommendation, *, public: bool) -> Part:
    title = _("Recommendation {number}: {title}", number=one.number, title=one.title)
    lines: list[Words] = [one.text]
    if not public:
        lines.append(_("State: {state}.", state=STATES[one.state]))
        lines += sources(tx, one.id)
    reply = replies.told(tx, one.id)
    if reply is not None:
        lines.append(answered(reply.outcome, reply.decided_on, reply.reason))
    return Part(title, lines)


def sources(tx: Tx, number: int) -> Iterator[Words]:
    """What fed a recommendation, without saying who wrote it."""
    found = recommendations.sources(tx, number)
    if found[IDEA]:
        yield n_("It builds on {count} idea.", "It builds on {count} ideas.", len(found[IDEA]))
    for source in found[PROMPT]:
        prompt = prompts.get(tx, source)
        if prompt is not None:
            yield _("It builds on the answers about {topic}.", topic=prompt.text)
    for source in found[MEETING]:
        meeting = meetings.get(tx, source)
        if meeting is not None:
            yield _("It builds on the meeting {when}.", when=meeting.starts_at)


def _actions(found: Sequence[Recommendation]) -> Part:
    head = (_("Recommendation"), _("What"), _("Carried out by"), _("Next step"), _("By"))
    rows: list[Row] = [
        (str(one.number), action.what, action.carried_by, action.next_step, Day(action.on) if action.on else "")
        for one in found
        for action in recommendations.actions(one)
    ]
    return Part(_("What follows"), (), (Table(head, rows),))


def _tried(tx: Tx, committee_id: int) -> Part:
    head = (_("What was tried"), _("By whom"), _("When"), _("What we learnt"))
    rows: list[Row] = [
        (one.what, one.who, Day(one.tried_on), one.learnt) for one in recommendations.attempts(tx, committee_id)
    ]
    return Part(_("Ideas that were tried"), (), (Table(head, rows),))


def texts(tx: Tx, committee_id: int) -> Iterator[str]:
    """Every text of the result in every language, to look for names and quotes."""

    def said(words: Mapping[str, str]) -> Iterator[str]:
        yield from words.values()

    yield from said(of(tx, committee_id).summary)
    for one in recommendations.listed(tx, committee_id):
        yield from (*said(one.title), *said(one.text))
        for action in recommendations.actions(one):
            yield from (*said(action.what), *said(action.carried_by), *said(action.next_step))
    for attempt in recommendations.attempts(tx, committee_id):
        yield from (*said(attempt.what), attempt.who, *said(attempt.learnt))


def ideas_word_for_word(tx: Tx, committee_id: int) -> tuple[str, ...]:
    """Ideas of members whose own words stand in the result: they are quotes, with or without quotation marks."""
    whole = "\n".join(texts(tx, committee_id)).casefold()
    linked = (recommendations.sources(tx, one.id)[IDEA] for one in recommendations.listed(tx, committee_id))
    found = (find(tx, Idea, number) for numbers in linked for number in numbers)
    return tuple(dict.fromkeys(idea.text for idea in found if idea and idea.text and idea.text.casefold() in whole))
