"""Counting a ballot: the steps that must stand alone, each in a transaction of its own, safe to redo after a crash."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from bot import i18n
from bot.catalogues import LOCALES
from bot.domain import ballots as rules
from bot.domain.ballots import BrokenBox, State
from bot.engine.errand import Errand
from bot.engine.receive import Engine
from bot.text import n_
from bot.work.charts import bar_chart
from handlers.prioritising import start_closing, tell_result, tell_void
from storage import ballots, committees, keys, outbox
from storage.ballots import Ballot
from storage.database import Database

log = structlog.get_logger()
KEPT = timedelta(days=3650)


def close_now(database: Database, engine: Engine, now: datetime) -> list[int]:
    """Bring every ballot that is due, closing or counted as far as this process can; returns those released now.

    Only a process whose key folder holds the key counts it, and only one that destroyed the key releases it.
    """
    with database.reading() as tx:
        waiting = ballots.states(tx)
    released = []
    for ballot_id, state in waiting:
        try:
            if _advance(database, engine, ballot_id, state, now):
                released.append(ballot_id)
        except (OSError, DBAPIError) as error:  # one ballot's trouble holds up no other; the next tick tries again
            log.warning("not released yet", ballot=ballot_id, error=type(error).__name__)
    return released


def _advance(database: Database, engine: Engine, ballot_id: int, state: str, now: datetime) -> bool:
    folder = engine.house.keys
    if state == State.OPEN:
        with database.transaction() as tx:
            if not start_closing(Errand(engine.house, engine.router, tx, now), ballot_id):
                return False
        state = State.CLOSING
    if state == State.CLOSING and not _count(database, engine, ballot_id, now):
        return False
    return _release(database, engine, folder, ballot_id, now)


def _count(database: Database, engine: Engine, ballot_id: int, now: datetime) -> bool:
    """Open the boxes with the key. Without the key, or with a box that it does not open, the ballot is void.

    A folder that is not mounted, or is another than the one of this database, is waited for.
    """
    with database.reading() as tx:
        if ballots.by_chair(ballots.get(tx, ballot_id)):
            return False  # only the chair's code opens these boxes
    folder = engine.house.keys
    if not folder.is_dir() or not engine.house.has_keys:
        log.error("key folder missing", ballot=ballot_id, advice="mount SAMSKAB_KEY_DIR")
        return False
    try:
        private = keys.read(folder, ballot_id)
    except (keys.KeyMissing, keys.KeyBroken):
        _void(database, engine, ballot_id, now)
        return False
    except OSError as error:
        log.error("key not readable", ballot=ballot_id, error=type(error).__name__)
        return False
    if not _fits(database, ballot_id, private):
        _void(database, engine, ballot_id, now)
        return False
    return _open_boxes(database, engine, ballot_id, private, now)


def count_by_code(database: Database, engine: Engine, ballot_id: int, private: bytes, now: datetime) -> bool:
    """Count what waits for the chair's closing code, of which `private` is the key. False for another code."""
    with database.reading() as tx:
        ballot = ballots.get(tx, ballot_id)
    if ballot.state != State.CLOSING or not ballots.by_chair(ballot) or not _fits(database, ballot_id, private):
        return False
    if _open_boxes(database, engine, ballot_id, private, now):
        _release(database, engine, engine.house.keys, ballot_id, now)
    return True


def _fits(database: Database, ballot_id: int, private: bytes) -> bool:
    with database.reading() as tx:
        public = ballots.get(tx, ballot_id).public_key
    return public is not None and rules.fits(private, bytes(public))


def _open_boxes(database: Database, engine: Engine, ballot_id: int, private: bytes, now: datetime) -> bool:
    try:
        with database.transaction() as tx:
            return ballots.count(tx, ballot_id, private)
    except BrokenBox:
        # No vote is left out of a count. The key goes first: a crash in between then reads as a key that is missing.
        log.error("a sealed vote does not open; the count has stopped", ballot=ballot_id)
        if keys.exists(engine.house.keys, ballot_id):
            keys.destroy(engine.house.keys, ballot_id)
        _void(database, engine, ballot_id, now)
        return False


def _release(database: Database, engine: Engine, folder: Path, ballot_id: int, now: datetime) -> bool:
    """Destroy the key, leave no page behind, and only then tell the result."""
    with database.reading() as tx:
        ballot = ballots.get(tx, ballot_id)
    if keys.exists(folder, ballot_id):
        keys.destroy(folder, ballot_id)
    gone = ballots.by_chair(ballot) or keys.destroyed(folder, ballot_id)
    if not gone or not ballots.tidy(database):
        return False
    charts = _charts(database, ballot)
    with database.transaction() as tx:
        if not ballots.release(tx, ballot_id):
            return False
        for sha, picture in charts.values():
            outbox.put_blob(tx, sha, "image/png", picture, now + KEPT)
        errand = Errand(engine.house, engine.router, tx, now)
        errand.about(ballot.committee_id)
        tell_result(errand, ballot_id, {locale: sha for locale, (sha, _png) in charts.items()})
    return True


def _charts(database: Database, ballot: Ballot) -> dict[str, tuple[str, bytes]]:
    """The result as a picture in each language of the committee; none where there are too few papers to show."""
    if not ballot.tally or not ballot.tally["shown"]:
        return {}
    with database.reading() as tx:
        locales = {*committees.mandate(tx, ballot.committee_id).locales, *LOCALES}
    counts = ballot.tally["counts"]
    placed = [(placing["number"], place) for placing in ballot.tally["ranking"] for place in placing["options"]]
    labels = [f"{number}. {ballot.options[place]['text']}" for number, place in placed]
    found = {}
    for locale in locales:
        line = n_(
            "{count} of {entitled} members took part",
            "{count} of {entitled} members took part",
            ballot.tally["turnout"],
            entitled=ballot.entitled,
        )
        picture = bar_chart(
            labels, [counts[place] for _number, place in placed], i18n.say(ballot.title, locale), i18n.say(line, locale)
        )
        found[locale] = (hashlib.sha256(picture).hexdigest(), picture)
    return found


def _void(database: Database, engine: Engine, ballot_id: int, now: datetime) -> None:
    """Nobody can count it: its votes go, everybody is told, and it is run again."""
    with database.transaction() as tx:
        ballot = ballots.get(tx, ballot_id)
        if not ballots.void(tx, ballot_id):
            return
        errand = Errand(engine.house, engine.router, tx, now)
        errand.about(ballot.committee_id)
        tell_void(errand, ballot_id)
    log.error("a ballot is void", ballot=ballot_id)
    ballots.tidy(database)
