"""Paper and phone as a way to reach people: what would be sent to them becomes a task for a facilitator."""

from __future__ import annotations

from bot.domain.questions import Option
from bot.text import _

ACCOUNT = "paper"
# Reading aloud, slowly, with pauses for questions.
WORDS_A_MINUTE = 100
GREETING = 1
# How it came to whoever enters it.
HOW = (Option("phone", _("By phone")), Option("paper", _("On paper")))


def minutes(text: str, questions: int = 0) -> int:
    """About how many minutes a call takes in which `text` is read aloud and so many questions are answered."""
    return GREETING + max(1, round(len(text.split()) / WORDS_A_MINUTE)) + questions
