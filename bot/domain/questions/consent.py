"""Consent: asked alone, for one stated purpose, and no is as good an answer as yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.questions.yes_no import YesNo


@dataclass(frozen=True, kw_only=True)
class Consent(YesNo):
    """A yes or no that is stored as a consent, with its `purpose` and the `version` of the words it was given to."""

    purpose: str
    version: int

    kind: ClassVar[str] = "consent"
