"""The mandate of a task committee: its values, the law it stands on, and its file."""

from __future__ import annotations

from bot.domain.mandate.composition import (
    ADULT,
    CHILD,
    OWN_SAY,
    AgeBand,
    AgeRange,
    CompetenceProfile,
    District,
    Localized,
    Rule,
    RuleKind,
    Sex,
    SpecialKind,
    Tie,
)
from bot.domain.mandate.legal import SWITCHES, LegalForm, Switches, switches
from bot.domain.mandate.model import (
    INFORMATION,
    TERMS,
    Call,
    Contact,
    Country,
    Mandate,
    Municipality,
    ReleaseRule,
    SealedBy,
    SecretOn,
    Term,
)
from bot.domain.mandate.reading import parse
from bot.domain.mandate.selecting import ChosenBy, Selecting
from bot.domain.mandate.sheet import MandateError, MandateFault

__all__ = [
    "ADULT",
    "CHILD",
    "INFORMATION",
    "OWN_SAY",
    "SWITCHES",
    "TERMS",
    "AgeBand",
    "AgeRange",
    "Call",
    "ChosenBy",
    "CompetenceProfile",
    "Contact",
    "Country",
    "District",
    "LegalForm",
    "Localized",
    "Mandate",
    "MandateError",
    "MandateFault",
    "Municipality",
    "ReleaseRule",
    "Rule",
    "RuleKind",
    "SealedBy",
    "SecretOn",
    "Selecting",
    "Sex",
    "SpecialKind",
    "Switches",
    "Term",
    "Tie",
    "parse",
    "switches",
]
