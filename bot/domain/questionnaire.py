"""A facilitator's questions before a meeting: how they are built from what is stored, and how members are invited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.anonymity import FEWEST
from bot.domain.holidays import holiday_rule
from bot.domain.questions import (
    KINDS,
    Answers,
    FreeText,
    Number,
    OnDay,
    OneOf,
    Option,
    Question,
    Ranking,
    Scale,
    SomeOf,
    Value,
)
from bot.domain.schedule import reminders
from bot.text import Lines, Many, Words, _, n_

# Who sees the answers, said with each set of questions and fixed once they are sent. A key has at most 8 letters.
# "Without names" is taken strictly: the facilitator sees none either, and fewer than five answers are shown to nobody.
NAMED, TO_ALL, UNNAMED = "named", "members", "unnamed"
SEEN_BY: Mapping[str, Words] = {
    TO_ALL: _("All members, with names"),
    # For translators: staff
    NAMED: _("Only the facilitator sees names"),
    # For translators: staff
    UNNAMED: _("Nobody sees names, not even the facilitator"),
}
USUAL = 3
MOST = 6
LONGEST_ANSWER = 2000
LONGEST_SPOKEN = 4000  # what three minutes are, written down


def question_of(
    kind: str, position: int, text: Words, settings: Mapping[str, Any], *, unsaid: bool = False
) -> Question:
    """A stored question as a question of a form; members may skip each one. Raises KeyError for an unknown kind.

    `unsaid`: what is answered is not repeated in a chat.
    """
    own: dict[str, Any] = {}
    if condition := settings.get("when"):
        own["when"] = after(condition["q"], condition["is"])
    if kind in (OneOf.kind, SomeOf.kind, Ranking.kind):
        own["choices"] = tuple(Option(option["key"], option["label"]) for option in settings["options"])
    elif kind == Scale.kind:
        own |= {name: settings[name] for name in ("steps", "low", "high") if settings.get(name)}
    elif kind == FreeText.kind:
        if settings.get("spoken"):
            own |= {"longest": LONGEST_SPOKEN, "spoken": True}
        else:
            own["longest"] = LONGEST_ANSWER
    elif kind == Number.kind:
        own |= {name: settings[name] for name in ("unit", "least", "most") if settings.get(name)}
        own["hint"] = between(own.get("unit", ""), own.get("least"), own.get("most"))
    elif kind == OnDay.kind:
        own["hint"] = _("Day, month and year, such as 2026-12-03.")
    return KINDS[kind](key=f"q{position}", text=text, optional=True, unsaid=unsaid, **own)


def keys_of(value: Value) -> tuple[str, ...]:
    """The options that a value stands for; none where it was skipped."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return tuple(value) if isinstance(value, list) else (str(value),)


def after(position: int, keys: Sequence[str]) -> Callable[[Answers], bool]:
    """Whether question `position` was answered by one of these options; whoever skipped it is not asked further."""
    return lambda answers: any(key in keys for key in keys_of(answers.get(f"q{position}")))


def in_order(questions: Sequence[Question], conditions: Mapping[int, Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions with a mark on those on whose answers others depend, so that a page ends there.

    `conditions` are by position: {"q": the earlier question, "is": the options after which it is asked}.
    """
    decide = {condition["q"] for condition in conditions.values()}
    return tuple(
        replace(question, branches=True) if place in decide else question
        for place, question in enumerate(questions, start=1)
    )


def said_condition(questions: Sequence[Question], condition: Mapping[str, Any]) -> Words:
    """In words, after which answers a question is asked."""
    earlier = questions[condition["q"] - 1]
    labels = Many(tuple(_("“{text}”", text=earlier.label(key)) for key in condition["is"]))
    return _("Only for those who answer {answers} to question {number}.", answers=labels, number=condition["q"])


def between(unit: Words, least: str | None, most: str | None) -> Words:
    """What can be answered to a number: its unit, and its least and most."""
    if least is not None and most is not None:
        return Lines((_("A number from {least} to {most}", least=least, most=most), unit), " ")
    if least is not None:
        return Lines((_("A number, at least {least}", least=least), unit), " ")
    if most is not None:
        return Lines((_("A number, at most {most}", most=most), unit), " ")
    return _("A number of {unit}", unit=unit) if unit else _("A number")


def choices_of(lists: Mapping[str, str]) -> list[dict[str, Any]]:
    """The stored options of a question, from one list a language with one answer a line.

    Raises ValueError where the lists are not equally long.
    """
    by_locale = {locale: text.splitlines() for locale, text in lists.items()}
    rows = zip(*by_locale.values(), strict=True)
    return [
        {"key": f"o{number}", "label": dict(zip(by_locale, row, strict=True))}
        for number, row in enumerate(rows, start=1)
    ]


def from_administration() -> Words:
    """The mark of what the administration has written, so that nobody takes it for the committee's own words."""
    return _("From the administration:")


def answered(values: Answers) -> bool:
    """Whether anything at all was answered, and not only skipped."""
    return any(value is not None for value in values.values())


def minutes(count: int) -> int:
    """About how long the questions take: a minute each."""
    return max(1, count)


def reminder_times(opened: datetime, deadline: datetime, zone: str, country: str) -> tuple[datetime, ...]:
    """When those who have not answered are reminded: at most twice, outside quiet hours and holidays; UTC."""
    return reminders(opened, deadline, zone, holiday_rule(country))


@dataclass(frozen=True, slots=True)
class Invitation:
    """What members must know before they answer. `who` sees the answers; `paper` if to the facilitator alone.

    `asker` is the member whose question it is, and `inquirer` the politician who gets the answers, where there is one;
    `spoken`: answers can be recorded.
    """

    topic: Words
    count: int
    deadline: datetime
    who: Words
    facilitator: str
    municipality: Words
    meeting_at: datetime | None = None
    paper: bool = False
    seen_by: str = NAMED
    background: Words = ""
    asker: Words = ""
    inquirer: str = ""
    spoken: bool = False

    def opening(self, name: str = "") -> Words:
        """The first message: who asks, about what, how long it takes, until when, and who sees the answers."""
        return Lines(
            (
                Lines((_("Hello {name}.", name=name) if name else _("Hello."), self._purpose()), " "),
                Lines(
                    (self._length(), _("Please answer by {deadline}. No answer is wrong.", deadline=self.deadline)), " "
                ),
                _("{who} asks this, through your contact person.", who=self.asker) if self.asker else "",
                _("{name} asks, and gets the answers without names.", name=self.inquirer) if self.inquirer else "",
                self.seen(),
                Lines((from_administration(), self.background), "\n") if self.background else "",
                _(
                    "Regards, {facilitator}, {municipality}",
                    facilitator=self.facilitator,
                    municipality=self.municipality,
                ),
            )
        )

    def reminder(self) -> Words:
        """A few words to those who have neither answered nor said no."""
        return Lines(
            (
                _("You can still answer."),
                n_(
                    "{count} question before the meeting {date}.",
                    "{count} questions before the meeting {date}.",
                    self.count,
                    date=self.meeting_at,
                )
                if self.meeting_at
                else n_(
                    "{count} question about {topic}.", "{count} questions about {topic}.", self.count, topic=self.topic
                ),
                _("Deadline: {deadline}.", deadline=self.deadline),
                _("You can also skip it. Then we do not remind you of it again."),
            ),
            " ",
        )

    def seen(self) -> Words:
        """Who sees the answers and hears what is spoken, and what becomes of it."""
        return Lines((self._seen(), self._heard()), " ") if self.spoken else self._seen()

    def _heard(self) -> Words:
        """Who hears a voice; without names it is said that a voice can be known."""
        if self.seen_by == TO_ALL and not self.paper:
            return _("If you speak, they can hear your recording.")
        if self.seen_by == UNNAMED and not self.paper:
            return _(
                "You can also speak, but a voice can be recognised. Only {who} can hear the recording. The committee "
                "gets what is written down of it.",
                who=self.who,
            )
        return _(
            "If you speak, only {who} can hear the recording. The committee gets what is written down of it.",
            who=self.who,
        )

    def _seen(self) -> Words:
        if self.paper:
            return _(
                "Only {who} sees your answers. They become a paper for the meeting, without your name.", who=self.who
            )
        if self.seen_by == UNNAMED:
            return _(
                "Nobody sees your name beside your answers. {who} and the committee see them once at least {fewest} "
                "people have answered.",
                who=self.who,
                fewest=FEWEST,
            )
        if self.seen_by == TO_ALL:
            return _("All members of the committee and {who} see your answers with your name.", who=self.who)
        if self.meeting_at:
            return _("{who} sees your answers with your name, and we take them along to the meeting.", who=self.who)
        return _("{who} sees your answers with your name, and sums them up for the committee.", who=self.who)

    def _purpose(self) -> Words:
        if self.meeting_at:
            return _(
                "We meet {date}. Before the meeting we would like to hear what you think about {topic}.",
                date=self.meeting_at,
                topic=self.topic,
            )
        return _("We would like to hear what you think about {topic}.", topic=self.topic)

    def _length(self) -> Words:
        time = n_("{count} minute", "{count} minutes", minutes(self.count))
        return n_(
            "{count} short question, about {time}.", "{count} short questions, about {time}.", self.count, time=time
        )


HOW: Mapping[type[Question], Words] = {
    SomeOf: _("(several answers)"),
    FreeText: _("(in one's own words)"),
    Ranking: _("(to be put in order)"),
}


def as_shown(questions: Sequence[Question], conditions: Mapping[int, Mapping[str, Any]] | None = None) -> Words:
    """All questions with what can be answered, and who is asked, as a preview in one message."""
    blocks: list[Words] = []
    for place, question in enumerate(questions, start=1):
        spoken = isinstance(question, FreeText) and question.spoken
        options: Words = Lines(tuple(_("- {option}", option=option.label) for option in question.options), "\n")
        condition = (conditions or {}).get(place)
        only = said_condition(questions, condition) if condition else ""
        how = next((words for kind, words in HOW.items() if isinstance(question, kind)), question.hint)
        how = _("(in one's own words, written or spoken)") if spoken else how
        blocks.append(
            Lines((_("{number}. {question}", number=place, question=question.text), only, how, options), "\n")
        )
    return Lines(tuple(blocks))


def recap(questions: Sequence[Question], values: Answers) -> Words:
    """What a person answered, question by question; what was skipped is said to be skipped, what is unsaid answered.

    What was not asked is left out.
    """

    def shown(question: Question) -> Words:
        value = values.get(question.key)
        return _("Answered") if question.unsaid and value is not None else question.show(value)

    return Lines(
        tuple(
            _("{question}\n{answer}", question=question.text, answer=shown(question))
            for question in questions
            if question.when(values)
        )
    )
