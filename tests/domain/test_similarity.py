"""Grouping answers: stems, what belongs together, what stays on its own, the same each time, and fast."""

from __future__ import annotations

import random
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.similarity import grouped, nearest, terms, typical_sentence
from bot.domain.stems import stem

DANISH = [
    "Bussen kører for sjældent om aftenen",
    "Der mangler lys på stien bag skolen",
    "Flere busser om aftenen, tak",
    "Jeg tør ikke gå på stien, fordi der ikke er lys",
    "Aftenbussen burde køre hver halve time",
    "Biblioteket kunne holde åbent længere",
    "Lyset på stien er gået i stykker",
    "Busserne er altid forsinkede om aftenen",
]
NYNORSK = [
    "Bussane går for sjeldan om kvelden",
    "Fleire bussar på kveldstid",
    "Vi treng lys på skulevegen",
    "Lyset på skulevegen er borte",
    "Kantina er dyr",
]


def together(groups: list[list[int]], *places: int) -> bool:
    return any(set(places) <= set(group) for group in groups)


@pytest.mark.parametrize(
    ("words", "locale"),
    [
        ("bussen busser busserne bus", "da"),
        ("bussen busser bussene buss", "nb"),
        ("bussen bussar bussane buss", "nn"),
        ("lyset lys", "nb"),
        ("skolen skoler skolerne skole", "da"),
        ("vegen vegar vegane veg", "nn"),
        ("light lights", "en"),
        ("bench benches", "en"),
    ],
)
def test_forms_of_a_word_have_one_stem(words: str, locale: str) -> None:
    assert len({stem(word, locale) for word in words.split()}) == 1, [stem(word, locale) for word in words.split()]


@pytest.mark.parametrize(("one", "other"), [("hus", "huske"), ("skole", "skov"), ("vej", "veje ned"), ("is", "i")])
def test_other_words_keep_their_own(one: str, other: str) -> None:
    assert stem(one, "da") != stem(other, "da")


def test_what_says_nothing_does_not_count() -> None:
    assert not terms("Det er ikke noget, som vi også burde", "da")
    assert terms("Flere bänkar i parken", "nb") == terms("benkar parken", "nb") or terms("bänkar", "nb")


def test_danish_answers_on_one_thing_come_together_and_the_rest_stays_alone() -> None:
    groups = grouped([(text, "da") for text in DANISH])
    assert together(groups, 0, 2, 7), groups
    assert together(groups, 1, 3, 6), groups
    assert [5] in groups
    assert not together(groups, 0, 1)


def test_nynorsk_answers_too() -> None:
    groups = grouped([(text, "nn") for text in NYNORSK])
    assert together(groups, 0, 1) and together(groups, 2, 3) and [4] in groups


def test_the_most_typical_answer_comes_first_and_the_largest_group() -> None:
    texts = ["lys lys sti", "lys sti skole", "lys sti", "kaffe", "kaffe te"]
    groups = grouped([(text, "da") for text in texts])
    assert [sorted(group) for group in groups] == [[0, 1, 2], [3, 4]]
    assert groups[0][0] == 2


def test_a_higher_threshold_joins_less_and_nought_joins_all() -> None:
    texts = [(text, "da") for text in DANISH]
    assert len(grouped(texts, 0.0)) == 1
    assert len(grouped(texts, 0.99)) == len(texts)


def test_no_answers_and_answers_without_a_word_are_groups_too() -> None:
    assert grouped([]) == []
    assert sorted(grouped([("!", "da"), ("...", "da"), ("lys", "da")])) == [[0], [1], [2]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["lys", "sti", "bus", "skole", "kaffe", "tog", "nat", "dag"]), max_size=14), st.integers()
)
def test_nothing_is_dropped_nothing_doubled_and_it_is_the_same_each_time(words: list[str], seed: int) -> None:
    dice = random.Random(seed)
    texts = [(" ".join(dice.choices(words, k=dice.randint(0, 4)) if words else []), "nb") for _ in words]
    groups = grouped(texts)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))
    assert groups == grouped(texts)


def test_two_hundred_long_answers_take_little_work() -> None:
    dice = random.Random(7)
    words = [
        f"{a}{b}" for a in ("bus", "lys", "sti", "skov", "vej", "hal", "bad", "bog") for b in "abcdefghijklmnopqrst"
    ]
    texts = [(" ".join(dice.choices(words, k=40)), "da") for _ in range(200)]
    grouped(texts[:2])  # the first call loads numpy
    began = thread_time()  # a busy machine is no fault of ours
    grouped(texts)
    assert thread_time() - began < 3


def test_the_most_typical_sentence_says_what_several_say() -> None:
    told = [
        ("Jeg bor på Tunø. Bussen kører for sjældent om aftenen.", "da"),
        ("Vi vil have flere busser om aftenen, og de må gerne køre helt ud til havnen", "da"),
        ("Min datter går hjem alene!\nDer går næsten ingen bus om aftenen, og vi har ingen bil eller cykel", "da"),
    ]
    assert typical_sentence(told) == "Bussen kører for sjældent om aftenen."
    assert typical_sentence(told[:1]) == told[0][0]
    assert typical_sentence([("…", "da"), ("?", "da")]) == "…"


def test_a_text_joins_the_group_it_is_most_like_and_none_where_it_is_like_no_other() -> None:
    groups = [[("Kantinen er lukket", "da")], [("Flere busser om aftenen", "da"), ("Busserne kører sjældent", "da")]]
    assert nearest(("Der mangler en bus om aftenen", "da"), groups) == 1
    assert nearest(("Lys på stien", "da"), groups) is None
    assert nearest(("Lys på stien", "da"), []) is None


def test_a_chain_of_answers_that_are_like_the_next_alone_is_no_group() -> None:
    chain = ["lys sti", "sti skole", "skole kantine", "kantine kaffe"]
    assert grouped([(text, "da") for text in chain], 0.3) == [[1, 2], [0], [3]]


def test_a_word_that_most_answers_have_joins_none() -> None:
    texts = ["kommune lampe", "kommune bænk", "kommune kaffe", "lampe sti", "kommune tog", "kommune bad"]
    assert grouped([(text, "da") for text in texts], 0.3) == [[0, 3], [1], [2], [4], [5]]
