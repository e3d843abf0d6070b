"""A form as data: the step is derived from the answers, so skip, back, edit and resuming come for free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.questions import Answers, Question, Told
from bot.text import Words


def nothing_to_know() -> Words:
    """The form speaks for itself."""
    return ""


def looked_over() -> bool:
    """The form is looked over before it is sent."""
    return True


def sent_at_once() -> bool:
    """The form is sent with its last answer."""
    return False


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in order. `review` says, once all are answered, whether to look it over before sending.

    `notice` gives what must be known while answering, such as who sees the answers.
    """

    key: str
    fields: tuple[Question, ...]
    title: Words = ""
    review: Callable[[], bool] = sent_at_once
    send: Words = ""
    notice: Callable[[], Words] = nothing_to_know

    def asked(self, answers: Answers) -> Iterator[Question]:
        """The questions that these answers lead to, answered or not."""
        return (field for field in self.fields if field.when(answers))

    def next(self, answers: Answers) -> Question | None:
        """The first question without an answer, or None when the form is complete."""
        return next((field for field in self.asked(answers) if field.key not in answers), None)

    def told_before(self, answers: Answers, key: str) -> Told | None:
        """What is told right before a question and was not read yet: in a chat it stands above the question."""
        before: Question | None = None
        for field in self.asked(answers):
            if field.key == key:
                break
            before = field
        return before if isinstance(before, Told) and before.key not in answers else None

    def next_question(self, answers: Answers) -> Question | None:
        """As `next`, but past what is only told, where a question follows it."""
        found = self.next(answers)
        if not isinstance(found, Told):
            return found
        return next((field for field in self.asked(answers) if field.key not in answers and field != found), found)

    def page(self, answers: Answers) -> tuple[Question, ...]:
        """The unanswered questions that can be shown together: up to the first on which later ones depend."""
        page: list[Question] = []
        for field in self.asked(answers):
            if field.key in answers:
                continue
            page.append(field)
            if field.branches:
                break
        return tuple(page)

    def previous(self, answers: Answers, key: str | None) -> Question | None:
        """The last answered question before `key` (or at the end), the one that *back* returns to."""
        answered: Question | None = None
        for field in self.asked(answers):
            if field.key == key:
                break
            if field.key in answers:
                answered = field
        return answered

    def progress(self, answers: Answers, key: str) -> tuple[int, int]:
        """The place of a question and how many there are, not counting what is only told or stands aside.

        None are counted (0, 0) at a first question that decides which others follow: their number would jump.
        """
        shown = [field for field in self.asked(answers) if not (field.aside or isinstance(field, Told))]
        keys = [field.key for field in shown]
        if keys[:1] == [key] and shown[0].branches and key not in answers:
            return 0, 0
        return (keys.index(key) + 1 if key in keys else 0, len(keys))

    def field(self, key: str) -> Question | None:
        """The question with this key."""
        return next((field for field in self.fields if field.key == key), None)

    def pruned(self, answers: Answers) -> Answers:
        """The answers without those to questions that no longer apply."""
        kept = {field.key for field in self.asked(answers)}
        return {key: value for key, value in answers.items() if key in kept}
