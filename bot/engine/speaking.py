"""A recording as an answer: it goes to the open question that takes one."""

from __future__ import annotations

from bot.chat.events import Spoke
from bot.domain.errors import Refusal
from bot.domain.questions import Question
from bot.engine.answering import note
from bot.engine.chat import Chat
from bot.engine.dialogue import Dialogue, current, recorded, speaks
from bot.text import _
from storage import conversations


def spoke(chat: Chat, what: Spoke) -> None:
    """Take a recording as the answer to the open question; where questions stand on a page, to the first that can."""
    row = conversations.current(chat.tx, chat.person.id)
    dialogue = current(chat, row.form, row.subject) if row and row.form in chat.router.forms else None
    question = _asked(dialogue) if dialogue else None
    if dialogue is None or question is None:
        raise Refusal(
            _("Nothing you are asked just now takes a recording. Please write it in words, or open the question first.")
        )
    if what.words.strip():
        raise Refusal(_("Please send the recording alone, without words beside it, or write the whole answer."))
    note(dialogue, question, recorded(dialogue, question, what))


def _asked(dialogue: Dialogue) -> Question | None:
    if not dialogue.paged:
        found = dialogue.form.next_question(dialogue.answers)
        return found if found and speaks(dialogue, found) else None
    unanswered = (item for item in dialogue.form.asked(dialogue.answers) if item.key not in dialogue.answers)
    return next((item for item in unanswered if speaks(dialogue, item)), None)
