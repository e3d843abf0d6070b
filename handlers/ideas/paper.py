"""An idea told by phone or on paper: entered for a member, as the member's own, and marked with who, when and how."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.paper import HOW
from bot.domain.people import Person, office
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.engine import post
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from handlers.ideas.exchanging import LONGEST, require_exchange, require_few
from storage import audit, ideas
from storage.committees import Committee
from storage.ideas import Idea

router = Router()


def on_paper(chat: Chat, committee: Committee) -> dict[str, Person]:
    """The members for whom all becomes a call or a letter, by number. Raises Refusal where there is none."""
    found = post.members_called(chat.house, chat.tx, committee.id)
    if not found:
        raise Refusal(_("No member is on paper or phone alone. Everybody here can write /idea."))
    return {str(one.id): one for one in found}


@router.button("ideaof", Committee, int, who=office)
def begin(chat: Chat, committee: Committee, person_id: int) -> None:
    """The idea of somebody who is on the phone just now."""
    if str(person_id) not in on_paper(chat, committee):
        raise not_here()
    chat.begin("ideafor", committee.id, given={"who": str(person_id)})


def entry_form(chat: Chat, committee: Committee) -> Form:
    """Whose idea it is, how it came, and what it says."""
    require_exchange(chat)
    who = tuple(Option(key, one.name or _("somebody")) for key, one in on_paper(chat, committee).items())
    return Form(
        "ideafor",
        (
            OneOf(key="who", text=_("Whose idea is it?"), choices=who),
            OneOf(key="how", text=_("How did the idea come?"), choices=HOW),
            FreeText(
                key="text",
                text=_("What is the idea, in the member's own words?"),
                hint=_("The others see the idea, but not whose it is."),
                longest=LONGEST,
            ),
        ),
        title=_("Enter an idea"),
        review=looked_over,
        send=_("Enter this idea"),
    )


@router.form("ideafor", Committee, entry_form, who=office)
def entered(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Put it on the list as the member's own."""
    require_exchange(chat)
    person, how = on_paper(chat, committee)[str(answers["who"])], str(answers["how"])
    require_few(chat, person.id)
    text, by = str(answers["text"]), chat.person.id
    added = ideas.add(chat.tx, committee.id, person.id, text, chat.now, entered_by=by, entered_how=how)
    what = f"idea:{added.id} person:{person.id}"
    audit.log(chat.tx, chat.now, by, committee.id, "idea entered on behalf", what, how)
    chat.say(
        Lines((_("The idea of {name} is on the list, without the name:", name=person.name or _("somebody")), text)),
        Button(_("Enter another one"), "open", "ideafor", committee.id),
        Button(_("Take it back"), "ideaback", added.id),
        Button(_("See whom to call"), "tasks", committee.id),
    )


@router.button("ideaback", Idea, who=office)
def take_back(chat: Chat, idea: Idea) -> None:
    """What was entered wrongly, or the member thinks better of, leaves the list until it is on the shortlist."""
    if idea.entered_by is None or idea.state != "offered":
        raise not_here()
    ideas.set_state(chat.tx, [idea.id], "withdrawn", chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, idea.committee_id, "idea withdrawn on behalf", f"idea:{idea.id}")
    chat.say(_("The idea is off the list."), instead=True)
