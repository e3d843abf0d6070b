"""The pool of a draw as it was frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.selection.commitments import Frozen, pool_of
from bot.domain.selection.pool import Line, Pool, Quota
from bot.domain.selection.records import Record
from storage import applications, draws
from storage.applications import Application
from storage.database import Tx
from storage.draws import Draw
from storage.vault import Vault


def rules_of(known: Mapping[str, Any]) -> Pool:
    """The frozen seats and rules, without people."""
    return Pool(
        (),
        tuple(Line(one["key"], one["seats"]) for one in known["lines"]),
        tuple(Quota(one["key"], one["least"], one["most"], one["hard"]) for one in known["quotas"]),
        known["threshold"],
        known["slack"],
    )


def frozen(tx: Tx, vault: Vault, draw: Draw) -> Frozen:
    """The pool of a draw as it was frozen, by the applications' numbers."""
    records = {
        str(one.application_id): Record.read(vault.open(one.record))
        for one in draws.entrants(tx, draw.id)
        if one.record is not None
    }
    return Frozen(records, pool_of(records.values(), rules_of(draw.facts)))


def applicant(tx: Tx, copy: Frozen, pseudonym: str) -> Application | None:
    """Whose a pseudonym is; None for whoever has been erased."""
    number = copy.ids.get(pseudonym)
    return applications.get(tx, int(number)) if number is not None else None


def barred(vault: Vault, draw: Draw) -> Sequence[Mapping[str, Any]]:
    """Who (pseudonyms) had no chance, in groups, each with what would have to give; sealed, as it names lines."""
    kept = (draw.result or {}).get("barred")
    found: Sequence[Mapping[str, Any]] = vault.open(bytes.fromhex(kept)) if kept else ()
    return found
