"""An applicant's record: what he or she is in a draw with, and can hold the municipality to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.domain.selection.canonical import NotCanonical, Plain, canonical, parse
from bot.domain.selection.fields import Fields
from bot.domain.selection.pool import BEST, Applicant

FORMAT = "samskab/record/1"
SALT = 32  # bytes


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """What an applicant is given: under which pseudonym and with what he or she is in a draw.

    `lines` are those applied for, in the pool's order, `ratings` theirs (0-3), `groups` the quotas counted toward.
    `chance` is in panels of 1,000, and `digest` the hash of the panels file, once there is one; the hash-ordered
    lottery knows no chance. It has no `repr`, as a line may be special-category data.
    """

    call: str
    draw: int
    pseudonym: str
    salt: bytes
    lines: tuple[str, ...]
    ratings: Mapping[str, int]
    groups: tuple[str, ...]
    chance: int | None = None
    digest: str | None = None

    @property
    def commitment(self) -> str:
        """SHA-256 as 64 hexadecimal digits; without the salt it says nothing of the person."""
        facts = canonical(self.committed())
        return sha256(b"samskab/applicant/1\n" + self.salt + facts).hexdigest()

    @property
    def applicant(self) -> Applicant:
        """The applicant as a value, under the pseudonym."""
        return Applicant(self.pseudonym, dict(self.ratings), frozenset(self.groups))

    def committed(self) -> dict[str, Plain]:
        """What the commitment is made of, besides the salt."""
        return {
            "groups": self.groups,
            "lines": self.lines,
            "pseudonym": self.pseudonym,
            "ratings": self.ratings,
        }

    def document(self) -> bytes:
        """The record as one line of canonical JSON, with its line end."""
        facts: dict[str, Plain] = {
            **self.committed(),
            "format": FORMAT,
            "call": self.call,
            "draw": self.draw,
            "salt": self.salt.hex(),
        }
        if self.chance is not None:
            facts["chance"] = self.chance
        if self.digest is not None:
            facts["hash"] = self.digest
        return canonical(facts) + b"\n"

    @classmethod
    def read(cls, text: bytes | str) -> Record:
        """Read what `document` wrote, however it was spaced since. Raises NotCanonical with what is wrong."""
        fields = Fields(parse(text))
        if fields.text("format") != FORMAT:
            raise NotCanonical(f"“format” must be {FORMAT}")
        pseudonym, lines, ratings, groups = take_committed(fields)
        record = cls(
            call=fields.text("call"),
            draw=fields.number("draw", 1),
            pseudonym=pseudonym,
            salt=_salt(fields.text("salt")),
            lines=lines,
            ratings=ratings,
            groups=groups,
            chance=fields.number("chance") if "chance" in fields.left else None,
            digest=fields.text("hash") if "hash" in fields.left else None,
        )
        fields.end()
        return record


def take_committed(fields: Fields) -> tuple[str, tuple[str, ...], dict[str, int], tuple[str, ...]]:
    """Take pseudonym, lines, ratings and groups out of a document. Raises NotCanonical."""
    lines, ratings = fields.texts("lines"), fields.numbers("ratings")
    if sorted(lines) != sorted(ratings) or not set(ratings.values()) <= set(range(BEST + 1)):
        raise NotCanonical(f"“ratings” must have a number from 0 to {BEST} for each of the lines")
    return fields.text("pseudonym"), lines, ratings, fields.texts("groups")


def _salt(text: str) -> bytes:
    if not re.fullmatch(rf"[0-9a-f]{{{2 * SALT}}}", text):
        raise NotCanonical(f"“salt” must be {2 * SALT} hexadecimal digits")
    return bytes.fromhex(text)
