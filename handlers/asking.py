"""Questions before a meeting: the facilitator drafts up to three, sees them as members will, follows the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.messages import Button
from bot.domain import draft_check, drafting, questionnaire
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language
from bot.domain.people import facilitator
from bot.domain.questionnaire import MOST, USUAL
from bot.domain.questions import Answers, Question, Value, moment_of, said, written
from bot.engine.chat import Chat
from bot.engine.reached import counted, described
from bot.engine.router import Router, not_here
from bot.engine.wording import readability
from bot.i18n import NAMES
from bot.text import Lines, Many, Words, _, n_
from storage import answers as given
from storage import audiences, audit, committees, conversations, deadlines, meetings, prompts, recordings
from storage.committees import Committee
from storage.prompts import Prompt

router = Router()
STATES = {"draft": _("not sent"), "open": _("open"), "closed": _("closed"), "cancelled": _("cancelled")}


# What it is about --------------------------------------------------------------------------------------------


@router.command("ask", who=facilitator, words=("ask members", "spørg medlemmerne", "spør medlemmene", "spør medlemene"))
def begin(chat: Chat, argument: str) -> None:
    """Draft questions to members."""
    assert chat.committee is not None
    chat.begin("ask", chat.committee.id)


def fields_of(chat: Chat, committee_id: int) -> tuple[Question, ...]:
    """Before which meeting, about what, and until when."""
    mandate = committees.mandate(chat.tx, committee_id)
    planned = {item.id: item.starts_at for item in meetings.planned(chat.tx, committee_id, chat.now)}
    return drafting.frame_fields(planned, mandate.locales, NAMES, mandate.municipality.zone, chat.now)


def topic_form(chat: Chat, committee: Committee) -> Form:
    """The frame of new questions."""
    return Form("ask", fields_of(chat, committee.id), title=_("Questions to members"))


def read(chat: Chat, committee_id: int, answers: Answers) -> dict[str, Any]:
    """The frame as stored. Raises Refusal where the deadline comes after the meeting."""
    mandate = committees.mandate(chat.tx, committee_id)
    chosen = str(answers["meeting"])
    meeting = None if chosen == drafting.NO_MEETING else meetings.get(chat.tx, int(chosen))
    deadline = moment_of(answers["deadline"], mandate.municipality.zone)
    if meeting and deadline > meeting.starts_at:
        raise Refusal(
            _(
                "The meeting is {when}, so answers after it come too late. Please write an earlier deadline.",
                when=meeting.starts_at,
            )
        )
    return {
        "meeting_id": meeting.id if meeting else None,
        "text": by_language("topic", answers, mandate.locales),
        "deadline_at": deadline,
    }


@router.form("ask", Committee, topic_form, who=facilitator)
def framed(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep the frame; the questions come one by one."""
    values = read(chat, committee.id, answers)
    prompt = prompts.draft(chat.tx, committee.id, "questions", chat.person.id, chat.now, **values)
    record(chat, prompt, "questions drafted")
    chat.say(
        n_(
            "Good. Now the first of at most {count} question.",
            "Good. Now the first of at most {count} questions.",
            USUAL,
        ),
        Button(_("Add a question"), "open", "question", prompt.id),
        Button(_("Cancel"), "unask", prompt.id),
    )


def reframe_form(chat: Chat, prompt: Prompt) -> Form:
    """The frame again, while it is a draft."""
    require_draft(prompt)
    fields = fields_of(chat, prompt.committee_id)
    return Form("reask", fields, title=_("Questions to members"), review=looked_over, send=_("Save the change"))


def as_was(chat: Chat, prompt: Prompt) -> dict[str, Value]:
    """The frame as it stands, ready to change."""
    mandate = committees.mandate(chat.tx, prompt.committee_id)
    assert prompt.deadline_at is not None
    frame = {
        "meeting": str(prompt.meeting_id or drafting.NO_MEETING),
        "deadline": written(prompt.deadline_at, mandate.municipality.zone),
    }
    return {**frame, **as_answers("topic", prompt.text, mandate.locales)}


@router.form("reask", Prompt, reframe_form, who=facilitator, before=as_was)
def reframed(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Keep the changed frame."""
    prompts.change(chat.tx, prompt.id, **read(chat, prompt.committee_id, answers))
    record(chat, prompt, "questions changed")
    show(chat, fresh(chat, prompt))


def record(chat: Chat, prompt: Prompt, action: str) -> None:
    """Note what the facilitator did, without a word of it."""
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, action, f"prompt:{prompt.id}")


def require_draft(prompt: Prompt) -> None:
    """Questions are frozen once they are sent, so that all answer the same. Raises Refusal."""
    if prompt.kind != "questions":
        raise not_here()
    if prompt.state != "draft":
        raise Refusal(
            _("These questions are sent, so they cannot be changed. You can cancel them and ask anew by /ask.")
        )


def fresh(chat: Chat, prompt: Prompt) -> Prompt:
    """The row as it is now."""
    found = prompts.get(chat.tx, prompt.id)
    assert found is not None
    return found


# One question ------------------------------------------------------------------------------------------------


def question_form(chat: Chat, prompt: Prompt) -> Form:
    """The kind of question, its text, and its answers, in each language."""
    require_draft(prompt)
    count = prompts.count_questions(chat.tx, prompt.id)
    if count >= MOST:
        raise Refusal(
            _("There are {count} questions already, and more are seldom answered. Remove one first.", count=MOST)
        )
    locales = committees.mandate(chat.tx, prompt.committee_id).locales
    begun = conversations.find(chat.tx, chat.person.id, "question", prompt.id)
    fields = drafting.question_fields(count, locales, NAMES, begun.answers if begun else {})
    return Form("question", fields, title=_("A question"))


@router.form("question", Prompt, question_form, who=facilitator, grows=True)
def question_added(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """Put the question last and show the whole as members will see it."""
    locales = committees.mandate(chat.tx, prompt.committee_id).locales
    prompts.add_question(chat.tx, prompt.id, *drafting.question_from(answers, locales))
    record(chat, prompt, "question added")
    show(chat, prompt)


@router.button("unquest", Prompt, int, who=facilitator)
def remove_question(chat: Chat, prompt: Prompt, position: int) -> None:
    """Take a question out of a draft."""
    require_draft(prompt)
    if not prompts.remove_question(chat.tx, prompt.id, position):
        raise not_here()
    record(chat, prompt, "question removed")
    show(chat, prompt)


# The whole ---------------------------------------------------------------------------------------------------


@router.command(
    "questions", who=facilitator, words=("our questions", "vores spørgsmål", "spørsmålene våre", "spørsmåla våre")
)
def list_questions(chat: Chat, argument: str) -> None:
    """The newest sets of questions, each with a button."""
    assert chat.committee is not None
    rows = [
        Button(_("{topic}: {state}", topic=item.text, state=STATES[item.state]), "asked", item.id)
        for item in prompts.listed(chat.tx, chat.committee.id, "questions")
    ]
    text = _("The newest questions:") if rows else _("Nothing has been asked yet.")
    chat.say(text, *rows, Button(_("Ask members"), "open", "ask", chat.committee.id))


@router.button("asked", Prompt, who=facilitator)
def show(chat: Chat, prompt: Prompt) -> None:
    """Questions as members see them, and what can be done with them."""
    if prompt.kind != "questions":
        raise not_here()
    if prompt.state == "draft":
        preview(chat, prompt)
    else:
        progress(chat, prompt)


def preview(chat: Chat, prompt: Prompt) -> None:
    """A draft: the opening and every question, as members will see them, and to how many they go."""
    questions = given.questions(chat.tx, prompt.id)
    around: tuple[Button | tuple[Button, ...], ...] = (
        (Button(_("Who is asked?"), "audience", prompt.id), Button(_("Who sees the answers?"), "seenby", prompt.id)),
        Button(_("Write a background"), "open", "backgr", prompt.id),
        *([Button(_("Ask one only after an answer"), "open", "onlyif", prompt.id)] if len(questions) > 1 else []),
    )
    add = Button(_("Add a question"), "open", "question", prompt.id)
    change = Button(_("Change meeting, topic or deadline"), "open", "reask", prompt.id)
    cancel = Button(_("Cancel"), "unask", prompt.id)
    if not questions:
        chat.say(_("There is no question yet."), add, *around, change, cancel)
        return
    count, quiet = counted(chat, prompt)
    languages = readability(chat, prompt)
    lines: list[Words] = [
        n_("Members see this. It goes to {count} person.", "Members see this. It goes to {count} people.", count),
        quiet,
        _("It goes to {audience}.", audience=described(chat, prompt)) if prompt.audience != "members" else "",
        *languages.advice(),
        given.invitation(chat.tx, prompt).opening(),
        questionnaire.as_shown(questions, prompts.conditions(chat.tx, prompt.id)),
        planned_reminders(chat, prompt),
        draft_check.as_words(draft_check.advice(written_in(prompt, questions))),
    ]
    release = n_("Send to {count} member", "Send to {count} members", count)
    remove = tuple(
        Button(_("Remove {number}", number=place), "unquest", prompt.id, place)
        for place in range(1, len(questions) + 1)
    )
    rows: list[Button | tuple[Button, ...]] = [*languages.ways_out()]
    if not languages.missing:
        rows.insert(0, Button(release, "release", prompt.id))
    rows += [add] if len(questions) < MOST else []
    chat.say(Lines(tuple(lines)), *rows, remove, *around, change, cancel)


def written_in(prompt: Prompt, questions: Sequence[Question]) -> list[draft_check.Written]:
    """What a facilitator wrote, for advice on it."""
    texts = [
        draft_check.Written(_("question {number}", number=place), question.text, question=True)
        for place, question in enumerate(questions, start=1)
        if isinstance(question.text, Mapping)
    ]
    return [draft_check.Written(_("the background"), prompt.background or {}), *texts]


def planned_reminders(chat: Chat, prompt: Prompt) -> Words:
    """When members who have not answered are reminded."""
    assert prompt.deadline_at is not None
    moments = deadlines.reminders(chat.tx, prompt, prompt.deadline_at, chat.now)
    if not moments:
        return _("The time is short, so nobody is reminded.")
    whens = Many(tuple(said(moment) for moment in moments))
    return _("Those who have not answered are reminded {times}.", times=whens)


def progress(chat: Chat, prompt: Prompt) -> None:
    """How many have answered; no name and no answer before the deadline."""
    counts = given.counts(chat.tx, prompt.id)
    asked = audiences.size(chat.tx, prompt)
    lines: list[Words] = [
        _("{topic}: {state}", topic=prompt.text, state=STATES[prompt.state]),
        _("Deadline: {deadline}.", deadline=prompt.deadline_at),
        _("{answered} of {asked} have answered.", answered=counts.get("sent", 0), asked=asked),
    ]
    if counts.get("declined"):
        lines.append(n_("{count} would rather not.", "{count} would rather not.", counts["declined"]))
    rows = [Button(_("How did it arrive?"), "arrived", prompt.id)]
    if recordings.given(chat.tx, prompt.id):
        rows.append(Button(_("Voice answers"), "voices", prompt.id))
    if prompt.state == "open":
        rows.append(Button(_("Cancel"), "unask", prompt.id))
    elif prompt.state == "closed":
        rows.insert(0, Button(_("The summary"), "summary", prompt.id))
        rows += [Button(_("See the groups"), "piles", prompt.id)] if prompt.piling else []
        rows.append(Button(_("Ask the same again"), "open", "again", prompt.id))
    chat.say(Lines(tuple(lines), "\n"), *rows)
