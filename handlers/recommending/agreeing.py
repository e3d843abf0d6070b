"""The committee stands behind a text: chair or deputy says so, without a vote and without counting anybody."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, FreeText
from bot.domain.recommending import HEADS, State, heads
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, _, n_
from handlers.recommending.overview import fresh, record, require_open, show
from storage import people, recommendations
from storage.committees import Committee
from storage.recommendations import Recommendation

router = Router()


@router.button("askchair", Committee, who=facilitator)
def ask(chat: Chat, committee: Committee) -> None:
    """One message to chair and deputy about all drafts."""
    require_open(chat, committee.id)
    drafts = [one for one in recommendations.listed(chat.tx, committee.id) if one.state == State.DRAFT]
    asked = people.holding(chat.tx, committee.id, HEADS)
    if not drafts:
        raise Refusal(_("The committee stands behind all of them already. You can deliver them."))
    if not asked:
        raise Refusal(_("This committee has no chair yet. Ask the secretariat to name one."))
    question = n_(
        "{name} asks whether the committee stands behind {count} recommendation. It is not a vote: take it up in the "
        "committee, and say yes when nobody needs another word in it.",
        "{name} asks whether the committee stands behind {count} recommendations. It is not a vote: take it up in the "
        "committee, and say yes when nobody needs another word in them.",
        len(drafts),
        name=chat.person.name,
    )
    titles = tuple(_("{number}. {title}", number=one.number, title=one.title) for one in drafts)
    stamp = "-".join(f"{one.id}.{one.revision}" for one in drafts)[:60]
    for person in asked:
        chat.tell(
            person,
            Lines((question, Lines(titles, "\n"))),
            Button(_("Read the first"), "rec", drafts[0].id),
            notice=_("a question for you"),
            kind="necessary",
            dedupe=f"behind:{committee.id}:{stamp}:{person.id}",
            path="/talk",
        )
    record(chat, committee.id, "chair asked", f"committee:{committee.id}")
    chat.say(n_("{count} person is asked.", "{count} people are asked.", len(asked)), briefly=True)


@router.button("behind", Recommendation, int, who=heads)
def stand_behind(chat: Chat, one: Recommendation, revision: int) -> None:
    """Say it of exactly these words, and go on with the next draft."""
    require_open(chat, one.committee_id)
    if not recommendations.agree(chat.tx, one.id, revision, chat.person.id, chat.now):
        if fresh(chat, one).state == State.AGREED:
            raise Refusal(_("That has been said already. Write /recommendations to see them all."))
        chat.say(_("The text has been changed since. Please read it as it is now."))
        show(chat, fresh(chat, one))
        return
    record(chat, one.committee_id, "committee agreed", f"recommendation:{one.id}")
    chat.say(_("Noted: the committee stands behind recommendation {number}.", number=one.number), instead=True)
    left = [other for other in recommendations.listed(chat.tx, one.committee_id) if other.state == State.DRAFT]
    if left:
        show(chat, left[0])
        return
    chat.tell_facilitators(
        one.committee_id,
        _("The committee stands behind all its recommendations. You can deliver them."),
        Button(_("All recommendations"), "recs", one.committee_id),
        notice=_("the recommendations"),
        dedupe=f"agreed:{one.id}:{revision}",
    )


def not_yet_form(chat: Chat, one: Recommendation) -> Form:
    """What is missing."""
    require_open(chat, one.committee_id)
    missing = FreeText(key="missing", text=_("What does the committee still need to change in it?"), longest=1000)
    return Form("notyet", (missing,), title=_("Not yet"))


@router.form("notyet", Recommendation, not_yet_form, who=heads)
def not_yet(chat: Chat, one: Recommendation, answers: Answers) -> None:
    """The facilitators hear what is missing."""
    chat.tell_facilitators(
        one.committee_id,
        _(
            "{name} says of recommendation {number} that the committee needs a change: {missing}",
            name=chat.person.name,
            number=one.number,
            missing=str(answers["missing"]),
        ),
        Button(_("Change the text"), "open", "recedit", one.id),
        notice=_("the recommendations"),
    )
    record(chat, one.committee_id, "committee not agreed", f"recommendation:{one.id}")
    chat.say(_("Thank you. The facilitator is told, and you are asked again."))
