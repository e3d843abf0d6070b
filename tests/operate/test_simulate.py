"""A season played before it begins: the same seed the same season, and whoever would hear too much is named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.domain.holidays import holiday_rule
from bot.domain.mandate import parse
from storage import committees, groups, meetings, people, prompts
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Outbox, PersonRow
from tests.world import DEMO

DAY = timedelta(days=1)
WORDS = {"nb": "Bussen", "nn": "Bussen", "en": "The bus"}


def after_a_month(now: datetime) -> datetime:
    """A Thursday before which there is no holiday in a week, so that it does not matter on which day this is played."""
    rests = holiday_rule("NO")
    days = (now + (30 + more) * DAY for more in range(60))
    return next(
        day for day in days if day.weekday() == 3 and not any(rests((day - ago * DAY).date()) for ago in range(8))
    )


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A committee with one meeting and one set of questions before it, not sent yet."""
    address = f"sqlite:///{tmp_path}/samskab.db"
    monkeypatch.setenv("SAMSKAB_DATABASE_URL", address)
    database = Database(address)
    upgrade(database)
    source, now = (DEMO / "svelvik-ungdom.toml").read_text(encoding="utf-8"), datetime.now(UTC)
    with database.transaction() as tx:
        home, _new = committees.load_mandate(tx, parse(source, now.date()), source, now.date(), now)
        frida = people.add(tx, now, "Frida")
        starts = after_a_month(now)
        meeting = meetings.add(tx, home.id, starts, WORDS, {"nb": "Saker"}, frida.id, now)
        questions = prompts.draft(
            tx, home.id, "questions", frida.id, now, text=WORDS, meeting_id=meeting.id, deadline_at=starts - DAY
        )
        prompts.add_question(tx, questions.id, "yes_no", WORDS, {})
    return database


def simulated(*more: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, ["simulate", "--committee", "svelvik-ungdom", "--json", *more])
    assert done.stdout, done.exception
    return done.exit_code, json.loads(done.stdout)


def test_a_season_within_the_budget_ends_well_and_changes_nothing(planned: Database) -> None:
    code, found = simulated("--members", "9")
    assert code == 0 and found["above"] == []
    assert len(found["messages"]) == 9 and all(sum(weeks.values()) >= 2 for weeks in found["messages"].values())
    (response,) = found["response"]
    assert response["asked"] == 9 and 0 < response["answered"] <= 9
    assert any("agenda: no nn" in gap for gap in found["gaps"]) and not any("no nb" in gap for gap in found["gaps"])
    assert simulated("--members", "9")[1] == found
    assert simulated("--members", "9", "--seed", "2")[1] != found
    with planned.reading() as tx:
        assert tx.execute(select(func.count()).select_from(Outbox)).scalar_one() == 0
        assert tx.execute(select(func.count()).select_from(PersonRow)).scalar_one() == 1


def test_too_many_first_questions_in_a_week_are_above_the_budget(planned: Database) -> None:
    now = datetime.now(UTC)
    with planned.transaction() as tx:
        for days in (3, 4, 5, 6):
            due, deadline = now + (10 + days) * DAY, now + (12 + days) * DAY
            one = prompts.draft(tx, 1, "questions", 1, now, text=WORDS, due_at=due, deadline_at=deadline)
            prompts.add_question(tx, one.id, "yes_no", WORDS, {})
    code, found = simulated("--members", "3")
    assert code == 1 and any("in the week until" in one for one in found["above"])
    assert not [one for one in found["above"] if one.startswith("politician")], "their week holds whatever comes"


def test_what_goes_to_a_few_is_played_as_if_it_went_to_all(planned: Database) -> None:
    with planned.transaction() as tx:
        group = groups.add(tx, 1, "Lights", 1, datetime.now(UTC))
        assert group is not None
        prompts.change(tx, 1, audience="group", audience_of=str(group.id))
    _code, found = simulated("--members", "9")
    (response,) = found["response"]
    assert response["asked"] == 9


def test_an_unknown_committee_is_said(planned: Database) -> None:
    done = CliRunner().invoke(app, ["simulate", "--committee", "nowhere"])
    assert done.exit_code == 1 and "no committee has this key" in done.output
