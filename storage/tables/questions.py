"""What is sent and asked between the meetings, the answers, and how they are grouped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.tables.columns import BIG, data, identity, keep, keep_plain, moment, ref


class Prompt(SQLModel, table=True):
    """What a facilitator sends: a `prompt`, or `questions` with a deadline. `cursor` is the last person reached."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    meeting_id: int | None = ref("meeting", null=True)
    kind: str = Field(max_length=12)
    state: str = Field(default="draft", max_length=12)
    text: dict[str, str] = data()
    audience: str = Field(default="members", max_length=12)
    # What an audience is about: a line, a group, or another set of questions.
    audience_of: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    seen_by: str = Field(default="named", max_length=12, sa_column_kwargs={"server_default": "named"})
    stand_in: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    background: dict[str, str] | None = data(null=True)
    before_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    # Who asks this by name through the facilitator, and is not asked it.
    asked_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    # How far the grouping of the answers is: "", waiting, ready, shared.
    piling: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    due_at: datetime | None = moment(null=True)
    deadline_at: datetime | None = moment(null=True)
    sent_at: datetime | None = moment(null=True)
    cursor: int = Field(default=0, sa_column=Column(BIG, nullable=False, server_default="0"))
    created_by: int = ref("person")
    created_at: datetime = moment()


class QuestionRow(SQLModel, table=True):
    """A question of a prompt: its kind, text by language, and the settings of that kind."""

    __tablename__ = "question"
    __table_args__ = keep(UniqueConstraint("prompt_id", "position"), retention="record")
    id: int = identity()
    prompt_id: int = ref("prompt")
    position: int
    kind: str = Field(max_length=12)
    text: dict[str, str] = data()
    settings: dict[str, Any] = data()


class AnswerRow(SQLModel, table=True):
    """One person's answers to a prompt. `state`: sent, late (kept as a draft), handed_over, declined.

    `entered_by` took them down on the person's behalf, `entered_how` from paper or phone.
    """

    __tablename__ = "answer"
    __table_args__ = keep_plain(retention="answer")
    prompt_id: int = ref("prompt", key=True)
    person_id: int = ref("person", key=True)
    values: dict[str, Any] = data()
    state: str = Field(default="sent", max_length=12)
    entered_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_how: str | None = Field(default=None, max_length=8)
    sent_at: datetime = moment()


class Recording(SQLModel, table=True):
    """An answer as it was spoken. `state`: waiting (its platform still has it), kept, lost (it could not be fetched).

    `reference` names it there until it is fetched. `written_at` is when its words were written down: from then on
    these are the answer.
    """

    __table_args__ = keep(Index("ix_recording_prompt", "prompt_id", "question"), retention="recording")
    id: int = identity()
    committee_id: int = ref("committee")
    prompt_id: int = ref("prompt")
    question: int
    person_id: int = ref("person", index=True)
    state: str = Field(max_length=12)
    account: str = Field(max_length=80)
    reference: str = Field(default="", max_length=400)
    seconds: int
    kind: str = Field(default="", max_length=20)
    size: int = 0
    tries: int = 0
    due_at: datetime | None = moment(null=True)
    sent_at: datetime = moment()
    written_at: datetime | None = moment(null=True)


class Sound(SQLModel, table=True):
    """The bytes of a recording, apart from what is said about it."""

    __table_args__ = keep_plain(retention="recording")
    recording_id: int = ref("recording", key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class WorkingGroup(SQLModel, table=True):
    """Some people of a committee who work on one thing."""

    __tablename__ = "working_group"
    __table_args__ = keep(UniqueConstraint("committee_id", "name"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    name: str = Field(max_length=60)
    created_by: int = ref("person")
    created_at: datetime = moment()


class GroupMember(SQLModel, table=True):
    """Somebody in a working group."""

    __tablename__ = "group_member"
    __table_args__ = keep_plain(retention="person")
    group_id: int = ref("working_group", key=True)
    person_id: int = ref("person", key=True)
    since: datetime = moment()


class Pile(SQLModel, table=True):
    """Answers to one question in one's own words that belong together. `place` is the order; a name comes later."""

    __table_args__ = keep(Index("ix_pile_prompt", "prompt_id", "question"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    prompt_id: int = ref("prompt")
    question: int
    place: int
    name: str = Field(default="", max_length=120)


class PiledAnswer(SQLModel, table=True):
    """Where one person's answer to one question belongs, and what that person says it was meant to be.

    `place` is the answer's number within the question: it stays, wherever the answer is moved. `corrected_by` took the
    correction down on the person's behalf, `corrected_how` from paper or phone.
    """

    __tablename__ = "piled_answer"
    __table_args__ = keep_plain(Index("ix_piled_answer_pile", "pile_id"), retention="answer")
    prompt_id: int = ref("prompt", key=True)
    question: int = Field(primary_key=True)
    person_id: int = ref("person", key=True)
    pile_id: int = ref("pile")
    place: int
    correction: str = ""
    corrected_at: datetime | None = moment(null=True)
    corrected_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    corrected_how: str | None = Field(default=None, max_length=8)


class AskBack(SQLModel, table=True):
    """A member's question to the others, through the facilitator. `state`: waiting, drafted, sent, declined."""

    __tablename__ = "ask_back"
    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    person_id: int = ref("person")
    text: str
    named: bool
    state: str = Field(default="waiting", max_length=12)
    reason: str = ""
    prompt_id: int | None = ref("prompt", null=True)
    asked_at: datetime = moment()
    settled_at: datetime | None = moment(null=True)
