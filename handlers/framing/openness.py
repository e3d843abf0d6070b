"""Who sees the answers: chosen before the questions are sent, said to all who answer, and fixed from then on."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import facilitator
from bot.domain.questionnaire import SEEN_BY
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, _
from handlers.framing.drafts import again, changed, require_draft
from storage import committees, prompts
from storage.prompts import Prompt

router = Router()


def require_choice(chat: Chat, prompt: Prompt) -> None:
    """There is a choice for questions that are not sent, where the law leaves one. Raises Refusal."""
    if prompt.kind != "questions":
        raise not_here()
    require_draft(prompt)
    if committees.rules(chat.tx, prompt.committee_id).answers_to_facilitator_only:
        raise Refusal(
            # For translators: staff
            _(
                "In this committee members do not exchange views between meetings. So their answers reach the "
                "facilitator alone, and become a paper for the meeting."
            )
        )


@router.button("seenby", Prompt, who=facilitator)
def choose(chat: Chat, prompt: Prompt) -> None:
    """The three ways, each in a sentence."""
    require_choice(chat, prompt)
    rows = [Button(label, "seeby", prompt.id, key) for key, label in SEEN_BY.items()]
    chat.say(
        Lines((_("Who sees the answers?"), _("It cannot be changed once the questions are sent."))),
        *rows,
        again(prompt),
    )


@router.button("seeby", Prompt, str, who=facilitator)
def chosen(chat: Chat, prompt: Prompt, choice: str) -> None:
    """Keep the choice."""
    require_choice(chat, prompt)
    if choice not in SEEN_BY:
        raise not_here()
    prompts.change(chat.tx, prompt.id, seen_by=choice)
    changed(chat, prompt, _("Who sees the answers: {who}", who=SEEN_BY[choice]))
