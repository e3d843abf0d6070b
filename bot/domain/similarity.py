"""Answers in people's own words, grouped by how alike they are; every answer is in exactly one group."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.domain.stems import folded, stem

if TYPE_CHECKING:
    import numpy as np

# Two groups are joined while their answers are on average at least this alike (cosine, 0 to 1).
THRESHOLD = 0.16

SENTENCE = re.compile(r"(?<=[.!?…])\s+|\s*\n+\s*")
WORD = re.compile(r"[^\W\d_]{2,}")
# Words that say nothing of what an answer is about, in all four languages.
SAY_NOTHING = """
og i at er det en et ei den de dem der som på med til af av for fra frå om han hun ho vi jeg eg du I jer dere dykk
mig meg mit min mine sin sit sitt deres deira vores vår våre man ein eit kan skal vil har havde hadde var være vere
blive bli blir bliver ikke ikkje men også òg eller når hvis da då så her nogle nogen noen noko noe noget nokon meget
mye mykje mere mer meir flere fleire lidt litt alle alt bare berre godt bra god gode må burde bør synes synest tror
trur gerne gjerne selv sjølv hvad hva kva hvor kor hvem kven the a an and or of to in on from with it is are be been
was were that this these those we you they he she our your their my not no but also if when so can could should
would will have has had do does more very some any all just
"""
EMPTY = frozenset(folded(word) for word in SAY_NOTHING.split())


def terms(text: str, locale: str) -> Counter[str]:
    """How often each stem occurs in a text, without the words that say nothing of what it is about."""
    found = (word for word in WORD.findall(text) if folded(word) not in EMPTY)
    return Counter(stem(word, locale) for word in found)


def typical_sentence(texts: Sequence[tuple[str, str]]) -> str:
    """The sentence that says most of what these texts have in common; a text alone is said as it is.

    `texts` are (text, its language), at least one. Each word counts as many times as there are other texts with its
    stem, and the sum is divided by the root of the number of different stems: the centroid of D. R. Radev et al.,
    Centroid-based summarization of multiple documents (2004). Of equals the first.
    """
    if len(texts) == 1:
        return texts[0][0]
    common = Counter(term for text, locale in texts for term in set(terms(text, locale)))
    best, found = -1.0, ""
    for text, locale in texts:
        for sentence in filter(None, SENTENCE.split(text)):
            stems = set(terms(sentence, locale))
            score = sum(common[term] - 1 for term in stems) / math.sqrt(len(stems) or 1)
            if score > best:
                best, found = score, sentence
    return found


def weighed(texts: Sequence[tuple[str, str]]) -> np.ndarray[Any, Any]:
    """One row of unit length a text (n x terms): (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1); nought without terms.

    `texts` are (text, its language). G. Salton and C. Buckley, Term-weighting approaches in automatic text retrieval
    (1988), with the document frequency smoothed so that a term in all texts still counts a little.
    """
    import numpy as np  # 30 MB, which only who groups answers should pay

    counted = [terms(text, locale) for text, locale in texts]
    frequency = Counter(term for one in counted for term in one)
    column = {term: place for place, term in enumerate(sorted(frequency))}
    rows = np.zeros((len(texts), max(1, len(column))))
    for place, one in enumerate(counted):
        for term, times in one.items():
            rare = math.log((1 + len(texts)) / (1 + frequency[term])) + 1
            rows[place, column[term]] = (1 + math.log(times)) * rare
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows


def grouped(texts: Sequence[tuple[str, str]], threshold: float = THRESHOLD) -> list[list[int]]:
    """Group texts: their places, the largest group first, in each group the most typical text first.

    `texts` are (text, its language). Average linkage (R. R. Sokal and C. D. Michener 1958, UPGMA) over the cosine,
    until no two groups reach `threshold`. The most typical text is the one most like its group's on average.
    Every place is in exactly one group. The same texts in the same order give the same groups: where several pairs are
    equally alike the first is joined. 200 texts of 40 words take about a tenth of a second.
    """
    import numpy as np

    if not texts:
        return []
    rows = weighed(texts)
    alike = rows @ rows.T
    groups: dict[int, list[int]] = {place: [place] for place in range(len(texts))}
    # Rounded, so that the order in which a machine adds does not decide between equals.
    links = np.round(alike, 9)
    np.fill_diagonal(links, -1)
    while len(groups) > 1:
        first, second = sorted(int(place) for place in np.unravel_index(int(np.argmax(links)), links.shape))
        if links[first, second] < threshold:
            break
        ours, theirs = len(groups[first]), len(groups[second])
        joined = np.round((ours * links[first] + theirs * links[second]) / (ours + theirs), 9)
        gone = (links[first] < 0) | (links[second] < 0)
        joined[gone] = -1
        links[first, :], links[:, first] = joined, joined
        links[second, :], links[:, second] = -1, -1
        groups[first] += groups.pop(second)
    found = [_typical_first(alike, sorted(group)) for group in groups.values()]
    return sorted(found, key=lambda group: (-len(group), min(group)))


def nearest(text: tuple[str, str], groups: Sequence[Sequence[tuple[str, str]]]) -> int | None:
    """Which of these groups a text (with its language) belongs to: the place of the one it is most like on average.

    By the cosine and threshold of `grouped`; None where it reaches no group. Of equals the first.
    """
    places = [place for place, group in enumerate(groups) for _one in group]
    rows = weighed([text, *(one for group in groups for one in group)])
    alike = rows[1:] @ rows[0]
    means = {place: round(float(alike[[at == place for at in places]].mean()), 9) for place in sorted(set(places))}
    best = max(means, key=lambda place: means[place], default=None)
    return best if best is not None and means[best] >= THRESHOLD else None


def _typical_first(alike: Any, group: list[int]) -> list[int]:
    """The places of a group by how like the others each is on average."""
    means = {place: round(float(alike[place, group].mean()), 9) for place in group}
    return sorted(group, key=lambda place: (-means[place], place))
