"""What we have about a person, in words the person understands; of a secret ballot only whether, never what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from bot.domain.people import Role
from bot.domain.voice import said
from bot.text import Day, Words, _
from storage import answers, committees, myapplications, mymeetings, named, people, piles, recordings
from storage.database import Tx, every, find
from storage.tables import (
    AnswerRow,
    AskBack,
    Ballot,
    ConsentRow,
    Conversation,
    GroupMember,
    Idea,
    Inquiry,
    PersonRow,
    Prompt,
    RoleRow,
    Second,
    ToldRow,
    Voter,
    WorkingGroup,
)
from storage.vault import Vault

Fact = tuple[Words, Any]
Entry = Sequence[Fact]

HEARS = {"active": _("Everything"), "necessary": _("Only the necessary"), "silent": _("Nothing")}
WAYS = {"web": _("Our web page"), "mail": _("E-mail"), "phone": _("Phone"), "letter": _("Letters")}
ROLES = {
    Role.APPLICANT: _("Applicant"),
    Role.CITIZEN: _("Citizen member"),
    Role.POLITICIAN: _("Politician member"),
    Role.CHAIR: _("Chair"),
    Role.DEPUTY: _("Deputy chair"),
    Role.SUBSTITUTE: _("Substitute"),
    Role.FACILITATOR: _("Contact person"),
    Role.SECRETARIAT: _("Secretariat"),
    Role.AD_HOC: _("With you for an evening or a working group"),
    Role.CIRCLE: _("Following along"),
    Role.OWNER: _("Runs the service"),
}
PURPOSES = {
    "contact later": _("Being written to later"),
    named.PURPOSE: _("A name on the committee's page"),
}
IDEAS = {"offered": _("On the list"), "shortlisted": _("On the shortlist"), "withdrawn": _("Withdrawn")}
ANSWERS = {
    "sent": _("Sent"),
    "late": _("Too late, kept as a draft"),
    "handed_over": _("Too late, passed on"),
    "declined": _("Not this time"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording, by the page where one listens to it, and deletes it."""

    page: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing we have, each entry a row of facts: what it is, and the words, moment or yes or no of it."""

    title: Words
    entries: Sequence[Entry]


def everything(tx: Tx, vault: Vault, person_id: int, languages: Mapping[str, str]) -> Sequence[Part]:
    """All we have about a person, without what is empty. Sealed values are opened for their own person.

    `languages` are the names of languages by code.
    """
    parts = (
        Part(_("You"), list(_person(tx, person_id, languages))),
        Part(_("Ways to reach you"), list(_addresses(tx, vault, person_id))),
        Part(_("Places and roles"), list(_roles(tx, person_id))),
        Part(_("Working groups"), list(_groups(tx, person_id))),
        Part(_("What you were told, and when"), list(_told(tx, person_id))),
        Part(_("Consents"), list(_consents(tx, person_id))),
        Part(_("How you found us"), list(myapplications.arrivals(tx, person_id))),
        Part(_("Seats you were named for"), list(myapplications.nominations(tx, person_id))),
        Part(_("Applications"), list(myapplications.sent(tx, vault, person_id))),
        Part(_("How well you fit, as it was assessed"), list(myapplications.ratings_got(tx, vault, person_id))),
        Part(_("What you have assessed"), list(myapplications.ratings_given(tx, person_id))),
        Part(_("Answers before meetings"), list(_answers(tx, person_id))),
        Part(_("Recordings of your voice"), list(_recordings(tx, person_id))),
        Part(_("Meetings"), list(mymeetings.replies(tx, person_id))),
        Part(_("What you answered about meetings you missed"), list(mymeetings.afterwards(tx, person_id))),
        Part(_("Dates that fit you"), list(mymeetings.dates(tx, person_id))),
        Part(_("Surveys without names that you took part in"), list(mymeetings.surveys(tx, person_id))),
        Part(_("Your calendar's own address"), list(mymeetings.feed(tx, person_id))),
        Part(_("Questions you asked the others"), list(_askbacks(tx, person_id))),
        Part(_("Questions you asked before an item was treated"), list(_inquiries(tx, person_id))),
        Part(_("Ideas"), list(_ideas(tx, person_id))),
        Part(_("Prioritisations you took part in"), list(_voted(tx, person_id))),
        Part(_("Begun, and not sent"), list(_begun(tx, person_id))),
    )
    return [part for part in parts if part.entries]


def _rows(tx: Tx, model: Any, person_id: int) -> Select[Any]:
    return select(model).where(model.person_id == person_id)


def _name(tx: Tx, committee_id: int | None) -> Fact:
    return (_("Committee"), committees.mandate(tx, committee_id).short_name if committee_id else "")


def _person(tx: Tx, person_id: int, languages: Mapping[str, str]) -> Iterator[Entry]:
    row = find(tx, PersonRow, person_id)
    if row is not None:
        yield (
            (_("Name"), row.name),
            (_("Language"), languages.get(row.locale or "", "")),
            (_("What you hear from us"), HEARS.get(row.state, row.state)),
            *([(_("No messages until"), row.paused_until)] if row.paused_until else []),
            (_("Known to us since"), row.created_at),
        )


def _addresses(tx: Tx, vault: Vault, person_id: int) -> Iterator[Entry]:
    for row in people.addresses(tx, person_id):
        platform = row.account.partition(":")[0]
        where = WAYS.get(platform, platform.capitalize())
        value = str(vault.open(row.sealed)) if row.sealed is not None else ""
        yield (_("Where"), where), (_("Address or number"), value), (_("Last used"), row.used_at)


def _roles(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, RoleRow, _rows(tx, RoleRow, person_id).order_by(RoleRow.id)):
        seat: Words = ""
        if row.seat and row.committee_id:
            seat = myapplications.labels(committees.mandate(tx, row.committee_id)).get(row.seat, row.seat)
        yield (
            _name(tx, row.committee_id),
            (_("Role"), ROLES[Role(row.role)]),
            (_("Seat"), seat),
            (_("Since"), row.since),
        )


def _groups(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, GroupMember, _rows(tx, GroupMember, person_id).order_by(GroupMember.group_id)):
        group = find(tx, WorkingGroup, row.group_id)
        assert group is not None
        yield _name(tx, group.committee_id), (_("Working group"), group.name), (_("Since"), row.since)


def _told(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, ToldRow, _rows(tx, ToldRow, person_id).order_by(ToldRow.id)):
        yield _name(tx, row.committee_id), (_("Version"), str(row.version)), (_("When"), row.at)


def _consents(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, ConsentRow, _rows(tx, ConsentRow, person_id).order_by(ConsentRow.id)):
        kind, _space, line = row.purpose.partition(" ")
        labels = myapplications.labels(committees.mandate(tx, row.committee_id))
        what = labels.get(line) or PURPOSES.get(row.purpose) or PURPOSES.get(kind) or kind.capitalize()
        yield _name(tx, row.committee_id), (_("About"), what), (_("Your answer"), row.given), (_("When"), row.at)


def _answers(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, AnswerRow, _rows(tx, AnswerRow, person_id).order_by(AnswerRow.sent_at)):
        prompt = find(tx, Prompt, row.prompt_id)
        assert prompt is not None
        yield (
            _name(tx, prompt.committee_id),
            *_replies(tx, row.prompt_id, row.values),
            *(
                fact
                for one in piles.own(tx, row.prompt_id, person_id)
                if one.correction
                for fact in ((_("What you meant"), one.correction), *_entered(one.corrected_how))
            ),
            (_("What became of it"), ANSWERS.get(row.state, row.state)),
            *_entered(row.entered_how),
            (_("When"), row.sent_at),
        )


def _recordings(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in recordings.own(tx, person_id):
        yield (
            _name(tx, row.committee_id),
            (answers.questions(tx, row.prompt_id)[row.question - 1].text, said(row.seconds)),
            (
                _("Listen to it"),
                Heard(f"/voice/{row.id}") if row.state == "kept" else _("It is not fetched yet."),
            ),
            (_("When"), row.sent_at),
        )


def _askbacks(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, AskBack, _rows(tx, AskBack, person_id).order_by(AskBack.id)):
        yield (
            _name(tx, row.committee_id),
            (_("Question"), row.text),
            (_("Reason"), row.reason),
            (_("When"), row.asked_at),
        )


def _inquiries(tx: Tx, person_id: int) -> Iterator[Entry]:
    asked = select(Inquiry).where(Inquiry.asked_by == person_id)
    for row in every(tx, Inquiry, asked.order_by(Inquiry.id)):
        yield (
            _name(tx, row.committee_id),
            *((_("Question"), one.text) for number in row.prompts[:1] for one in answers.questions(tx, number)),
            (_("When"), row.asked_at),
            (_("The day on which it was to be treated"), Day(row.treated_on)),
        )


def _replies(tx: Tx, prompt_id: int, values: Mapping[str, Any]) -> Iterator[Fact]:
    for question in answers.questions(tx, prompt_id):
        if values.get(question.key) is not None:
            yield question.text, question.show(values[question.key])


def _entered(how: str | None) -> Sequence[Fact]:
    """The mark of what somebody else entered."""
    return ((_("How it came to us"), myapplications.ENTERED[how]),) if how else ()


def _ideas(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, Idea, _rows(tx, Idea, person_id).order_by(Idea.id)):
        yield (
            _name(tx, row.committee_id),
            (_("Your idea"), row.text),
            (_("What became of it"), IDEAS.get(row.state, row.state)),
            *_entered(row.entered_how),
            (_("When"), row.created_at),
        )
    supported = select(Idea).join(Second, Second.idea_id == Idea.id).where(Second.person_id == person_id)
    for row in every(tx, Idea, supported.order_by(Idea.id)):
        yield _name(tx, row.committee_id), (_("An idea of another member that you support"), row.text)


def _voted(tx: Tx, person_id: int) -> Iterator[Entry]:
    took_part = select(Ballot).join(Voter, Voter.ballot_id == Ballot.id)
    took_part = took_part.where(Voter.person_id == person_id, Voter.box.is_not(None))
    for row in every(tx, Ballot, took_part.order_by(Ballot.id)):
        yield _name(tx, row.committee_id), (_("Name"), row.title), (_("Closing"), row.closes_at)


def _begun(tx: Tx, person_id: int) -> Iterator[Entry]:
    for row in every(tx, Conversation, _rows(tx, Conversation, person_id).order_by(Conversation.updated_at)):
        facts: Iterator[Fact]
        if row.form == "signup":
            facts = myapplications.signup(committees.mandate(tx, row.subject), row.answers)
        elif row.form == answers.FORM:
            facts = _replies(tx, row.subject, row.answers)
        else:
            facts = ((_("Text"), value) for value in row.answers.values() if isinstance(value, str))
        yield _name(tx, row.committee_id), *facts, (_("When"), row.updated_at)
