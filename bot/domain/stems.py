"""The stem of a word, so that "bussen" and "busser" count as one: endings are taken off as Snowball does first."""

from __future__ import annotations

import unicodedata

VOWELS = frozenset("aeiouyæøåäö")
# M. F. Porter, Snowball: the first step of the Danish and the Norwegian stemmer; the longest ending within R1 goes.
ENDINGS = """
hed hede heden heder hedens heders hedes erende erendes erede ered erer eren erens eres ere enes enen enens ene ens
en es er et ets e heter heten hetene hets het ande ende edes ede ert a ar ane anes as ast ingar ingane inga ingen
inger ningen ninger leg lege legt lig lige ligt s erne ernes
"""
SCANDINAVIAN = tuple(sorted(ENDINGS.split(), key=len, reverse=True))
ENGLISH = (
    "ations",
    "ation",
    "ingly",
    "ings",
    "edly",
    "ness",
    "ment",
    "ing",
    "ies",
    "ely",
    "ers",
    "ed",
    "er",
    "es",
    "ly",
    "e",
    "s",
)
# Before these an s belongs to the word: "hus", "buss".
KEEPS_S = frozenset("sui")


def folded(word: str) -> str:
    """A word in lower case with the Swedish and decorated letters written as Danish and Norwegian write them."""
    word = unicodedata.normalize("NFC", word).casefold().replace("ä", "æ").replace("ö", "ø")
    return "".join(letter if letter in "æøå" else unicodedata.normalize("NFD", letter)[0] for letter in word)


def region(word: str) -> int:
    """Where R1 begins: after the first consonant that follows a vowel, and never before the fourth letter."""
    for place in range(1, len(word)):
        if word[place] not in VOWELS and word[place - 1] in VOWELS:
            return max(place + 1, 3)
    return len(word)


def stem(word: str, locale: str) -> str:
    """The stem of a word in da, nb, nn or en. Danish and Norwegian share their endings, so one may stand in another."""
    word = folded(word)
    start = region(word)
    endings = ENGLISH if locale == "en" else SCANDINAVIAN
    for ending in endings:
        if not word.endswith(ending) or len(word) - len(ending) < start:
            continue
        if ending == "s" and word[-2] in KEEPS_S:
            continue
        word = word[: -len(ending)]
        break
    # A doubled consonant at the end is spelling: "busser" gives "buss", "bussen" too, and "bus" is Danish.
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in VOWELS else word
