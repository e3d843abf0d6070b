"""The selection record: how members were chosen, from the mandate to the last reply, without words of applicants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from bot.domain.anonymity import FEWEST
from bot.domain.assessment import MEANINGS, pseudonym
from bot.domain.eligibility import REASONS, SEXES
from bot.domain.explaining import void_words
from bot.domain.mandate import Mandate
from bot.domain.panel import WHY, shown_label
from bot.domain.record import Part, Record, Row, Table
from bot.domain.representativeness import Report, report
from bot.text import Day, Lines, Words, _
from storage import applications, audit, calls, committees, draws, people, ratings
from storage.applications import Appointment
from storage.candidates import candidate
from storage.database import Tx, every
from storage.draws import Draw
from storage.tables import Audit, Nomination
from storage.vault import Vault

OUTCOMES: dict[str, Words] = {
    "appointed": _("appointed"),
    "reserve": _("reserve"),
    "not_appointed": _("not appointed"),
}
REPLIES: dict[str, Words] = {
    "accepted": _("took the seat"),
    "declined": _("said no"),
    "expired": _("did not answer in time"),
    "left": _("gave the seat up"),
}
NOMINATIONS: dict[str, Words] = {
    "asked": _("asked"),
    "confirmed": _("said yes"),
    "declined": _("said no"),
    "withdrawn": _("withdrawn"),
}
DRAWS: dict[str, Words] = {"drawn": _("drawn"), "void": _("void")}
OVERRIDES = ("seat changed", "never applied")


def export(tx: Tx, vault: Vault, committee_id: int, person_id: int, purpose: str, now: datetime) -> Record:
    """The record for somebody who takes it out; that they did, and what for, stands in the record itself."""
    audit.log(tx, now, person_id, committee_id, "record exported", f"committee:{committee_id}", purpose)
    return of(tx, vault, committee_id, now)


def of(tx: Tx, vault: Vault, committee_id: int, now: datetime) -> Record:
    """All parts of the record as they stand now."""
    mandate = committees.mandate(tx, committee_id)
    parts = (
        _mandate(tx, mandate, committee_id),
        _calls(tx, committee_id),
        _applicants(tx, vault, mandate, committee_id),
        _ratings(tx, vault, mandate, committee_id),
        _draws(tx, committee_id),
        _decisions(tx, mandate, committee_id),
        _overrides(tx, committee_id),
        _moves(tx, mandate, committee_id),
        _offers(tx, committee_id),
        _nominations(tx, mandate, committee_id),
        *compared(representativeness(tx, vault, committee_id)),
    )
    return Record(_("Record of the selection"), mandate.title, now, [part for part in parts if _full(part)])


def representativeness(tx: Tx, vault: Vault, committee_id: int) -> Report:
    """Applicants and panel beside the population."""
    mandate = committees.mandate(tx, committee_id)
    everybody = applications.to_decide(tx, committee_id)
    people_ = {one.id: candidate(mandate, vault, one) for one in everybody if one.door != "politics"}
    sitting = {row.application_id for row in applications.seated(tx, committee_id)}
    applied = [people_[one.id] for one in everybody if one.door == "seat"]
    return report(mandate, applied, [people_[number] for number in people_ if number in sitting])


def _full(part: Part) -> bool:
    return bool(part.paragraphs) or any(table.rows for table in part.tables)


def _mandate(tx: Tx, mandate: Mandate, committee_id: int) -> Part:
    head = (_("Version"), _("Approved by"), _("Approved on"))
    rows = [(str(row.version), row.approved_by, Day(row.approved_on)) for row in committees.versions(tx, committee_id)]
    chosen: Words = _(
        "It is {the_council} that appoints, and the secretariat enters what is decided.",
        the_council=mandate.municipality.the_council,
    )
    if mandate.selection.by_politicians:
        chosen = _("The committee's politicians appoint, together with the secretariat.")
    # For translators: staff only
    return Part(_("Mandate"), (chosen,), (Table(head, rows),))


def _calls(tx: Tx, committee_id: int) -> Part:
    first = committees.own_call(tx, committee_id)
    # For translators: staff only
    rows: list[Row] = [("0", first.opens, first.closes, first.answered, _("the mandate's own call"))]
    rows += [
        (str(one.number), one.opens_at, one.closes_at, one.answered_at, one.reason)
        for one in calls.listed(tx, committee_id)
    ]
    head = (_("Call"), _("Opened"), _("Closed"), _("Answered"), _("Why"))
    return Part(_("Calls"), (), (Table(head, rows),))


def _applicants(tx: Tx, vault: Vault, mandate: Mandate, committee_id: int) -> Part:
    found = applications.listed(tx, committee_id)
    count = Counter(line.key for one in found for line in ratings.declared(mandate, vault, one))
    rows = [
        (
            line.label,
            str(line.seats),
            _("not shown") if line.special is not None and count[line.key] < FEWEST else str(count[line.key]),
        )
        for line in mandate.profiles
    ]
    said = _("{count} people applied for a seat.", count=len(found))
    return Part(_("Applicants"), (said,), (Table((_("Seat"), _("Seats"), _("Applicants")), rows),))


def _ratings(tx: Tx, vault: Vault, mandate: Mandate, committee_id: int) -> Part:
    """How often each rating was agreed, of the lines that say nothing sensitive."""
    if not mandate.selection.rated:
        return Part(_("Ratings"), (_("Nobody assessed applications: whoever declared a line fitted it."),))
    count: Counter[tuple[str, int]] = Counter()
    for lines in ratings.of_all_calls(tx, committee_id, vault).values():
        count.update(lines.items())
    rows = [
        (line.label, *(str(count[line.key, value]) for value in MEANINGS))
        for line in mandate.profiles
        if line.special is None
    ]
    return Part(_("Ratings"), (), (Table((_("Seat"), *MEANINGS.values()), rows),))


def _index(draw: Draw) -> str:
    """The number of the panel drawn, and of the further one that was taken instead."""
    taken = draws.taken(draw)
    numbers = [one.place for one in draws.panels(draw) if one.number == 1 or one == taken]
    return " → ".join(str(one) for one in numbers if one is not None)


def _draws(tx: Tx, committee_id: int) -> Part:
    head = (_("Draw"), _("State"), _("Hash of the panels"), _("Seed"), _("Panel drawn"), _("When"), _("Why void"))
    rows = []
    for one in draws.listed(tx, committee_id):
        index = _index(one)
        state = DRAWS.get(one.state, one.state)
        when = one.void_at or one.drawn_at or one.frozen_at
        number = f"{one.call}.{one.number}"
        rows.append((number, state, one.hash or "", one.seed or "", index, when, void_words(one.void_reason)))
    return Part(_("Draws"), (), (Table(head, rows),))


def _who(tx: Tx, row: Appointment) -> Words:
    """The name of whoever is appointed, and the number of anybody else's application."""
    name = people.get(tx, row.person_id).name if row.outcome == "appointed" else ""
    return name or pseudonym(row.application_id)


def _decisions(tx: Tx, mandate: Mandate, committee_id: int) -> Part:
    head = (_("Who"), _("Decision"), _("Seat"), _("Why"), _("Decided by"), _("When"))
    rows = [
        (
            _who(tx, row),
            OUTCOMES.get(row.outcome, row.outcome),
            shown_label(mandate, row.seat, False),
            REASONS.get(row.reason) or WHY.get(row.reason) or row.reason,
            people.get(tx, row.decided_by).name,
            row.decided_at,
        )
        for row in applications.decisions(tx, committee_id).values()
    ]
    return Part(_("Decisions"), (), (Table(head, rows),))


def _overrides(tx: Tx, committee_id: int) -> Part:
    """Where people chose otherwise than was proposed, and why."""
    statement = select(Audit).where(Audit.committee_id == committee_id, Audit.action.in_(OVERRIDES))
    rows: list[Row] = []
    for row in every(tx, Audit, statement.order_by(Audit.id)):
        former, _arrow, new = row.object.removeprefix("application:").partition(">")
        out = pseudonym(int(former)) if new else ""
        by = people.get(tx, row.person_id).name if row.person_id is not None else ""
        rows.append((out, pseudonym(int(new or former)), row.reason, by, row.at))
    head = (_("Instead of"), _("Appointed"), _("Why"), _("Decided by"), _("When"))
    return Part(_("Chosen otherwise than proposed"), (), (Table(head, rows),))


def _moves(tx: Tx, mandate: Mandate, committee_id: int) -> Part:
    """Who moved to another seat so that somebody could take over one that had fallen empty."""
    statement = select(Audit).where(Audit.committee_id == committee_id, Audit.action == "seat moved")
    rows: list[Row] = []
    for row in every(tx, Audit, statement.order_by(Audit.id)):
        number = int(row.object.removeprefix("application:"))
        mover = applications.decision(tx, number)
        before, _arrow, after = row.reason.partition(">")
        labels = [shown_label(mandate, seat, False) for seat in (before, after)]
        by = people.get(tx, row.person_id).name if row.person_id is not None else ""
        rows.append((_who(tx, mover) if mover is not None else pseudonym(number), *labels, by, row.at))
    head = (_("Who"), _("From the seat"), _("To the seat"), _("Decided by"), _("When"))
    return Part(_("Moved to another seat"), (), (Table(head, rows),))


def _offers(tx: Tx, committee_id: int) -> Part:
    told = [row for row in applications.decisions(tx, committee_id).values() if row.outcome == "appointed"]
    by_number = {row.id: row for row in told}
    head = (_("Who"), _("Offered"), _("Until"), _("Answer"), _("When"), _("Takes over from"))
    rows: list[Row] = []
    for row in told:
        if row.announced_at is None:
            continue
        former = by_number.get(row.replaces or 0)
        answer = REPLIES.get(row.reply, row.reply) if row.reply else _("no answer yet")
        over = _who(tx, former) if former is not None else ""
        rows.append((_who(tx, row), row.announced_at, row.reply_by or "", answer, row.replied_at or "", over))
    return Part(_("Offers and answers"), (), (Table(head, rows),))


def _nominations(tx: Tx, mandate: Mandate, committee_id: int) -> Part:
    statement = select(Nomination).where(Nomination.committee_id == committee_id).order_by(Nomination.id)
    rows = [
        (row.body, shown_label(mandate, row.seat, False), NOMINATIONS.get(row.state, row.state), row.asked_at)
        for row in every(tx, Nomination, statement)
    ]
    return Part(_("Named by a body"), (), (Table((_("Body"), _("Seat"), _("Answer"), _("When")), rows),))


# For translators: staff only
HIDDEN_RULE = _(
    "A number below 5 is not shown, because it could point at somebody. Where it could be computed from the others, "
    "the next smallest is not shown either. Of the panel, only what a rule of the mandate is about is shown as it is."
)


def compared(found: Report) -> Iterator[Part]:
    """The report on representativeness as parts of a document."""

    def shown(count: int | None) -> Words:
        return _("not shown") if count is None else str(count)

    said = _("{applicants} applied, {panel} sit on the panel.", applicants=found.applicants, panel=found.panel)
    rules = [
        (
            Lines((one.description, SEXES[one.sex] if one.sex else ""), ": "),
            str(one.least),
            str(one.count),
        )
        for one in found.rules
    ]
    # For translators: staff only
    table = Table((_("Rule of the mandate"), _("At least"), _("On the panel")), rules)
    yield Part(_("Representativeness"), (said, HIDDEN_RULE), (table,))
    for group in found.groups:
        peopled = any(cell.population is not None for cell in group.cells)
        head = (group.title, _("Applicants"), _("Panel"), *((_("Population"),) if peopled else ()))
        rows = [
            (
                cell.label,
                shown(cell.applicants),
                shown(cell.panel),
                *((str(cell.population) if cell.population is not None else "",) if peopled else ()),
            )
            for cell in group.cells
        ]
        yield Part(group.title, (), (Table(head, rows),))
