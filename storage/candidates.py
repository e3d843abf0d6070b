"""An application as seats and rules look at it."""

from __future__ import annotations

from bot.domain.coverage import Candidate
from bot.domain.mandate import Mandate
from storage.ratings import declared
from storage.tables import Application
from storage.vault import Vault


def candidate(mandate: Mandate, vault: Vault, application: Application) -> Candidate:
    """Who applied, with the lines declared; what is said of special-category lines is opened for this alone."""
    given = application.answers
    lines = [profile.key for profile in declared(mandate, vault, application)]
    return Candidate(application.id, lines, given.get("age"), given.get("sex"), given.get("district"), given.get("tie"))
