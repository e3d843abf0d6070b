"""What is computed for a draw, and what those who draw hear of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bot.chat.messages import Button
from bot.domain import explaining
from bot.domain.assessment import sees_special
from bot.domain.mandate import Mandate
from bot.domain.selection.facts import Facts
from bot.domain.selection.file import digest, panels_file
from bot.domain.selection.pool import Pool
from bot.domain.selection.reading import receipts
from bot.engine.errand import Errand
from bot.engine.house import House
from bot.text import Lines, Words, _
from handlers.drawing.overview import DECIDING, source_of
from handlers.drawing.trying import no_panel, summary
from storage import committees, draws, people
from storage.database import Tx
from storage.draws import Draw
from storage.frozen import frozen

if TYPE_CHECKING:  # it brings the solver, which runs in a process apart
    from bot.domain.selection.solving import Solved


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


def pool_of_draw(tx: Tx, house: House, draw_id: int) -> Pool:
    """The frozen pool, under pseudonyms."""
    draw = draws.get(tx, draw_id)
    assert draw is not None
    return frozen(tx, house.vault, draw).pool


def settle_draw(errand: Errand, draw_id: int, owner: str, pool: Pool, found: Solved) -> None:
    """Store the panels file, and have a second person announce it; where no panel keeps the rules it is void."""
    draw = draws.get(errand.tx, draw_id)
    assert draw is not None
    errand.about(draw.committee_id)
    if any(one.record is None for one in draws.entrants(errand.tx, draw_id)):
        advice = _("Somebody in the pool has had everything erased meanwhile. Freeze the pool again.")
        _void(errand, draw, "erased", lambda _mandate, _sees: [advice])
        return
    if found.selection is None:
        shown = summary(pool, found)
        _void(errand, draw, "infeasible", lambda mandate, sees: no_panel(mandate, shown, sees))
        return
    copy = frozen(errand.tx, errand.house.vault, draw)
    content = panels_file(copy, found.selection, facts_of(draw))
    vault = errand.house.vault
    records = {one.pseudonym: vault.seal(one.document().decode()) for one in receipts(copy, content).values()}
    barred = [{"people": one.people, "causes": explaining.stored(one.causes)} for one in found.barred]
    if not draws.settle_draw(
        errand.tx, draw_id, owner, content, digest(content), records, {"barred": vault.seal(barred).hex()}
    ):
        return
    errand.tell_each(
        people.holding(errand.tx, draw.committee_id, DECIDING),
        _(
            "Draw {number} is ready. Its fingerprint is {hash}. A second person, not the one who froze the pool, "
            "announces it to everybody who applied.",
            number=draw.number,
            hash=digest(content),
        ),
        Button(_("Announce draw {number}", number=draw.number), "drawtell", draw.id),
        notice=_("a draw is ready"),
        dedupe=f"drawready:{draw_id}",
    )


def _void(errand: Errand, draw: Draw, reason: str, advice: Callable[[Mandate, bool], Iterable[Words]]) -> None:
    """Nothing is announced: whoever froze the pool hears why, and what would help."""
    if not draws.enter(errand.tx, draw.id, "void", "computing", void_reason=reason, void_at=errand.now):
        return
    mandate = committees.mandate(errand.tx, draw.committee_id)
    roles = people.roles_in(errand.tx, draw.frozen_by, draw.committee_id)
    first = _("Draw {number} is void: nothing is announced.", number=draw.number)
    errand.tell(
        draw.frozen_by,
        Lines((first, *advice(mandate, sees_special(roles)))),
        Button(_("All about the draw"), "draws", draw.committee_id),
        notice=_("about the draw"),
        kind="necessary",
        dedupe=f"drawvoid:{draw.id}",
    )
