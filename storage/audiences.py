"""To whom a message or questions go; once they are sent, nobody who comes later is among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, distinct, exists, false, func, select

from bot.domain.people import FOLLOWERS, MEMBERS, POLITICIANS, Person, Role
from storage import people
from storage.database import Tx, every
from storage.database import find as find_row
from storage.tables import AnswerRow, GroupMember, PersonRow, Prompt, RoleRow

SIMPLE: Mapping[str, frozenset[Role]] = {
    "members": MEMBERS,
    "citizens": frozenset({Role.CITIZEN}),
    "politicians": POLITICIANS,
    "circle": FOLLOWERS,
}
# Narrower ones: `Prompt.audience_of` says which line, group or other questions.
NARROW = ("line", "group", "did", "didnot")


def ids(tx: Tx, prompt: Prompt) -> Any:
    """A select of the numbers of those a prompt goes to: as of now for a draft, as of its sending for what is sent.

    It reads roles alone; who has two of them is there twice. Whoever asks something by name is not asked it.
    """
    if prompt.audience in ("did", "didnot"):
        return _by_answer(tx, prompt)
    named = MEMBERS | FOLLOWERS if prompt.audience == "group" else SIMPLE.get(prompt.audience, MEMBERS)
    held = select(RoleRow.person_id).where(RoleRow.committee_id == prompt.committee_id, RoleRow.role.in_(list(named)))
    if prompt.sent_at is not None:
        held = held.where(RoleRow.since <= prompt.sent_at)
    if prompt.asked_by is not None:
        held = held.where(RoleRow.person_id != prompt.asked_by)
    if prompt.audience == "line":
        held = held.where(RoleRow.seat == prompt.audience_of)
    if prompt.audience == "group":
        within = select(GroupMember.person_id).where(GroupMember.group_id == int(prompt.audience_of))
        if prompt.sent_at is not None:
            within = within.where(GroupMember.since <= prompt.sent_at)
        held = held.where(RoleRow.person_id.in_(within))
    return held


def _by_answer(tx: Tx, prompt: Prompt) -> Any:
    """Those who were asked other questions, and did or did not answer them; these are closed, so nobody moves over."""
    other = find_row(tx, Prompt, int(prompt.audience_of))
    if other is None or other.id == prompt.id:
        return select(RoleRow.person_id).where(false())
    answered = exists().where(
        AnswerRow.prompt_id == other.id, AnswerRow.person_id == RoleRow.person_id, AnswerRow.state == "sent"
    )
    return ids(tx, other).where(answered if prompt.audience == "did" else ~answered)


def page(tx: Tx, prompt: Prompt, after: int, size: int) -> Sequence[int]:
    """The next numbers of those a prompt goes to, in order; read along the index, whatever comes before and after."""
    statement = ids(tx, prompt).where(RoleRow.person_id > after).group_by(RoleRow.person_id)
    return tx.execute(statement.order_by(RoleRow.person_id).limit(size)).scalars().all()


def recipients(tx: Tx, prompt: Prompt) -> Sequence[Person]:
    """Everybody a prompt goes to, in the order of their numbers."""
    statement = select(PersonRow).where(PersonRow.id.in_(ids(tx, prompt)), PersonRow.state != "forgotten")
    return [people.person_of(row) for row in every(tx, PersonRow, statement.order_by(PersonRow.id))]


def size(tx: Tx, prompt: Prompt) -> int:
    """How many a prompt goes to."""
    statement = select(func.count()).where(PersonRow.id.in_(ids(tx, prompt)), PersonRow.state != "forgotten")
    return tx.execute(statement).scalar_one()


def includes(tx: Tx, prompt: Prompt, person_id: int) -> bool:
    """Whether a prompt goes to this person, as `ids` says; of most audiences the person's own roles tell it."""
    if prompt.asked_by == person_id:
        return False
    if prompt.audience in ("group", "did", "didnot"):
        here = select(exists().where(PersonRow.id == person_id, PersonRow.id.in_(ids(tx, prompt))))
        return bool(tx.execute(here).scalar())
    named = SIMPLE.get(prompt.audience, MEMBERS)
    return any(
        row.committee_id == prompt.committee_id
        and row.role in named
        and (prompt.sent_at is None or row.since <= prompt.sent_at)
        and (prompt.audience != "line" or row.seat == prompt.audience_of)
        for row in people.held(tx, person_id)
    )


def locales(tx: Tx, prompt: Prompt) -> Mapping[str | None, int]:
    """How many of those a prompt goes to read each language; None is the committee's own."""
    return _counted(tx, prompt, PersonRow.locale)


def states(tx: Tx, prompt: Prompt) -> Mapping[str, int]:
    """How many of those a prompt goes to have each setting of /stop."""
    return _counted(tx, prompt, PersonRow.state)


def _counted(tx: Tx, prompt: Prompt, column: Any) -> dict[Any, int]:
    reached = (PersonRow.id.in_(ids(tx, prompt)), PersonRow.state != "forgotten")
    return {row[0]: row[1] for row in tx.execute(select(column, func.count()).where(*reached).group_by(column))}


def sizes(tx: Tx, committee_id: int) -> Mapping[str, int]:
    """How many people each simple audience has."""
    held = [
        func.count(distinct(case((RoleRow.role.in_(list(named)), RoleRow.person_id)))).label(name)
        for name, named in SIMPLE.items()
    ]
    statement = select(*held).join(PersonRow, PersonRow.id == RoleRow.person_id)
    here = (RoleRow.committee_id == committee_id, PersonRow.state != "forgotten")
    return dict(tx.execute(statement.where(*here)).mappings().one())
