"""What a few people have said could point at somebody, and so could the order it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypeVar

One = TypeVar("One")

FEWEST = 5  # people or answers; a number below this is not shown


def unordered(found: Iterable[One], what: Callable[[One], object] = repr) -> list[One]:
    """In an order that says nothing of when or by whom, and is the same each time; `what` tells two of them apart."""
    return sorted(found, key=lambda one: blake2b(str(what(one)).encode(), digest_size=8).digest())
