"""Applications as those see them who decide: what is covered, who applied, and one application at a time."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button
from bot.domain import assessment, eligibility
from bot.domain import coverage as covering
from bot.domain.assessment import decider
from bot.domain.mandate import AgeBand, Mandate, RuleKind
from bot.domain.panel import SEATS, seat_label, seats_of, shown_label
from bot.domain.people import OFFICE
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Many, Words, _, n_
from handlers.appointing.standing import hidden, require_decides, sees_special
from storage import applications, audit, committees, offers, people, ratings
from storage.applications import Application, Appointment
from storage.committees import Committee
from storage.coverage import pool

router = Router()
PAGE = 6
ANSWERS = {RuleKind.AGE: "age", RuleKind.SEX: "sex", RuleKind.DISTRICT: "district", RuleKind.TIE: "tie"}


@router.command("applications", who=decider, words=("applications", "ansøgninger", "søknader", "søknadar"))
def list_applications(chat: Chat, argument: str) -> None:
    """Coverage per profile line and the applications of the committee at hand."""
    assert chat.committee is not None
    overview(chat, chat.committee, 0)


@router.button("overview", Committee, int, who=decider)
def overview(chat: Chat, committee: Committee, start: int) -> None:
    """What is covered and what is missing, then a page of applications."""
    mandate = require_decides(chat, committee.id)
    found = applications.to_decide(chat.tx, committee.id)
    decided = applications.decisions(chat.tx, committee.id)
    asked = len([one for one in found if one.door == "seat"])
    lines: list[Words] = [
        n_(
            "{count} application for {seats} seats.",
            "{count} applications for {seats} seats.",
            asked,
            seats=mandate.citizens,
        )
    ]
    lines.append(coverage(chat, mandate, committee))
    lines += uncounted(mandate, [one for one in found if one.id in decided and decided[one.id].outcome == "appointed"])
    rows: list[Button] = []
    veiled = hidden(chat, mandate, committee.id)
    for place, application in enumerate(found[start : start + PAGE], start + 1):
        name = called(chat, application, veiled)
        state = said_state(mandate, decided.get(application.id), sees_special(chat))
        label = _("{number}. {name}: {state}", number=place, name=name, state=state)
        rows.append(Button(label, "applicant", application.id))
    if start + PAGE < len(found):
        rows.append(Button(_("More applications"), "overview", committee.id, start + PAGE))
    undecided = len([one for one in found if one.id not in decided])
    if found:
        lines.append(
            n_("{count} is without a decision.", "{count} are without a decision.", undecided)
            if undecided
            else all_decided(chat, mandate, committee)
        )
    rows.append(Button(_("The panel"), "panel", committee.id))
    if chat.standing().roles & OFFICE:
        rows.append(Button(_("What is missing"), "missing", committee.id))
    if undecided:
        rows.append(Button(_("Decide the rest"), "rest", committee.id))
    chat.say(Lines(tuple(lines)), *rows)


def all_decided(chat: Chat, mandate: Mandate, committee: Committee) -> Words:
    """That nobody waits for a decision, and when all hear, or have heard, of theirs."""
    if not applications.unannounced(chat.tx, committee.id):
        return _("All are decided, and everybody has been answered.")
    if chat.now >= mandate.call.answered:
        return _("All are decided, and everybody is answered within a few minutes.")
    return _("All are decided. Everybody is answered {when}.", when=mandate.call.answered)


def called(chat: Chat, application: Application, veiled: bool) -> Words:
    """An applicant's name, or the number of the application while names are hidden."""
    if veiled and application.door == "seat":
        return assessment.pseudonym(application.id)
    return people.get(chat.tx, application.person_id).name


def coverage(chat: Chat, mandate: Mandate, committee: Committee) -> Words:
    """Per line: how many seats, how many applicants fit, how many are appointed; then the rules of the group."""
    vault = chat.house.vault
    found = covering.coverage(mandate, pool(chat.tx, vault, committee.id))
    filled = applications.filled(chat.tx, committee.id)
    lines: list[Words] = []
    for line in found.lines:
        profile = line.profile
        lines.append(
            _(
                "{profile}: {seats} wanted, {fit} fit, {filled} appointed",
                profile=profile.label,
                seats=profile.seats,
                fit=line.fit,
                filled=filled.get(profile.key, 0),
            )
        )
    lines += [_rule_line(rule) for rule in found.rules]
    return Lines(tuple(lines), "\n")


def uncounted(mandate: Mandate, appointed: Sequence[Application]) -> list[Words]:
    """Whoever never applied was not asked what the rules of the group are about, so no rule counts them; say so."""
    asked = {ANSWERS[rule.kind] for rule in mandate.rules if not rule.everyone}
    unknown = [one for one in appointed if one.door == "invited" and not asked <= one.answers.keys()]
    if not unknown:
        return []
    return [
        n_(
            "{count} is appointed without having applied, and we have not asked about what the rules count. Look "
            "yourselves whether the rules hold with them.",
            "{count} are appointed without having applied, and we have not asked about what the rules count. Look "
            "yourselves whether the rules hold with them.",
            len(unknown),
        )
    ]


STATES = {
    covering.State.OK: _("met"),
    covering.State.SHORT: _("too few have applied so far"),
    covering.State.IMPOSSIBLE: _("enough have applied, but for too few seats"),
}
ENTERED = {
    "paper": _("It came on paper, and {name} entered it."),
    "phone": _("It was told by phone, and {name} entered it."),
}


def _rule_line(rule: covering.RuleCoverage) -> Words:
    """A rule of the group, who it is about, and how it stands; a soft one only warns."""
    about = covering.rule_words(rule.rule, rule.sex)
    strength = _("must be met") if rule.rule.hard else _("should be met")
    return _("{rule} ({strength}): {state}", rule=about, strength=strength, state=STATES[rule.state])


SEATLESS = {
    **dict.fromkeys(offers.GIVEN_UP, _("has given up the seat")),
    "accepted": _("has taken the seat"),
}


def said_state(mandate: Mandate, decision: Appointment | None, special: bool) -> Words:
    """What is decided about somebody, and what they answered.

    Where a seat says something sensitive, nobody's seat stands beside the name for a reader who may not know whose.
    """
    if decision is None:
        return _("no decision yet")
    if decision.outcome == "reserve":
        return _("reserve")
    if decision.outcome != "appointed" or decision.seat is None:
        return _("not appointed")
    if not special and any(profile.special for profile in mandate.profiles):
        return SEATLESS.get(decision.reply or "", _("appointed"))
    seat = seat_label(mandate, decision.seat)
    if decision.reply in offers.GIVEN_UP:
        return _("has given up the seat: {seat}", seat=seat)
    if decision.reply == "accepted":
        return _("has taken the seat: {seat}", seat=seat)
    return _("appointed: {seat}", seat=seat)


@router.button("applicant", Application, who=decider)
def show_applicant(chat: Chat, application: Application) -> None:
    """One application. Reading a special-category line is logged, each time."""
    newest = require_decides(chat, application.committee_id)
    mandate = committees.mandate(chat.tx, application.committee_id, application.mandate_version)
    veiled = hidden(chat, newest, application.committee_id)
    lines: list[Words] = [called(chat, application, veiled), *described(chat, mandate, application, veiled)]
    lines += came_in(chat, application)
    decision = applications.decision(chat.tx, application.id)
    lines.append(_("Decision: {state}", state=said_state(newest, decision, sees_special(chat))))
    rows: list[Button] = []
    if decision is None or decision.announced_at is None:
        rows = [
            Button(_("Appoint"), "open", "appoint", application.id),
            Button(_("Keep as a reserve"), "spare", application.id),
            Button(_("Do not appoint"), "open", "decline", application.id),
        ]
    chat.say(Lines(tuple(lines)), *rows, Button(_("All applications"), "overview", application.committee_id, 0))


def came_in(chat: Chat, application: Application) -> list[Words]:
    """Who wrote the application down, where it was not the person."""
    words = ENTERED.get(application.entered_how or "")
    if words is None or application.entered_by is None:
        return []
    return [_(words.message, name=people.get(chat.tx, application.entered_by).name or _("somebody"))]


def described(chat: Chat, mandate: Mandate, application: Application, veiled: bool) -> list[Words]:
    """What somebody wrote, as far as this reader may see it."""
    answers, name = application.answers, people.get(chat.tx, application.person_id).name
    profiles = ratings.declared(mandate, chat.house.vault, application)
    if not sees_special(chat):
        profiles = [profile for profile in profiles if profile.special is None]
    elif application.special is not None:
        audit.special_line_read(chat.tx, chat.now, chat.person.id, application)
    lines: list[Words] = [_("Fits: {profiles}", profiles=Many(tuple(profile.label for profile in profiles)))]
    if application.door == "politics":
        lines = [_("A politician")]
    if answers.get("age"):
        lines.append(_("Age: {age}", age=eligibility.age_words(AgeBand.of(answers["age"]))))
    for key, words in (("why", _("Why: {why}").message), ("bring", _("Brings: {bring}").message)):
        if answers.get(key):
            said = assessment.unnamed(str(answers[key]), name) if veiled else answers[key]
            lines.append(_(words, **{key: said}))
    if application.guardian is not None:
        lines.append(
            _("A parent or guardian has said yes.")
            if application.guardian == "yes"
            else _("A parent or guardian has not answered yet.")
        )
    return lines


def seat_options(chat: Chat, mandate: Mandate, application: Application) -> dict[str, Words]:
    """The seats that somebody can be appointed to, each with how far it is filled."""
    filled = applications.filled(chat.tx, application.committee_id)
    nominated = applications.nominated_seat(chat.tx, application.id)
    special = sees_special(chat)
    return {
        key: _(
            "{profile} ({filled} of {seats} filled)",
            profile=seat_label(mandate, key),
            filled=filled.get(key, 0),
            seats=seats,
        )
        for key, seats in seats_of(mandate).items()
        if (key in SEATS) == (application.door == "politics")
        and nominated in (None, key)
        and (special or shown_label(mandate, key, False) == seat_label(mandate, key))
    }
