"""The seed: one person types what the public drawing gave, another confirms it, and the panel is there."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.assessment import deciding
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.questions import Answers, FreeText
from bot.domain.selection.reading import read
from bot.domain.selection.seeds import SEED_RULES, require_past
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from handlers.drawing.overview import DECIDING, source_of, who_draws
from handlers.drawing.proposing import bare_words, outcome, propose
from storage import audit, committees, draws, people
from storage.draws import Draw
from storage.frozen import frozen

router = Router()


def seed_form(chat: Chat, draw: Draw) -> Form:
    """What came out, as the rule wants it."""
    if draw.state != "announced":
        raise not_here()
    require_past(source_of(draw), chat.now)
    rule = SEED_RULES[draw.seed_rule]
    return Form("seed", (FreeText(key="seed", text=rule.form, longest=200, single_line=True),), title=rule.name)


@router.form("seed", Draw, seed_form, who=who_draws)
def typed(chat: Chat, draw: Draw, answers: Answers) -> None:
    """Keep it until another person has compared it with the source."""
    seed = source_of(draw).normalise(str(answers["seed"]))
    now = {"seed": seed, "typed_by": chat.person.id, "typed_at": chat.now}
    if not draws.enter(chat.tx, draw.id, "typed", "announced", **now):
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "seed typed", f"draw:{draw.id}")
    chat.tell_each(
        [one for one in people.holding(chat.tx, draw.committee_id, DECIDING) if one.id != chat.person.id],
        _(
            "What decides draw {number} was typed: {seed}. Please compare it with the source.",
            number=draw.number,
            seed=seed,
        ),
        Button(_("Confirm draw {number}", number=draw.number), "confirm", draw.id),
        notice=_("about the draw"),
        dedupe=f"typed:{draw.id}:{chat.now.isoformat()}",
    )
    chat.say(
        _(
            "You typed {seed}. Somebody else now compares it with the source and confirms it: write /draw to see it.",
            seed=seed,
        )
    )


@router.button("confirm", Draw, who=who_draws)
def compare(chat: Chat, draw: Draw) -> None:
    """A second person looks it up at the source."""
    require_second(chat, draw)
    chat.say(
        Lines(
            (
                source_of(draw).promise,
                _("This was typed: {seed}. Look it up at the source yourself. Is it right?", seed=draw.seed or ""),
            )
        ),
        Button(_("Yes, it is right"), "seedyes", draw.id),
        Button(_("No, it is wrong"), "seedno", draw.id),
    )


def require_second(chat: Chat, draw: Draw) -> None:
    """Raise Refusal for the person who typed it."""
    if draw.state != "typed":
        raise not_here()
    if draw.typed_by == chat.person.id:
        raise Refusal(_("You typed it, so somebody else confirms it: the chair, or a colleague in the secretariat."))


@router.button("seedno", Draw, who=who_draws)
def wrong(chat: Chat, draw: Draw) -> None:
    """It was a slip: it is typed again."""
    require_second(chat, draw)
    draws.enter(chat.tx, draw.id, "announced", "typed", seed=None, typed_by=None, typed_at=None)
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "seed refused", f"draw:{draw.id}")
    chat.say(
        _("Then it is typed again."),
        Button(_("Type what decides draw {number}", number=draw.number), "open", "seed", draw.id),
    )


@router.button("seedyes", Draw, who=who_draws)
def right(chat: Chat, draw: Draw) -> None:
    """The panel is drawn; it is a proposal that people decide on."""
    require_second(chat, draw)
    assert draw.file is not None
    assert draw.seed is not None
    copy = frozen(chat.tx, chat.house.vault, draw)
    result = outcome(chat, draw, copy, read(draw.file), draw.seed)
    draws.enter(chat.tx, draw.id, "drawn", "typed", drawn_by=chat.person.id, drawn_at=chat.now, result=result)
    bare = propose(chat, draw, copy, result["panels"][0]["seats"])
    audit.log(chat.tx, chat.now, chat.person.id, draw.committee_id, "panel drawn", f"draw:{draw.id}")
    tell_deciders(chat, draw)
    first = _(
        "The panel of draw {number} is drawn. It is a proposal: people appoint, seat by seat.", number=draw.number
    )
    chat.say(Lines((first, *bare_words(chat, draw, bare))), Button(_("See the panel"), "panel", draw.committee_id))


def tell_deciders(chat: Chat, draw: Draw) -> None:
    """It is the turn of those who decide."""
    mandate = committees.mandate(chat.tx, draw.committee_id)
    answered = mandate.call.answered
    proposal = _(
        "The panel for the committee on {topic} is drawn. It is a proposal: please decide it, seat by seat.",
        topic=mandate.title,
    )
    chat.tell_each(
        [one for one in people.holding(chat.tx, draw.committee_id, deciding(mandate)) if one.id != chat.person.id],
        Lines((proposal, _("Everybody is answered {when}.", when=answered) if chat.now < answered else "")),
        Button(_("See the panel"), "panel", draw.committee_id),
        notice=_("a panel is drawn"),
        dedupe=f"drawn:{draw.id}",
    )


@router.due("seedhour")
def is_known(errand: Errand, draw_id: int) -> None:
    """The hour of the public drawing has come: somebody types what it gave."""
    draw = draws.get(errand.tx, draw_id)
    if draw is None or draw.state != "announced":
        return
    errand.about(draw.committee_id)
    errand.tell_each(
        people.holding(errand.tx, draw.committee_id, DECIDING),
        Lines(
            (
                _("Draw {number} goes on as soon as this is known.", number=draw.number),
                source_of(draw).promise,
            )
        ),
        Button(_("Type what decides draw {number}", number=draw.number), "open", "seed", draw.id),
        notice=_("about the draw"),
        dedupe=f"seedhour:{draw.id}",
    )
