"""Advice on a draft before it is sent: hard to read, two questions in one, a proposal in disguise, too long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.text import Lines, Words, _, n_

LONG_WORD = 7  # letters: Björnsson counts words of more than six
EASY = 40  # LIX: above it a text reads like a newspaper's factual articles, no longer like everyday prose
ENOUGH = 20  # words under which LIX says nothing
LONG_SENTENCE = 20
PAGE = 300

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?:\n]+")
# Words that begin a question; after "and" a second one begins.
ASKS = (
    "hvad hvem hvor hvordan hvorfor hvornår hvilke hvilken hva hvilket hvilken når kva kven kor korleis kvifor kva "
    "what who where how why when which er kan skal vil har bør burde må får synes is are can should will do does did"
)
SECOND = re.compile(rf"\b(?:og|samt|and)\b,?\s+(?:{'|'.join(sorted(set(ASKS.split())))})\b", re.IGNORECASE)
DISGUISED = re.compile(
    r"\b(?:støtter du|støttar du|går du ind for|går du inn for|er du enig i|er du einig i|er du samd i|er du for at"
    r"|synes du ikke|synes du også|synest du ikkje|bør vi ikke|bør vi ikkje|er det ikke|er det ikkje|vil du ikke"
    r"|do you support|do you agree|don['’]t you|shouldn['’]t we|should we not|wouldn['’]t it|isn['’]t it)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a draft by language: its name for the facilitator, and whether it is a question."""

    name: Words
    words: Mapping[str, str]
    question: bool = False


def lix(text: str) -> float:
    """How hard a text is to read: words / sentences + 100 * long words / words; nought for no words.

    C. H. Björnsson, Läsbarhet (1968). A long word has more than six letters; a sentence ends with . ! ? : or a line.
    """
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for one in SENTENCE.findall(text) if WORD.search(one)) or 1
    return len(words) / sentences + 100 * sum(len(word) >= LONG_WORD for word in words) / len(words)


def advice(texts: Sequence[Written]) -> tuple[Words, ...]:
    """Sentences of advice, at most one of a kind for each text, in the first language where it applies. Pure advice."""
    found: list[Words] = []
    for text in texts:
        kinds: dict[str, Words] = {}
        for words in text.words.values():
            for kind, said in _of(text, words):
                kinds.setdefault(kind, said)
        found += [_("{text}: {advice}", text=text.name, advice=said) for said in kinds.values()]
    return tuple(found)


def _of(text: Written, words: str) -> Iterator[tuple[str, Words]]:
    count = len(WORD.findall(words))
    if count >= ENOUGH and (hard := lix(words)) > EASY:
        said = _(
            "hard to read (LIX {lix}). Shorter words and sentences help; {easy} is easy.", lix=round(hard), easy=EASY
        )
        yield "lix", said
    long = [one for one in SENTENCE.findall(words) if len(WORD.findall(one)) > LONG_SENTENCE]
    if long:
        begins = " ".join(long[0].split()[:5])
        yield (
            "sentence",
            n_(
                "{count} sentence has more than {most} words. It begins “{begins}”.",
                "{count} sentences have more than {most} words. The first begins “{begins}”.",
                len(long),
                most=LONG_SENTENCE,
                begins=begins,
            ),
        )
    if text.question and (words.count("?") > 1 or SECOND.search(words)):
        yield "two", _("this looks like two questions. Ask them one at a time, or nobody knows which was answered.")
    if text.question and DISGUISED.search(words):
        yield "proposal", _("this asks for support of a proposal. An open question brings more: what, how, for whom?")
    if not text.question and count > PAGE:
        yield "page", _("{count} words are more than a page. What can be left out?", count=count)


def as_words(found: Sequence[Words]) -> Words:
    """The advice as one paragraph of lines; empty where there is none."""
    if not found:
        return ""
    lines = [_("- {option}", option=one) for one in found]
    return Lines((_("Before you send it, consider this. You can send it as it is."), *lines), "\n")
