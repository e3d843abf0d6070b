"""Those who stand for a seat of a committee now, as far as lines and rules look at them."""

from __future__ import annotations

from bot.domain.eligibility import Candidate
from storage import applications
from storage.database import Tx
from storage.tables import Application
from storage.vault import Vault


def pool(tx: Tx, vault: Vault, committee_id: int) -> list[Candidate]:
    """Applicants and those named by a body, without whoever was told that there is no seat.

    Who is appointed counts for that seat alone. Counting special-category lines shows nobody's, so it is not logged.
    """
    decided = applications.decisions(tx, committee_id)
    found = []
    for item in applications.listed(tx, committee_id, None):
        decision = decided.get(item.id)
        if item.door not in ("seat", "named") or item.state == "not_appointed":
            continue
        chosen = [key for key in item.answers.get("profiles") or [] if key != "more"] + list(_special(vault, item))
        if decision is not None and decision.seat:
            chosen = [decision.seat]
        given = [item.answers.get(key) for key in ("age", "sex", "district", "tie")]
        found.append(Candidate(item.id, chosen, *given))
    return found


def _special(vault: Vault, item: Application) -> list[str]:
    return vault.open(item.special) or [] if item.special else []
