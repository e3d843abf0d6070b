"""Working groups: a facilitator names one, and puts people in or takes them out."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import Person, facilitator
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Many, Words, _
from storage import audit, groups
from storage.committees import Committee
from storage.groups import WorkingGroup

router = Router()


@router.command(
    "groups", who=facilitator, words=("working groups", "arbejdsgrupper", "arbeidsgrupper", "arbeidsgruppene")
)
def overview(chat: Chat, argument: str) -> None:
    """All working groups, and a button for a new one."""
    assert chat.committee is not None
    found = groups.listed(chat.tx, chat.committee.id)
    rows = [
        Button(_("{name} ({count})", name=group.name, count=len(groups.members(chat.tx, group))), "grp", group.id)
        for group in found
    ]
    text = _("The working groups:") if found else _("There is no working group yet.")
    chat.say(text, *rows, Button(_("New working group"), "open", "group", chat.committee.id))


def group_form(chat: Chat, committee: Committee) -> Form:
    """What it is called."""
    name = FreeText(key="name", text=_("What is the working group called?"), longest=60, single_line=True)
    return Form("group", (name,), title=_("A working group"))


@router.form("group", Committee, group_form, who=facilitator)
def made(chat: Chat, committee: Committee, answers: Answers) -> None:
    """A new group; who is in it comes next."""
    group = groups.add(chat.tx, committee.id, str(answers["name"]), chat.person.id, chat.now)
    if group is None:
        raise Refusal(_("There is a working group of that name. Please choose another name."))
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "group made", f"group:{group.id}")
    show(chat, group)


def named(person: Person) -> Words:
    """A name to show among others."""
    return person.name or _("A member")


@router.button("grp", WorkingGroup, who=facilitator)
def show(chat: Chat, group: WorkingGroup) -> None:
    """Who is in it; a press takes somebody out, or leads to those who can come in."""
    inside = groups.members(chat.tx, group)
    if inside:
        text = _("{name}: {people}", name=group.name, people=Many(tuple(named(one) for one in inside)))
    else:
        text = _("{name}: nobody is in it yet.", name=group.name)
    rows = [Button(_("Take out {name}", name=named(one)), "grpout", group.id, one.id) for one in inside]
    chat.say(text, Button(_("Put somebody in"), "grpadd", group.id), *rows)


@router.button("grpadd", WorkingGroup, who=facilitator)
def others(chat: Chat, group: WorkingGroup) -> None:
    """Those who are not in it yet."""
    inside = {one.id for one in groups.members(chat.tx, group)}
    left = [one for one in groups.candidates(chat.tx, group.committee_id) if one.id not in inside]
    rows = [Button(named(one), "grpin", group.id, one.id) for one in left]
    text = _("Who comes into {name}?", name=group.name) if left else _("Everybody is in {name}.", name=group.name)
    chat.say(text, *rows, Button(_("Done"), "grp", group.id))


@router.button("grpin", WorkingGroup, int, who=facilitator)
def put_in(chat: Chat, group: WorkingGroup, person_id: int) -> None:
    """Somebody of the committee comes into the group."""
    if person_id not in {one.id for one in groups.candidates(chat.tx, group.committee_id)}:
        raise not_here()
    groups.join(chat.tx, group.id, person_id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, group.committee_id, "group changed", f"group:{group.id}")
    others(chat, group)


@router.button("grpout", WorkingGroup, int, who=facilitator)
def take_out(chat: Chat, group: WorkingGroup, person_id: int) -> None:
    """Somebody leaves the group; what was sent to the group before stays as it was."""
    groups.leave(chat.tx, group.id, person_id)
    audit.log(chat.tx, chat.now, chat.person.id, group.committee_id, "group changed", f"group:{group.id}")
    show(chat, group)
