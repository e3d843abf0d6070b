"""A member says what was meant by an answer; it stands beside the answer, and the facilitator hears of it."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.forms import Form
from bot.domain.people import Person, either, follower, member
from bot.domain.questionnaire import UNNAMED
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Short, _
from handlers.collating.shown import called
from storage import answers, people, piles
from storage.piles import PiledAnswer
from storage.prompts import Prompt

router = Router()


LONGEST = 1000


def own(chat: Chat, prompt: Prompt, person_id: int) -> list[PiledAnswer]:
    """A person's own answers among what members have seen. Raises Refusal where there is none."""
    found = list(piles.own(chat.tx, prompt.id, person_id)) if prompt.piling == "shared" else []
    if not found:
        raise not_here()
    return found


def correction_form(chat: Chat, prompt: Prompt) -> Form:
    """Which answer, where there are several, and what was meant."""
    mine = own(chat, prompt, chat.person.id)
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
        longest=LONGEST,
    )
    return Form("notmeant", (which, meant) if len(mine) > 1 else (meant,), title=_("What I meant"))


@router.form("notmeant", Prompt, correction_form, who=either(member, follower))
def corrected(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep what was meant by an answer of one's own."""
    keep(chat, prompt, chat.person, answers)
    chat.say(_("Thank you. It stands beside your answer now, and your contact person is told."))


def keep(chat: Chat, prompt: Prompt, person: Person, answers: Answers, how: str | None = None) -> None:
    """Keep it beside the person's answer, and tell the other facilitators where it stands.

    It came by phone or on paper where it says `how`; then whoever writes enters it for the person.
    """
    mine = own(chat, prompt, person.id)
    question = int(str(answers["which"])[1:]) if "which" in answers else mine[0].question
    by = chat.person.id if how else None
    if not piles.correct(chat.tx, prompt.id, question, person.id, str(answers["meant"]), chat.now, by, how):
        raise not_here()
    pile = next(one for one in mine if one.question == question)
    found = piles.get(chat.tx, pile.pile_id)
    assert found is not None
    named = prompt.seen_by != UNNAMED and person.name
    chat.tell_each(
        [one for one in people.facilitators(chat.tx, prompt.committee_id) if one.id != chat.person.id],
        Lines(
            (
                _(
                    "{name} says that an answer about “{topic}” was meant otherwise.",
                    name=named or _("Somebody"),
                    topic=prompt.text,
                ),
                _(
                    "It is number {number} in this group: {name}",
                    number=pile.place,
                    name=called(piles.full(chat.tx, found)),
                ),
            )
        ),
        Button(_("See the group"), "pile", found.id),
        notice=_("about an answer"),
        path="/talk",
    )
