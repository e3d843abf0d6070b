"""The pool of a committee's call as it stands: who applied, how they are rated, who sits already."""

from __future__ import annotations

from bot.domain.eligibility import Candidate
from bot.domain.mandate import Mandate
from bot.domain.selection.assembling import Rated, Seated, assemble
from bot.domain.selection.pool import Pool
from storage import applications, committees, draws, ratings
from storage.applications import Application
from storage.database import Tx
from storage.vault import Vault


def candidate(vault: Vault, mandate: Mandate, application: Application) -> Candidate:
    """An application as rules look at it; what it says of special-category lines is opened for this alone."""
    given = application.answers
    special = vault.open(application.special) if application.special else []
    chosen = [key for key in given.get("profiles") or [] if key != "more"] + list(special)
    return Candidate(
        application.id, chosen, given.get("age"), given.get("sex"), given.get("district"), given.get("tie")
    )


def eligible(application: Application) -> bool:
    """Whether an application can be drawn: it stands, and where a guardian is asked, that guardian has said yes."""
    return application.state == "sent" and application.guardian in (None, "yes")


def pool(tx: Tx, vault: Vault, committee_id: int, call: int) -> Pool:
    """The pool of a call, its applicants by the number of their applications."""
    mandate = committees.mandate(tx, committee_id)
    listed = applications.listed(tx, committee_id)
    by_number = {one.id: one for one in listed}
    sitting = draws.seated(tx, committee_id)
    agreed = ratings.agreed(tx, committee_id, call, vault)
    applied = [
        Rated(candidate(vault, mandate, one), agreed.get(one.id, {}))
        for one in listed
        if eligible(one) and one.call == call and one.id not in sitting
    ]
    seated = [
        Seated(candidate(vault, mandate, by_number[number]), line)
        for number, line in sitting.items()
        if number in by_number
    ]
    return assemble(mandate, applied, seated)
