"""Paper and phone as a way to reach people: what would be sent to them becomes a task for a facilitator."""

from __future__ import annotations

ACCOUNT = "paper"
# Reading aloud, slowly, with pauses for questions.
WORDS_A_MINUTE = 100
GREETING = 1


def minutes(text: str, questions: int = 0) -> int:
    """About how many minutes a call takes in which `text` is read aloud and so many questions are answered."""
    return GREETING + max(1, round(len(text.split()) / WORDS_A_MINUTE)) + questions
