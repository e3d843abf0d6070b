"""Releasing a committee's result to the public: when its legal form allows it, and what to look at before."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.mandate import Mandate, Switches
from bot.text import Words, _

# What stands between quotation marks of any of our languages. An apostrophe is no quotation mark.
QUOTED = re.compile(r"“([^”]+)”|„([^“”]+)[“”]|”([^”]+)”|\"([^\"]+)\"|»([^«]+)«|«([^»]+)»|›([^‹]+)‹")


def refusal(rules: Switches, mandate: Mandate, *, delivered: bool) -> Words | None:
    """Why a result cannot be made public now, and what to do; None where it can.

    A committee whose publishing needs the council's own rule has none before delivery without it; what was delivered
    is an item of the council's agenda, and no longer the committee's alone.
    """
    if delivered or not rules.publishing_needs_rule or mandate.release_rule is not None:
        return None
    return _(
        "This committee's meetings are not public, and {the_council} has made no rule that lets it publish. So the "
        "recommendations cannot be released before they are delivered. Deliver them first, or have {the_council} "
        "decide on a rule, and enter it in the mandate.",
        the_council=mandate.municipality.the_council,
    )


def names_in(texts: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Which of these people's names stand in the texts, as whole words, in the order of the names."""
    whole = "\n".join(texts)
    there = (name for name in dict.fromkeys(names) if name.strip())
    return tuple(name for name in there if re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", whole, re.IGNORECASE))


def quotes_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Everything that stands between quotation marks, in order, each once."""
    found = (next(filter(None, match.groups())) for text in texts for match in QUOTED.finditer(text))
    return tuple(dict.fromkeys(one.strip() for one in found))
