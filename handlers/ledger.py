"""The ledger of time, for the owner: politicians' hours before and after, and what stands beside them."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.ledger import GROUPS, Ledger
from bot.domain.ledger_table import GROUP_NAMES
from bot.domain.people import owner
from bot.domain.questions import Answers, Number, Value, plain
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from storage import audit, committees, ledger
from storage.committees import Committee

router = Router()

# For translators: staff only
ASKED: dict[str, Words] = {
    "before_n": _("Before: how many standing committees were there?"),
    "before_p": _("Before: how many politicians sat in each?"),
    "before_h": _("Before: how many hours a year did each politician spend in one of them?"),
    "after_n": _("Now: how many standing committees are there?"),
    "after_p": _("Now: how many politicians sit in each?"),
    "after_h": _("Now: how many hours a year does each politician spend in one of them?"),
    "minutes": _("How many minutes does it take to write a message oneself, which is now drafted? It is a guess."),
}


@router.command("ledger", who=owner, words=("time ledger", "tidsregnskab", "tidsregnskap", "tidsrekneskap"))
def begin(chat: Chat, argument: str) -> None:
    """The ledger of the municipality at hand."""
    committee = chat.committee or next(iter(committees.all_of(chat.tx)), None)
    if committee is None:
        raise Refusal(_("There is no committee yet. Load a mandate first: samskab mandate load FILE."))
    show(chat, committee)


@router.button("ledger", Committee, who=owner)
def show(chat: Chat, committee: Committee) -> None:
    """Whether the rule is kept, from what that follows, and what is only beside it."""
    change = Button(_("Standing committees"), "open", "ledger", committee.id)
    found = ledger.of(chat.tx, _municipality(chat, committee), chat.now)
    if found is None:
        chat.say(_("Enter first what the standing committees took before, and what they take now."), change)
        return
    chat.say(
        Lines((*_rule(found), *_groups(found), _saved(found))),
        change,
        Button(_("Correct this committee's hours"), "open", "hours", committee.id),
        Link(_("As a table (CSV)"), Secret("login", f"/ledger/{committee.id}")),
    )


def _municipality(chat: Chat, committee: Committee) -> str:
    return committees.mandate(chat.tx, committee.id).municipality.key


def _rule(found: Ledger) -> list[Words]:
    """The rule is about politicians' hours and nothing else."""
    kept = _(
        "Politicians spend no more time in all: {hours} hours a year less than before.", hours=plain(-found.change)
    )
    broken = _("Politicians spend more time in all: {hours} hours a year more than before.", hours=plain(found.change))
    sums = _(
        "Standing committees before: {before} hours. Now: {after} hours. Task committees: {tasks} hours.",
        before=plain(found.before.total),
        after=plain(found.after.total),
        tasks=plain(found.total("politicians")),
    )
    return [kept if found.kept else broken, sums]


def _groups(found: Ledger) -> list[Words]:
    """Citizens' and the administration's hours stand beside it."""
    lines = [
        _("{group}: {hours} hours", group=GROUP_NAMES[group], hours=_hours(found, group))
        for group in GROUPS
        if group != "politicians"
    ]
    how = _(
        "Task committees are reckoned as the meetings of the last twelve months, times their length, times the seats, "
        "unless somebody has corrected them. Preparing is not in it. Hours of fewer than 5 people are not shown."
    )
    return [_("Beside it, in task committees:"), Lines(tuple(lines), "\n"), how]


def _hours(found: Ledger, group: str) -> Words:
    total = found.shown(group)[1]
    return _("not shown") if total is None else plain(round(total, 1))


def _saved(found: Ledger) -> Words:
    """An assumption, and it says so."""
    return n_(
        "{count} message that was drafted here has been sent. If each saved {minutes} minutes, that is {hours} hours. "
        "The minutes are a guess, not a measurement.",
        "{count} messages that were drafted here have been sent. If each saved {minutes} minutes, that is {hours} "
        "hours. The minutes are a guess, not a measurement.",
        found.drafts,
        minutes=plain(found.minutes),
        hours=plain(round(found.saved, 1)),
    )


def standing_form(chat: Chat, committee: Committee) -> Form:
    """Committees, politicians and hours, before and now."""
    fields = tuple(Number(key=key, text=text, least="0", most="100000") for key, text in ASKED.items())
    return Form("ledger", fields, title=_("Standing committees"), review=looked_over, send=_("Keep it"))


def as_entered(chat: Chat, committee: Committee) -> dict[str, Value] | None:
    """What was entered last."""
    known = ledger.figures(chat.tx, _municipality(chat, committee))
    return None if known is None else dict(known)


@router.form("ledger", Committee, standing_form, who=owner, before=as_entered)
def entered(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep it, and show what follows."""
    known = {key: str(answers[key]) for key in ASKED}
    if any("." in known[key] for key in known if key.endswith(("_n", "_p"))):
        raise Refusal(_("Committees and politicians are counted whole. Please write whole numbers for them."))
    ledger.enter(chat.tx, _municipality(chat, committee), known, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "ledger entered", f"committee:{committee.id}")
    show(chat, committee)


def hours_form(chat: Chat, committee: Committee) -> Form:
    """Hours of each group in one committee, all its people together."""
    title = committees.mandate(chat.tx, committee.id).title
    # For translators: staff only
    fields = tuple(
        Number(
            key=group,
            text=_(
                "How many hours has this group spent in “{committee}” in a year, all together: {group}?",
                committee=title,
                group=GROUP_NAMES[group],
            ),
            least="0",
            most="100000",
        )
        for group in GROUPS
    )
    return Form("hours", fields, title=_("Correct this committee's hours"), review=looked_over, send=_("Keep it"))


def as_reckoned(chat: Chat, committee: Committee) -> dict[str, Value]:
    """The hours as they count now."""
    hours = ledger.task(chat.tx, committee, chat.now).hours
    return {group: plain(round(hours[group], 2)) for group in GROUPS}


@router.form("hours", Committee, hours_form, who=owner, before=as_reckoned)
def corrected(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep the hours that somebody knows better."""
    ledger.correct(chat.tx, committee.id, {group: str(answers[group]) for group in GROUPS}, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "hours corrected", f"committee:{committee.id}")
    show(chat, committee)
