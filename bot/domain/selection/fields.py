"""A JSON object read key by key, so that each fault names its key."""

from __future__ import annotations

from typing import TypeVar

from bot.domain.selection.canonical import NotCanonical, Plain

T = TypeVar("T")


class Fields:
    """The fields of one object, each taken once. Every method raises NotCanonical and names the key."""

    def __init__(self, value: Plain) -> None:
        if not isinstance(value, dict):
            raise NotCanonical("it is not an object in curly brackets")
        self.left: dict[str, Plain] = dict(value)

    def text(self, key: str) -> str:
        """A text."""
        return _as(str, self._take(key), key, "text")

    def number(self, key: str, least: int = 0) -> int:
        """A whole number, at least `least`."""
        found = _as(int, self._take(key), key, "a whole number")
        if found < least:
            raise NotCanonical(f"“{key}” must be at least {least}")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """An array of texts."""
        return tuple(_as(str, item, key, "an array of texts") for item in self._array(key))

    def objects(self, key: str) -> tuple[Fields, ...]:
        """An array of objects."""
        return tuple(Fields(item) for item in self._array(key))

    def numbers(self, key: str) -> dict[str, int]:
        """An object whose values are whole numbers."""
        found = _as(dict, self._take(key), key, "an object of whole numbers")
        return {name: _as(int, item, key, "an object of whole numbers") for name, item in found.items()}

    def end(self) -> None:
        """Nothing else may be there."""
        if self.left:
            raise NotCanonical(f"“{min(self.left)}” does not belong here")

    def _array(self, key: str) -> list[Plain]:
        return _as(list, self._take(key), key, "an array")

    def _take(self, key: str) -> Plain:
        if key not in self.left:
            raise NotCanonical(f"“{key}” is missing")
        return self.left.pop(key)


def _as(kind: type[T], value: object, key: str, name: str) -> T:
    if not isinstance(value, kind):
        raise NotCanonical(f"“{key}” must be {name}")
    return value
