"""Whether everybody can read what a facilitator is about to send, and what to do where somebody cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.languages import KIN, Texts, labelled, stands_in, unreadable
from bot.domain.people import Person
from bot.engine.errand import Errand
from bot.i18n import NAMES
from bot.text import Lines, Many, Words, _, n_
from storage import audiences, committees, wording
from storage.prompts import Prompt


def texts_of(errand: Errand, prompt: Prompt) -> Texts:
    """Every text of a prompt with its name."""
    return [(slot.name, slot.words) for slot in wording.slots(errand.tx, prompt)]


@dataclass(frozen=True, slots=True)
class Readability:
    """A prompt's texts, how many of those it goes to read each language, and what is `missing` in which."""

    prompt: Prompt
    texts: Texts
    readers: Mapping[str, int]
    missing: Mapping[str, Sequence[Words]]

    def lacking(self) -> list[Words]:
        """One sentence for each language in which something is missing, with how many read it."""
        return [
            n_(
                "{count} person who gets this reads {language}, and this is not written in it: {texts}.",
                "{count} people who get this read {language}, and this is not written in it: {texts}.",
                self.readers[locale],
                language=NAMES[locale],
                texts=Many(tuple(names)),
            )
            for locale, names in self.missing.items()
        ]

    def ways_out(self) -> list[Button]:
        """A button to write what is missing in each language, and one to let Danish and Norwegian stand in."""
        rows = [
            Button(_("Write it in {language}", language=NAMES[locale]), "open", f"write_{locale}", self.prompt.id)
            for locale in self.missing
        ]
        number = self.prompt.id
        if self.prompt.stand_in:
            rows.append(Button(_("Danish and Norwegian do not stand in for each other"), "standin", number, "no"))
        elif any(stands_in(locale, self.texts) for locale in self.missing if locale in KIN):
            rows.append(Button(_("Let Danish and Norwegian stand in for each other"), "standin", number, "yes"))
        return rows

    def advice(self) -> list[Words]:
        """What a preview says of languages: what is missing, or that some read it in a language that stands in."""
        if self.missing:
            return [Lines((*self.lacking(), _("It cannot be sent before that is written.")), "\n")]
        kin = {locale: stands_in(locale, self.texts) for locale in self._not_in_their_own()}
        return [
            _(
                "Those who read {language} get it in {other}, with a line above that says so.",
                language=NAMES[locale],
                other=NAMES[other],
            )
            for locale, other in kin.items()
            if other
        ]

    def _not_in_their_own(self) -> Iterable[str]:
        return unreadable(self.texts, self.readers, stand_in=False)


def readability(errand: Errand, prompt: Prompt) -> Readability:
    """Who could read a prompt as it stands; whoever has not chosen reads the committee's own language."""
    own = committees.mandate(errand.tx, prompt.committee_id).locales[0]
    readers: dict[str, int] = {}
    for locale, count in audiences.locales(errand.tx, prompt).items():
        readers[locale or own] = readers.get(locale or own, 0) + count
    texts = texts_of(errand, prompt)
    return Readability(prompt, texts, readers, unreadable(texts, readers, stand_in=prompt.stand_in))


def require_readable(errand: Errand, prompt: Prompt) -> None:
    """Nobody is written to in a language that is not theirs. Raises Refusal with what is missing in which language."""
    if lines := readability(errand, prompt).lacking():
        raise Refusal(Lines((*lines, _("Write what is missing, then send it.")), "\n"))


def label(errand: Errand, prompt: Prompt, person: Person, texts: Texts) -> Words:
    """The line above a message in another language than the reader's; empty where it is in the reader's own."""
    if not prompt.stand_in:
        return ""
    own = committees.mandate(errand.tx, prompt.committee_id).locales[0]
    return labelled(person.locale or own, texts, NAMES)


def held_back(errand: Errand, prompt: Prompt) -> bool:
    """Where somebody could not read what is about to go out by itself: tell the facilitators, and hold it back."""
    lines = readability(errand, prompt).lacking()
    if lines:
        errand.tell_facilitators(
            prompt.committee_id,
            Lines((_("A message waits: somebody it goes to could not read it."), *lines)),
            Button(_("Look at it"), "message", prompt.id),
            notice=_("a message that was not sent"),
        )
    return bool(lines)
