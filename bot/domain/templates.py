"""Open questions for each kind of meeting, and the page a politician takes to the party group: drafts to be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.mandate import Mandate
from bot.domain.season import Kind, Stage, stage
from bot.text import Lines, Text, Words, _


@dataclass(frozen=True, slots=True)
class Draft:
    """Open questions before one meeting, and what they are about."""

    topic: Text
    questions: tuple[Text, ...]


# Along the three tasks: understand the problem, develop solutions, build support. None has a proposal in it.
DRAFTS: Mapping[Stage, tuple[Draft, ...]] = {
    Stage.FIRST: (
        Draft(
            _("the problem, and whom it affects"),
            (
                _("How do you meet this problem in daily life?"),
                _("Whom does it affect most, and who among them is seldom heard?"),
                _("What do we need to know more about before we look for solutions?"),
            ),
        ),
    ),
    Stage.DEVELOPING: (
        Draft(
            _("possible solutions"),
            (
                _("What has been tried, here or elsewhere, and what came of it?"),
                _("What could be tried on a small scale, and with whom?"),
                _("What would have to be different for it to work for you and people you know?"),
            ),
        ),
        Draft(
            _("what can be tried"),
            (
                _("Which of the things we have talked about would you try first?"),
                _("How could we see after a few weeks whether it helps?"),
                _("Who would have to be with us from the start?"),
            ),
        ),
        Draft(
            _("what we have learnt so far"),
            (
                _("What do you see differently now than when we began?"),
                _("What have you heard from people outside the committee that we should not forget?"),
                _("What do we lack before we can recommend something?"),
            ),
        ),
    ),
    Stage.SUPPORT: (
        Draft(
            _("support for the solutions"),
            (
                _("Who has to stand behind this for it to be carried out?"),
                _("What will those say who see it differently, and what is right in it?"),
                _("What can you, or people you know, help with?"),
            ),
        ),
    ),
    Stage.LAST: (
        Draft(
            _("the recommendation"),
            (
                _("What in the recommendation do you stand behind, and what not?"),
                _("What is most important to get an answer to?"),
                _("What happens to it from here, and who carries it on?"),
            ),
        ),
    ),
}


def questions_before(place: int, count: int) -> Draft:
    """What to ask before the meeting at a place (0 is the first of `count`); a season of six repeats nothing."""
    of_stage = DRAFTS[stage(place, count)]
    return of_stage[max(place - 1, 0) % len(of_stage)]


ITEMS: Mapping[Kind, Text] = {
    Kind.NOTICE: _("Send the notice"),
    Kind.AGENDA: _("Look at the agenda again"),
    Kind.QUESTIONS: _("Send questions before the meeting"),
    Kind.REMINDER: _("Ask those who have not said whether they come"),
    Kind.MINUTES: _("Publish the minutes"),
    Kind.SURVEY: _("Send the five statements"),
    Kind.SHORTLIST: _("Prioritise the ideas"),
    Kind.DELIVERY: _("Deliver the result"),
}


def group_page(mandate: Mandate) -> Words:
    """A neutral page to take to the party group: the task, what is settled, and questions that take no side."""
    return Lines(
        (
            _("To take to your party group: {title}", title=mandate.title),
            mandate.in_brief,
            _("This is settled: {fixed}", fixed=mandate.fixed),
            _("This is open: {open}", open=mandate.open),
            _(
                "The committee proposes. It is {the_council} that decides.",
                the_council=mandate.municipality.the_council,
            ),
            Lines(
                (
                    _("Three questions for the group:"),
                    _("1. What in this problem do we know first-hand, and what have we only heard?"),
                    _("2. What would we want to hear from the committee before we decide?"),
                    _("3. What could we support together with others?"),
                ),
                "\n",
            ),
        )
    )
