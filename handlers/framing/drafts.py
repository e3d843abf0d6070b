"""What all changes to a draft have in common: it is not sent yet, and it is looked at again afterwards."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.engine.chat import Chat
from bot.text import Words, _
from storage import audit
from storage.prompts import Prompt


def require_draft(prompt: Prompt) -> None:
    """What is sent is frozen: what was said to those who have it stays true. Raises Refusal."""
    if prompt.state not in ("draft", "scheduled"):
        raise Refusal(_("This is sent or cancelled, so it cannot be changed. Write a new one by /ask or /prompt."))


def again(prompt: Prompt) -> Button:
    """Back to the draft as it now is."""
    return Button(_("Look at it again"), "asked" if prompt.kind == "questions" else "message", prompt.id)


def changed(chat: Chat, prompt: Prompt, words: Words) -> None:
    """Note the change, and say it."""
    action = "questions changed" if prompt.kind == "questions" else "message changed"
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, action, f"prompt:{prompt.id}")
    chat.say(words, again(prompt))
