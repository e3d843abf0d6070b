"""A drawn panel as a proposal that people decide on, and the further ones where the mandate promised them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bot.chat.messages import Button
from bot.domain.assessment import decider, require_decides, sees_special
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.panel import reason_asked, shown_label
from bot.domain.questions import Answers, OneOf, Option
from bot.domain.selection.commitments import Frozen
from bot.domain.selection.drawing import drawn_from, place_of
from bot.domain.selection.pool import Pool
from bot.domain.selection.reading import PanelsFile
from bot.domain.selection.reserves import reserves, without_reserve
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _
from storage import applications, audit, committees, draws, people
from storage.draws import Draw, Panel
from storage.frozen import applicant, barred, frozen

router = Router()


def outcome(chat: Chat, draw: Draw, copy: Frozen, file: PanelsFile, seed: str) -> dict[str, Any]:
    """What a draw gave: the panel and the further ones there were to be, and why everybody else was not drawn."""
    panels: list[dict[str, Any]] = [{"index": None, "seats": drawn_from(file, seed)}]
    if not file.header.ordered:
        places = [place_of(file, seed, k + 1) for k in range(_promised(chat, draw, file))]
        panels = [{"index": place, "seats": file.sitting(place)} for place in places]
    reasons = _reasons(copy.pool, barred(chat.house.vault, draw), panels[0]["seats"].values())
    return {
        **(draw.result or {}),
        "panels": panels,
        "reasons": {number: reasons.get(record.pseudonym, "lot") for number, record in copy.records.items()},
    }


def _promised(chat: Chat, draw: Draw, file: PanelsFile) -> int:
    mandate = committees.mandate(chat.tx, draw.committee_id, draw.facts["mandate"])
    return min(mandate.selection.panels, len(set(file.panels)))


def _reasons(pool: Pool, groups: Sequence[Mapping[str, Any]], drawn: Collection[str]) -> Mapping[str, str]:
    """By pseudonym, the class of reason of those whom no lot kept off: the seats, the rules about the group, the fit.

    Whoever sits on the panel lost it to no lot either, should people choose somebody else for the seat.
    """
    found = dict.fromkeys(drawn, "profile")
    for group in groups:
        rules = any(one["what"] in ("least", "most") for one in group["causes"])
        found.update((one, "spread" if rules or not group["causes"] else "profile") for one in group["people"])
    found.update((one.id, "condition") for one in pool.unfit)
    return found


def propose(chat: Chat, draw: Draw, copy: Frozen, panel: Mapping[str, str]) -> Collection[str]:
    """Enter a panel (seat to pseudonym) as a proposal, with its reserves; the seats that have none."""
    assert draw.hash is not None
    assert draw.seed is not None
    waiting = reserves(copy.pool, panel, draw.hash, draw.seed)
    for seat, those in waiting.items():
        applications.reserve(chat.tx, draw.id, seat, [int(copy.ids[one]) for one in those])
    seats = {int(copy.ids[one]): seat.rpartition(".")[0] for seat, one in panel.items() if one in copy.ids}
    applications.propose(chat.tx, draw.committee_id, draw.id, seats, "drawn", chat.person.id, chat.now)
    return without_reserve(waiting)


@router.button("further", Draw, who=decider)
def further(chat: Chat, draw: Draw) -> None:
    """All panels that were drawn, for those who may choose between them."""
    require_choice(chat, draw)
    copy = frozen(chat.tx, chat.house.vault, draw)
    lines = [Lines((_label(draw, one), *_sitting(chat, draw, copy, one.seats)), "\n") for one in draws.panels(draw)]
    chat.say(
        Lines(tuple(lines)),
        Button(_("Take another of these panels"), "open", "takepan", draw.id),
        Button(_("The panel"), "panel", draw.committee_id),
    )


def require_choice(chat: Chat, draw: Draw) -> None:
    """Raise Refusal where there is no choice, or not any more."""
    require_decides(committees.mandate(chat.tx, draw.committee_id), chat.standing().roles)
    if draw.state != "drawn" or len(draws.panels(draw)) < 2:
        raise not_here()
    for row in applications.seated(chat.tx, draw.committee_id):
        if row.drawn_in == draw.id and row.announced_at is not None:
            raise Refusal(_("This decision has been told, so it stands."))


def _label(draw: Draw, panel: Panel) -> Words:
    if panel == draws.taken(draw):
        return _("Panel {number}, taken now", number=panel.number)
    return _("Panel {number}", number=panel.number)


def _sitting(chat: Chat, draw: Draw, copy: Frozen, seats: Mapping[str, str]) -> Iterator[Words]:
    mandate = committees.mandate(chat.tx, draw.committee_id)
    special = sees_special(chat.standing().roles)
    for seat, pseudonym in seats.items():
        application = applicant(chat.tx, copy, pseudonym)
        name: Words = people.get(chat.tx, application.person_id).name if application is not None else _("erased")
        yield _("{seat}: {who}", seat=shown_label(mandate, seat.rpartition(".")[0], special), who=name)


def take_form(chat: Chat, draw: Draw) -> Form:
    """Which of them, and why."""
    require_choice(chat, draw)
    others = [one for one in draws.panels(draw) if one != draws.taken(draw)]
    options = [Option(str(one.number), _label(draw, one)) for one in others]
    return Form(
        "takepan",
        (
            OneOf(key="panel", text=_("Which panel do you take?"), choices=tuple(options)),
            reason_asked(),
        ),
        title=_("Take another of these panels"),
        review=looked_over,
    )


@router.form("takepan", Draw, take_form, who=decider)
def taken(chat: Chat, draw: Draw, answers: Answers) -> None:
    """Another of the drawn panels becomes the proposal; the record says who took it and why."""
    require_choice(chat, draw)
    require_unchanged(chat, draw)
    number = int(str(answers["panel"]))
    panel = draws.panels(draw)[number - 1]
    draws.unpropose(chat.tx, draw.id)
    bare = propose(chat, draw, frozen(chat.tx, chat.house.vault, draw), panel.seats)
    draws.keep(chat.tx, draw.id, result={**(draw.result or {}), "taken": number})
    about = f"draw:{draw.id} panel:{number}"
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "panel taken", about, str(answers["reason"]))
    chat.say(
        Lines((_("Panel {number} is the proposal now.", number=number), *bare_words(chat, draw, bare))),
        Button(_("See the panel"), "panel", draw.committee_id),
    )


def require_unchanged(chat: Chat, draw: Draw) -> None:
    """Raise Refusal where a seat of the draw was changed by hand: another panel would not fit beside it."""
    lines = {one["key"] for one in draw.facts["lines"]}
    for row in applications.seated(chat.tx, draw.committee_id):
        if row.drawn_in is None and row.seat in lines and draw.drawn_at is not None and row.decided_at >= draw.drawn_at:
            raise Refusal(
                _("A seat of this draw has been changed by hand, so another panel does not fit. Go on seat by seat.")
            )


def bare_words(chat: Chat, draw: Draw, bare: Collection[str]) -> Iterator[Words]:
    """The seats that nobody is in line for, each line once."""
    mandate = committees.mandate(chat.tx, draw.committee_id)
    special = sees_special(chat.standing().roles)
    labels = [shown_label(mandate, key, special) for key in dict.fromkeys(seat.rpartition(".")[0] for seat in bare)]
    if labels:
        yield _("No reserve fits these seats: {seats}", seats=Lines(tuple(labels), "; "))
