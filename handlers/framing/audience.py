"""To whom a draft goes: all members or some, one seat, a working group, or whoever did or did not answer before."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.people import facilitator
from bot.domain.questionnaire import UNNAMED
from bot.engine.chat import Chat
from bot.engine.reached import AUDIENCES, described
from bot.engine.router import Router, not_here
from bot.text import Words, _
from handlers.framing.drafts import again, changed, require_draft
from storage import audiences, committees, groups, prompts
from storage.prompts import Prompt

router = Router()


@router.button("audience", Prompt, who=facilitator)
def choose(chat: Chat, prompt: Prompt) -> None:
    """The usual ones with their numbers, and a button for each kind of narrower one."""
    require_draft(prompt)
    sizes = audiences.sizes(chat.tx, prompt.committee_id)
    rows = [
        Button(_("{audience} ({count})", audience=label, count=sizes[key]), "audset", prompt.id, key, 0)
        for key, label in AUDIENCES.items()
    ]
    rows += [
        Button(_("Those in one seat"), "audmore", prompt.id, "line"),
        Button(_("A working group"), "audmore", prompt.id, "group"),
        Button(_("Those who answered other questions"), "audmore", prompt.id, "did"),
        Button(_("Those who did not answer other questions"), "audmore", prompt.id, "didnot"),
    ]
    chat.say(_("Who gets it? Whoever joins after it is sent does not."), *rows, again(prompt))


@router.button("audmore", Prompt, str, who=facilitator)
def narrower(chat: Chat, prompt: Prompt, kind: str) -> None:
    """Which line, which group, or which questions."""
    require_draft(prompt)
    found = choices(chat, prompt, kind)
    rows = [Button(label, "audset", prompt.id, kind, key) for key, label in found.items()]
    if kind == "group":
        rows.append(Button(_("New working group"), "open", "group", prompt.committee_id))
    text = _("Which?") if found else _("There is none to choose from yet.")
    chat.say(text, *rows, Button(_("Others"), "audience", prompt.id))


def choices(chat: Chat, prompt: Prompt, kind: str) -> dict[str, Words]:
    """What a narrower audience can be about, by what a button carries. A seat that says something personal is none."""
    if kind == "line":
        mandate = committees.mandate(chat.tx, prompt.committee_id)
        return {line.key: line.label for line in mandate.profiles if line.special is None}
    if kind == "group":
        return {str(group.id): group.name for group in groups.listed(chat.tx, prompt.committee_id)}
    if kind in ("did", "didnot"):
        asked = prompts.listed(chat.tx, prompt.committee_id, "questions")
        # Where answers carry no name, a list of those who answered says more than they were told.
        return {
            str(one.id): one.text
            for one in asked
            if one.state == "closed" and one.id != prompt.id and one.seen_by != UNNAMED
        }
    raise not_here()


@router.button("audset", Prompt, str, str, who=facilitator)
def chosen(chat: Chat, prompt: Prompt, kind: str, about: str) -> None:
    """Keep the audience."""
    require_draft(prompt)
    if kind in AUDIENCES:
        prompts.change(chat.tx, prompt.id, audience=kind, audience_of="")
    elif about in choices(chat, prompt, kind):
        prompts.change(chat.tx, prompt.id, audience=kind, audience_of=about)
    else:
        raise not_here()
    fresh = prompts.get(chat.tx, prompt.id)
    assert fresh is not None
    changed(chat, prompt, _("It goes to {audience}.", audience=described(chat, fresh)))
