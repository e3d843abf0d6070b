"""The draw: which panel a public seed chooses, and in which order people come."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from itertools import count

from bot.domain.selection import replaying
from bot.domain.selection.dealing import PANELS
from bot.domain.selection.reading import PanelsFile, read
from bot.domain.selection.replaying import Replay
from bot.domain.selection.seating import seated


def index(digest: str, seed: str, k: int = 1) -> int:
    """The place of the k-th panel, 0-999: SHA-256 read as one big-endian number, modulo 1,000.

    `digest` is H, the hash of the panels file (64 hexadecimal digits); `seed` is normalised. The modulus favours no
    place by more than one part in 2**246.
    """
    return int(sha256(f"samskab/draw/1\n{digest}\n{seed}\n{k}".encode()).hexdigest(), 16) % PANELS


def person_order(digest: str, seed: str, pseudonyms: Collection[str]) -> tuple[str, ...]:
    """The order of people in the hash-ordered lottery."""
    return _order(f"samskab/order/1\n{digest}\n{seed}", pseudonyms)


def reserve_order(digest: str, seed: str, seat: str, pseudonyms: Collection[str]) -> tuple[str, ...]:
    """The order in which people are asked to take a seat that has fallen empty."""
    return _order(f"samskab/reserve/1\n{digest}\n{seed}\n{seat}", pseudonyms)


def tie_order(digest: str, seed: str, tied: Collection[str]) -> tuple[str, ...]:
    """The order of ideas with equally many votes; `digest` is that of the papers."""
    return _order(f"samskab/tie/1\n{digest}\n{seed}", tied)


def _order(prefix: str, names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: sha256(f"{prefix}\n{name}".encode()).digest()))


def drawn(content: bytes, seed: str, k: int = 1, replay: Replay = replaying.replay) -> dict[str, str]:
    """The k-th panel that a seed draws from a panels file: seat to pseudonym, in the lines' order.

    k = 1 is the panel; further ones are those at the next indices, equal ones skipped. The seed is normalised by the
    rule that the file names. Raises Unreadable, Refusal for what is no seed, ValueError for a k beyond the panels there
    are (the hash-ordered lottery has one), and what `replay` raises.
    """
    return drawn_from(read(content), seed, k, replay)


def drawn_from(file: PanelsFile, seed: str, k: int = 1, replay: Replay = replaying.replay) -> dict[str, str]:
    """As `drawn`, from a file that has been read."""
    normal = file.header.facts.source.normalise(seed)
    if not file.header.ordered:
        return file.sitting(place_of(file, normal, k))
    if k != 1:
        raise ValueError("a hash-ordered lottery draws one panel")
    pool = file.pool
    ids = frozenset(replay(pool, person_order(file.digest, normal, file.commitments)))
    sitting = seated(pool, [one for one in pool.applicants if one.id in ids], file.header.pool_hash)
    if sitting is None:
        raise ValueError("no panel of this pool keeps all rules")
    return sitting


def place_of(file: PanelsFile, seed: str, k: int = 1) -> int:
    """The place (0-999) of the k-th panel, equal ones skipped. Raises ValueError where there are not so many."""
    if not 1 <= k <= len(set(file.panels)):
        raise ValueError(f"the file has {len(set(file.panels))} different panels")
    found: dict[tuple[str, ...], int] = {}
    for number in count(1):
        place = index(file.digest, seed, number)
        found.setdefault(file.panels[place], place)
        if len(found) == k:
            return place
    raise AssertionError("count() does not end")
