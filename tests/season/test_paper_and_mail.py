"""A member on paper and a politician with e-mail only go through a whole season, in Danish, and lose nothing by it.

With SAMSKAB_TRANSCRIPTS=<folder> what everybody was told is written there, to be read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import answers, ballots, ideas, minutes, paper, piles, prompts
from storage.tables import AnswerRow, Audit, Outbox, PiledAnswer, SurveyTaken, Voter
from tests.conftest import on_database
from tests.season import reading, words
from tests.season.apart import HOME, PHONE, Apart
from tests.season.post import Town

MEETINGS = 6
WEEK = timedelta(days=7)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def season(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """A season that has been played; each test reads it."""
    folder = tmp_path_factory.mktemp("apart")
    with on_database(request, request.param) as database:
        found = Apart(Town(database, folder), folder)
        try:
            found.played()
        finally:
            if transcripts := os.environ.get("SAMSKAB_TRANSCRIPTS"):
                name = f"apart-{request.param}.txt"
                (Path(transcripts) / name).write_text(found.transcript(), encoding="utf-8")
        yield found


def said_to(season: Apart, person: int, *kinds: str) -> list[reading.Said]:
    everything = reading.all_of(season.world, season.world.mandate.municipality.zone, *kinds)
    return [one for one in everything if one.person == person]


def test_all_that_karen_would_be_sent_is_a_call_that_frida_is_told_of_and_ticks_once(season: Apart) -> None:
    asked = "Hvordan møder du problemet i hverdagen?"
    with season.world.db.reading() as tx:
        assert not paper.tasks(tx, 1, season.world.now)
        mine = select(Outbox.state, Outbox.account, Outbox.expires_at).where(Outbox.person_id == season.karen.id)
        rows = tx.execute(mine).all()
        ticked = tx.execute(select(Audit.object).where(Audit.action == "called or written to")).scalars().all()
    assert {row.account for row in rows} == {"paper"}, "nothing was thrown at a page or an address she does not have"
    assert {row.state for row in rows if row.expires_at > season.world.now} <= {"sent", "cancelled"}
    assert set(ticked) == {f"person:{season.karen.id}"}
    told = [one.shown for one in season.calls]
    assert len(told) == len(set(told)) > 30
    assert all(PHONE in one.shown and HOME in one.shown for one in season.calls)
    assert all('lang="da"' in one.letter and HOME in one.letter and "00 00 00 00" in one.letter for one in season.calls)
    assert sum(asked in one.letter for one in season.calls) == 1, "the slip has the questions on it"


def test_what_karen_says_is_entered_and_marked_with_who_when_and_how(season: Apart) -> None:
    karen, frida = season.karen.id, season.frida.someone.id
    with season.world.db.reading() as tx:
        asked = tx.execute(select(AnswerRow.prompt_id).where(AnswerRow.person_id == karen)).scalars().all()
        found = [answers.of(tx, prompt, karen) for prompt in asked]
        votes = tx.execute(select(Voter.entered_by).where(Voter.person_id == karen)).scalars().all()
        surveys = tx.execute(select(SurveyTaken.survey_id).where(SurveyTaken.person_id == karen)).scalars().all()
        logged = Counter(tx.execute(select(Audit.action).where(Audit.person_id == frida)).scalars())
    assert len(found) > MEETINGS
    assert all(one is not None and (one.entered_by, one.entered_how) == (frida, "phone") for one in found)
    assert all(one is not None and one.sent_at <= season.world.now for one in found)
    assert votes == [frida]
    assert len(surveys) == 2
    assert logged["answers entered on behalf"] == len(found)
    assert logged["reply entered on behalf"] == MEETINGS
    assert logged["vote entered on behalf"] == 1
    assert logged["ticks entered on behalf"] == 2
    assert logged["idea entered on behalf"] == 1
    assert logged["correction entered on behalf"] == 1


def test_karens_idea_and_what_she_meant_stand_among_those_of_the_others(season: Apart) -> None:
    karen, frida = season.karen.id, season.frida.someone.id
    with season.world.db.reading() as tx:
        (idea,) = ideas.own(tx, karen)
        (option,) = [one for one in ballots.get(tx, 1).options if one["idea"] == idea.id]
        shared = tx.execute(select(PiledAnswer.prompt_id).where(PiledAnswer.person_id == karen)).scalars().all()
        said = [one for prompt in set(shared) for one in piles.own(tx, prompt, karen) if one.correction]
    assert (idea.text, idea.entered_by, idea.entered_how) == (words.ON_PAPER["da"], frida, "paper")
    assert option["text"] == words.ON_PAPER["da"], "it is prioritised like any other"
    assert [(one.correction, one.corrected_by, one.corrected_how) for one in said] == [
        (words.MEANT["da"], frida, "phone")
    ]


def test_karen_hears_the_results_as_the_others_do(season: Apart) -> None:
    told = "\n".join(one.shown for one in season.calls)
    printed = [one for one in season.calls if "Vi besøger to biblioteker før næste møde." in one.letter]
    assert len(printed) == MEETINGS, "the letter has the whole minutes"
    for idea in ("Nina", "Emil"):
        assert f"{words.IDEAS[idea]['da']}: 6" in told, "with the numbers"
        row = f"{words.IDEAS[idea]['da']}</th><td>6 stemmer</td>"
        assert any(row in one.letter for one in season.calls)
    assert words.REASON["da"] in season.calls[-1].shown


def test_poul_gets_one_mail_a_week_and_does_everything_from_its_link(season: Apart) -> None:
    poul = season.poul.person.id
    unasked = said_to(season, poul, "prompt", "reminder")
    days = [one.local.date() for one in unasked]
    assert [str(one) for one in unasked if reading.in_week(days, one.local.date()) > 1] == []
    assert any("1 af 3:" in one.text for one in unasked), "what is due goes along"
    with season.world.db.reading() as tx:
        rows = tx.execute(select(Outbox.account).where(Outbox.person_id == poul).distinct()).scalars().all()
        given = tx.execute(select(AnswerRow.prompt_id).where(AnswerRow.person_id == poul)).scalars().all()
        box = tx.execute(select(Voter.box, Voter.entered_by).where(Voter.person_id == poul)).one()
        missed = [minutes.answer_of(tx, number, poul) for number in range(1, MEETINGS + 1)]
        asked = [prompts.get(tx, number) for number in given]
    assert set(rows) == {"web", "mail"}
    assert sum(one is not None and one.meeting_id is not None for one in asked) == MEETINGS
    assert box.box is not None
    assert box.entered_by is None
    assert [one is not None for one in missed] == [number == 4 for number in range(1, MEETINGS + 1)]
    assert words.REASON["da"] in season.poul.letters[-1].text


def test_before_each_meeting_poul_has_read_where_it_is(season: Apart) -> None:
    asked = [one.text for one in season.poul.letters if "Vi mødes" in one.text]
    assert len(asked) == MEETINGS
    assert all(words.PLACE["da"] in text and "00 00 00 00" in text for text in asked)


def test_no_answer_stands_in_a_mail(season: Apart) -> None:
    said = [text["da"] for given in words.ANSWERS.values() for text in given if text is not None]
    assert [one.subject for one in season.poul.letters if any(text in one.text for text in said)] == []


def test_neither_hears_anything_twice_at_night_in_another_language_in_vain_or_without_its_facts(season: Apart) -> None:
    world, municipality = season.world, season.world.mandate.municipality
    those = (season.karen.id, season.poul.person.id)
    unasked = [one for person in those for one in said_to(season, person, "prompt", "reminder")]
    necessary = [one for person in those for one in said_to(season, person, "necessary")]
    assert len(unasked) > 30
    assert not reading.at_night(unasked, municipality.country)
    assert not reading.twice([*unasked, *necessary])
    assert not reading.reminded_in_vain(world, unasked)
    facts = {"da": (" kl. 17", words.PLACE["da"], "\n1. ", world.mandate.contact.phone)}
    notices = [one for one in necessary if one.about and one.about[0] == "meeting"]
    assert len(notices) == 2 * MEETINGS
    assert not reading.without_facts(notices, facts)
    assert not list(reading.foreign([*unasked, *necessary], words.by_members()))
