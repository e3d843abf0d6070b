"""Members' answers to a facilitator's questions: kept by person, changed until the deadline, summed up after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, delete, func, select, update

from bot.domain.anonymity import FEWEST, unordered
from bot.domain.people import FOLLOWERS, MEMBERS, Person
from bot.domain.questionnaire import UNNAMED, Invitation, in_order, question_of
from bot.domain.questions import FreeText, Question, Value
from bot.domain.shift import Pair, pairs
from bot.domain.summary import Given
from bot.text import Many, Words, _
from storage import askbacks, audiences, committees, conversations, later, meetings, memo, people, prompts
from storage.database import Tx, every, find_several, insert, insert_on
from storage.prepared import Prepared
from storage.tables import AnswerRow, Conversation, PersonRow, Prompt, QuestionRow

FORM = "answers"  # in which they are given


def questions(tx: Tx, prompt_id: int) -> tuple[Question, ...]:
    """The questions of a prompt, in order."""
    unsaid = seen_by(tx, prompt_id) == UNNAMED

    def read() -> tuple[Question, ...]:
        rows = memo.once(
            tx, "question", ("rows", prompt_id), lambda: every(tx, QuestionRow, _QUESTIONS, {"of": [prompt_id]})
        )
        found = [question_of(row.kind, row.position, row.text, row.settings, unsaid=unsaid) for row in rows]
        return in_order(found, prompts.conditions_of(rows))

    return memo.once(tx, "question", (prompt_id, unsaid), read)


_QUESTION = QuestionRow.__table__
_QUESTIONS = Prepared(
    select(_QUESTION)
    .where(_QUESTION.c.prompt_id.in_(bindparam("of", expanding=True)))
    .order_by(_QUESTION.c.prompt_id, _QUESTION.c.position)
)


def recall(tx: Tx, prompt_ids: Collection[int]) -> None:
    """Read several prompts and their questions at once, so that whoever answers them has them."""
    find_several(tx, Prompt, prompt_ids)
    rows: dict[int, list[QuestionRow]] = {number: [] for number in prompt_ids}
    for row in every(tx, QuestionRow, _QUESTIONS, {"of": sorted(rows)}):
        rows[row.prompt_id].append(row)
    for number, found in rows.items():
        memo.remember(tx, "question", ("rows", number), found)


def can_be_spoken(tx: Tx, prompt_id: int) -> bool:
    """Whether a recording can answer one of these questions."""
    return any(isinstance(one, FreeText) and one.spoken for one in questions(tx, prompt_id))


def seen_by(tx: Tx, prompt_id: int) -> str:
    """Who sees the answers to these questions."""
    prompt = prompts.get(tx, prompt_id)
    assert prompt is not None
    return prompt.seen_by


def invitation(tx: Tx, prompt: Prompt) -> Invitation:
    """What members must know before they answer, as it stands now."""
    mandate = committees.mandate(tx, prompt.committee_id)
    meeting = meetings.get(tx, prompt.meeting_id)
    staff = tuple(one.name for one in people.facilitators(tx, prompt.committee_id) if one.name)
    assert prompt.deadline_at is not None
    return Invitation(
        topic=prompt.text,
        count=len(questions(tx, prompt.id)),
        deadline=prompt.deadline_at,
        who=Many(staff) if staff else mandate.contact.name,
        facilitator=people.get(tx, prompt.created_by).name or mandate.contact.name,
        municipality=mandate.municipality.name,
        meeting_at=meeting.starts_at if meeting and meeting.state != "cancelled" else None,
        seen_by=prompt.seen_by,
        background=prompt.background or "",
        asker=asker(tx, prompt),
        inquirer=inquirer(tx, prompt),
        spoken=can_be_spoken(tx, prompt.id),
        paper=committees.rules(tx, prompt.committee_id).answers_to_facilitator_only,
    )


def of(tx: Tx, prompt_id: int, person_id: int) -> AnswerRow | None:
    """What a person answered, or that he or she would not; read at once for all who write just now."""

    def read() -> AnswerRow | None:
        people = sorted({person_id, *conversations.remembered(tx)})
        found = {row.person_id: row for row in every(tx, AnswerRow, _ANSWERS, {"of": prompt_id, "who": people})}
        for one in people:
            memo.remember(tx, "answer", (prompt_id, one), found.get(one))
        return found.get(person_id)

    return memo.once(tx, "answer", (prompt_id, person_id), read)


def asker(tx: Tx, prompt: Prompt) -> Words:
    """The member whose question this is, by name if that was wanted; empty where the administration asks."""
    ask = askbacks.behind(tx, prompt.id)
    if ask is None:
        return ""
    return (people.get(tx, ask.person_id).name if ask.named else "") or _("A member of the committee")


def inquirer(tx: Tx, prompt: Prompt) -> str:
    """The politician who asks this about an item, by name; empty where nobody does, as before a meeting."""
    if prompt.asked_by is None or askbacks.behind(tx, prompt.id) is not None:
        return ""
    return people.get(tx, prompt.asked_by).name


_ANSWER = AnswerRow.__table__
_ANSWERS = Prepared(
    select(_ANSWER).where(
        _ANSWER.c.prompt_id == bindparam("of"), _ANSWER.c.person_id.in_(bindparam("who", expanding=True))
    )
)


def save(
    tx: Tx, prompt_id: int, person_id: int, values: Mapping[str, Value], now: datetime, state: str = "sent"
) -> None:
    """Keep a person's answers; sent again they replace the earlier ones."""
    new = {"values": dict(values), "state": state, "sent_at": now, "entered_by": None, "entered_how": None}
    later.put_off(tx, _saving(tx.dialect.name), {"prompt_id": prompt_id, "person_id": person_id, **new})
    memo.drop(tx, "answer", (prompt_id, person_id))


@cache
def _saving(dialect: str) -> Prepared:
    fresh = insert_on(dialect, _ANSWER)
    new = ("values", "state", "sent_at", "entered_by", "entered_how")
    upsert = fresh.on_conflict_do_update(
        index_elements=["prompt_id", "person_id"], set_={name: fresh.excluded[name] for name in new}
    )
    key = ("prompt_id", "person_id")
    return Prepared(upsert.execution_options(**{memo.KEEPS: True}), (*key, *new), told_by=key)


def entered(tx: Tx, prompt_id: int, person_id: int, by: int, how: str) -> None:
    """Mark a person's answers as taken down by somebody, from paper or phone."""
    mine = update(AnswerRow).where(AnswerRow.prompt_id == prompt_id, AnswerRow.person_id == person_id)
    tx.execute(mine.values(entered_by=by, entered_how=how))


def decline(tx: Tx, prompt_id: int, person_id: int, now: datetime) -> None:
    """Remember that a person will not answer; answers already given stay."""
    values = {"prompt_id": prompt_id, "person_id": person_id, "values": {}, "state": "declined", "sent_at": now}
    tx.execute(insert(tx, AnswerRow).values(values).on_conflict_do_nothing())


def hand_over(tx: Tx, prompt_id: int, person_id: int) -> bool:
    """Pass a late answer on to the facilitator; False where there is none waiting."""
    statement = update(AnswerRow).where(AnswerRow.prompt_id == prompt_id, AnswerRow.person_id == person_id)
    return tx.execute(statement.where(AnswerRow.state == "late").values(state="handed_over")).rowcount == 1


def drop_late(tx: Tx, prompt_id: int, person_id: int) -> bool:
    """Erase a late answer that its writer does not want passed on; False where there is none waiting."""
    statement = delete(AnswerRow).where(AnswerRow.prompt_id == prompt_id, AnswerRow.person_id == person_id)
    return tx.execute(statement.where(AnswerRow.state == "late")).rowcount == 1


ASKABLE = MEMBERS | FOLLOWERS


def _running(tx: Tx, person_id: int, now: datetime) -> Sequence[Prompt]:
    """The open questions that a person was asked, in whichever committee."""
    places = {row.committee_id for row in people.held(tx, person_id) if row.role in ASKABLE}
    found = [prompt for place in places for prompt in _open(tx, place) if _ends(prompt) > now]
    mine = [prompt for prompt in found if audiences.includes(tx, prompt, person_id)]
    return sorted(mine, key=lambda prompt: (_ends(prompt), prompt.id))


_PROMPT = Prompt.__table__
_OPEN = Prepared(
    select(_PROMPT)
    .where(_PROMPT.c.committee_id == bindparam("of"), _PROMPT.c.kind == "questions")
    .where(_PROMPT.c.state == "open", _PROMPT.c.deadline_at.is_not(None))
)


def _open(tx: Tx, committee_id: int | None) -> Sequence[Prompt]:
    """The questions of a committee that are open, or whose deadline has just passed."""
    return memo.once(tx, "prompt", ("open", committee_id), lambda: every(tx, Prompt, _OPEN, {"of": committee_id}))


def _ends(prompt: Prompt) -> datetime:
    assert prompt.deadline_at is not None
    return prompt.deadline_at


def open_for(tx: Tx, person_id: int, now: datetime) -> Sequence[Prompt]:
    """The questions a person was asked and has neither answered nor declined."""
    return [prompt for prompt in _running(tx, person_id, now) if of(tx, prompt.id, person_id) is None]


def editable(tx: Tx, person_id: int, now: datetime) -> Sequence[Prompt]:
    """The questions whose answers a person has sent and can still change."""
    mine = [(prompt, of(tx, prompt.id, person_id)) for prompt in _running(tx, person_id, now)]
    return [prompt for prompt, given in mine if given is not None and given.state == "sent"]


def unanswered(tx: Tx, prompt: Prompt) -> Sequence[Person]:
    """Those who were asked and have neither answered nor said no."""
    done = frozenset(tx.execute(select(AnswerRow.person_id).where(AnswerRow.prompt_id == prompt.id)).scalars())
    return [one for one in audiences.recipients(tx, prompt) if one.id not in done]


def counts(tx: Tx, prompt_id: int) -> Mapping[str, int]:
    """How many have sent, declined or been late."""
    statement = select(AnswerRow.state, func.count()).where(AnswerRow.prompt_id == prompt_id)
    return {row[0]: row[1] for row in tx.execute(statement.group_by(AnswerRow.state))}


def csv_rows(tx: Tx, prompt_id: int) -> Sequence[Given]:
    """All answers the facilitator may read, with names unless nobody may see them; those passed on late are marked."""
    statement = (
        select(PersonRow.name, AnswerRow.__table__.c["values"].label("given"), AnswerRow.state, AnswerRow.sent_at)
        .join(PersonRow, PersonRow.id == AnswerRow.person_id)
        .where(AnswerRow.prompt_id == prompt_id, AnswerRow.state.in_(("sent", "handed_over")))
        .order_by(AnswerRow.sent_at, AnswerRow.person_id)
    )
    if seen_by(tx, prompt_id) == UNNAMED:
        return unnamed([(row.given, row.state == "handed_over") for row in tx.execute(statement)])
    return [Given(row.name, row.given, row.sent_at, row.state == "handed_over") for row in tx.execute(statement)]


def unnamed(rows: Sequence[tuple[Mapping[str, Value], bool]]) -> Sequence[Given]:
    """Answers without names and times, in no order."""
    return [Given("", values, None, late) for values, late in unordered(rows)]


def compared(tx: Tx, prompt: Prompt) -> tuple[Pair, ...]:
    """The questions that were asked before, too; none where these are not asked a second time."""
    if prompt.before_id is None:
        return ()
    return pairs(questions(tx, prompt.before_id), questions(tx, prompt.id))


def both(tx: Tx, prompt: Prompt) -> Sequence[tuple[Mapping[str, Value], Mapping[str, Value]]]:
    """What those who answered in time both times said before and now; without names, and in no telling order."""
    first, second = AnswerRow.__table__.alias("first"), AnswerRow.__table__.alias("second")
    statement = (
        select(first.c["values"].label("before"), second.c["values"].label("now"))
        .join(second, second.c.person_id == first.c.person_id)
        .where(first.c.prompt_id == prompt.before_id, second.c.prompt_id == prompt.id)
        .where(first.c.state == "sent", second.c.state == "sent")
    )
    return [(row.before, row.now) for row in tx.execute(statement)]


def too_few(tx: Tx, prompt: Prompt) -> bool:
    """Whether answers without names are so few that one could guess who wrote what; then nobody is shown any."""
    return prompt.seen_by == UNNAMED and len(in_time(tx, prompt.id)) < FEWEST


def in_time(tx: Tx, prompt_id: int) -> Sequence[Given]:
    """The answers that came before the deadline: what the summary is made of."""
    return [one for one in csv_rows(tx, prompt_id) if not one.late]


def settle(tx: Tx, prompt_id: int) -> None:
    """At the deadline: changes begun and not sent are given up, and what was sent before stands."""
    sent = select(AnswerRow.person_id).where(AnswerRow.prompt_id == prompt_id, AnswerRow.state == "sent")
    tx.execute(
        delete(Conversation).where(
            Conversation.form == FORM, Conversation.subject == prompt_id, Conversation.person_id.in_(sent)
        )
    )
