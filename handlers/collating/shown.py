"""Groups in words, for the facilitator and for members."""

from __future__ import annotations

from bot.domain import shift, summary
from bot.domain.questionnaire import TO_ALL
from bot.domain.questions import FreeText
from bot.domain.similarity import typical_sentence
from bot.engine.errand import Errand
from bot.text import Lines, Short, Words, _, n_
from storage import answers, piles
from storage.piles import Entry, Full
from storage.prompts import Prompt

MOST_TYPICAL = 5  # they come first, and to look at all would take long where there are many
UNKNOWN = "da"  # a language for those whose own is not known: only stems of words depend on it


def called(pile: Full) -> Words:
    """The name of a group; without one the most typical sentence of its most typical answers."""
    if pile.name or not pile.entries:
        return pile.name
    texts = [(str(one.text), one.locale or UNKNOWN) for one in pile.entries[:MOST_TYPICAL] if not one.recording]
    if not texts:
        return pile.entries[0].text  # spoken, and not written down
    return _("“{text}”", text=Short(typical_sentence(texts), 60))


def line(entry: Entry, *, names: bool, page: str = "") -> Words:
    """One answer with its number, and beside it what its writer says was meant.

    Where readers may listen to what is not written down, `page` is the address that recordings stand under.
    """
    text = Lines((entry.text, f"{page}/{entry.recording}"), " ") if page and entry.recording else entry.text
    if names and entry.name:
        said = _("{number}. {name}: {text}", number=entry.place, name=entry.name, text=text)
    else:
        said = _("{number}. {question}", number=entry.place, question=text)
    meant = _("   Its writer adds: {text}", text=entry.correction) if entry.correction else ""
    return Lines((said, meant), "\n")


def whole(pile: Full, *, names: bool, page: str = "") -> Words:
    """A group with all its answers; one answer without a name needs no heading."""
    if len(pile.entries) == 1 and not pile.name:
        return line(pile.entries[0], names=names, page=page)
    count = len(pile.entries)
    head = n_("{name} ({count} answer)", "{name} ({count} answers)", count, name=called(pile))
    return Lines((head, *(line(entry, names=names, page=page) for entry in pile.entries)), "\n")


def collation(errand: Errand, prompt: Prompt) -> Words:
    """What came of all questions: groups of texts, and sums; names stand there only where all members may see them."""
    names = prompt.seen_by == TO_ALL
    asked = answers.questions(errand.tx, prompt.id)
    sums = summary.summarise(asked, answers.in_time(errand.tx, prompt.id))
    blocks: list[Words] = []
    for place, question in enumerate(asked, start=1):
        if not isinstance(question, FreeText):
            blocks.append(summary.said(place, sums[place - 1], names=names))
        elif found := piles.listed(errand.tx, prompt.id, place):
            blocks.append(_("Question {number}: {question}", number=place, question=question.text))
            page = f"{errand.house.base_url}/voice" if names else ""
            blocks += [whole(pile, names=names, page=page) for pile in found]
    changes = shift.as_words(answers.compared(errand.tx, prompt), answers.both(errand.tx, prompt))
    return Lines((*blocks, changes))
