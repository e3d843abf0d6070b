"""Whether everybody can read what a facilitator is about to send, and what to do where somebody cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.languages import KIN, Texts, labelled, stands_in, unreadable
from bot.domain.people import Person
from bot.engine.errand import Errand
from bot.i18n import NAMES
from bot.text import Lines, Many, Words, _, n_
from storage import audiences, committees, people, wording
from storage.prompts import Prompt


def texts_of(errand: Errand, prompt: Prompt) -> Texts:
    """Every text of a prompt with its name."""
    return [(slot.name, slot.words) for slot in wording.slots(errand.tx, prompt)]


def readers(errand: Errand, prompt: Prompt) -> Mapping[str, int]:
    """How many of those it goes to read each language; the committee's own where somebody has not chosen."""
    own = committees.mandate(errand.tx, prompt.committee_id).locales[0]
    counted: dict[str, int] = {}
    for locale, count in audiences.locales(errand.tx, prompt).items():
        counted[locale or own] = counted.get(locale or own, 0) + count
    return counted


def missing(errand: Errand, prompt: Prompt) -> Mapping[str, Sequence[Words]]:
    """What somebody it goes to could not read, by language."""
    return unreadable(texts_of(errand, prompt), readers(errand, prompt), stand_in=prompt.stand_in)


def require_readable(errand: Errand, prompt: Prompt) -> None:
    """Nobody is written to in a language that is not theirs. Raises Refusal with what is missing in which language."""
    if lines := lacking(errand, prompt):
        raise Refusal(Lines((*lines, _("Write what is missing, then send it.")), "\n"))


def lacking(errand: Errand, prompt: Prompt) -> list[Words]:
    """One sentence for each language in which something is missing, with how many read it."""
    counted = readers(errand, prompt)
    return [
        n_(
            "{count} person who gets this reads {language}, and this is not written in it: {texts}.",
            "{count} people who get this read {language}, and this is not written in it: {texts}.",
            counted[locale],
            language=NAMES[locale],
            texts=Many(tuple(names)),
        )
        for locale, names in missing(errand, prompt).items()
    ]


def ways_out(errand: Errand, prompt: Prompt) -> list[Button]:
    """A button to write what is missing in each language, and one to let Danish and Norwegian stand in."""
    found = missing(errand, prompt)
    rows = [
        Button(_("Write it in {language}", language=NAMES[locale]), "open", f"write_{locale}", prompt.id)
        for locale in found
    ]
    texts = texts_of(errand, prompt)
    if prompt.stand_in:
        rows.append(Button(_("Danish and Norwegian do not stand in for each other"), "standin", prompt.id, "no"))
    elif any(stands_in(locale, texts) for locale in found if locale in KIN):
        rows.append(Button(_("Let Danish and Norwegian stand in for each other"), "standin", prompt.id, "yes"))
    return rows


def advice(errand: Errand, prompt: Prompt) -> list[Words]:
    """What a preview says of languages: what is missing, or that some read it in a language that stands in."""
    found = lacking(errand, prompt)
    if found:
        return [Lines((*found, _("It cannot be sent before that is written.")), "\n")]
    texts = texts_of(errand, prompt)
    kin = {locale: stands_in(locale, texts) for locale in unreadable(texts, readers(errand, prompt), stand_in=False)}
    return [
        _(
            "Those who read {language} get it in {other}, with a line above that says so.",
            language=NAMES[locale],
            other=NAMES[other],
        )
        for locale, other in kin.items()
        if other
    ]


def label(errand: Errand, prompt: Prompt, person: Person, texts: Texts) -> Words:
    """The line above a message in another language than the reader's; empty where it is in the reader's own."""
    if not prompt.stand_in:
        return ""
    own = committees.mandate(errand.tx, prompt.committee_id).locales[0]
    return labelled(person.locale or own, texts, NAMES)


def held_back(errand: Errand, prompt: Prompt) -> bool:
    """Where somebody could not read what is about to go out by itself: tell the facilitators, and hold it back."""
    lines = lacking(errand, prompt)
    for person in people.facilitators(errand.tx, prompt.committee_id) if lines else ():
        errand.tell(
            person,
            Lines((_("A message waits: somebody it goes to could not read it."), *lines)),
            Button(_("Look at it"), "message", prompt.id),
            notice=_("a message that was not sent"),
            kind="necessary",
            path="/talk",
        )
    return bool(lines)
