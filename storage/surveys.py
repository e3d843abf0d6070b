"""Surveys without names: how many agree with each statement, and, apart from that, who has answered."""

from __future__ import annotations

from sqlalchemy import exists, func, select, update

from bot.domain.survey import STATEMENTS, counted
from storage.database import Tx, first, insert, is_sqlite
from storage.tables import Survey as Survey
from storage.tables import SurveyTaken


def of(tx: Tx, committee_id: int, round: str) -> Survey | None:  # noqa: A002 - it is one
    """The survey of a committee at its first or last meeting."""
    return first(tx, Survey, select(Survey).where(Survey.committee_id == committee_id, Survey.round == round))


def open_one(tx: Tx, committee_id: int, round: str) -> Survey | None:  # noqa: A002 - it is one
    """Begin a survey; None where it was begun before."""
    values = {"committee_id": committee_id, "round": round, "tally": [0] * len(STATEMENTS)}
    made = tx.execute(insert(tx, Survey).values(**values).on_conflict_do_nothing().returning(Survey.id)).scalar()
    return of(tx, committee_id, round) if made is not None else None


def answer(tx: Tx, survey_id: int, person_id: int, ticked: int) -> bool:
    """Count somebody's ticks; False where they were counted before.

    Only the sums are kept, in one row that each answer writes anew: nothing ties what was ticked to who ticked it.
    """
    mine = insert(tx, SurveyTaken).values(survey_id=survey_id, person_id=person_id).on_conflict_do_nothing()
    if tx.execute(mine.returning(SurveyTaken.survey_id)).first() is None:
        return False
    so_far = select(Survey.tally).where(Survey.id == survey_id)
    tally = tx.execute(so_far if is_sqlite(tx) else so_far.with_for_update()).scalar_one()
    tx.execute(update(Survey).where(Survey.id == survey_id).values(tally=counted(tally, ticked)))
    return True


def taken(tx: Tx, survey_id: int) -> int:
    """How many have answered."""
    return tx.execute(select(func.count()).where(SurveyTaken.survey_id == survey_id)).scalar_one()


def has_answered(tx: Tx, survey_id: int, person_id: int) -> bool:
    """Whether somebody's ticks are counted."""
    mine = (SurveyTaken.survey_id == survey_id, SurveyTaken.person_id == person_id)
    return bool(tx.execute(select(exists().where(*mine))).scalar())
