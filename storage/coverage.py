"""Those who stand for a seat of a committee now, as far as lines and rules look at them."""

from __future__ import annotations

from bot.domain.coverage import Candidate
from storage import applications, committees
from storage.candidates import candidate
from storage.database import Tx
from storage.vault import Vault


def pool(tx: Tx, vault: Vault, committee_id: int) -> list[Candidate]:
    """Applicants and those named by a body, without whoever was told that there is no seat.

    Who is appointed counts for that seat alone. Counting special-category lines shows nobody's, so it is not logged.
    """
    mandate = committees.mandate(tx, committee_id)
    decided = applications.decisions(tx, committee_id)
    found = []
    for item in applications.listed(tx, committee_id, None):
        decision = decided.get(item.id)
        if item.door not in ("seat", "named") or item.state == "not_appointed":
            continue
        one = candidate(mandate, vault, item)
        found.append(one._replace(profiles=[decision.seat]) if decision is not None and decision.seat else one)
    return found
