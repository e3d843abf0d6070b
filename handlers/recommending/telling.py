"""Telling the council's answers: each person once, of all that concern him or her, in that person's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import secretariat
from bot.domain.recommending import OUTCOMES
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Day, Lines, Words, _, n_
from handlers.recommending.overview import record
from storage import committees, people, recommendations, replies, results, schedules
from storage.committees import Committee
from storage.replies import CouncilAnswer
from storage.schedules import SOON

router = Router()
AT_ONCE = 200
KIND = "replies"


@router.button("telllook", Committee, who=secretariat)
def look_over(chat: Chat, committee: Committee) -> None:
    """Every word as it is read, and how many read it."""
    drafts = require_drafts(chat, committee)
    members = {one.id for one in people.members(chat.tx, committee.id)}
    told = replies.audience(chat.tx, committee.id, [one.recommendation_id for one in drafts], members)
    others = len(told) - len(members)
    who = n_("{count} member is told.", "{count} members are told.", len(members))
    also = n_(
        "So is {count} other person whose idea or answer fed what is answered.",
        "So are {count} others whose idea or answer fed what is answered.",
        others,
    )
    chat.say(
        Lines((*(_answer(chat, one) for one in drafts), Lines((who, also if others else ""), " "))),
        Button(n_("Tell {count} person", "Tell {count} people", len(told)), "telling", committee.id, _newest(drafts)),
        Button(_("Not yet"), "replies", committee.id),
    )


def require_drafts(chat: Chat, committee: Committee) -> Sequence[CouncilAnswer]:
    """There is something to tell, and nothing still on its way. Raises Refusal."""
    if results.of(chat.tx, committee.id).telling_at is not None:
        raise Refusal(_("The answers before these are still on their way. Try again in a minute."))
    found = replies.drafts(chat.tx, committee.id)
    if not found:
        raise Refusal(_("Everybody has been told all that is entered. Write /council to see it."))
    return found


def _newest(found: Sequence[CouncilAnswer]) -> int:
    return max(one.id for one in found)


@router.button("telling", Committee, int, who=secretariat)
def tell(chat: Chat, committee: Committee, newest: int) -> None:
    """From here on the answers hold; what was entered after the look is looked at first."""
    drafts = require_drafts(chat, committee)
    if _newest(drafts) != newest:
        look_over(chat, committee)
        return
    replies.tell(chat.tx, [one.id for one in drafts], chat.person.id, chat.now)
    results.save(chat.tx, committee.id, telling_at=chat.now, cursor=0)
    record(chat, committee.id, "council answers told", f"committee:{committee.id}")
    chat.say(_("They are on their way."), Button(_("The answers"), "replies", committee.id), instead=True)
    tell_on(chat, committee.id)


@router.due(KIND)
def go_on(errand: Errand, committee_id: int) -> None:
    """Tell the next people, after those told so far."""
    if results.of(errand.tx, committee_id).telling_at is not None:
        tell_on(errand, committee_id)


def tell_on(errand: Errand, committee_id: int) -> None:
    """One message to each of the next people; where more are left, come again."""
    errand.about(committee_id)
    result = results.of(errand.tx, committee_id)
    assert result.telling_at is not None
    answers = replies.told_at(errand.tx, committee_id, result.telling_at)
    members = {one.id for one in people.members(errand.tx, committee_id)}
    told = replies.audience(errand.tx, committee_id, [one.recommendation_id for one in answers], members)
    found = replies.batch(errand.tx, told, result.cursor, AT_ONCE)
    for person in found:
        mine = [one for one in answers if one.recommendation_id in told[person.id]]
        errand.tell(
            person,
            Lines((_opening(errand, committee_id, person.id in members), *(_answer(errand, one) for one in mine))),
            *((Button(_("All recommendations"), "recs", committee_id),) if person.id in members else ()),
            notice=_("an answer for you"),
            kind="necessary",
            dedupe=f"reply:{committee_id}:{_newest(answers)}:{person.id}",
            path="/talk",
        )
    if len(found) == AT_ONCE:
        results.save(errand.tx, committee_id, cursor=found[-1].id)
        schedules.plan(errand.tx, KIND, committee_id, errand.now + SOON, committee_id)
    else:
        results.save(errand.tx, committee_id, telling_at=None, cursor=0)


def _opening(errand: Errand, committee_id: int, member: bool) -> Words:
    the_council = committees.mandate(errand.tx, committee_id).municipality.the_council
    if member:
        return _("Here is what {the_council} answers to what your committee recommended.", the_council=the_council)
    return _(
        "You wrote something to the committee, and it became part of what it recommended. Here is what {the_council} "
        "answers.",
        the_council=the_council,
    )


def _answer(errand: Errand, one: CouncilAnswer) -> Words:
    """An answer as everybody reads it; of a correction what was said before, too."""
    about = recommendations.get(errand.tx, one.recommendation_id)
    assert about is not None
    former = replies.told(errand.tx, about.id, one.told_at or errand.now)
    corrected: Words = ""
    if former is not None:
        corrected = _(
            "This corrects what we told you before: {outcome}, {day}.",
            outcome=OUTCOMES[former.outcome],
            day=Day(former.decided_on),
        )
    answer = _("{outcome}, {day}.", outcome=OUTCOMES[one.outcome], day=Day(one.decided_on))
    title = _("Recommendation {number}: {title}", number=about.number, title=about.title)
    return Lines((title, answer, one.reason, corrected), "\n")
