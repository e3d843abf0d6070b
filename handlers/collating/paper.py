"""What was meant, told by phone or on paper: entered for whoever answered, beside the answer, with who and how."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.paper import HOW
from bot.domain.people import Person, facilitator, office
from bot.domain.questionnaire import UNNAMED
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.engine import post
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Short, _
from handlers.collating.correcting import LONGEST, keep
from storage import answers as given
from storage import audit, conversations, piles
from storage.prompts import Prompt

router = Router()


def on_paper(chat: Chat, prompt: Prompt) -> dict[str, Person]:
    """Who has an answer in the groups and hears of them in a call or a letter, by number. Raises Refusal."""
    if prompt.piling != "shared":
        raise not_here()
    found = post.those_called(chat.house, chat.tx, piles.writers(chat.tx, prompt.id))
    if not found:
        raise Refusal(_("Nobody who answered is on paper or phone alone. Everybody has a button for it."))
    return {str(one.id): one for one in found}


@router.button("meantof", Prompt, int, who=office)
def begin(chat: Chat, prompt: Prompt, person_id: int) -> None:
    """What somebody meant who is on the phone just now."""
    if str(person_id) not in on_paper(chat, prompt):
        raise not_here()
    chat.begin("meantfor", prompt.id, given={"who": str(person_id)})


def entry_form(chat: Chat, prompt: Prompt) -> Form:
    """Whose answer, which one where there are several, and what was meant.

    The questions stand there and not the answers, which may have been promised to be without names.
    """
    found = on_paper(chat, prompt)
    begun = conversations.find(chat.tx, chat.person.id, "meantfor", prompt.id)
    chosen = found.get(str(begun.answers.get("who"))) if begun else None
    mine = piles.own(chat.tx, prompt.id, chosen.id) if chosen else ()
    asked = given.questions(chat.tx, prompt.id)
    which = OneOf(
        key="which",
        text=_("Which question was answered?"),
        choices=tuple(Option(f"q{one.question}", Short(asked[one.question - 1].text, 120)) for one in mine),
        when=lambda answers: len(mine) > 1,
    )
    who = tuple(Option(key, one.name or _("somebody")) for key, one in found.items())
    return Form(
        "meantfor",
        (
            OneOf(key="who", text=_("Whose answer was meant otherwise?"), choices=who, branches=True),
            which,
            OneOf(key="how", text=_("How did the correction come?"), choices=HOW),
            FreeText(
                key="meant",
                text=_("What was meant, in the person's own words?"),
                hint=_("It stands beside the answer, for all who read it. The answer stays as it is."),
                longest=LONGEST,
            ),
        ),
        title=_("Enter what was meant"),
        review=looked_over,
        send=_("Enter the correction"),
    )


@router.form("meantfor", Prompt, entry_form, who=office, grows=True)
def entered(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep it beside the answer, as the writer's own."""
    person, how = on_paper(chat, prompt)[str(answers["who"])], str(answers["how"])
    keep(chat, prompt, person, answers, how)
    what = f"prompt:{prompt.id}" if prompt.seen_by == UNNAMED else f"prompt:{prompt.id} person:{person.id}"
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "correction entered on behalf", what, how)
    see = (Button(_("See it as it is now"), "colsee", prompt.id),) if facilitator(chat.standing()) else ()
    chat.say(
        _("It stands beside the answer now."),
        *see,
        Button(_("See whom to call"), "tasks", prompt.committee_id),
    )
