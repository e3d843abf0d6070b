"""What we have about a person's way into committees, for the page that shows people all we have about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bot.domain import eligibility
from bot.domain.mandate import AgeBand, Mandate, Sex, Tie
from bot.domain.panel import WHY
from bot.text import Many, Words, _
from storage import applications, committees, ratings
from storage.database import Tx, every, find
from storage.tables import Application, Arrival, Nomination, Rating, Source
from storage.vault import Vault

Fact = tuple[Words, Any]
Entry = Sequence[Fact]

DOORS = {
    "seat": _("A seat in the committee"),
    "ad_hoc": _("A working group or one evening"),
    "follow": _("Following along"),
    "politics": _("A seat as a politician"),
    "named": _("Named by a body"),
    "invited": _("Appointed without an application"),
}
OUTCOMES = {"appointed": _("A seat"), "reserve": _("A reserve"), "not_appointed": _("No seat")}
REPLIES = {
    "accepted": _("You took the seat"),
    "declined": _("You said no to the seat"),
    "expired": _("You did not answer in time"),
    "left": _("You gave the seat up"),
}
ENTERED = {
    "paper": _("You wrote on paper, and the administration entered it"),
    "phone": _("You told it by phone, and the administration entered it"),
}
NAMED = {"confirmed": _("Yes"), "declined": _("No"), "withdrawn": _("Withdrawn")}
SIGNUP = {
    "why": _("Why you would like to take part"),
    "bring": _("What you can bring"),
    "name": _("Name"),
}


def _committee(tx: Tx, committee_id: int) -> Fact:
    return _("Committee"), committees.mandate(tx, committee_id).short_name


def arrivals(tx: Tx, person_id: int) -> Iterator[Entry]:
    """By which poster or link one came."""
    statement = select(Arrival).where(Arrival.person_id == person_id).order_by(Arrival.committee_id)
    for row in every(tx, Arrival, statement):
        source = find(tx, Source, row.source_id)
        assert source is not None
        yield _committee(tx, row.committee_id), (_("Poster or link"), source.label), (_("When"), row.at)


def nominations(tx: Tx, person_id: int) -> Iterator[Entry]:
    """For which seats a body named one, and what one answered."""
    statement = select(Nomination).where(Nomination.person_id == person_id).order_by(Nomination.id)
    for row in every(tx, Nomination, statement):
        yield (
            _committee(tx, row.committee_id),
            (_("Named by"), row.body),
            (_("Seat"), labels(committees.mandate(tx, row.committee_id)).get(row.seat, row.seat)),
            (_("Your answer"), NAMED.get(row.state, "")),
            (_("When"), row.asked_at),
        )


def _own(tx: Tx, person_id: int) -> Sequence[Application]:
    statement = select(Application).where(Application.person_id == person_id)
    return every(tx, Application, statement.order_by(Application.id))


def sent(tx: Tx, vault: Vault, person_id: int) -> Iterator[Entry]:
    """What one wrote, and what was decided once one has been told."""
    for row in _own(tx, person_id):
        mandate = committees.mandate(tx, row.committee_id)
        special = [labels(mandate).get(line, line) for line in vault.open(row.special) or ()]
        decided = applications.decision(tx, row.id)
        told = decided is not None and decided.announced_at is not None
        yield (
            _committee(tx, row.committee_id),
            (_("How you want to take part"), DOORS[row.door]),
            *signup(mandate, row.answers),
            (_("Seats that say something sensitive"), Many(tuple(special)) if special else ""),
            (_("How it came to us"), ENTERED.get(row.entered_how or "", "")),
            (_("Sent"), row.sent_at),
            (_("Withdrawn"), True if row.state == "withdrawn" else ""),
            (_("Decision"), OUTCOMES.get(decided.outcome, decided.outcome) if decided and told else ""),
            (_("Reason"), _reason(decided.reason) if decided and told else ""),
            (_("The seat waits for your answer until"), decided.reply_by if decided and not decided.reply else ""),
            (_("Your answer"), REPLIES.get(decided.reply or "", "") if decided else ""),
            (_("Answered"), decided.replied_at if decided else ""),
        )


def _reason(reason: str) -> Words:
    return eligibility.REASONS.get(reason) or WHY.get(reason) or reason


def ratings_got(tx: Tx, vault: Vault, person_id: int) -> Iterator[Entry]:
    """What was said about how well one fits, of one's own applications: what it was, and never who said it."""
    for row in _own(tx, person_id):
        mandate = committees.mandate(tx, row.committee_id)
        lines = {ratings.stored(vault, row.id, one): one.label for one in ratings.declared(mandate, vault, row)}
        for stored, given in ratings.newest(tx, [row.id]).get(row.id, {}).items():
            for rating in given.values():
                yield (
                    _committee(tx, row.committee_id),
                    (_("Seat"), lines.get(stored, "")),
                    (_("How well you fit, 0 to 3"), str(rating.value)),
                    (_("Note"), rating.note),
                    (_("When"), rating.at),
                )


def ratings_given(tx: Tx, person_id: int) -> Iterator[Entry]:
    """What one has said oneself about others: that, and when; of whom is nobody's here."""
    statement = select(Rating).where(Rating.rater_id == person_id).order_by(Rating.id)
    for row in every(tx, Rating, statement):
        yield (_("Rating"), str(row.value)), (_("Note"), row.note), (_("When"), row.at)


def signup(mandate: Mandate, given: Mapping[str, Any]) -> Iterator[Fact]:
    """The answers of a sign-up, as they were chosen or written."""
    named = labels(mandate)
    if given.get("profiles"):
        lines = [named[key] for key in given["profiles"] if key in named]
        yield _("Seats that fit you"), Many(tuple(lines)) if lines else ""
    if given.get("age"):
        yield _("Age"), eligibility.age_words(AgeBand.of(str(given["age"])))
    if given.get("district"):
        places = {one.key: one.label for one in mandate.districts}
        yield _("Where you live"), places.get(given["district"], _("Somewhere else"))
    if given.get("tie"):
        yield _("Tie to the municipality"), eligibility.TIES[Tie(given["tie"])]
    if given.get("sex"):
        yield _("Sex"), eligibility.SEXES[Sex(given["sex"])]
    for key, label in SIGNUP.items():
        yield label, given.get(key) or ""


def labels(mandate: Mandate) -> Mapping[str, Words]:
    """The names of a committee's lines by key."""
    return {line.key: line.label for line in mandate.profiles}
