"""In words, to whom a message or questions go."""

from __future__ import annotations

from bot.engine.errand import Errand
from bot.text import Words, _, n_
from storage import audiences, committees, groups, outbox, prompts
from storage.prompts import Prompt

AUDIENCES = {
    "members": _("all members"),
    "citizens": _("the citizens"),
    "politicians": _("the politicians"),
    "circle": _("those who follow along"),
}


def described(errand: Errand, prompt: Prompt) -> Words:
    """The audience of a prompt, such as "all members" or "the working group Lights"."""
    if prompt.audience == "line":
        mandate = committees.mandate(errand.tx, prompt.committee_id)
        labels = {line.key: line.label for line in mandate.profiles}
        return _("those in this seat: {line}", line=labels.get(prompt.audience_of, prompt.audience_of))
    if prompt.audience == "group":
        group = groups.get(errand.tx, int(prompt.audience_of))
        return _("the working group {name}", name=group.name if group else "")
    if prompt.audience in ("did", "didnot"):
        other = prompts.get(errand.tx, int(prompt.audience_of))
        topic = other.text if other else ""
        if prompt.audience == "did":
            return _("those who answered the questions about {topic}", topic=topic)
        return _("those who did not answer the questions about {topic}", topic=topic)
    return AUDIENCES[prompt.audience]


def counted(errand: Errand, prompt: Prompt) -> tuple[int, Words]:
    """To how many a prompt goes, and a sentence on those among them who do not want to be written to."""
    states = audiences.states(errand.tx, prompt)
    quiet = sum(count for state, count in states.items() if outbox.HEARD[state] is not None)
    asked = n_(
        "{count} of them has asked not to be written to. Please call instead.",
        "{count} of them have asked not to be written to. Please call instead.",
        quiet,
    )
    return sum(states.values()), asked if quiet else ""
