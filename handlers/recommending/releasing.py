"""Making the result public: what the legal form allows, and every name and quote before it is done."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain import release
from bot.domain.errors import Refusal
from bot.domain.people import Role
from bot.domain.recommending import State, heads
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _
from handlers.recommending.overview import record
from storage import committees, people, recommendations, results
from storage.committees import Committee

router = Router()


def require_allowed(chat: Chat, committee: Committee) -> None:
    """The law and the council's own rule come first. Raises Refusal with why, and what to do."""
    result = results.of(chat.tx, committee.id)
    if result.released_at is not None:
        raise Refusal(_("The recommendations are public already: they stand on the committee's page."))
    rules, mandate = committees.rules(chat.tx, committee.id), committees.mandate(chat.tx, committee.id)
    against = release.refusal(rules, mandate, delivered=result.delivered_at is not None)
    if against is not None:
        raise Refusal(against)
    found = recommendations.listed(chat.tx, committee.id)
    if not found or any(one.state == State.DRAFT for one in found):
        raise Refusal(_("Not all recommendations are agreed yet. Say first that the committee stands behind them."))


@router.button("recpub", Committee, who=heads)
def look_over(chat: Chat, committee: Committee) -> None:
    """Every name and every quote in the result, for the one who releases it."""
    require_allowed(chat, committee)
    mandate = committees.mandate(chat.tx, committee.id)
    texts = list(results.texts(chat.tx, committee.id))
    names = release.names_in(texts, [one.name for one in people.holding(chat.tx, committee.id, tuple(Role))])
    quotes = (*release.quotes_in(texts), *results.ideas_word_for_word(chat.tx, committee.id))
    lines: list[Words] = [_("Everybody can read the recommendations on the committee's page from then on.")]
    if mandate.release_rule is not None:
        lines.append(_("The rule that lets you: {rule}", rule=mandate.release_rule.text))
    if committees.rules(chat.tx, committee.id).closed:
        lines.append(_("The meetings are not public, so nobody's words may stand there with a name."))
    lines += (
        [_("These names of people in the committee stand in it:"), Lines(names, "\n")]
        if names
        else [_("No name of anybody in the committee stands in it.")]
    )
    lines += (
        [_("These are quotes, or an idea word for word:"), Lines(quotes, "\n")]
        if quotes
        else [_("Nothing stands in it between quotation marks, and no idea word for word.")]
    )
    chat.say(
        Lines(tuple(lines)),
        Button(_("I have looked at them. Make it public"), "recout", committee.id),
        Button(_("Not yet"), "recs", committee.id),
    )


@router.button("recout", Committee, who=heads)
def released(chat: Chat, committee: Committee) -> None:
    """Public from now on."""
    require_allowed(chat, committee)
    results.save(chat.tx, committee.id, released_by=chat.person.id, released_at=chat.now)
    record(chat, committee.id, "result released", f"committee:{committee.id}")
    chat.say(_("The recommendations stand on the committee's page now."), instead=True)
