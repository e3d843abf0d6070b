"""Secret ballots: a vote is sealed until closing and anonymous after it, and nothing in between is ever written down.

A vote is sealed for the ballot's public key (libsodium's sealed boxes: X25519 and XSalsa20-Poly1305 with a throw-away
sender key), so the database can hold it beside the voter's name and still say nothing. The private key lives outside
the database and is destroyed once the boxes are counted. Approval ballots as in Lackner and Skowron, "Multi-Winner
Voting with Approval Preferences", 2023, section 2: a set of approved ideas, which may be empty.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nacl.bindings import crypto_box_SEALBYTES
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.domain.anonymity import FEWEST
from bot.domain.errors import Refusal
from bot.text import _

VERSION = 1
# version, ballot, person, ticked boxes as a bit mask: one length whatever was chosen
VOTE = struct.Struct(">BQQQ")
BOX_LENGTH = crypto_box_SEALBYTES + VOTE.size
MOST_OPTIONS = 30
FEWEST_OPTIONS = 2


class State(StrEnum):
    """A ballot's life, one way only; `void` ends it from any state before `counted`."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"
    COUNTED = "counted"
    RELEASED = "released"
    VOID = "void"


class BrokenBox(Exception):
    """A box does not open with the ballot's key, or is of another ballot, another person or an impossible choice."""

    def __init__(self, ballot_id: int, person_id: int) -> None:
        super().__init__(f"ballot {ballot_id}: the box of person {person_id} is broken, so the count has stopped")
        self.ballot_id = ballot_id
        self.person_id = person_id


@dataclass(frozen=True, slots=True, repr=False)
class Count:
    """What was in the boxes: `papers` in a random order, `roll` the persons who voted in the order of their ids.

    It has no `repr` of its content, so that a log or a traceback shows none.
    """

    papers: tuple[int, ...]
    roll: tuple[int, ...]


def new_key() -> tuple[bytes, bytes]:
    """Return a new ballot's (private key, public key), 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def public_of(private: bytes) -> bytes:
    """The public key (32 bytes) of a private one (32 bytes)."""
    return bytes(PrivateKey(private).public_key)


def fits(private: bytes, public_key: bytes) -> bool:
    """Whether the two keys (32 bytes each) belong together; a key folder of another installation does not."""
    return public_of(private) == public_key


def seal(public_key: bytes, ballot_id: int, person_id: int, ticked: int, options: int) -> bytes:
    """Seal one person's ticked boxes (a bit mask, the least significant bit the first of `options`).

    Returns `BOX_LENGTH` bytes that only the private key opens, different at every call. Raises Refusal where a box is
    ticked that the ballot does not have: such a vote, once stored, would stop the count for everybody.
    """
    require_ticks(ticked, options)
    return SealedBox(PublicKey(public_key)).encrypt(VOTE.pack(VERSION, ballot_id, person_id, ticked))


def open_box(private: bytes, box: bytes, ballot_id: int, person_id: int, options: int) -> int:
    """Return the ticked boxes (a bit mask) that a person sealed for a ballot. Raises BrokenBox for anything else."""
    try:
        vote = SealedBox(PrivateKey(private)).decrypt(box)
    except CryptoError:
        raise BrokenBox(ballot_id, person_id) from None
    if len(vote) != VOTE.size:
        raise BrokenBox(ballot_id, person_id)
    version, ballot, person, ticked = VOTE.unpack(vote)
    if (version, ballot, person) != (VERSION, ballot_id, person_id) or ticked >> options:
        raise BrokenBox(ballot_id, person_id)
    return int(ticked)


def count(private: bytes, boxes: Mapping[int, bytes], ballot_id: int, options: int) -> Count:
    """Open all boxes (person id to box) in memory and forget in which order.

    The papers are shuffled by the system's random source, so they do not tell the order of the boxes. Raises BrokenBox
    at the first box that is not right; a partial count is never returned.
    """
    papers = [open_box(private, box, ballot_id, person, options) for person, box in boxes.items()]
    secrets.SystemRandom().shuffle(papers)
    return Count(tuple(papers), tuple(sorted(boxes)))


def publishable(papers: Collection[int]) -> bool:
    """Whether there are enough papers to show counts: from fewer than five one could guess who chose what."""
    return len(papers) >= FEWEST


def takes_votes(state: str, closes_at: datetime, now: datetime) -> bool:
    """Whether a ballot is open at `now` (aware, as `closes_at`)."""
    return state == State.OPEN and now < closes_at


def require_open(state: str, closes_at: datetime, now: datetime) -> None:
    """Raise Refusal unless the ballot takes votes at `now` (aware, as `closes_at`)."""
    if takes_votes(state, closes_at, now):
        return
    if state == State.DRAFT:
        raise Refusal(_("The prioritisation has not opened yet. You hear from us when it does."))
    if state == State.VOID:
        raise Refusal(
            _("The prioritisation was stopped and its votes do not count. You hear from us when it is run again.")
        )
    if now < closes_at:
        raise Refusal(_("The prioritisation is closed. You can still write to your contact person."))
    raise Refusal(_("The prioritisation closed {when}. You can still write to your contact person.", when=closes_at))


def require_options(options: int) -> None:
    """Raise Refusal unless the number of ideas fits on a ballot."""
    if options < FEWEST_OPTIONS:
        raise Refusal(_("A prioritisation needs at least two ideas. Add ideas first, then open it."))
    if options > MOST_OPTIONS:
        raise Refusal(
            _("A prioritisation holds at most {most} ideas. Choose fewer, or hold it in two rounds.", most=MOST_OPTIONS)
        )


def require_ticks(ticked: int, options: int) -> None:
    """Raise Refusal unless all ticked boxes (a bit mask) are on the ballot; none ticked is a blank vote."""
    if ticked < 0 or ticked >> options:
        raise Refusal(_("Those boxes are not on this prioritisation. Open it again and tick anew."))


def not_entitled() -> Refusal:
    """The sentence for somebody who is not on the roll."""
    return Refusal(_("Only the members who were in the committee when this opened can take part in it."))


def not_to_enter() -> Refusal:
    """The sentence for a vote that may not be entered for somebody else."""
    return Refusal(_("No vote can be entered for this person: there is one of the person's own, or none is due."))
