"""Appointing: what is covered, who applied, a seat or not with a reason, and everybody's answer at the same hour."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain import eligibility
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import AgeBand, Mandate, Sex
from bot.domain.people import STAFF, Role, anyone, secretariat
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.domain.retention import RULES
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Day, Lines, Many, Words, _, n_
from storage import applications, audit, committees, people, schedules
from storage.applications import Application, Appointment
from storage.committees import Committee

router = Router()
PAGE = 6
NOT_APPOINTED = RULES["application"]


@router.command("applications", who=secretariat, words=("applications", "ansøgninger", "søknader", "søknadar"))
def list_applications(chat: Chat, argument: str) -> None:
    """Coverage per profile line and the applications of the committee at hand."""
    assert chat.committee is not None
    overview(chat, chat.committee, 0)


@router.button("overview", Committee, int, who=secretariat)
def overview(chat: Chat, committee: Committee, start: int) -> None:
    """What is covered and what is missing, then a page of applications."""
    mandate = committees.mandate(chat.tx, committee.id)
    found = applications.listed(chat.tx, committee.id)
    decided = applications.decisions(chat.tx, committee.id)
    lines: list[Words] = [
        n_(
            "{count} application for {seats} seats.",
            "{count} applications for {seats} seats.",
            len(found),
            seats=mandate.citizens,
        )
    ]
    lines.append(coverage(chat, mandate, committee))
    rows = []
    for place, application in enumerate(found[start : start + PAGE], start + 1):
        name = people.get(chat.tx, application.person_id).name
        rows.append(
            (
                Button(
                    _(
                        "{number}. {name}: {state}",
                        number=place,
                        name=name,
                        state=_state(mandate, decided.get(application.id)),
                    ),
                    "applicant",
                    application.id,
                ),
            )
        )
    if start + PAGE < len(found):
        rows.append((Button(_("More applications"), "overview", committee.id, start + PAGE),))
    undecided = len([one for one in found if one.id not in decided])
    if found:
        lines.append(
            n_("{count} is without a decision.", "{count} are without a decision.", undecided)
            if undecided
            else _("All are decided. Everybody is answered {when}.", when=mandate.call.answered)
        )
    chat.say(Lines(tuple(lines)), *rows)


def coverage(chat: Chat, mandate: Mandate, committee: Committee) -> Words:
    """Per line: how many seats, how many applicants fit, how many are appointed; then the rules of the group."""
    vault = chat.house.vault
    pool = []
    for item in applications.listed(chat.tx, committee.id):
        special = vault.open(item.special) if item.special else []
        chosen = [key for key in item.answers.get("profiles") or [] if key != "more"] + list(special)
        given = item.answers
        pool.append(
            eligibility.Candidate(
                item.id, chosen, given.get("age"), given.get("sex"), given.get("district"), given.get("tie")
            )
        )
    found = eligibility.coverage(mandate, pool)
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


STATES = {
    eligibility.State.OK: _("met"),
    eligibility.State.SHORT: _("too few have applied so far"),
    eligibility.State.IMPOSSIBLE: _("enough have applied, but for too few seats"),
}
SEXES = {Sex.WOMAN: _("women"), Sex.MAN: _("men")}


def _rule_line(rule: eligibility.RuleCoverage) -> Words:
    """A rule of the group, who it is about, and how it stands; a soft one only warns."""
    about = Lines((rule.description, SEXES.get(rule.sex, "") if rule.sex else ""), ", ")
    strength = _("must be met") if rule.rule.hard else _("should be met")
    return _("{rule} ({strength}): {state}", rule=about, strength=strength, state=STATES[rule.state])


def _state(mandate: Mandate, decision: Appointment | None) -> Words:
    if decision is None:
        return _("no decision yet")
    if decision.outcome == "appointed" and decision.seat:
        return _("appointed: {seat}", seat=mandate.profile(decision.seat).label)
    return _("not appointed")


@router.button("applicant", Application, who=secretariat)
def show_applicant(chat: Chat, application: Application) -> None:
    """One application. Reading a special-category line is logged, each time."""
    mandate = committees.mandate(chat.tx, application.committee_id, application.mandate_version)
    person = people.get(chat.tx, application.person_id)
    answers = application.answers
    chosen = [mandate.profile(key).label for key in answers.get("profiles") or [] if key != "more"]
    if application.special is not None:
        special = chat.house.vault.open(application.special)
        chosen += [mandate.profile(key).label for key in special]
        audit.log(
            chat.tx,
            chat.now,
            chat.person.id,
            application.committee_id,
            "special line read",
            f"application:{application.id}",
        )
    lines: list[Words] = [person.name, _("Fits: {profiles}", profiles=Many(tuple(chosen)))]
    if answers.get("age"):
        lines.append(_("Age: {age}", age=eligibility.age_words(AgeBand.of(answers["age"]))))
    if answers.get("why"):
        lines.append(_("Why: {why}", why=answers["why"]))
    if answers.get("bring"):
        lines.append(_("Brings: {bring}", bring=answers["bring"]))
    if application.guardian is not None:
        lines.append(
            _("A parent or guardian has said yes.")
            if application.guardian == "yes"
            else _("A parent or guardian has not answered yet.")
        )
    decision = applications.decision(chat.tx, application.id)
    lines.append(_("Decision: {state}", state=_state(mandate, decision)))
    rows: list[Button] = []
    if decision is None or decision.announced_at is None:
        rows = [
            Button(_("Appoint"), "open", "appoint", application.id),
            Button(_("Do not appoint"), "open", "decline", application.id),
        ]
    chat.say(Lines(tuple(lines)), *rows, Button(_("All applications"), "overview", application.committee_id, 0))


def appoint_form(chat: Chat, application: Application) -> Form:
    """Which seat, and why."""
    require_open(chat, application)
    mandate = committees.mandate(chat.tx, application.committee_id)
    filled = applications.filled(chat.tx, application.committee_id)
    seats = tuple(
        Option(
            profile.key,
            _(
                "{profile} ({filled} of {seats} filled)",
                profile=profile.label,
                filled=filled.get(profile.key, 0),
                seats=profile.seats,
            ),
        )
        for profile in mandate.profiles
    )
    reason = FreeText(key="reason", text=_("Why? The reason stands in the record of the selection."), longest=500)
    return Form(
        "appoint",
        (OneOf(key="seat", text=_("Which seat?"), choices=seats), reason),
        title=_("Appoint"),
        review=looked_over,
    )


def require_open(chat: Chat, application: Application) -> None:
    """A decision can be changed until it is told, and a young applicant's guardian comes first."""
    decision = applications.decision(chat.tx, application.id)
    if decision is not None and decision.announced_at is not None:
        raise Refusal(_("This decision has been told, so it stands."))
    if application.state == "withdrawn":
        raise Refusal(_("This application was withdrawn."))


@router.form("appoint", Application, appoint_form, who=secretariat)
def appointed(chat: Chat, application: Application, answers: Answers) -> None:
    """Appoint to a seat; a full line says so first."""
    require_open(chat, application)
    mandate = committees.mandate(chat.tx, application.committee_id)
    if application.guardian is not None and application.guardian != "yes":
        raise Refusal(_("A parent or guardian must say yes first. You can appoint as soon as they have."))
    seat = mandate.profile(str(answers["seat"]))
    earlier = applications.decision(chat.tx, application.id)
    held = earlier is not None and earlier.seat == seat.key and earlier.outcome == "appointed"
    if not held and applications.filled(chat.tx, application.committee_id).get(seat.key, 0) >= seat.seats:
        raise Refusal(
            _(
                "All seats for {profile} are filled. Choose another seat, or change an earlier decision first.",
                profile=seat.label,
            )
        )
    applications.decide(chat.tx, application, "appointed", seat.key, str(answers["reason"]), chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, application.committee_id, "appointed", f"application:{application.id}")
    confirm(chat, application)


def decline_form(chat: Chat, application: Application) -> Form:
    """The true reason class, and a note for the record."""
    require_open(chat, application)
    reasons = tuple(Option(key, words) for key, words in eligibility.REASONS.items())
    return Form(
        "decline",
        (OneOf(key="reason", text=_("What is the reason? It is told to the applicant."), choices=reasons),),
        title=_("Do not appoint"),
    )


@router.form("decline", Application, decline_form, who=secretariat)
def declined(chat: Chat, application: Application, answers: Answers) -> None:
    """Do not appoint."""
    require_open(chat, application)
    applications.decide(chat.tx, application, "not_appointed", None, str(answers["reason"]), chat.person.id, chat.now)
    audit.log(
        chat.tx,
        chat.now,
        chat.person.id,
        application.committee_id,
        "not appointed",
        f"application:{application.id}",
        str(answers["reason"]),
    )
    confirm(chat, application)


def confirm(chat: Chat, application: Application) -> None:
    """Say what was noted and when it is told."""
    mandate = committees.mandate(chat.tx, application.committee_id)
    schedules.plan(
        chat.tx, "answers_due", application.committee_id, max(mandate.call.answered, chat.now), application.committee_id
    )
    chat.say(
        _("Noted. The applicant hears it {when}, at the same time as everybody else.", when=mandate.call.answered),
        Button(_("All applications"), "overview", application.committee_id, 0),
    )


@router.due("answers_due")
def answer_everybody(errand: Errand, committee_id: int) -> None:
    """Tell everybody at the same hour; while one is undecided nobody is told, and the secretariat hears why."""
    errand.about(committee_id)
    found = applications.listed(errand.tx, committee_id)
    decided = applications.decisions(errand.tx, committee_id)
    undecided = [one for one in found if one.id not in decided]
    if undecided:
        warn(errand, committee_id, len(undecided))
        schedules.plan(errand.tx, "answers_due", committee_id, errand.now + timedelta(days=1), committee_id)
        return
    mandate = committees.mandate(errand.tx, committee_id)
    for decision in applications.unannounced(errand.tx, committee_id):
        applications.announced(errand.tx, decision, errand.now)
        if decision.outcome == "appointed":
            tell_appointed(errand, mandate, decision)
        else:
            tell_not_appointed(errand, mandate, decision, len(found))


def warn(errand: Errand, committee_id: int, count: int) -> None:
    """The hour has come and decisions are missing."""
    text = n_(
        "Today the applicants were to be answered, and {count} application has no decision. Nobody "
        "has been told yet. All answers go out together once it is decided.",
        "Today the applicants were to be answered, and {count} applications have no decision. Nobody "
        "has been told yet. All answers go out together once they are decided.",
        count,
    )
    for person in people.holding(errand.tx, committee_id, (Role.SECRETARIAT,)):
        errand.tell(
            person,
            text,
            Button(_("All applications"), "overview", committee_id, 0),
            notice=_("decisions are missing"),
            kind="necessary",
            dedupe=f"undecided:{committee_id}:{person.id}:{errand.now.date()}",
        )


def tell_appointed(errand: Errand, mandate: Mandate, decision: Appointment) -> None:
    """A seat: what it is, the first date, whom to ask."""
    people.take_role(errand.tx, decision.person_id, decision.committee_id, Role.APPLICANT)
    if not people.roles(errand.tx, decision.person_id).get(decision.committee_id, frozenset()) & STAFF:
        people.give_role(errand.tx, decision.person_id, decision.committee_id, Role.CITIZEN, errand.now, decision.seat)
    errand.tell(
        decision.person_id,
        _(
            "Hello {name}. You have been appointed to the committee on {topic}. The committee starts "
            "{start} and meets about {meetings} times. "
            "Before the first meeting your contact person writes to you: {contact}, {phone}. Can you not "
            "take part after all? Then write /leave.",
            name=people.get(errand.tx, decision.person_id).name,
            topic=mandate.title,
            start=Day(mandate.start),
            meetings=mandate.meetings,
            contact=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        notice=_("the answer to your application"),
        kind="necessary",
        lane=0,
        dedupe=f"answer:{decision.id}",
        about=("application", decision.application_id),
    )


def tell_not_appointed(errand: Errand, mandate: Mandate, decision: Appointment, applicants: int) -> None:
    """No seat this time, the true reason, and the invitation to take part along the way."""
    errand.tell(
        decision.person_id,
        _(
            "Hello {name}. Thank you for signing up. {applicants} applied for {seats} seats, and you did "
            "not get a seat this time. "
            "The reason is: {reason}. We would still like to have you with us. "
            "May we write when the committee holds a dialogue meeting or needs people for a working group? "
            "If you do not answer, we delete what you wrote {date}. Questions: {contact}, {phone}.",
            name=people.get(errand.tx, decision.person_id).name,
            applicants=applicants,
            seats=mandate.citizens,
            reason=eligibility.REASONS.get(decision.reason, decision.reason),
            date=Day(errand.now + NOT_APPOINTED.length),
            contact=mandate.contact.name,
            phone=mandate.contact.phone,
        ),
        Button(_("Yes, please write"), "circle", decision.committee_id, "yes"),
        Button(_("No thanks"), "circle", decision.committee_id, "no"),
        notice=_("the answer to your application"),
        kind="necessary",
        lane=0,
        dedupe=f"answer:{decision.id}",
        about=("application", decision.application_id),
    )


@router.button("circle", Committee, str, who=anyone)
def circle(chat: Chat, committee: Committee, answer: str) -> None:
    """An own consent to be contacted later; no is as good an answer as yes."""
    if answer not in ("yes", "no"):
        raise Refusal(_("Please choose one of the answers shown."))
    version = committees.newest_version(chat.tx, committee.id)
    people.consented(chat.tx, chat.person.id, committee.id, "contact later", version, answer == "yes", chat.now)
    if answer == "yes":
        people.take_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT)
        people.give_role(chat.tx, chat.person.id, committee.id, Role.CIRCLE, chat.now)
        chat.say(_("Thank you. We write when there is something you could join. You decide each time."))
    else:
        people.take_role(chat.tx, chat.person.id, committee.id, Role.APPLICANT, Role.CIRCLE)
        chat.say(_("Good, we do not write. What you wrote is deleted on the date we named."))
