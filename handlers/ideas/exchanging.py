"""Ideas between members: offer one, see the list, second one, change or withdraw your own."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import anyone, member
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from storage import committees, ideas
from storage.committees import Committee
from storage.ideas import Idea

router = Router()
LONGEST = 500
A_DAY = 20
PAGE = 8


def require_exchange(chat: Chat) -> None:
    """Members of an elected body exchange ideas in its meetings only. Raises Refusal with why and what to do."""
    if chat.committee and not committees.rules(chat.tx, chat.committee.id).members_exchange_between_meetings:
        raise Refusal(
            _(
                "This committee is an elected body, so members exchange ideas in its meetings, which are "
                "announced and open. "
                "Bring your idea to the next meeting, or write to your contact person."
            )
        )


def require_few(chat: Chat, person_id: int) -> None:
    """Nobody floods the list. Raises Refusal."""
    if ideas.offered_since(chat.tx, person_id, chat.now) >= A_DAY:
        raise Refusal(_("That is {count} ideas in a day. Please send the next one tomorrow.", count=A_DAY))


def idea_form(chat: Chat, committee: Committee) -> Form:
    """One question: the idea in one's own words."""
    require_exchange(chat)
    return Form(
        "idea",
        (
            FreeText(
                key="text",
                text=_("What is your idea? A sentence or two is enough."),
                hint=_("The others see the idea, but not who wrote it."),
                longest=LONGEST,
            ),
        ),
        title=_("An idea"),
        send=_("Send"),
    )


@router.command("idea", who=member, words=("idea", "idé", "ide", "ny idé"))
def idea(chat: Chat, argument: str) -> None:
    """Offer an idea, asked for or straight after the command."""
    assert chat.committee is not None
    require_exchange(chat)
    if argument.strip():
        offered(chat, chat.committee, {"text": FreeText(key="text", text="", longest=LONGEST).parse((argument,))})
    else:
        chat.begin("idea", chat.committee.id)


@router.form("idea", Committee, idea_form, who=member)
def offered(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Put an idea on the list."""
    require_exchange(chat)
    require_few(chat, chat.person.id)
    added = ideas.add(chat.tx, committee.id, chat.person.id, str(answers["text"]), chat.now)
    chat.say(
        Lines((_("Thank you. Your idea is on the list, without your name:"), added.text)),
        Button(_("See all ideas"), "ideas", committee.id, 0),
        (Button(_("Change it"), "open", "reword", added.id), Button(_("Withdraw it"), "unidea", added.id)),
    )


@router.command("ideas", who=member, words=("ideas", "idéer", "ideer", "idear"))
def list_ideas(chat: Chat, argument: str) -> None:
    """All ideas of the committee."""
    assert chat.committee is not None
    show_page(chat, chat.committee, 0)


@router.button("ideas", Committee, int, who=member)
def show_page(chat: Chat, committee: Committee, start: int) -> None:
    """A page of ideas, the oldest first, each with a button to second it."""
    require_exchange(chat)
    found = ideas.listed(chat.tx, committee.id, chat.person.id)
    if not found:
        chat.say(
            _("There are no ideas yet. Yours can be the first."),
            Button(_("Offer an idea"), "open", "idea", committee.id),
        )
        return
    shown = found[start : start + PAGE]
    lines: list[Words] = [n_("{count} idea so far:", "{count} ideas so far:", len(found))]
    rows: list[tuple[Button, ...]] = []
    for place, item in enumerate(shown, start + 1):
        support = n_("seconded by {count}", "seconded by {count}", item.seconds) if item.seconds else ""
        own = _("yours") if item.mine else ""
        lines.append(Lines((_("{number}. {idea}", number=place, idea=item.idea.text), support, own), "\n"))
        if item.mine:
            rows.append(
                (
                    Button(_("{number}: change", number=place), "open", "reword", item.idea.id),
                    Button(_("{number}: withdraw", number=place), "unidea", item.idea.id),
                )
            )
        elif item.seconded:
            rows.append((Button(_("{number}: second no longer", number=place), "unsecond", item.idea.id),))
        else:
            rows.append((Button(_("{number}: second", number=place), "second", item.idea.id),))
    if start + PAGE < len(found):
        rows.append((Button(_("More ideas"), "ideas", committee.id, start + PAGE),))
    rows.append((Button(_("Offer an idea"), "open", "idea", committee.id),))
    chat.say(Lines(tuple(lines)), *rows)


@router.button("second", Idea, who=member)
def second(chat: Chat, idea: Idea) -> None:
    """Support another member's idea."""
    require_exchange(chat)
    if idea.state == "withdrawn":
        raise not_here()
    if idea.person_id == chat.person.id:
        raise Refusal(_("This idea is your own, so it counts already."))
    if not ideas.second(chat.tx, idea.id, chat.person.id):
        raise Refusal(_("You already second this idea."))
    chat.say(_("You now second: {idea}", idea=idea.text), briefly=True)


@router.button("unsecond", Idea, who=member)
def unsecond(chat: Chat, idea: Idea) -> None:
    """Support an idea no longer."""
    ideas.unsecond(chat.tx, idea.id, chat.person.id)
    chat.say(_("You no longer second this idea."), briefly=True)


def reword_form(chat: Chat, idea: Idea) -> Form:
    """The same question again, for one's own idea."""
    require_own(chat, idea)
    return Form(
        "reword",
        (FreeText(key="text", text=_("What shall your idea say now?"), longest=LONGEST),),
        title=_("Change your idea"),
    )


def require_own(chat: Chat, idea: Idea) -> None:
    """Only the author changes an idea, and only until it is on the shortlist."""
    if idea.person_id != chat.person.id or idea.state == "withdrawn":
        raise not_here()
    if idea.state == "shortlisted":
        raise Refusal(
            _("This idea is on the shortlist, so its words stand. Write to your contact person if something is wrong.")
        )


@router.form("reword", Idea, reword_form, who=member)
def reworded(chat: Chat, idea: Idea, answers: Answers) -> None:
    """Put one's own idea in other words; those who seconded it are asked anew."""
    require_own(chat, idea)
    ideas.change(chat.tx, idea.id, str(answers["text"]), chat.now)
    chat.say(Lines((_("Your idea now says:"), str(answers["text"]))))


@router.button("unidea", Idea, who=anyone)
def withdraw(chat: Chat, idea: Idea) -> None:
    """Take one's own idea off the list."""
    require_own(chat, idea)
    ideas.set_state(chat.tx, [idea.id], "withdrawn", chat.now)
    chat.say(_("Your idea is off the list."), instead=True)
