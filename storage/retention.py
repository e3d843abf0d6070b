"""The nightly end of what has been kept long enough, by the rules of `bot/domain/retention`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update

from bot.domain.ballots import State
from bot.domain.retention import PARTS, RULES, USUAL, Recordings
from storage import committees, erasure, recordings, unplaced
from storage.database import Tx
from storage.tables import (
    Application,
    Appointment,
    Arrival,
    Attendance,
    Audit,
    Ballot,
    Blob,
    Body,
    Conversation,
    DatePoll,
    DateTick,
    Draw,
    EventRow,
    Forgotten,
    LinkCode,
    Login,
    Meeting,
    Outbox,
    Parked,
    Reserve,
    Schedule,
    Session,
    Survey,
    SurveyTaken,
    Voter,
    WrongCode,
)


def clean(tx: Tx, now: datetime, kept: Recordings = USUAL) -> None:
    """End whatever has been kept long enough. Doing it twice does nothing the second time.

    `kept` says how long recordings are, which each house sets itself.
    """
    _applications(tx, now)
    _reserves(tx, now)
    _attendance(tx, now)
    recordings.clean(tx, now, kept)
    _conversations(tx, now)
    _messages(tx, now)
    _doors(tx, now)
    over = select(Ballot.id).where(
        Ballot.state.in_((State.RELEASED, State.VOID)), Ballot.closes_at < RULES["roll"].before(now)
    )
    tx.execute(delete(Voter).where(Voter.ballot_id.in_(over)))
    tx.execute(delete(Arrival).where(Arrival.at < RULES["arrival"].before(now)))
    tx.execute(delete(EventRow).where(EventRow.day < RULES["event"].before(now).date()))
    tx.execute(delete(Parked).where(Parked.at < RULES["parked"].before(now)))
    tx.execute(delete(Audit).where(Audit.at < RULES["audit"].before(now)))
    tx.execute(delete(Forgotten).where(Forgotten.at < RULES["audit"].before(now)))


def _applications(tx: Tx, now: datetime) -> None:
    """Withdrawn, not appointed, special lines, and the wish to follow along."""

    def told(before: datetime) -> ColumnElement[bool]:
        declined = and_(Appointment.outcome == "not_appointed", Appointment.announced_at < before)
        given_up = and_(
            Appointment.reply.is_not(None), Appointment.reply != "accepted", Appointment.replied_at < before
        )
        return exists().where(Appointment.application_id == Application.id, or_(declined, given_up))

    empty: dict[str, Any] = {"answers": {}, "special": None, "guardian_id": None, "state": "erased"}
    withdrawn = (Application.state == "withdrawn", Application.updated_at < PARTS["withdrawn application"].before(now))
    tx.execute(delete(Application).where(*withdrawn, ~exists().where(Appointment.application_id == Application.id)))
    declined = (Application.door != "follow", Application.state != "erased", told(RULES["application"].before(now)))
    gone = tx.execute(select(Application.person_id, Application.guardian_id).where(*declined)).all()
    erasure.unrate(tx, select(Application.id).where(*declined))
    tx.execute(update(Application).where(*declined).values(empty))
    erasure.forget_idle(tx, {number for row in gone for number in row if number is not None}, now)
    line = (Application.special.is_not(None), told(PARTS["special-category line"].before(now)))
    erasure.unrate(tx, select(Application.id).where(*line), sealed_only=True)
    tx.execute(update(Application).where(*line).values(special=None))
    following = (Application.door == "follow", Application.updated_at < PARTS["wish to follow along"].before(now))
    tx.execute(update(Application).where(Application.state != "erased", *following).values(empty))


def _reserves(tx: Tx, now: datetime) -> None:
    """Those who waited in line for a seat, once the committee has ended."""
    empty: dict[str, Any] = {"answers": {}, "special": None, "guardian_id": None, "state": "erased"}
    over = _ended(tx, "reserve", now)
    draws = select(Draw.id).where(Draw.committee_id.in_(over))
    tx.execute(delete(Reserve).where(Reserve.draw_id.in_(draws)))
    waited = (Application.committee_id.in_(over), Application.state == "reserve")
    gone = tx.execute(select(Application.person_id, Application.guardian_id).where(*waited)).all()
    erasure.unrate(tx, select(Application.id).where(*waited))
    tx.execute(update(Application).where(*waited).values(empty))
    erasure.forget_idle(tx, {number for row in gone for number in row if number is not None}, now)


def _ended(tx: Tx, rule: str, now: datetime) -> list[int]:
    """The committees that ended so long ago; a mandate says when that is."""
    return [
        one.id
        for one in committees.all_of(tx)
        if committees.newest_version(tx, one.id) and committees.mandate(tx, one.id).end < RULES[rule].before(now).date()
    ]


def _attendance(tx: Tx, now: datetime) -> None:
    """Who came to meetings, which dates fitted whom, and who has answered a survey, once the committee has ended."""
    over = _ended(tx, "attendance", now)
    held = select(Meeting.id).where(Meeting.committee_id.in_(over))
    polls = select(DatePoll.id).where(DatePoll.committee_id.in_(over))
    asked = select(Survey.id).where(Survey.committee_id.in_(over))
    tx.execute(delete(Attendance).where(Attendance.meeting_id.in_(held)))
    tx.execute(delete(DateTick).where(DateTick.poll_id.in_(polls)))
    tx.execute(delete(SurveyTaken).where(SurveyTaken.survey_id.in_(asked)))


def _conversations(tx: Tx, now: datetime) -> None:
    idle = Conversation.updated_at < RULES["conversation"].before(now)
    waiting = (Conversation.form == unplaced.FORM, Conversation.updated_at < PARTS["text without a place"].before(now))
    tx.execute(delete(Conversation).where(idle))
    tx.execute(delete(Conversation).where(*waiting))


def _messages(tx: Tx, now: datetime) -> None:
    """The text two days after sending, the row a month after; a text to many when no message needs it.

    On the web the row is the message itself, so there the text lives as long as the row.
    """
    done = Outbox.state.not_in(("ready", "leased", "sending"))
    said = Outbox.created_at < PARTS["text of a message"].before(now)
    full = Outbox.content.is_not(None) | Outbox.body_id.is_not(None)
    tx.execute(update(Outbox).where(done, said, full, Outbox.account != "web").values(content=None, body_id=None))
    tx.execute(delete(Outbox).where(done, Outbox.created_at < RULES["message"].before(now)))
    used = exists().where(Outbox.body_id == Body.id)
    tx.execute(delete(Body).where(~used))
    tx.execute(delete(Blob).where(Blob.expires_at < RULES["blob"].before(now)))
    fired = (Schedule.state != "waiting", Schedule.due_at < RULES["schedule"].before(now))
    tx.execute(delete(Schedule).where(*fired))


def _doors(tx: Tx, now: datetime) -> None:
    """Sign-in links, sessions and codes."""
    ended = RULES["login"].before(now)
    tx.execute(delete(Session).where(Session.expires_at < RULES["session"].before(now)))
    tx.execute(delete(Login).where(Login.expires_at < ended))
    tx.execute(delete(LinkCode).where(LinkCode.expires_at < ended))
    tx.execute(delete(WrongCode).where(WrongCode.at < now - timedelta(hours=1)))
