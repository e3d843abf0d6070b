"""The one way to write a value as bytes, so that whoever hashes the same facts gets the same hash."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence

# What may be committed to. Floats differ between machines, and null and booleans have no one meaning.
Plain = str | int | Sequence["Plain"] | Mapping[str, "Plain"]


class NotCanonical(ValueError):
    """The value, or the text, has no canonical form; the message says where and why."""

    @property
    def sentence(self) -> str:
        """The message as a sentence of its own."""
        return f"{str(self)[:1].upper()}{str(self)[1:]}."


def canonical(value: Plain) -> bytes:
    """UTF-8 JSON of strings, integers, arrays and objects: keys sorted by code point, no spaces, NFC, LF.

    Arrays keep their order. Raises NotCanonical for floats, None, booleans, keys that are no strings or become equal
    in NFC, and text that UTF-8 cannot hold. A small part of RFC 8785 (JSON Canonicalization Scheme), which sorts by
    UTF-16 and takes floats.
    """
    text = json.dumps(_plain(value, "it"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("a text holds half a character (a lone surrogate)") from None


def parse(content: bytes | str) -> Plain:
    """Read JSON of strings, integers, arrays and objects; spaces and the order of keys do not matter.

    Raises NotCanonical for anything else, a key that stands twice included.
    """
    try:
        text = content.decode() if isinstance(content, bytes) else content
        return _plain(json.loads(text, object_pairs_hook=_once), "it")
    except UnicodeDecodeError:
        raise NotCanonical("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotCanonical(f"it is not JSON ({error.msg}, at character {error.pos + 1})") from None
    except RecursionError:
        raise NotCanonical("it is nested too deeply") from None


def _plain(value: object, place: str) -> Plain:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Mapping):
        return _once([(_key(key, place), _plain(item, f"{place}.{key}")) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{n}]") for n, item in enumerate(value)]
    raise NotCanonical(f"{place} is {type(value).__name__}; only text, whole numbers, arrays and objects are allowed")


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise NotCanonical(f"{place} has a key that is {type(key).__name__}; keys are text")
    return str(_plain(key, place))


def _once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotCanonical("a key stands twice in one object")
    return found
