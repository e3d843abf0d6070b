"""Five statements without names, at the first meeting and the last: what is ticked is counted and never kept."""

from __future__ import annotations

from bot.chat.messages import Button, Message, Ticks
from bot.domain.anonymity import FEWEST
from bot.domain.errors import Refusal
from bot.domain.people import facilitator, member
from bot.domain.survey import ROUNDS, STATEMENTS
from bot.engine.chat import Chat
from bot.engine.router import Router, Ticked, not_here
from bot.text import Lines, Words, _, n_
from storage import audit, hearing, meetings, people, surveys
from storage.meetings import Meeting
from storage.surveys import Survey

router = Router()


QUESTIONS = {
    "first": _(
        "Which of these do you agree with now? Tick them. Your ticks are added to the others' and not kept with your "
        "name. We ask the same at the end, to see what has changed. It cannot be changed afterwards."
    ),
    "last": _(
        "Which of these do you agree with now? Tick them. Your ticks are added to the others' and not kept with your "
        "name. We asked the same at the beginning, and see now what has changed. It cannot be changed afterwards."
    ),
}


def boxes(survey: Survey, ticked: int = 0) -> Ticks:
    """The statements to tick; the buttons carry the whole state."""
    return Ticks("gains", "gained", (str(survey.id),), STATEMENTS, _("Send"), ticked)


@router.button("survey", Meeting, who=facilitator)
def preview(chat: Chat, meeting: Meeting) -> None:
    """The statements as members see them, and the result where there is one."""
    which = round_of(chat, meeting)
    statements = Lines(tuple(STATEMENTS), "\n")
    if surveys.of(chat.tx, meeting.committee_id, which) is None:
        chat.say(Lines((QUESTIONS[which], statements)), Button(_("Send it to the members"), "survsend", meeting.id))
    else:
        chat.say(result(chat, meeting.committee_id))


def round_of(chat: Chat, meeting: Meeting) -> str:
    """Whether a meeting belongs to the beginning or to the end: the first survey is at the beginning."""
    first = surveys.of(chat.tx, meeting.committee_id, "first")
    held = meetings.held(chat.tx, meeting.committee_id, meeting.starts_at, 2)
    return "last" if first is not None and len(held) > 1 else "first"


@router.button("survsend", Meeting, who=facilitator)
def send(chat: Chat, meeting: Meeting) -> None:
    """Ask every member; a second press asks nobody again."""
    made = surveys.open_one(chat.tx, meeting.committee_id, round_of(chat, meeting))
    if made is None:
        raise Refusal(_("The members are asked already. Open it again to see how many have answered."))
    members = people.members(chat.tx, meeting.committee_id)
    for one in members:
        chat.tell(
            one,
            QUESTIONS[made.round],
            ticks=boxes(made),
            notice=_("a question for you"),
            dedupe=f"survey:{made.id}:person:{one.id}",
            about=("survey", made.id),
            path="/talk",
        )
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "survey sent", f"survey:{made.id}")
    chat.say(n_("{count} member is asked.", "{count} members are asked.", len(members)), instead=True)


@router.view("gains", Survey, Ticked, who=member)
def redraw(chat: Chat, survey: Survey, ticked: Ticked) -> Message:
    """The statements with other boxes ticked. Nothing is written."""
    if ticked >> len(STATEMENTS):
        raise not_here()
    return Message(QUESTIONS[survey.round], ticks=boxes(survey, ticked))


@router.button("gained", Survey, Ticked, who=member, secret=True)
def answered(chat: Chat, survey: Survey, ticked: Ticked) -> None:
    """Count it. The answer is the same whatever was ticked."""
    if ticked >> len(STATEMENTS):
        raise not_here()
    if not surveys.answer(chat.tx, survey.id, chat.person.id, ticked):
        raise Refusal(_("You have answered this already. As it has no name on it, it cannot be changed."))
    chat.say(_("Thank you. Your answer is counted, without your name."), instead=True)


@router.button("gainsfor", Survey, int, who=facilitator)
def ask_for(chat: Chat, survey: Survey, person_id: int) -> None:
    """The boxes, blank, to be ticked as a member says on the phone or has ticked on paper."""
    chat.say(said_first(chat, survey, person_id), ticks=boxes_for(survey, person_id), protect=True)


@router.view("gainfor", Survey, int, Ticked, who=facilitator)
def redraw_for(chat: Chat, survey: Survey, person_id: int, ticked: Ticked) -> Message:
    """The same boxes with others ticked. Nothing is written."""
    if ticked >> len(STATEMENTS):
        raise not_here()
    return Message(said_first(chat, survey, person_id), ticks=boxes_for(survey, person_id, ticked))


@router.button("gainedby", Survey, int, Ticked, who=facilitator, secret=True)
def answered_for(chat: Chat, survey: Survey, person_id: int, ticked: Ticked) -> None:
    """Count it; that it was entered is noted, and what was ticked is not."""
    said_first(chat, survey, person_id)
    if ticked >> len(STATEMENTS):
        raise not_here()
    if not surveys.answer(chat.tx, survey.id, person_id, ticked):
        raise Refusal(_("This answer is counted already. As it has no name on it, it cannot be changed."))
    what = f"survey:{survey.id} person:{person_id}"
    audit.log(chat.tx, chat.now, chat.person.id, survey.committee_id, "ticks entered on behalf", what)
    hearing.withdraw(chat.tx, ("survey", survey.id), chat.now, person_id)
    next_one = Button(_("The next one"), "tasks", survey.committee_id)
    chat.say(_("It is counted, without a name."), next_one, protect=True, instead=True)


def said_first(chat: Chat, survey: Survey, person_id: int) -> Words:
    """What the member is told before the first tick. Raises Refusal for anybody who is no member."""
    person = next((one for one in people.members(chat.tx, survey.committee_id) if one.id == person_id), None)
    if person is None:
        raise not_here()
    return _(
        "Say this first: you hear the answer as you enter it, and it is kept without a name. "
        "Tick what {name} agrees with, then send it.",
        name=person.name or _("somebody"),
    )


def boxes_for(survey: Survey, person_id: int, ticked: int = 0) -> Ticks:
    """The statements to tick for somebody else."""
    return Ticks("gainfor", "gainedby", (str(survey.id), str(person_id)), STATEMENTS, _("Send"), ticked)


def result(chat: Chat, committee_id: int) -> Words:
    """How many agree with each statement, at the beginning and at the end, each from five answers on."""
    parts: list[Words] = []
    for which, title in ROUNDS.items():
        found = surveys.of(chat.tx, committee_id, which)
        if found is None:
            continue
        count = surveys.taken(chat.tx, found.id)
        lines: list[Words] = [title, n_("{count} person has answered.", "{count} people have answered.", count)]
        if count < FEWEST:
            lines.append(_("The numbers are shown from {least} answers on.", least=FEWEST))
        else:
            lines += [
                _("{agree} of {count} agree: {statement}", agree=agree, count=count, statement=statement)
                for agree, statement in zip(found.tally, STATEMENTS, strict=True)
            ]
        parts.append(Lines(tuple(lines), "\n"))
    return Lines(tuple(parts))
