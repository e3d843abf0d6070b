"""What is computed for a trial or a draw, and what those who asked for it hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.messages import Button
from bot.domain.selection.commitments import Frozen, pool_of
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Line, Pool, Quota
from bot.domain.selection.reading import receipts
from bot.domain.selection.records import Record
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.engine.router import Router
from bot.text import Lines, Words, _
from handlers.drawing.overview import DECIDING, source_of
from storage import draws, people, pools
from storage.database import Tx, find
from storage.draws import Draw, Trial

router = Router()


def pool_of_trial(tx: Tx, house: House, trial_id: int) -> Pool:
    """The pool as it stands now."""
    trial = find(tx, Trial, trial_id)
    assert trial is not None
    return pools.pool(tx, house.vault, trial.committee_id, trial.call)


def settle_trial(errand: Errand, trial_id: int, owner: str, found: Any) -> None:
    """Write down what a trial showed, and say it to whoever asked; it names nobody."""
    trial = find(errand.tx, Trial, trial_id)
    assert trial is not None
    errand.about(trial.committee_id)
    pool = pools.pool(errand.tx, errand.house.vault, trial.committee_id, trial.call)
    result = summary(pool, found.selection)
    if draws.settle_trial(errand.tx, trial_id, owner, result):
        errand.tell(
            trial.started_by,
            trial_words(result),
            Button(_("All about the draw"), "draws", trial.committee_id),
            notice=_("what the trial shows"),
            dedupe=f"trial:{trial_id}",
        )


def summary(pool: Pool, selection: Any) -> dict[str, Any]:
    """A trial in numbers; chances in parts of a thousand."""
    if selection is None:
        return {"feasible": False, "applicants": len(pool.applicants), "seats": pool.seats}
    sizes = [len(those) for those in pool.kinds.values()]
    with_chance = [(chance, size) for chance, size in zip(selection.chances, sizes, strict=False) if chance > 1e-9]
    return {
        "feasible": True,
        "applicants": len(pool.applicants),
        "seats": pool.seats,
        "method": selection.method,
        "complete": selection.complete,
        "possible": sum(size for _chance, size in with_chance),
        "least": round(1000 * min((chance for chance, _size in with_chance), default=0)),
    }


def trial_words(result: Mapping[str, Any]) -> Words:
    """What a trial says: always first that it binds nobody."""
    first = _("This was a trial, not a draw. It binds nobody.")
    if not result["feasible"]:
        return Lines(
            (
                first,
                _(
                    "With {applicants} applicants there is no panel for {seats} seats that keeps every rule. "
                    "Look at what is missing under /applications, call a line again, or have a rule of the mandate "
                    "changed.",
                    applicants=result["applicants"],
                    seats=result["seats"],
                ),
            )
        )
    if result["method"] == "hash-ordered":
        return Lines(
            (first, _("There are too many different applicants for equal chances, so a draw would go by order."))
        )
    return Lines(
        (
            first,
            _(
                "{possible} of {applicants} applicants can be drawn. The smallest chance of these is {least} in 1,000.",
                possible=result["possible"],
                applicants=result["applicants"],
                least=result["least"],
            ),
        )
    )


def facts_of(draw: Draw) -> Facts:
    """What the panels file says of the draw itself."""
    known = draw.facts
    return Facts(
        call=known["call"],
        number=draw.number,
        mandate=known["mandate"],
        source=source_of(draw),
        time_limit=known["time_limit"],
        program=known["program"],
        solver=known["solver"],
    )


def rules_of(known: Mapping[str, Any]) -> Pool:
    """The frozen seats and rules, without people."""
    return Pool(
        (),
        tuple(Line(one["key"], one["seats"]) for one in known["lines"]),
        tuple(Quota(one["key"], one["least"], one["most"], one["hard"]) for one in known["quotas"]),
        known["threshold"],
        known["slack"],
    )


def frozen(tx: Tx, draw: Draw) -> Frozen:
    """The pool of a draw as it was frozen, by the applications' numbers."""
    records = {
        str(one.application_id): Record.read(one.record["document"])
        for one in draws.entrants(tx, draw.id)
        if one.record is not None
    }
    return Frozen(records, pool_of(records.values(), rules_of(draw.facts)))


def pool_of_draw(tx: Tx, house: House, draw_id: int) -> Pool:
    """The frozen pool, under pseudonyms."""
    draw = draws.get(tx, draw_id)
    assert draw is not None
    return frozen(tx, draw).pool


def settle_draw(errand: Errand, draw_id: int, owner: str, found: Any) -> None:
    """Store the panels file, and have a second person announce it; where no panel keeps the rules it is void."""
    draw = draws.get(errand.tx, draw_id)
    assert draw is not None
    errand.about(draw.committee_id)
    if found.selection is None:
        draws.enter(
            errand.tx, draw_id, "void", "computing", void_reason="no panel keeps every rule", void_at=errand.now
        )
        words: Words = trial_words({"feasible": False, "applicants": len(frozen(errand.tx, draw).records), "seats": 0})
        errand.tell(draw.frozen_by, words, notice=_("about the draw"), dedupe=f"drawvoid:{draw_id}")
        return
    copy = frozen(errand.tx, draw)
    content = panels_file(copy, found.selection, facts_of(draw))
    records = {one.pseudonym: {"document": one.document().decode()} for one in receipts(copy, content).values()}
    if not draws.settle_draw(errand.tx, draw_id, owner, content, digest(content), records):
        return
    for person in people.holding(errand.tx, draw.committee_id, DECIDING):
        errand.tell(
            person,
            _(
                "Draw {number} is ready. Its fingerprint is {hash}. A second person, not the one who froze the pool, "
                "announces it to everybody who applied.",
                number=draw.number,
                hash=digest(content),
            ),
            Button(_("Announce draw {number}", number=draw.number), "drawtell", draw.id),
            notice=_("a draw is ready"),
            dedupe=f"drawready:{draw_id}:{person.id}",
        )
