"""Every table, by theme, each with how long its rows are kept; private to storage."""

from __future__ import annotations

from sqlalchemy.orm import configure_mappers

from storage.tables.ballots import Ballot, Idea, Paper, Second, Voter
from storage.tables.committees import Committee, MandateVersion, Switch
from storage.tables.delivery import Blob, Body, Lease, Outbox
from storage.tables.events import Conversation, EventRow, Parked
from storage.tables.ledger import HoursCorrection, LedgerEntry
from storage.tables.meetings import Afterwards, Attendance, DatePoll, DateTick, Feed, Meeting, Minutes
from storage.tables.operation import Audit, Mark, Schedule
from storage.tables.people import AddressRow, ConsentRow, Forgotten, PersonRow, RoleRow, ToldRow
from storage.tables.questions import (
    AnswerRow,
    AskBack,
    GroupMember,
    Pile,
    PiledAnswer,
    Prompt,
    QuestionRow,
    Recording,
    Sound,
    WorkingGroup,
)
from storage.tables.recruitment import Application, Arrival, Call, Nomination, Rating, Source
from storage.tables.results import Attempt, CouncilAnswer, Inquiry, Recommendation, RecommendationSource, Result
from storage.tables.season import SeasonItem, Survey, SurveyTaken
from storage.tables.selection import Appointment, Draw, Entrant, Reserve, Trial
from storage.tables.sessions import LinkCode, Login, Session, WrongCode

__all__ = [
    "AddressRow",
    "Afterwards",
    "AnswerRow",
    "Application",
    "Appointment",
    "Arrival",
    "AskBack",
    "Attempt",
    "Attendance",
    "Audit",
    "Ballot",
    "Blob",
    "Body",
    "Call",
    "Committee",
    "ConsentRow",
    "Conversation",
    "CouncilAnswer",
    "DatePoll",
    "DateTick",
    "Draw",
    "Entrant",
    "EventRow",
    "Feed",
    "Forgotten",
    "GroupMember",
    "HoursCorrection",
    "Idea",
    "Inquiry",
    "Lease",
    "LedgerEntry",
    "LinkCode",
    "Login",
    "MandateVersion",
    "Mark",
    "Meeting",
    "Minutes",
    "Nomination",
    "Outbox",
    "Paper",
    "Parked",
    "PersonRow",
    "Pile",
    "PiledAnswer",
    "Prompt",
    "QuestionRow",
    "Rating",
    "Recommendation",
    "RecommendationSource",
    "Recording",
    "Reserve",
    "Result",
    "RoleRow",
    "Schedule",
    "SeasonItem",
    "Second",
    "Session",
    "Sound",
    "Source",
    "Survey",
    "SurveyTaken",
    "Switch",
    "ToldRow",
    "Trial",
    "Voter",
    "WorkingGroup",
    "WrongCode",
]

# Rows are turned into values without the models' constructors, which would have done this at their first call.
configure_mappers()
