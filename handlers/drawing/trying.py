"""Trials: what a draw would give as things stand. They bind nobody, name nobody, and are all written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.chat.messages import Button
from bot.domain import explaining
from bot.domain.assessment import sees_special
from bot.domain.errors import Refusal
from bot.domain.mandate import Mandate
from bot.domain.selection.chances import chance_of
from bot.domain.selection.pool import Pool
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from handlers.drawing.overview import who_draws
from storage import audit, calls, committees, draws, people, pools, ratings
from storage.committees import Committee
from storage.database import Tx, find
from storage.draws import Trial

if TYPE_CHECKING:  # it brings the solver, which runs in a process apart
    from bot.domain.selection.solving import Solved

router = Router()


@router.button("trydraw", Committee, who=who_draws)
def try_it(chat: Chat, committee: Committee) -> None:
    """A trial binds nobody and is written down with what has changed since the one before."""
    call = calls.number(chat.tx, committee.id)
    if not pools.pool(chat.tx, chat.house.vault, committee.id, call).applicants:
        raise Refusal(_("There is nobody to choose from yet. Wait for applications, or assess those there are."))
    last = draws.last_trial(chat.tx, committee.id, call)
    mandate = committees.mandate(chat.tx, committee.id)
    changed = ratings.changes_since(chat.tx, committee.id, last.started_at if last else mandate.call.opens)
    number = draws.start_trial(chat.tx, committee.id, call, changed, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "selection tried", f"trial:{number}")
    chat.say(_("The trial is being computed. You hear what it shows in a minute or two."))


def pool_of_trial(tx: Tx, house: House, trial_id: int) -> Pool:
    """The pool as it stands now."""
    trial = find(tx, Trial, trial_id)
    assert trial is not None
    return pools.pool(tx, house.vault, trial.committee_id, trial.call)


def settle_trial(errand: Errand, trial_id: int, owner: str, pool: Pool, found: Solved) -> None:
    """Write down what a trial showed, and say it to whoever asked; it names nobody."""
    trial = find(errand.tx, Trial, trial_id)
    assert trial is not None
    errand.about(trial.committee_id)
    result = summary(pool, found)
    if draws.settle_trial(errand.tx, trial_id, owner, result):
        errand.tell(
            trial.started_by,
            trial_words(committees.mandate(errand.tx, trial.committee_id), result, _sees(errand, trial)),
            Button(_("All about the draw"), "draws", trial.committee_id),
            notice=_("what the trial shows"),
            kind="necessary",
            dedupe=f"trial:{trial_id}",
        )


def _sees(errand: Errand, trial: Trial) -> bool:
    return sees_special(people.roles_in(errand.tx, trial.started_by, trial.committee_id))


def summary(pool: Pool, found: Solved) -> dict[str, Any]:
    """A trial in numbers; chances in parts of a thousand."""
    there = {"applicants": len(pool.applicants), "seats": pool.seats}
    selection = found.selection
    if selection is None:
        return {**there, "feasible": False, "advice": [explaining.stored(one) for one in found.advice]}
    chances = [chance for chance in chance_of(selection, pool).values() if chance > 0]
    return {
        **there,
        "feasible": True,
        "method": selection.method,
        "complete": selection.complete,
        "possible": len(chances),
        "least": round(1000 * min(chances, default=0)),
        "unfit": len(pool.unfit),
        "barred": [{"count": len(one.people), "causes": explaining.stored(one.causes)} for one in found.barred],
    }


def trial_words(mandate: Mandate, result: Mapping[str, Any], sees_special: bool) -> Words:
    """What a trial says: always first that it binds nobody."""
    said = (
        _lottery_words(mandate, result, sees_special) if result["feasible"] else no_panel(mandate, result, sees_special)
    )
    return Lines((_("This was a trial, not a draw. It binds nobody."), *said))


def no_panel(mandate: Mandate, result: Mapping[str, Any], sees_special: bool) -> Iterator[Words]:
    """That there is no panel, and what would help."""
    yield _(
        "With {applicants} applicants there is no panel for {seats} seats that keeps every rule.",
        applicants=result["applicants"],
        seats=result["seats"],
    )
    yield from explaining.advice_words(mandate, [explaining.taken(one) for one in result["advice"]], sees_special)
    yield _(
        "Call a line again, assess once more with a colleague, or have a rule of the mandate changed. Then try again."
    )


def _lottery_words(mandate: Mandate, result: Mapping[str, Any], sees_special: bool) -> Iterator[Words]:
    if result["method"] == "hash-ordered":
        yield _("There are too many different applicants for equal chances, so a draw would go by order.")
    else:
        yield _(
            "{possible} of {applicants} applicants can be drawn. The smallest chance of these is {least} in 1,000.",
            possible=result["possible"],
            applicants=result["applicants"],
            least=result["least"],
        )
    if result["unfit"]:
        yield n_(
            "{count} person is rated too low for every seat, and cannot be drawn.",
            "{count} people are rated too low for every seat, and cannot be drawn.",
            result["unfit"],
        )
    for one in result["barred"]:
        yield explaining.barred_words(mandate, one["count"], explaining.taken(one["causes"]), sees_special)
