"""The canonical form of what is committed to."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.selection.canonical import NotCanonical, canonical, parse

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def settled(value: Any) -> Any:
    """A value after what canonical form does to text, or None where keys would meet."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        pairs = [(settled(key), settled(item)) for key, item in value.items()]
        if len(dict(pairs)) < len(pairs) or any(item is None for _key, item in pairs):
            return None
        return dict(pairs)
    if isinstance(value, list):
        items = [settled(item) for item in value]
        return None if any(item is None for item in items) else items
    return value


@given(values)
def test_what_is_written_is_read_back_and_written_the_same(value: Any) -> None:
    expected = settled(value)
    if expected is None:
        with pytest.raises(NotCanonical, match="stands twice"):
            canonical(value)
        return
    written = canonical(value)
    assert parse(written) == expected == json.loads(written)
    assert canonical(parse(written)) == written


def test_keys_are_sorted_and_arrays_are_not() -> None:
    written = canonical({"lines": ["youth", "parent"], "draw": 1, "Æ": 2, "a": {"z": -3, "b": "x"}})
    assert written == '{"a":{"b":"x","z":-3},"draw":1,"lines":["youth","parent"],"Æ":2}'.encode()


def test_one_text_has_one_form() -> None:
    assert canonical("A\u030a\r\nb\rc") == canonical("Å\nb\nc") == '"Å\\nb\\nc"'.encode()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (0.5, "it is float"),
        (None, "it is NoneType"),
        (True, "it is bool"),
        ({"ratings": {"youth": 2.0}}, r"it\.ratings\.youth is float"),
        ([1, [None]], r"it\[1\]\[0\] is NoneType"),
        ({1: "a"}, "keys are text"),
        ({"Å": 1, "A\u030a": 2}, "stands twice"),
        ("\ud800", "half a character"),
        (b"bytes", "it is bytes"),
    ],
)
def test_what_has_no_one_meaning_is_refused(value: Any, fault: str) -> None:
    with pytest.raises(NotCanonical, match=fault):
        canonical(value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"\xff", "not UTF-8"),
        ('{"a":1', "not JSON"),
        ('{"a":1,"a":2}', "stands twice"),
        ('{"a":1.5}', "it.a is float"),
        ('{"a":NaN}', "it.a is float"),
        ('{"a":null}', "it.a is NoneType"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_read_is_as_strict(text: bytes | str, fault: str) -> None:
    with pytest.raises(NotCanonical, match=fault):
        parse(text)
