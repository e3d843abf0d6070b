"""Handing over to the council: the case in short, a last look, and the message to all members."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.people import office
from bot.domain.questions import Answers, Value
from bot.domain.recommending import State
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Day, Lines, Many, _, n_
from handlers.recommending.overview import changed, record, require_open
from storage import committees, people, recommendations, results
from storage.committees import Committee

router = Router()


def case_form(chat: Chat, committee: Committee) -> Form:
    """The agenda item in short."""
    require_open(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    text = _("What does the council have to know before it reads the recommendations? Half a page is enough.")
    hint = _("How the committee has worked, with whom it has talked, and what it found. Name nobody.")
    return Form("case", in_languages("summary", text, locales, NAMES, hint=hint), title=_("The case in short"))


def as_was(chat: Chat, committee: Committee) -> dict[str, Value] | None:
    """What was written before."""
    summary = results.of(chat.tx, committee.id).summary
    return as_answers("summary", summary, committees.mandate(chat.tx, committee.id).locales) if summary else None


@router.form("case", Committee, case_form, who=office, before=as_was)
def written(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep it for the document."""
    require_open(chat, committee.id)
    locales = committees.mandate(chat.tx, committee.id).locales
    results.save(chat.tx, committee.id, summary=by_language("summary", answers, locales))
    changed(chat, committee.id, "case written", f"committee:{committee.id}")
    chat.say(
        _("Kept. It stands first in the document."),
        Link(_("The whole as a page"), Secret("login", f"/results/{committee.id}")),
        Button(_("All recommendations"), "recs", committee.id),
    )


def require_ready(chat: Chat, committee: Committee) -> None:
    """What is handed over is whole, and the committee stands behind it. Raises Refusal with what is missing."""
    require_open(chat, committee.id)
    found = recommendations.listed(chat.tx, committee.id)
    if not found:
        raise Refusal(_("There is no recommendation yet. Write the first one."))
    if drafts := [one for one in found if one.state == State.DRAFT]:
        numbers = Many(tuple(str(one.number) for one in drafts))
        raise Refusal(
            _(
                "The chair has not said yet that the committee stands behind these: {numbers}. Ask first.",
                numbers=numbers,
            )
        )
    if not results.of(chat.tx, committee.id).summary:
        raise Refusal(_("The case in short is not written yet. It is what the council reads first."))


@router.button("handover", Committee, who=office)
def look_over(chat: Chat, committee: Committee) -> None:
    """What goes to whom, before it goes."""
    require_ready(chat, committee)
    mandate = committees.mandate(chat.tx, committee.id)
    found = recommendations.listed(chat.tx, committee.id)
    everybody = people.members(chat.tx, committee.id)
    count = n_(
        "{count} recommendation goes to {receiver}.",
        "{count} recommendations go to {receiver}.",
        len(found),
        receiver=mandate.receiver,
    )
    after = _("Their words stand from then on, and the day is noted. All members are told.")
    without = [one.number for one in found if not one.actions]
    bare = (
        _(
            "These name nothing that follows: {numbers}. A council asks who does what next.",
            numbers=Many(tuple(str(number) for number in without)),
        )
        if without
        else ""
    )
    chat.say(
        Lines((count, bare, after)),
        Link(_("Read the whole"), Secret("login", f"/results/{committee.id}")),
        Button(
            n_("Deliver, and tell {count} member", "Deliver, and tell {count} members", len(everybody)),
            "handed",
            committee.id,
        ),
        Button(_("Not yet"), "recs", committee.id),
    )


@router.button("handed", Committee, who=office)
def delivered(chat: Chat, committee: Committee) -> None:
    """The day is noted, and every member hears it with what happens next."""
    require_ready(chat, committee)
    if not results.deliver(chat.tx, committee.id, chat.person.id, chat.now):
        raise not_here()
    record(chat, committee.id, "result delivered", f"committee:{committee.id}")
    mandate = committees.mandate(chat.tx, committee.id)
    text = _(
        "Your recommendations were delivered to {receiver} on {day}. It is {the_council} that decides. You hear what "
        "the answer is to each of them, with the reason. Thank you for your work.",
        receiver=mandate.receiver,
        day=Day(chat.now),
        the_council=mandate.municipality.the_council,
    )
    everybody = people.members(chat.tx, committee.id)
    for person in everybody:
        chat.tell(
            person,
            text,
            Button(_("Read them"), "recs", committee.id),
            notice=_("news for you"),
            dedupe=f"handed:{committee.id}:{person.id}",
            path="/talk",
        )
    chat.say(
        n_("Delivered. {count} member is told.", "Delivered. {count} members are told.", len(everybody)),
        Link(_("The document"), Secret("login", f"/results/{committee.id}")),
        instead=True,
    )
