"""The pool of a committee's call as it stands: who applied, how they are rated, who sits already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.panel import POLITICAL
from bot.domain.selection.assembling import Rated, Seated, assemble
from bot.domain.selection.pool import Pool
from storage import applications, committees, nominations, ratings
from storage.applications import Application
from storage.candidates import candidate
from storage.database import Tx
from storage.vault import Vault


def eligible(application: Application) -> bool:
    """Whether an application can be drawn: it stands, and where a guardian is asked, that guardian has said yes."""
    return application.state == "sent" and application.guardian in (None, "yes")


def pool(tx: Tx, vault: Vault, committee_id: int, call: int) -> Pool:
    """The pool of a call, its applicants by the number of their applications.

    While some of an earlier call wait for their answer, the lines that they applied for are drawn too.
    """
    mandate = committees.mandate(tx, committee_id)
    seats = taken(tx, committee_id)
    waiting = ratings.of_call(tx, committee_id, call)
    agreed = ratings.agreed(tx, committee_id, call, vault)
    applied = [
        Rated(candidate(mandate, vault, one), agreed.get(one.id, {}))
        for one in waiting
        if eligible(one) and one.id not in seats
    ]
    everybody = {one.id: one for one in applications.to_decide(tx, committee_id)}
    seated = [
        Seated(candidate(mandate, vault, everybody[number]), line)
        for number, line in seats.items()
        if number in everybody
    ]
    if any(one.call < call for one in waiting):
        mandate = replace(mandate, call=replace(mandate.call, profiles=()))
    return assemble(mandate, applied, seated)


def taken(tx: Tx, committee_id: int) -> Mapping[int, str]:
    """By application, the citizens' seats that are nobody else's: somebody is appointed, or named by a body."""
    sitting = {
        row.application_id: row.seat
        for row in applications.seated(tx, committee_id)
        if row.seat is not None and row.seat not in POLITICAL
    }
    decided = applications.decisions(tx, committee_id)
    for one in nominations.listed(tx, committee_id):
        if one.state == "confirmed" and one.application_id is not None and one.application_id not in decided:
            sitting[one.application_id] = one.seat
    return sitting
