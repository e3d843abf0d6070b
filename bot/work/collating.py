"""Answers are grouped beside everything else: read, compared in a thread, and written briefly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.engine.errand import Errand
from bot.engine.receive import Engine
from handlers import collating
from storage import committees, piles
from storage.database import Database, Tx

Write = Callable[[Callable[[Tx], Any]], Any]
Groups = dict[int, list[list[int]]]


def collate_now(database: Database, write: Write, engine: Engine, now: Callable[[], datetime]) -> int:
    """Group the answers to all questions that wait for it; how many sets there were. Twice is once."""
    with database.reading() as tx:
        found = [(prompt.id, read(tx, prompt.id, prompt.committee_id)) for prompt in piles.waiting(tx)]
    for number, texts in found:
        groups = {question: _groups(given) for question, given in texts.items()}
        write(partial(_settle, engine, number, now, groups))
    return len(found)


def read(tx: Tx, prompt_id: int, committee_id: int) -> dict[int, Sequence[tuple[int, str, str]]]:
    """By question, the answers in people's own words, each with whose it is and its language."""
    own = committees.mandate(tx, committee_id).locales[0]
    return {
        question: [(person, text, locale or own) for person, text, locale in piles.texts(tx, prompt_id, question)]
        for question in piles.questions(tx, prompt_id)
    }


def _groups(given: Sequence[tuple[int, str, str]]) -> list[list[int]]:
    from bot.domain.similarity import grouped

    written = [one for one in given if one[1]]
    found = grouped([(text, locale) for _person, text, locale in written])
    # What is spoken says nothing to compare until somebody has written it down, so each stands alone.
    alone = [[person] for person, text, _locale in given if not text]
    return [[written[place][0] for place in group] for group in found] + alone


def _settle(engine: Engine, prompt_id: int, now: Callable[[], datetime], groups: Groups, tx: Tx) -> None:
    collating.settle(Errand(engine.house, engine.router, tx, now()), prompt_id, groups)
