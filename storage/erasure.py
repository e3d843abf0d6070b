"""How much we have about a person, and erasing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from bot.domain.people import Role
from storage import ideas, links, recordings
from storage.database import Tx, insert
from storage.ratings import SEALED
from storage.tables import (
    AddressRow,
    Afterwards,
    AnswerRow,
    Application,
    Appointment,
    Arrival,
    AskBack,
    Attendance,
    ConsentRow,
    Conversation,
    DateTick,
    Entrant,
    Feed,
    Forgotten,
    GroupMember,
    Idea,
    LinkCode,
    Login,
    Nomination,
    Outbox,
    PersonRow,
    PiledAnswer,
    Rating,
    Recording,
    Reserve,
    RoleRow,
    Session,
    SurveyTaken,
    ToldRow,
    Voter,
    WrongCode,
)


def inventory(tx: Tx, person_id: int) -> Mapping[str, int]:
    """How many things of each kind we have about a person."""
    counted = {
        "application": select(func.count()).where(Application.person_id == person_id, Application.state != "withdrawn"),
        "answer": select(func.count()).where(AnswerRow.person_id == person_id),
        "recording": select(func.count()).where(Recording.person_id == person_id),
        "idea": select(func.count()).where(Idea.person_id == person_id, Idea.state != "withdrawn"),
        "role": select(func.count()).where(RoleRow.person_id == person_id),
        "consent": select(func.count()).where(ConsentRow.person_id == person_id),
        "address": select(func.count()).where(AddressRow.person_id == person_id),
        "voted": select(func.count()).where(Voter.person_id == person_id, Voter.box.is_not(None)),
    }
    return {kind: tx.execute(statement).scalar_one() for kind, statement in counted.items()}


def erase(tx: Tx, person_id: int, now: datetime) -> None:
    """Erase a person's words, addresses and roles; the records of what was decided stay, without a name."""
    ideas.erase(tx, person_id, now)
    recordings.erase(tx, person_id)
    for model in (
        PiledAnswer,
        AskBack,
        GroupMember,
        AnswerRow,
        Afterwards,
        Attendance,
        DateTick,
        Feed,
        SurveyTaken,
        Arrival,
        ConsentRow,
        ToldRow,
        Conversation,
        RoleRow,
        LinkCode,
        Login,
        Session,
    ):
        tx.execute(delete(model).where(model.person_id == person_id))
    held = select(AddressRow.id).where(AddressRow.person_id == person_id)
    tx.execute(delete(WrongCode).where(WrongCode.address_id.in_(held)))
    tx.execute(update(LinkCode).where(LinkCode.claimant.in_(held)).values(claimant=None))
    tx.execute(delete(AddressRow).where(AddressRow.person_id == person_id))
    tx.execute(
        update(Application)
        .where(Application.person_id == person_id)
        .values(answers={}, special=None, guardian_id=None, state="erased", updated_at=now)
    )
    _applicant(tx, person_id)
    asked = (Nomination.person_id == person_id, Nomination.state == "asked")
    tx.execute(update(Nomination).where(*asked).values(state="declined", answered_at=now))
    waiting = (Outbox.person_id == person_id, Outbox.state == "ready", Outbox.kind != "reply")
    tx.execute(update(Outbox).where(*waiting).values(state="cancelled"))
    tx.execute(
        update(Outbox).where(Outbox.person_id == person_id, Outbox.state != "ready").values(content=None, body_id=None)
    )
    tx.execute(
        update(PersonRow)
        .where(PersonRow.id == person_id)
        .values(name="", locale=None, zone=None, state="forgotten", committee_id=None, paused_until=None)
    )
    tx.execute(insert(tx, Forgotten).values(person_id=person_id, at=now).on_conflict_do_nothing())


def _applicant(tx: Tx, person_id: int) -> None:
    """What a selection knows of a person: the ratings, a place in line, and what a draw needs to know them again.

    A decision that was told stands in the record; one that was not told yet is none any more.
    """
    own = select(Application.id).where(Application.person_id == person_id)
    unrate(tx, own)
    tx.execute(delete(Reserve).where(Reserve.application_id.in_(own)))
    untold = (Appointment.person_id == person_id, Appointment.announced_at.is_(None))
    tx.execute(delete(Appointment).where(*untold))
    emptied = {"record": None, "application_id": None}
    tx.execute(update(Entrant).where(Entrant.application_id.in_(own)).values(emptied))


def unrate(tx: Tx, application_ids: Select[Any], *, sealed_only: bool = False) -> None:
    """Delete the ratings of applications, or those of their lines that say something sensitive."""
    there = [Rating.application_id.in_(application_ids)]
    if sealed_only:
        there.append(func.substr(Rating.line, 1, 1) == SEALED)
    tx.execute(delete(Rating).where(*there))


def forget_idle(tx: Tx, person_ids: Iterable[int], now: datetime) -> None:
    """Erase those who do not stand for anything any more: no role but that of an applicant, nothing sent."""
    for person_id in person_ids:
        applicant = (RoleRow.person_id == person_id, RoleRow.role == Role.APPLICANT)
        tx.execute(delete(RoleRow).where(*applicant))
        if not links.stands_for_something(tx, person_id):
            erase(tx, person_id, now)
