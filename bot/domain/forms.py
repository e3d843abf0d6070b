"""A form as data: the step is derived from the answers, so skip, back, edit and resuming come for free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.domain.questions import Answers, Question, Told, always
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
    _depends: bool = field(init=False, repr=False)  # whether any question is asked after some answers only

    def __post_init__(self) -> None:
        object.__setattr__(self, "_depends", any(one.when is not always for one in self.fields))

    def asked(self, answers: Answers) -> Sequence[Question]:
        """The questions that these answers lead to, answered or not."""
        return [one for one in self.fields if one.when(answers)] if self._depends else self.fields

    def next(self, answers: Answers) -> Question | None:
        """The first question without an answer, or None when the form is complete."""
        for one in self.asked(answers):
            if one.key not in answers:
                return one
        return None

    def told_before(self, answers: Answers, key: str) -> Told | None:
        """What is told right before a question and was not read yet: in a chat it stands above the question."""
        before: Question | None = None
        for one in self.asked(answers):
            if one.key == key:
                break
            before = one
        return before if isinstance(before, Told) and before.key not in answers else None

    def next_question(self, answers: Answers) -> Question | None:
        """As `next`, but past what is only told, where a question follows it."""
        found = self.next(answers)
        if not isinstance(found, Told):
            return found
        return next((one for one in self.asked(answers) if one.key not in answers and one != found), found)

    def page(self, answers: Answers) -> tuple[Question, ...]:
        """The unanswered questions that can be shown together: up to the first on which later ones depend."""
        page: list[Question] = []
        for one in self.asked(answers):
            if one.key in answers:
                continue
            page.append(one)
            if one.branches:
                break
        return tuple(page)

    def previous(self, answers: Answers, key: str | None) -> Question | None:
        """The last answered question before `key` (or at the end), the one that *back* returns to."""
        answered: Question | None = None
        for one in self.asked(answers):
            if one.key == key:
                break
            if one.key in answers:
                answered = one
        return answered

    def progress(self, answers: Answers, key: str) -> tuple[int, int]:
        """The place of a question and how many there are, not counting what is only told or stands aside.

        None are counted (0, 0) at a first question that decides which others follow: their number would jump.
        """
        shown = [one for one in self.asked(answers) if not (one.aside or isinstance(one, Told))]
        keys = [one.key for one in shown]
        if keys[:1] == [key] and shown[0].branches and key not in answers:
            return 0, 0
        return (keys.index(key) + 1 if key in keys else 0, len(keys))

    def field(self, key: str) -> Question | None:
        """The question with this key."""
        return next((one for one in self.fields if one.key == key), None)

    def pruned(self, answers: Answers) -> Answers:
        """The answers without those to questions that no longer apply."""
        kept = {one.key for one in self.asked(answers)}
        return {key: value for key, value in answers.items() if key in kept}
