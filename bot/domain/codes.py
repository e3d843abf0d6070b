"""Codes that people type: letters none of which can be read as another, and how a typed one is read."""

from __future__ import annotations

import hashlib
import secrets

from bot.domain.errors import Refusal
from bot.text import _

# Crockford's base 32.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET = 24  # 120 bits
CHECK = 4


def new(length: int) -> str:
    """A code of so many random letters, five bits each."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def tidy(text: str) -> str:
    """A typed code as it was made: spaces and hyphens out, O for 0, I and L for 1."""
    return "".join(text.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))


def in_groups(code: str) -> str:
    """A code as it is shown: groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def closing_code() -> str:
    """A new closing code of a ballot, in groups of four: 24 random letters, and four that tell a slip of the pen."""
    code = new(SECRET)
    return in_groups(code + _check(code))


def private_key(typed: str) -> bytes:
    """The private key (32 bytes) that a closing code stands for. Raises Refusal for what is no closing code."""
    code = tidy(typed)
    if len(code) != SECRET + CHECK or code[SECRET:] != _check(code[:SECRET]):
        raise Refusal(_("That is not a closing code. It has seven groups of four. Look at each of them once more."))
    return hashlib.blake2b(code[:SECRET].encode(), digest_size=32, person=b"samskab-closing").digest()


def _check(code: str) -> str:
    digest = hashlib.blake2b(code.encode(), digest_size=CHECK, person=b"samskab-check").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest)
