"""The recommendations of a committee at a glance, and one of them with all that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.people import Role, either, member, staff
from bot.domain.recommending import HEADS, OUTCOMES, STATES, State, answered
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Day, Lines, Words, _, n_
from storage import audit, recommendations, replies, results
from storage.committees import Committee
from storage.recommendations import Recommendation

router = Router()
reader = either(member, staff)


@router.command("recommendations", who=reader, words=("recommendations", "anbefalinger", "tilrådingar"))
def overview(chat: Chat, argument: str) -> None:
    """What the committee recommends."""
    assert chat.committee is not None
    show_all(chat, chat.committee)


@router.button("recs", Committee, who=reader)
def show_all(chat: Chat, committee: Committee) -> None:
    """Every recommendation with its state, and what this person can do next."""
    found = recommendations.listed(chat.tx, committee.id)
    result = results.of(chat.tx, committee.id)
    roles = chat.standing().roles
    lines: list[Words] = [_("There is no recommendation yet.")]
    if found:
        lines = [
            n_("The committee has {count} recommendation:", "The committee has {count} recommendations:", len(found))
        ]
    lines += [
        _("{number}. {title}: {state}", number=one.number, title=one.title, state=state_of(chat, one)) for one in found
    ]
    rows: list[Button | Link | tuple[Button, ...]] = [
        Button(_("Read {number}", number=one.number), "rec", one.id) for one in found
    ]
    if Role.FACILITATOR in roles and result.delivered_at is None:
        rows += preparing(committee, found)
    if roles & {Role.SECRETARIAT} and result.delivered_at is not None:
        rows.append(Button(_("The council's answers"), "replies", committee.id))
    if roles & HEADS and result.released_at is None and found:
        rows.append(Button(_("Make them public"), "recpub", committee.id))
    if found:
        rows.append(Link(_("The whole as a page"), Secret("login", f"/results/{committee.id}")))
    chat.say(Lines(tuple(lines)), *rows)


def preparing(committee: Committee, found: Sequence[Recommendation]) -> list[Button]:
    """What a facilitator does until the result is delivered."""
    rows = [
        Button(_("New recommendation"), "open", "recnew", committee.id),
        Button(_("An idea that was tried"), "open", "tried", committee.id),
    ]
    if any(one.state == State.DRAFT for one in found):
        rows.append(Button(_("Ask the chair whether the committee stands behind them"), "askchair", committee.id))
    if found:
        rows += [
            Button(_("The case in short"), "open", "case", committee.id),
            Button(_("Deliver"), "handover", committee.id),
        ]
    return rows


def state_of(chat: Chat, one: Recommendation) -> Words:
    """How far a recommendation has come: once there is one, the council's answer."""
    reply = replies.told(chat.tx, one.id)
    return STATES[one.state] if reply is None else OUTCOMES[reply.outcome]


@router.button("rec", Recommendation, who=reader)
def show(chat: Chat, one: Recommendation) -> None:
    """One recommendation, with what follows, what fed it, and what this person can do about it."""
    rows: list[Button | tuple[Button, ...]] = []
    roles = chat.standing().roles
    delivered = results.of(chat.tx, one.committee_id).delivered_at is not None
    if roles & HEADS and one.state == State.DRAFT:
        rows.append(Button(_("The committee stands behind this text"), "behind", one.id, one.revision))
        rows.append(Button(_("Not yet"), "open", "notyet", one.id))
    if Role.FACILITATOR in roles and not delivered:
        rows += [
            (
                Button(_("Change the text"), "open", "recedit", one.id),
                Button(_("What follows"), "open", "recact", one.id),
                Button(_("What fed it"), "open", "recfrom", one.id),
            ),
            tuple(
                Button(_("Remove action {number}", number=place), "unact", one.id, action.key)
                for place, action in enumerate(recommendations.actions(one), 1)
            ),
            (Button(_("Remove this recommendation"), "unrec", one.id),),
        ]
    if Role.SECRETARIAT in roles and delivered:
        rows.append(Button(_("Enter the council's answer"), "open", "reply", one.id))
    rows.append(Button(_("All recommendations"), "recs", one.committee_id))
    chat.say(Lines(tuple(words_of(chat, one))), *(row for row in rows if row))


def words_of(chat: Chat, one: Recommendation) -> list[Words]:
    """A recommendation in full."""
    lines: list[Words] = [
        _("Recommendation {number}: {title}", number=one.number, title=one.title),
        one.text,
        *(
            Lines(
                (
                    _("Action {number}: {what}", number=place, what=action.what),
                    _("Carried out by: {who}", who=action.carried_by),
                    _("Next step: {step}", step=action.next_step) if action.next_step else "",
                    _("By {day}.", day=Day(action.on)) if action.on else "",
                ),
                "\n",
            )
            for place, action in enumerate(recommendations.actions(one), 1)
        ),
        *results.sources(chat.tx, one.id),
        _("State: {state}.", state=STATES[one.state]),
    ]
    reply = replies.told(chat.tx, one.id)
    if reply is not None:
        lines.append(answered(reply.outcome, reply.decided_on, reply.reason))
    return lines


def fresh(chat: Chat, one: Recommendation) -> Recommendation:
    """The row as it is now."""
    found = recommendations.get(chat.tx, one.id)
    assert found is not None
    return found


def require_open(chat: Chat, committee_id: int) -> None:
    """What was delivered stands as it was delivered. Raises Refusal."""
    if results.of(chat.tx, committee_id).delivered_at is not None:
        raise Refusal(
            _("The result is delivered, so its words stand. What the council has to know more goes to the secretariat.")
        )


def changed(chat: Chat, committee_id: int, action: str, what: str) -> None:
    """Note a change of the words; what was public before is looked at anew."""
    results.unrelease(chat.tx, committee_id)
    record(chat, committee_id, action, what)


def record(chat: Chat, committee_id: int, action: str, what: str) -> None:
    """Note who did what, without a word of it."""
    audit.log(chat.tx, chat.now, chat.person.id, committee_id, action, what)
