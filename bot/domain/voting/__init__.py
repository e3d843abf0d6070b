"""The voting methods; a new one is one file here and one line in `METHODS`."""

from __future__ import annotations

from bot.domain.voting import approval
from bot.domain.voting.base import Method, Place, Tally

METHODS: dict[str, Method] = {"approval": approval.tally}

__all__ = ["METHODS", "Method", "Place", "Tally"]
