"""What we have about a person's meetings, for the page that shows people all we have about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.domain.survey import ROUNDS
from bot.text import Words, _
from storage import committees
from storage.database import Tx, every, find
from storage.tables import Afterwards, Attendance, DatePoll, DateTick, Feed, Meeting, Survey, SurveyTaken

Fact = tuple[Words, Any]
Entry = Sequence[Fact]

REPLIES = {"yes": _("I am coming"), "late": _("I will be late"), "no": _("I cannot come")}


def _meeting(tx: Tx, meeting_id: int) -> tuple[Fact, Fact]:
    found = find(tx, Meeting, meeting_id)
    assert found is not None
    return _committee(tx, found.committee_id), (_("Meeting"), found.starts_at)


def _committee(tx: Tx, committee_id: int) -> Fact:
    return _("Committee"), committees.mandate(tx, committee_id).short_name


def replies(tx: Tx, person_id: int) -> Iterator[Entry]:
    """What one said about coming, and whether one was there."""
    statement = select(Attendance).where(Attendance.person_id == person_id).order_by(Attendance.meeting_id)
    for row in every(tx, Attendance, statement):
        said = REPLIES[row.reply] if row.reply else ""
        there = "" if row.there is None else row.there
        yield *_meeting(tx, row.meeting_id), (_("Your answer"), said), (_("You were there"), there)


def afterwards(tx: Tx, person_id: int) -> Iterator[Entry]:
    """What one answered about a meeting one missed."""
    statement = select(Afterwards).where(Afterwards.person_id == person_id).order_by(Afterwards.meeting_id)
    for row in every(tx, Afterwards, statement):
        said = tuple((_("Your answer"), text) for text in row.values.values() if text)
        yield *_meeting(tx, row.meeting_id), *said, (_("When"), row.sent_at)


def dates(tx: Tx, person_id: int) -> Iterator[Entry]:
    """Which dates of a poll fit."""
    statement = select(DateTick).where(DateTick.person_id == person_id).order_by(DateTick.poll_id)
    for row in every(tx, DateTick, statement):
        poll = find(tx, DatePoll, row.poll_id)
        assert poll is not None
        for place, moment in enumerate(poll.moments):
            if row.ticked >> place & 1:
                yield _committee(tx, poll.committee_id), (_("When"), datetime.fromisoformat(moment))


def surveys(tx: Tx, person_id: int) -> Iterator[Entry]:
    """That one took part; what was answered is counted without a name, and is nobody's any more."""
    statement = select(Survey).join(SurveyTaken, SurveyTaken.survey_id == Survey.id)
    for row in every(tx, Survey, statement.where(SurveyTaken.person_id == person_id).order_by(Survey.id)):
        yield _committee(tx, row.committee_id), (_("When"), ROUNDS[row.round])


def feed(tx: Tx, person_id: int) -> Iterator[Entry]:
    """That there is an address, and since when; the address itself is not known to us."""
    for row in every(tx, Feed, select(Feed).where(Feed.person_id == person_id)):
        yield ((_("When"), row.created_at),)
