"""The pool of a committee's call as it stands: who applied, how they are rated, who sits already."""

from __future__ import annotations

from bot.domain.panel import POLITICAL
from bot.domain.selection.assembling import Rated, Seated, assemble
from bot.domain.selection.pool import Pool
from storage import applications, committees, ratings
from storage.applications import Application
from storage.candidates import candidate
from storage.database import Tx
from storage.vault import Vault


def eligible(application: Application) -> bool:
    """Whether an application can be drawn: it stands, and where a guardian is asked, that guardian has said yes."""
    return application.state == "sent" and application.guardian in (None, "yes")


def pool(tx: Tx, vault: Vault, committee_id: int, call: int) -> Pool:
    """The pool of a call, its applicants by the number of their applications."""
    mandate = committees.mandate(tx, committee_id)
    everybody = {one.id: one for one in applications.to_decide(tx, committee_id)}
    sitting = {
        row.application_id: row.seat for row in applications.seated(tx, committee_id) if row.seat not in POLITICAL
    }
    agreed = ratings.agreed(tx, committee_id, call, vault)
    applied = [
        Rated(candidate(mandate, vault, one), agreed.get(one.id, {}))
        for one in applications.listed(tx, committee_id)
        if eligible(one) and one.call == call and one.id not in sitting
    ]
    seated = [
        Seated(candidate(mandate, vault, everybody[number]), line)
        for number, line in sitting.items()
        if number in everybody and line is not None
    ]
    return assemble(mandate, applied, seated)
