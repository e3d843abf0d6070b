"""One's own words asked for in the committee's first language, and then, where wanted, in each other one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.questions import Answers, FreeText, Value
from bot.domain.questions.base import When, always
from bot.text import Lines, Words, _


def key_of(name: str, locale: str) -> str:
    """The key of a field in a language."""
    return f"{name}_{locale}"


def in_languages(
    name: str,
    text: Words,
    locales: Sequence[str],
    names: Mapping[str, str],
    *,
    hint: Words = "",
    longest: int = 2000,
    optional: bool = False,
    when: When = always,
) -> tuple[FreeText, ...]:
    """A field for each language; all but the first may be skipped, and are not asked where an optional first was."""
    first = key_of(name, locales[0])
    fields = [FreeText(key=first, text=text, hint=hint, longest=longest, optional=optional, when=when)]
    for locale in locales[1:]:
        fields.append(
            FreeText(
                key=key_of(name, locale),
                text=Lines((text, translated(names[locale]))),
                hint=hint,
                longest=longest,
                optional=True,
                when=(lambda answers: when(answers) and answers.get(first) is not None) if optional else when,
            )
        )
    return tuple(fields)


def translated(language: str) -> Words:
    """The line under a question that was just answered in the first language."""
    return _("Now in this language: {language}. Skip it if it is not needed.", language=language)


def by_language(name: str, answers: Answers, locales: Sequence[str]) -> dict[str, str]:
    """What was written, by language, the first language first; what was skipped is left out."""
    found = ((locale, answers.get(key_of(name, locale))) for locale in locales)
    return {locale: str(text) for locale, text in found if text is not None}


def as_answers(name: str, words: Mapping[str, str], locales: Sequence[str]) -> dict[str, Value]:
    """Stored words as the answers they came from."""
    return {key_of(name, locale): words.get(locale) for locale in locales}


# Whoever reads one of these can read the others; which is used only where a facilitator says so for that message.
KIN: Mapping[str, Sequence[str]] = {"da": ("nb", "nn"), "nb": ("nn", "da"), "nn": ("nb", "da")}
Texts = Sequence[tuple[Words, Mapping[str, str]]]


def stands_in(locale: str, texts: Texts) -> str | None:
    """The Danish or Norwegian in which *all* of these texts are written, so that no message mixes two of them."""
    return next((kin for kin in KIN.get(locale, ()) if all(words.get(kin) for _name, words in texts)), None)


def missing_in(locale: str, texts: Texts) -> Sequence[Words]:
    """The names of those texts that are not written in a language."""
    return [name for name, words in texts if not words.get(locale)]


def unreadable(texts: Texts, locales: Iterable[str], *, stand_in: bool) -> Mapping[str, Sequence[Words]]:
    """What is not written, by the language of those who get it; with `stand_in`, kin languages stand in.

    `texts` are (what a facilitator calls the text, the text by language); `locales` those of the recipients.
    """
    lacking = {locale: missing_in(locale, texts) for locale in locales}
    return {
        locale: names
        for locale, names in lacking.items()
        if names and not (stand_in and stands_in(locale, texts) is not None)
    }


def labelled(locale: str, texts: Texts, names: Mapping[str, str]) -> Words:
    """The line above a message that is written in another language than its reader's; empty where it is not."""
    kin = stands_in(locale, texts) if missing_in(locale, texts) else None
    return "" if kin is None else _("This message is in another language than yours: {language}.", language=names[kin])
