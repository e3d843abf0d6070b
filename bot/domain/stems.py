"""The stem of a word, so that "bussen" and "busser" count as one."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

LANGUAGES = {"da": "danish", "nb": "norwegian", "nn": "norwegian", "en": "english"}
VOWELS = frozenset("aeiouyæøå")


def folded(word: str) -> str:
    """A word in lower case with the Swedish and decorated letters written as Danish and Norwegian write them."""
    word = unicodedata.normalize("NFC", word).casefold().replace("ä", "æ").replace("ö", "ø")
    return "".join(letter if letter in "æøå" else unicodedata.normalize("NFD", letter)[0] for letter in word)


def stem(word: str, locale: str) -> str:
    """The stem of a word in da, nb, nn or en, by Snowball (M. F. Porter 2001)."""
    word = str(_stemmer(LANGUAGES[locale]).stemWord(folded(word)))
    # A doubled consonant at the end is spelling: "busser" gives "buss", "bussen" too, and "bus" is Danish.
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in VOWELS else word


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer  # for those who group answers

    return snowballstemmer.stemmer(language)
