"""A member says what was meant by an answer; it stands beside the answer, and the facilitator hears of it."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.forms import Form
from bot.domain.people import either, follower, member
from bot.domain.questionnaire import UNNAMED
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Short, _
from handlers.collating.shown import called
from storage import answers, piles
from storage.piles import PiledAnswer
from storage.prompts import Prompt

router = Router()


def own(chat: Chat, prompt: Prompt) -> list[PiledAnswer]:
    """The person's own answers among what members have seen. Raises Refusal where there is none."""
    found = list(piles.own(chat.tx, prompt.id, chat.person.id)) if prompt.piling == "shared" else []
    if not found:
        raise not_here()
    return found


def correction_form(chat: Chat, prompt: Prompt) -> Form:
    """Which answer, where there are several, and what was meant."""
    mine = own(chat, prompt)
    given = answers.of(chat.tx, prompt.id, chat.person.id)
    assert given is not None
    asked = answers.questions(chat.tx, prompt.id)
    options = tuple(
        Option(f"q{one.question}", Short(asked[one.question - 1].show(given.values.get(f"q{one.question}")), 120))
        for one in mine
    )
    which = OneOf(key="which", text=_("Which of your answers?"), choices=options)
    meant = FreeText(
        key="meant",
        text=_("What did you mean?"),
        hint=_("What you write stands beside your answer, for all who read it. Your answer stays as it is."),
        longest=1000,
    )
    return Form("notmeant", (which, meant) if len(mine) > 1 else (meant,), title=_("What I meant"))


@router.form("notmeant", Prompt, correction_form, who=either(member, follower))
def corrected(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep it beside the answer, and tell the facilitators where it stands."""
    mine = own(chat, prompt)
    question = int(str(answers["which"])[1:]) if "which" in answers else mine[0].question
    if not piles.correct(chat.tx, prompt.id, question, chat.person.id, str(answers["meant"]), chat.now):
        raise not_here()
    pile = next(one for one in mine if one.question == question)
    found = piles.get(chat.tx, pile.pile_id)
    assert found is not None
    named = prompt.seen_by != UNNAMED and chat.person.name
    chat.tell_facilitators(
        prompt.committee_id,
        Lines(
            (
                _(
                    "{name} says that an answer about “{topic}” was meant otherwise.",
                    name=named or _("Somebody"),
                    topic=prompt.text,
                ),
                _("It is number {number} in {name}.", number=pile.place, name=called(piles.full(chat.tx, found))),
            )
        ),
        Button(_("See the group"), "pile", found.id),
        notice=_("about an answer"),
    )
    chat.say(_("Thank you. It stands beside your answer now, and your contact person is told."))
