"""Calls and letters: what would be sent to somebody on paper or phone is a facilitator's task, ticked when done."""

from __future__ import annotations

from typing import Any

from bot.chat.messages import Button, Link, Rendered
from bot.domain import paper as rules
from bot.domain.ballots import takes_votes
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.hearing import day_of
from bot.domain.people import office
from bot.domain.questions import Answers, OneOf
from bot.engine import post
from bot.engine.chat import Chat
from bot.engine.ears import rest_of
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from storage import answers as given
from storage import attendance, audit, ballots, committees, meetings, minutes, paper, people, piles, prompts, surveys
from storage.committees import Committee
from storage.paper import Task
from storage.prompts import Prompt

router = Router()


@router.due("calls")
def morning(errand: Errand, subject: int) -> None:
    """Tell the facilitators of the calls and letters that have come up since the last morning they were told of any."""
    for committee_id in paper.committees_with(errand.tx, errand.now):
        mandate = committees.mandate(errand.tx, committee_id)
        rest, zone = rest_of(mandate), mandate.municipality.zone
        if not rest.allows(errand.now, zone):
            continue
        today = day_of(errand.now, zone)
        before = errand.now - (today - rest.last_day_before(today))
        count = paper.count(errand.tx, committee_id, errand.now, before)
        if not count:
            continue
        errand.about(committee_id)
        errand.tell_facilitators(
            committee_id,
            n_(
                "{count} person without e-mail is to be called or written to.",
                "{count} people without e-mail are to be called or written to.",
                count,
            ),
            Button(_("See whom to call"), "tasks", committee_id),
            notice=_("something to do"),
            dedupe=f"calls:{committee_id}:{today}",
        )


@router.command("calls", who=office, words=("calls", "opkald", "oppringninger", "oppringingar"))
def begin(chat: Chat, argument: str) -> None:
    """Whom to call or write to; with the code of a return slip, that task."""
    assert chat.committee is not None
    code = argument.strip()
    if not code:
        listed(chat, chat.committee)
        return
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 19 else 0
    task = paper.coded(chat.tx, number, chat.committee.id)
    if task is None:
        raise Refusal(_("No task has that code. Write /calls to see those that wait."))
    show(chat, task)


@router.button("tasks", Committee, who=office)
def listed(chat: Chat, committee: Committee) -> None:
    """All that waits, each with a button."""
    found = paper.tasks(chat.tx, committee.id, chat.now)
    open_to_ideas = committees.rules(chat.tx, committee.id).members_exchange_between_meetings
    called = open_to_ideas and post.members_called(chat.house, chat.tx, committee.id)
    unasked = [Button(_("Enter an idea"), "open", "ideafor", committee.id)] if called else []
    if not found:
        chat.say(_("Nobody is waiting for a call or a letter."), *unasked)
        return
    rows = [
        Button(_("{name}, until {until}", name=one.name or _("somebody"), until=one.until), "task", one.id)
        for one in found
    ]
    chat.say(
        n_(
            "{count} person who has no e-mail is to be called or written to:",
            "{count} calls or letters to people who have no e-mail:",
            len(found),
        ),
        *rows,
        *unasked,
    )


@router.button("task", Task, who=office)
def show(chat: Chat, task: Task) -> None:
    """Whom to call, how long it takes, what to read, and what can be done then."""
    require(chat, task)
    name = people.get(chat.tx, task.person_id).name or _("somebody")
    ways = paper.reach(chat.tx, chat.house.vault, task.person_id)
    message = paper.text_of(chat.tx, task.id)
    asked = asked_in(chat, task)
    count = sum(prompts.count_questions(chat.tx, prompt.id) for prompt in asked)
    time = n_("{count} minute", "{count} minutes", rules.minutes(message.text, count))
    lines: list[Words] = [_("Call {name}, about {time}, or print the letter.", name=name, time=time)]
    lines += [
        _("Phone: {phone}", phone=value) if kind == "phone" else _("Address: {address}", address=value)
        for kind, value in ways
    ]
    if task.attempts:
        lines.append(n_("Tried {count} time.", "Tried {count} times.", task.attempts))
    rows: list[Any] = []
    if asked:
        rows.append(Button(_("Enter the answers"), "open", "onbehalf", task.id))
        rows.append(Button(_("No answer this time"), "noreply", task.id))
    for kind, number in paper.parts(chat.tx, task):
        if kind == "ballot" and takes_vote(chat, number, task.person_id):
            lines.append(not_secret())
            rows.append(Button(_("Enter the vote"), "paperfor", number, task.person_id))
        elif kind == "survey" and not surveys.has_answered(chat.tx, number, task.person_id):
            rows.append(Button(_("Enter the ticks"), "gainsfor", number, task.person_id))
        elif kind == "meeting":
            rows += of_meeting(chat, number, task)
        elif kind == "prompt" and grouped(chat, number, task.person_id):
            rows.append(Button(_("Enter what was meant"), "meantof", number, task.person_id))
    if offers_ideas(chat, task):
        rows.append(Button(_("Enter an idea"), "ideaof", task.committee_id or 0, task.person_id))
    lines.append(_("Read this:"))
    audit.log(chat.tx, chat.now, chat.person.id, task.committee_id, "number read", f"person:{task.person_id}")
    chat.say(
        Lines((*lines, message.text, beside(message))),
        *rows,
        (Button(_("Done"), "called", task.id), Button(_("Not reached"), "nocall", task.id)),
        Link(_("The letter, to print"), f"/letter/{task.id}"),
    )


def takes_vote(chat: Chat, ballot_id: int, person_id: int) -> bool:
    """Whether a vote can still be entered for somebody."""
    ballot = ballots.look_up(chat.tx, ballot_id)
    running = ballot is not None and takes_votes(ballot.state, ballot.closes_at, chat.now)
    return running and ballots.enterable(chat.tx, ballot_id, person_id)


def grouped(chat: Chat, prompt_id: int, person_id: int) -> bool:
    """Whether somebody may say what was meant by an answer that stands in a group."""
    prompt = prompts.get(chat.tx, prompt_id)
    return prompt is not None and prompt.piling == "shared" and person_id in piles.writers(chat.tx, prompt_id)


def offers_ideas(chat: Chat, task: Task) -> bool:
    """Whether the person may have ideas put on the list between the meetings."""
    assert task.committee_id is not None
    free = committees.rules(chat.tx, task.committee_id).members_exchange_between_meetings
    return free and people.is_member(chat.tx, task.person_id, task.committee_id)


def of_meeting(chat: Chat, meeting_id: int, task: Task) -> list[Any]:
    """What can be entered about a meeting: before it whether the person comes, afterwards what was missed."""
    person_id, meeting = task.person_id, meetings.get(chat.tx, meeting_id)
    if meeting is None or meeting.state != "announced":
        return []
    if meeting.starts_at > chat.now:
        if person_id in attendance.replies(chat.tx, meeting_id):
            return []
        said = (("yes", _("Is coming")), ("late", _("Comes later")), ("no", _("Cannot come")))
        return [tuple(Button(label, "comesfor", meeting_id, person_id, key) for key, label in said)]
    written = minutes.of(chat.tx, meeting_id)
    if written is None or written.state != "published":
        return []
    rows = [Button(_("Read the minutes"), "readmin", meeting_id)]
    missed = person_id in attendance.absent(chat.tx, meeting_id)
    if missed and minutes.answer_of(chat.tx, meeting_id, person_id) is None:
        rows.append(Button(_("Enter the answers"), "open", "missed", task.id))
    return rows


def beside(message: Rendered) -> Words:
    """What stands under the text elsewhere: the boxes to choose among, and the rows of a table."""
    boxes = message.ticks["options"] if message.ticks else ()
    choices = tuple(f"{place}. {label}" for place, label in enumerate(boxes, 1))
    return Lines((*choices, *(": ".join(row) for row in message.table)), "\n")


def not_secret() -> Words:
    """What is said before such a vote is given."""
    return _(
        "Say this first: a vote on paper or by phone is not secret, because somebody enters it. "
        "Whoever wants a secret vote can vote on the web page, or with help at the next meeting."
    )


def require(chat: Chat, task: Task) -> None:
    """Only what still waits, in a committee of one's own. Raises Refusal."""
    if task.account != rules.ACCOUNT or task.committee_id is None:
        raise not_here()
    if not paper.waits(task, chat.now):
        raise Refusal(_("This task is done, or it is too late for it. Write /calls to see those that wait."))


def asked_in(chat: Chat, task: Task) -> list[Prompt]:
    """The questions that a task brings, that can still be answered and have not been."""
    found = [prompts.get(chat.tx, number) for kind, number in paper.parts(chat.tx, task) if kind == "prompt"]
    running = [one for one in found if one is not None and one.kind == "questions" and one.state == "open"]
    return [one for one in running if given.of(chat.tx, one.id, task.person_id) is None]


@router.button("called", Task, who=office)
def done(chat: Chat, task: Task) -> None:
    """It was read aloud, or the letter is in the post."""
    require(chat, task)
    finish(chat, task, "called or written to")
    chat.say(_("Good, it is ticked off."), Button(_("The next one"), "tasks", task.committee_id or 0), instead=True)


def finish(chat: Chat, task: Task, action: str) -> None:
    """Tick a task, with who did it."""
    paper.settle(chat.tx, task.id, chat.now, chat.person.id)
    audit.log(chat.tx, chat.now, chat.person.id, task.committee_id, action, f"person:{task.person_id}")


@router.button("nocall", Task, who=office)
def not_reached(chat: Chat, task: Task) -> None:
    """The task stays."""
    require(chat, task)
    paper.tried(chat.tx, task.id)
    chat.say(_("It stays on the list. Try again at another time of day, or print the letter."), briefly=True)


@router.button("noreply", Task, who=office)
def no_answer(chat: Chat, task: Task) -> None:
    """The person would rather not answer: no reminder comes."""
    require(chat, task)
    for prompt in asked_in(chat, task):
        given.decline(chat.tx, prompt.id, task.person_id, chat.now)
    finish(chat, task, "declined on behalf")
    chat.say(_("Good. There is no reminder of it."), instead=True)


def answer_form(chat: Chat, task: Task) -> Form:
    """The member's own questions, and how the answers came. Raises Refusal where there is nothing to answer."""
    if task.account != rules.ACCOUNT or task.committee_id is None:
        raise not_here()
    asked = asked_in(chat, task)
    if not asked:
        raise Refusal(_("These questions are closed, so no answer can be entered any more."))
    how = OneOf(key="how", text=_("How did the answers come?"), choices=rules.HOW)
    questions = given.questions(chat.tx, asked[0].id)
    return Form("onbehalf", (how, *questions), title=asked[0].text, review=looked_over, send=_("Enter these answers"))


@router.form("onbehalf", Task, answer_form, who=office)
def entered(chat: Chat, task: Task, answers: Answers) -> None:
    """Keep them as the person's own, marked with who entered them, when and how."""
    asked = asked_in(chat, task)
    if not asked:
        raise not_here()
    prompt, how = asked[0], str(answers["how"])
    values = {key: value for key, value in answers.items() if key != "how"}
    given.save(chat.tx, prompt.id, task.person_id, values, chat.now)
    given.entered(chat.tx, prompt.id, task.person_id, chat.person.id, how)
    what = f"prompt:{prompt.id} person:{task.person_id}"
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "answers entered on behalf", what, how)
    name = people.get(chat.tx, task.person_id).name or _("somebody")
    rows = [Button(_("The next one"), "tasks", prompt.committee_id)]
    if len(asked) > 1:
        rows.insert(0, Button(_("Enter the answers to the other questions"), "open", "onbehalf", task.id))
    else:
        paper.settle(chat.tx, task.id, chat.now, chat.person.id)
    chat.say(_("The answers of {name} are in.", name=name), *rows)
