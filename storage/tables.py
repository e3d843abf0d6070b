"""Every table, each with how long its rows are kept; private to storage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import configure_mappers
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@lru_cache(maxsize=64)
def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on both databases."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite straight to its text, in the form that the library's own type reads: each event has several."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


BIG = BigInteger().with_variant(Integer, "sqlite")
DATA = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def identity() -> Any:
    """A row's number. AUTOINCREMENT, or a deleted highest number would come again and an old button hit a new row."""
    return Field(default=None, sa_column=Column(BIG, primary_key=True, autoincrement=True))


def ref(target: str, *, null: bool = False, key: bool = False, index: bool = False) -> Any:
    """A reference to another table's row."""
    column = Column(BIG, ForeignKey(f"{target}.id"), nullable=null, primary_key=key, index=index, autoincrement=False)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def moment(*, null: bool = False, index: bool = False) -> Any:
    """A column for a moment."""
    column = Column(Moment, nullable=null, index=index)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def data(*, null: bool = False) -> Any:
    """A column for plain JSON data."""
    column = Column(DATA, nullable=null)
    return Field(default=None, sa_column=column) if null else Field(sa_column=column)


def sealed(*, null: bool = True) -> Any:
    """A column for encrypted bytes."""
    return Field(default=None, sa_column=Column(LargeBinary, nullable=null))


def keep(*args: Any, retention: str) -> tuple[Any, ...]:
    """Constraints of a table, with the rule that ends its rows (`bot/domain` knows the days by this name)."""
    return (*args, {"info": {"retention": retention}, "sqlite_autoincrement": True})


def keep_plain(*args: Any, retention: str, **options: Any) -> tuple[Any, ...]:
    """As `keep`, for a table whose key is not a running number."""
    return (*args, {"info": {"retention": retention}, **options})


class Committee(SQLModel, table=True):
    """A task committee; its facts stand in its newest mandate."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    key: str = Field(unique=True, max_length=60)
    created_at: datetime = moment()


class MandateVersion(SQLModel, table=True):
    """A version of a mandate as loaded; `loaded_on` resolves the file's relative dates."""

    __tablename__ = "mandate"
    __table_args__ = keep(UniqueConstraint("committee_id", "version"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    version: int
    source: str
    loaded_on: date = Field(sa_column=Column(Date, nullable=False))
    approved_on: date = Field(sa_column=Column(Date, nullable=False))
    approved_by: str
    loaded_at: datetime = moment()


class Switch(SQLModel, table=True):
    """An effect of the legal form that the owner has changed, with the reason."""

    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    name: str = Field(primary_key=True, max_length=60)
    value: bool
    reason: str
    changed_by: int = ref("person")
    changed_at: datetime = moment()


class PersonRow(SQLModel, table=True):
    """Somebody who writes to us; `committee_id` is the committee last talked about."""

    __tablename__ = "person"
    __table_args__ = keep(retention="person")
    id: int = identity()
    name: str = Field(default="", max_length=80)
    locale: str | None = Field(default=None, max_length=8)
    zone: str | None = Field(default=None, max_length=40)
    state: str = Field(default="active", max_length=12)
    paused_until: datetime | None = moment(null=True)
    committee_id: int | None = ref("committee", null=True)
    created_at: datetime = moment()


class AddressRow(SQLModel, table=True):
    """Where a person is reached. For e-mail `chat` is a keyed hash and `sealed` the address itself, encrypted."""

    __tablename__ = "address"
    __table_args__ = keep(UniqueConstraint("account", "chat"), retention="person")
    id: int = identity()
    account: str = Field(max_length=60)
    chat: str = Field(max_length=120)
    person_id: int = ref("person", index=True)
    state: str = Field(default="active", max_length=12)
    sealed: bytes | None = sealed()
    used_at: datetime = moment()


class RoleRow(SQLModel, table=True):
    """A role in a committee; the owner's has none."""

    __tablename__ = "role"
    __table_args__ = keep(
        UniqueConstraint("person_id", "committee_id", "role"),
        Index("ix_role_committee", "committee_id", "person_id"),
        retention="person",
    )
    id: int = identity()
    person_id: int = ref("person")
    committee_id: int | None = ref("committee", null=True)
    role: str = Field(max_length=16)
    seat: str | None = Field(default=None, max_length=8)
    since: datetime = moment()


class ToldRow(SQLModel, table=True):
    """Which version of the information text a person was told."""

    __tablename__ = "told"
    __table_args__ = keep(retention="person")
    id: int = identity()
    person_id: int = ref("person", index=True)
    committee_id: int = ref("committee")
    version: int
    at: datetime = moment()


class ConsentRow(SQLModel, table=True):
    """A consent given or refused, for one purpose."""

    __tablename__ = "consent"
    __table_args__ = keep(retention="person")
    id: int = identity()
    person_id: int = ref("person", index=True)
    committee_id: int = ref("committee")
    purpose: str = Field(max_length=40)
    version: int
    given: bool
    at: datetime = moment()


class Forgotten(SQLModel, table=True):
    """People erased; applied again after a backup is restored."""

    __table_args__ = keep_plain(retention="audit")
    person_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    at: datetime = moment()


class Application(SQLModel, table=True):
    """A sign-up: `special` holds declared special-category lines, encrypted.

    `door` is seat, ad_hoc, follow, politics (a politician's own), named (by a body) or invited (never applied).
    `call` is the number of the call it answers last, 0 being the mandate's own. `entered_by` took it down on
    somebody's behalf, `entered_how` from paper or phone.
    """

    __table_args__ = keep(UniqueConstraint("person_id", "committee_id"), retention="application")
    id: int = identity()
    person_id: int = ref("person")
    committee_id: int = ref("committee", index=True)
    call: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    door: str = Field(max_length=8)
    state: str = Field(default="sent", max_length=16)
    answers: dict[str, Any] = data()
    special: bytes | None = sealed()
    mandate_version: int
    guardian: str | None = Field(default=None, max_length=12)
    guardian_id: int | None = ref("person", null=True)
    source_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_by: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    entered_how: str | None = Field(default=None, max_length=8)
    sent_at: datetime = moment()
    updated_at: datetime = moment()


class Call(SQLModel, table=True):
    """A further call of a committee, for seats that are missing or fell empty; its number counts from 1.

    `profiles` are the lines that are called; none means all of them.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    number: int
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    answered_at: datetime = moment()
    profiles: list[str] = data()
    reason: str
    opened_by: int = ref("person")
    opened_at: datetime = moment()


class Source(SQLModel, table=True):
    """Where people heard of a call: a poster, a school, a newspaper. Its code stands in the link of that poster."""

    __table_args__ = keep(UniqueConstraint("code"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    code: str = Field(max_length=8)
    label: str = Field(max_length=80)
    created_by: int = ref("person")
    created_at: datetime = moment()


class Arrival(SQLModel, table=True):
    """Somebody who began to sign up came by a source."""

    __table_args__ = keep_plain(retention="arrival")
    person_id: int = ref("person", key=True)
    committee_id: int = ref("committee", key=True)
    source_id: int = ref("source", index=True)
    at: datetime = moment()


class Nomination(SQLModel, table=True):
    """A body names a person for a line that it fills. `state`: asked, confirmed, declined, withdrawn."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    seat: str = Field(max_length=8)
    body: str = Field(max_length=200)
    person_id: int = ref("person")
    application_id: int | None = ref("application", null=True)
    state: str = Field(default="asked", max_length=12)
    nominated_by: int = ref("person")
    asked_at: datetime = moment()
    answered_at: datetime | None = moment(null=True)


class Rating(SQLModel, table=True):
    """How well a person fits a line, 0 to 3, in the eyes of one rater; a new rating is a new row, the newest counts."""

    __table_args__ = keep(Index("ix_rating_application", "application_id", "line"), retention="application")
    id: int = identity()
    application_id: int = ref("application")
    line: str = Field(max_length=8)
    rater_id: int = ref("person")
    value: int
    note: str = ""
    at: datetime = moment()


class Trial(SQLModel, table=True):
    """A selection tried out, which binds nobody. `changed` is what is new since the trial before.

    `state`: waiting, computing (by `owner` until `until`), done, failed.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    call: int
    state: str = Field(default="waiting", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    until: datetime | None = moment(null=True)
    changed: list[dict[str, Any]] = data()
    result: dict[str, Any] | None = data(null=True)
    started_by: int = ref("person")
    started_at: datetime = moment()


class Draw(SQLModel, table=True):
    """A lottery over panels, numbered within its call; nothing of it changes once it is announced.

    `state`: frozen, computing, ready, announced, typed (a seed waits to be confirmed), drawn, void. `facts` are what
    the panels file says of itself, `file` is that file and `hash` its SHA-256. Each step has its person and moment.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "call", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    call: int
    number: int
    state: str = Field(default="frozen", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    until: datetime | None = moment(null=True)
    facts: dict[str, Any] = data()
    file: bytes | None = sealed()
    hash: str | None = Field(default=None, max_length=64)
    seed_rule: str = Field(default="", max_length=20)
    seed_source: str = Field(default="", max_length=200)
    seed_at: datetime | None = moment(null=True)
    seed: str | None = Field(default=None, max_length=200)
    result: dict[str, Any] | None = data(null=True)
    frozen_by: int = ref("person")
    frozen_at: datetime = moment()
    announced_by: int | None = ref("person", null=True)
    announced_at: datetime | None = moment(null=True)
    typed_by: int | None = ref("person", null=True)
    typed_at: datetime | None = moment(null=True)
    drawn_by: int | None = ref("person", null=True)
    drawn_at: datetime | None = moment(null=True)
    void_asked_by: int | None = ref("person", null=True)
    void_by: int | None = ref("person", null=True)
    void_at: datetime | None = moment(null=True)
    void_reason: str = ""


class Entrant(SQLModel, table=True):
    """An applicant in a draw. Erasing the person empties all but the pseudonym, which then says nothing."""

    __table_args__ = keep_plain(retention="record")
    draw_id: int = ref("draw", key=True)
    pseudonym: str = Field(primary_key=True, max_length=8)
    application_id: int | None = ref("application", null=True, index=True)
    record: bytes | None = sealed()  # with the lines declared, of which some say something sensitive


class Reserve(SQLModel, table=True):
    """Who comes next for a seat of a panel, in lottery order. `state`: waiting, asked, seated, out."""

    __table_args__ = keep_plain(retention="reserve")
    draw_id: int = ref("draw", key=True)
    seat: str = Field(primary_key=True, max_length=12)
    application_id: int = ref("application", key=True)
    place: int
    state: str = Field(default="waiting", max_length=12)


class Appointment(SQLModel, table=True):
    """What was decided about an application, by whom and why, when it is told, and what the person answered.

    `drawn_in` is the draw it follows from, `replaces` the appointment whose seat it takes over. `reply`: accepted,
    declined, expired; until `reply_by`.
    """

    __table_args__ = keep(UniqueConstraint("application_id"), retention="record")
    id: int = identity()
    application_id: int = ref("application")
    committee_id: int = ref("committee", index=True)
    person_id: int = ref("person")
    seat: str | None = Field(default=None, max_length=8)
    outcome: str = Field(max_length=16)
    reason: str
    decided_by: int = ref("person")
    decided_at: datetime = moment()
    announced_at: datetime | None = moment(null=True)
    drawn_in: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    replaces: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    reply: str | None = Field(default=None, max_length=12)
    reply_by: datetime | None = moment(null=True)
    replied_at: datetime | None = moment(null=True)


class Meeting(SQLModel, table=True):
    """A meeting; `place` and `agenda` are the facilitator's words by language.

    `state`: draft, announced, cancelled, or dropped before anybody knew of it. It takes `length` minutes; `link` is
    where one joins from afar; `sequence` rises with each change, for calendars.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    starts_at: datetime = moment()
    length: int = Field(default=120, sa_column=Column(Integer, nullable=False, server_default="120"))
    place: dict[str, str] = data()
    link: str | None = Field(default=None, max_length=500)
    agenda: dict[str, str] = data()
    state: str = Field(default="draft", max_length=12)
    sequence: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    created_by: int = ref("person")
    created_at: datetime = moment()


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
    # How far the grouping of the answers is: "", waiting, ready, shared.
    piling: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    due_at: datetime | None = moment(null=True)
    deadline_at: datetime | None = moment(null=True)
    sent_at: datetime | None = moment(null=True)
    cursor: int = Field(default=0, sa_column=Column(BIG, nullable=False, server_default="0"))
    created_by: int = ref("person")
    created_at: datetime = moment()


class Attendance(SQLModel, table=True):
    """What somebody said about a meeting (`reply`: yes, no, late), and whether they were `there`, once it is ticked."""

    __table_args__ = keep_plain(retention="attendance")
    meeting_id: int = ref("meeting", key=True)
    person_id: int = ref("person", key=True)
    reply: str | None = Field(default=None, max_length=8)
    there: bool | None = None


class Minutes(SQLModel, table=True):
    """The minutes of a meeting by language, in short and in full; `questions` go to those who were not there.

    `state`: draft, published. Nobody is asked whether they have read them.
    """

    __table_args__ = keep_plain(retention="record")
    meeting_id: int = ref("meeting", key=True)
    essence: dict[str, str] = data()
    text: dict[str, str] = data()
    questions: dict[str, list[str]] | None = data(null=True)
    state: str = Field(default="draft", max_length=12)
    written_by: int = ref("person")
    published_at: datetime | None = moment(null=True)


class Afterwards(SQLModel, table=True):
    """What somebody who missed a meeting answered afterwards: it belongs to that meeting's record, and is marked."""

    __table_args__ = keep_plain(retention="answer")
    meeting_id: int = ref("meeting", key=True)
    person_id: int = ref("person", key=True)
    values: dict[str, Any] = data()
    sent_at: datetime = moment()


class DatePoll(SQLModel, table=True):
    """Members are asked which of a few `moments` fit, each in UTC. `state`: draft, open, chosen, cancelled."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    moments: list[str] = data()
    state: str = Field(default="draft", max_length=12)
    created_by: int = ref("person")
    created_at: datetime = moment()


class DateTick(SQLModel, table=True):
    """The moments that fit somebody, as bits, the first moment being the lowest."""

    __table_args__ = keep_plain(retention="attendance")
    poll_id: int = ref("datepoll", key=True)
    person_id: int = ref("person", key=True)
    ticked: int = Field(sa_column=Column(BIG, nullable=False))


class Feed(SQLModel, table=True):
    """The secret address of a person's calendar: only its hash is stored, so it is shown once and never again."""

    __table_args__ = keep_plain(UniqueConstraint("hash"), retention="person")
    person_id: int = ref("person", key=True)
    hash: str = Field(max_length=64)
    created_at: datetime = moment()


class SeasonItem(SQLModel, table=True):
    """One thing the season's calendar proposes for a moment. `state`: proposed, approved, done, dropped.

    An item hangs on a meeting and moves with it. `prompt_id` is the draft that approving made.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    meeting_id: int | None = ref("meeting", null=True, index=True)
    kind: str = Field(max_length=12)
    due_at: datetime = moment()
    state: str = Field(default="proposed", max_length=12)
    prompt_id: int | None = ref("prompt", null=True)


class Survey(SQLModel, table=True):
    """Five questions about what a committee gives, at the first meeting and at the last. `round`: first, last.

    `tally` counts how many agree with each statement: what one person ticked stands nowhere together.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "round"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    round: str = Field(max_length=8)
    tally: list[int] = data()


class SurveyTaken(SQLModel, table=True):
    """Who has answered a survey, without a time: only so that nobody answers twice."""

    __table_args__ = keep_plain(retention="attendance", sqlite_with_rowid=False)
    survey_id: int = ref("survey", key=True)
    person_id: int = ref("person", key=True)


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

    `place` is the answer's number within the question: it stays, wherever the answer is moved.
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


class Idea(SQLModel, table=True):
    """An idea in its author's words. `state`: offered, shortlisted, withdrawn."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    person_id: int = ref("person")
    text: str
    state: str = Field(default="offered", max_length=12)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Second(SQLModel, table=True):
    """A person supports an idea."""

    __table_args__ = keep_plain(retention="idea")
    idea_id: int = ref("idea", key=True)
    person_id: int = ref("person", key=True)


class Ballot(SQLModel, table=True):
    """A prioritisation. `options` are [{idea, text}], frozen at opening; `tally` is there only once counted.

    `sealed_by` says who keeps the private key: service (in the key folder) or chair (as a closing code).
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    meeting_id: int | None = ref("meeting", null=True)
    title: dict[str, str] = data()
    method: str = Field(default="approval", max_length=16)
    state: str = Field(default="draft", max_length=12)
    options: list[dict[str, Any]] = data()
    sealed_by: str = Field(default="service", max_length=8)
    papers_shown: bool = False
    public_key: bytes | None = sealed()
    opens_at: datetime = moment()
    closes_at: datetime = moment()
    entitled: int = 0
    tally: dict[str, Any] | None = data(null=True)
    chart: str | None = Field(default=None, max_length=64)
    created_by: int = ref("person")
    created_at: datetime = moment()


class Voter(SQLModel, table=True):
    """One row per entitled person from the opening; `box` is the sealed vote. No time, language or platform.

    `entered_by` is whoever entered a vote given on paper or by phone, until the person votes with the own hand.
    """

    __table_args__ = keep_plain(retention="roll")
    ballot_id: int = ref("ballot", key=True)
    person_id: int = ref("person", key=True)
    box: bytes | None = sealed()
    entered_by: int | None = ref("person", null=True)


class Paper(SQLModel, table=True):
    """A counted vote that belongs to nobody; its key is random, and SQLite keeps no order of its own."""

    __table_args__ = keep_plain(retention="record", sqlite_with_rowid=False)
    id: bytes = Field(sa_column=Column(LargeBinary(16), primary_key=True))
    ballot_id: int = ref("ballot", index=True)
    choice: int = Field(sa_column=Column(BIG, nullable=False))


class Recommendation(SQLModel, table=True):
    """A text for the council. `actions` are what follows from it; `revision` rises with each change of its words.

    `state`: draft, agreed (the committee stands behind this revision, as `agreed_by` said), delivered.
    """

    __table_args__ = keep(UniqueConstraint("committee_id", "number"), retention="record")
    id: int = identity()
    committee_id: int = ref("committee")
    number: int
    title: dict[str, str] = data()
    text: dict[str, str] = data()
    actions: list[dict[str, Any]] = data()
    state: str = Field(default="draft", max_length=12)
    revision: int = 1
    created_by: int = ref("person")
    created_at: datetime = moment()
    agreed_by: int | None = ref("person", null=True)
    agreed_at: datetime | None = moment(null=True)


class RecommendationSource(SQLModel, table=True):
    """What fed a recommendation. `kind`: idea, prompt (the answers to it), meeting."""

    __tablename__ = "recommendation_source"
    __table_args__ = keep_plain(retention="record")
    recommendation_id: int = ref("recommendation", key=True)
    kind: str = Field(primary_key=True, max_length=8)
    source_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))


class Attempt(SQLModel, table=True):
    """An idea that was tried: what, by whom, when, and what was learnt."""

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    idea_id: int | None = ref("idea", null=True)
    what: dict[str, str] = data()
    who: str = Field(max_length=120)
    tried_on: date = Field(sa_column=Column(Date, nullable=False))
    learnt: dict[str, str] = data()
    created_by: int = ref("person")
    created_at: datetime = moment()


class Result(SQLModel, table=True):
    """What a committee hands over as a whole: the case in short, when it was delivered, and when made public.

    While the council's answers are being told, `telling_at` says since when and `cursor` who was told last.
    """

    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    summary: dict[str, str] = data()
    delivered_by: int | None = ref("person", null=True)
    delivered_at: datetime | None = moment(null=True)
    released_by: int | None = ref("person", null=True)
    released_at: datetime | None = moment(null=True)
    telling_at: datetime | None = moment(null=True)
    cursor: int = Field(default=0, sa_column=Column(BIG, nullable=False, server_default="0"))


class CouncilAnswer(SQLModel, table=True):
    """What the council answers to a recommendation; a correction is a new row, and the newest told one holds.

    `outcome`: adopted, changed, rejected, undealt (not treated). It is a draft until `told_at`.
    """

    __tablename__ = "council_answer"
    __table_args__ = keep(retention="record")
    id: int = identity()
    recommendation_id: int = ref("recommendation", index=True)
    outcome: str = Field(max_length=8)
    reason: dict[str, str] = data()
    decided_on: date = Field(sa_column=Column(Date, nullable=False))
    entered_by: int = ref("person")
    entered_at: datetime = moment()
    told_by: int | None = ref("person", null=True)
    told_at: datetime | None = moment(null=True)


class Inquiry(SQLModel, table=True):
    """A politician asks the committee and those who follow along before its item is treated.

    `prompts` are the drafts of it that the facilitator sends. `told_at` is when the politician got the answers.
    """

    __table_args__ = keep(retention="record")
    id: int = identity()
    committee_id: int = ref("committee", index=True)
    asked_by: int = ref("person")
    treated_on: date = Field(sa_column=Column(Date, nullable=False))
    prompts: list[int] = data()
    asked_at: datetime = moment()
    told_at: datetime | None = moment(null=True)


class LedgerEntry(SQLModel, table=True):
    """What the owner knows of standing committees' time, before and after; the newest of a municipality counts."""

    __tablename__ = "ledger_entry"
    __table_args__ = keep(retention="record")
    id: int = identity()
    municipality: str = Field(max_length=60, index=True)
    figures: dict[str, str] = data()
    entered_by: int = ref("person")
    entered_at: datetime = moment()


class HoursCorrection(SQLModel, table=True):
    """Hours of a task committee by group, where somebody knows better than the estimate."""

    __tablename__ = "hours_correction"
    __table_args__ = keep_plain(retention="record")
    committee_id: int = ref("committee", key=True)
    hours: dict[str, str] = data()
    corrected_by: int = ref("person")
    corrected_at: datetime = moment()


class Conversation(SQLModel, table=True):
    """A form being filled: only the answers. `shown` is the outbox row with the question last asked."""

    __table_args__ = keep_plain(
        Index(
            "ix_conversation_open", "person_id", unique=True, sqlite_where=text("open"), postgresql_where=text("open")
        ),
        retention="conversation",
    )
    person_id: int = ref("person", key=True)
    form: str = Field(primary_key=True, max_length=8)
    subject: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    committee_id: int | None = ref("committee", null=True)
    answers: dict[str, Any] = data()
    open: bool = True
    shown: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    updated_at: datetime = moment()


class EventRow(SQLModel, table=True):
    """An event we have handled: its id and the day, nothing of what it said."""

    __tablename__ = "event"
    __table_args__ = keep_plain(retention="event", sqlite_with_rowid=False)
    account: str = Field(primary_key=True, max_length=60)
    id: str = Field(primary_key=True, max_length=160)
    day: date = Field(sa_column=Column(Date, nullable=False, index=True))


class Parked(SQLModel, table=True):
    """An event whose handler failed: route and error class, the payload encrypted; never of a secret route."""

    __table_args__ = keep(retention="parked")
    id: int = identity()
    account: str = Field(max_length=60)
    event_id: str = Field(max_length=160)
    route: str = Field(max_length=40)
    error: str = Field(max_length=80)
    payload: bytes | None = sealed()
    at: datetime = moment()


class Body(SQLModel, table=True):
    """A message shared by all recipients of one prompt in one language and zone."""

    __table_args__ = keep(UniqueConstraint("key"), retention="message")
    id: int = identity()
    key: str = Field(max_length=80)
    content: dict[str, Any] = data()


class Outbox(SQLModel, table=True):
    """A message on its way. `lane`: 0 replies, 1 deadlines, 2 bulk; 10 more while it is held until `due_at`.

    `target`: the row to edit or delete, or the message in which this one went along.
    """

    __table_args__ = keep(
        UniqueConstraint("dedupe"),
        Index(
            "ix_outbox_ready",
            "account",
            "lane",
            "id",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index(
            "ix_outbox_held",
            "account",
            "state",
            "chat",
            sqlite_where=text("state IN ('leased','sending','uncertain')"),
            postgresql_where=text("state IN ('leased','sending','uncertain')"),
        ),
        Index(
            "ix_outbox_target",
            "target",
            sqlite_where=text("target IS NOT NULL"),
            postgresql_where=text("target IS NOT NULL"),
        ),
        Index(
            "ix_outbox_unasked",
            "person_id",
            sqlite_where=text("kind IN ('prompt','reminder')"),
            postgresql_where=text("kind IN ('prompt','reminder')"),
        ),
        Index(
            "ix_outbox_hours",
            "due_at",
            sqlite_where=text("state = 'ready' AND lane >= 10"),
            postgresql_where=text("state = 'ready' AND lane >= 10"),
        ),
        Index("ix_outbox_person", "person_id", "account", "id"),
        Index("ix_outbox_about", "about", "about_id"),
        CheckConstraint(
            "state IN ('ready','leased','sending','sent','failed','unreachable','cancelled','expired','uncertain')",
            name="state",
        ),
        retention="message",
    )
    id: int = identity()
    account: str = Field(max_length=60)
    chat: str = Field(max_length=120)
    person_id: int = ref("person")
    committee_id: int | None = ref("committee", null=True)
    about: str | None = Field(default=None, max_length=12)
    about_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    kind: str = Field(default="reply", max_length=12)
    lane: int = 0
    op: str = Field(default="send", max_length=8)
    target: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    content: dict[str, Any] | None = data(null=True)
    body_id: int | None = ref("body", null=True)
    dedupe: str | None = Field(default=None, max_length=120)
    state: str = Field(default="ready", max_length=12)
    owner: str | None = Field(default=None, max_length=40)
    epoch: int = 0
    attempts: int = 0
    platform_id: str | None = Field(default=None, max_length=120)
    created_at: datetime = moment()
    due_at: datetime | None = moment(null=True)
    expires_at: datetime | None = moment(null=True)
    sent_at: datetime | None = moment(null=True)


class Blob(SQLModel, table=True):
    """The bytes of a picture or file."""

    __table_args__ = keep_plain(retention="blob")
    sha256: str = Field(primary_key=True, max_length=64)
    mime: str = Field(max_length=60)
    content: bytes = sealed(null=False)
    expires_at: datetime = moment()


class Lease(SQLModel, table=True):
    """Which process sends for an account; the epoch fences off a former owner."""

    __table_args__ = keep_plain(retention="live")
    account: str = Field(primary_key=True, max_length=60)
    owner: str = Field(max_length=40)
    epoch: int
    until: datetime = moment()


class Schedule(SQLModel, table=True):
    """Something due at a moment: what kind, about which row. A row is one occurrence and fires once."""

    __table_args__ = keep(
        UniqueConstraint("kind", "subject", "due_at"),
        Index(
            "ix_schedule_due",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        retention="schedule",
    )
    id: int = identity()
    kind: str = Field(max_length=20)
    subject: int = Field(sa_column=Column(BIG, nullable=False))
    committee_id: int | None = ref("committee", null=True)
    due_at: datetime = moment()
    useful_until: datetime | None = moment(null=True)
    state: str = Field(default="waiting", max_length=12)
    fired_at: datetime | None = moment(null=True)


class Login(SQLModel, table=True):
    """A sign-in link: only its hash. `reusable` exists for the demo on loopback alone."""

    __table_args__ = keep_plain(retention="login")
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int = ref("person")
    path: str = Field(default="/", max_length=200)
    code: str | None = Field(default=None, max_length=64)
    tries: int = 0
    staff: bool = False
    reusable: bool = False
    expires_at: datetime = moment()
    used_at: datetime | None = moment(null=True)


class Session(SQLModel, table=True):
    """A browser: only the hash of its id. `chat` is its address on the web platform."""

    __table_args__ = keep_plain(retention="session")
    hash: str = Field(primary_key=True, max_length=64)
    person_id: int | None = ref("person", null=True, index=True)
    chat: str = Field(max_length=120)
    csrf: str = Field(max_length=64)
    locale: str | None = Field(default=None, max_length=8)
    staff: bool = False
    created_at: datetime = moment()
    signed_in_at: datetime | None = moment(null=True)
    expires_at: datetime = moment()


class LinkCode(SQLModel, table=True):
    """A code that joins two platforms of one person: a keyed hash, and who wants to join once it was typed."""

    __tablename__ = "link_code"
    __table_args__ = keep_plain(retention="login")
    person_id: int = ref("person", key=True)
    hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = moment()
    claimant: int | None = ref("address", null=True)
    previous: int | None = ref("person", null=True)
    joined_at: datetime | None = moment(null=True)


class WrongCode(SQLModel, table=True):
    """A wrong try at a code, counted by address for an hour."""

    __tablename__ = "wrong_code"
    __table_args__ = keep(retention="login")
    id: int = identity()
    address_id: int = ref("address", index=True)
    at: datetime = moment()


class Audit(SQLModel, table=True):
    """Who did what to which object, by number. `reason` may be a decider's own words; nobody else's are here."""

    __table_args__ = keep(retention="audit")
    id: int = identity()
    at: datetime = moment()
    person_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    committee_id: int | None = ref("committee", null=True)
    action: str = Field(max_length=40)
    object: str = Field(max_length=80)
    reason: str = ""


class Mark(SQLModel, table=True):
    """A fact about this database: whether it is a demo, when it was last cleaned."""

    __table_args__ = keep_plain(retention="live")
    key: str = Field(primary_key=True, max_length=40)
    value: str = Field(sa_column=Column(String, nullable=False))


# Rows are turned into values without the models' constructors, which would have done this at their first call.
configure_mappers()
