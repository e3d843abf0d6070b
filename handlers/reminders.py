"""Open questions and the clock: reminders to those who have not answered, and the summary at the deadline."""

from __future__ import annotations

from bot.chat.messages import Button, Link, Secret
from bot.domain import shift, summary
from bot.domain.anonymity import FEWEST
from bot.domain.errors import Refusal
from bot.domain.people import facilitator
from bot.domain.questionnaire import UNNAMED
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.engine.wording import label, texts_of
from bot.text import Day, Lines, Words, _
from storage import answers as given
from storage import audiences, audit, committees, people, piles, prompts, recordings
from storage.prompts import Prompt

router = Router()


@router.due("remind")
def remind(errand: Errand, prompt_id: int) -> None:
    """Remind those who have neither answered nor said no; what it says is composed now."""
    prompt = prompts.get(errand.tx, prompt_id)
    if prompt is None or prompt.state != "open" or prompt.deadline_at is None or errand.now >= prompt.deadline_at:
        return
    text = given.invitation(errand.tx, prompt).reminder()
    texts = texts_of(errand, prompt)
    for person in given.unanswered(errand.tx, prompt):
        errand.tell(
            person,
            Lines((label(errand, prompt, person, texts), text)),
            (Button(_("Answer now"), "open", "answers", prompt.id), Button(_("Skip this time"), "notnow", prompt.id)),
            notice=_("a question for you"),
            kind="reminder",
            dedupe=f"remind:{prompt.id}:{errand.now.date()}:person:{person.id}",
            about=("prompt", prompt.id),
            expires_at=prompt.deadline_at,
            path="/talk",
        )


@router.due("answered")
def close(errand: Errand, prompt_id: int) -> None:
    """The deadline: no more reminders, and the facilitators get the summary."""
    prompt = prompts.get(errand.tx, prompt_id)
    if prompt is None or not prompts.enter(errand.tx, prompt.id, "closed", "open"):
        return
    prompts.withdraw(errand.tx, prompt.id, errand.now)
    given.settle(errand.tx, prompt.id)
    piles.begin(errand.tx, prompt)
    for person in people.facilitators(errand.tx, prompt.committee_id):
        # Answers stand in no mail, so the mail beside the web page says only that they are there.
        errand.tell(
            person,
            collected(errand, prompt, names=False),
            *ways_on(errand, prompt),
            notice=_("the answers are in"),
            kind="necessary",
            dedupe=f"summary:{prompt.id}:{person.id}",
            mail=False,
        )
        errand.tell(
            person,
            _("The answers about {topic} are in. Behind the link you find the summary.", topic=prompt.text),
            notice=_("the answers are in"),
            kind="necessary",
            dedupe=f"summary:{prompt.id}:{person.id}:mail",
            path="/talk",
            only_mail=True,
        )


def ways_on(errand: Errand, prompt: Prompt) -> tuple[Button | Link, ...]:
    """What the facilitator can do with the answers: nothing with a few that carry no names."""
    if given.too_few(errand.tx, prompt):
        return ()
    table = Link(_("As a table (CSV)"), Secret("login", f"/export/answers/{prompt.id}"))
    share = [] if piles.questions(errand.tx, prompt.id) else [Button(_("Send it to members"), "colsend", prompt.id)]
    names = [] if prompt.seen_by == UNNAMED else [Button(_("With names"), "names", prompt.id)]
    spoken = recordings.given(errand.tx, prompt.id)
    voices = [Button(_("Voice answers"), "voices", prompt.id)] if spoken else []
    return (*share, *names, *voices, table)


def collected(errand: Errand, prompt: Prompt, *, names: bool) -> Words:
    """The summary; where answers are for the facilitator only it is a paper for the meeting, always without names."""
    words = given.invitation(errand.tx, prompt)
    found = given.in_time(errand.tx, prompt.id)
    asked = audiences.size(errand.tx, prompt)
    heading: Words = _("Answers about {topic}", topic=prompt.text)
    if words.paper and not names:
        when = Day(words.meeting_at) if words.meeting_at else _("the next meeting")
        title = committees.mandate(errand.tx, prompt.committee_id).title
        heading = _(
            "Paper for the meeting: {when}. {committee}. Answers about {topic}",
            when=when,
            committee=title,
            topic=prompt.text,
        )
    share = _("{answered} of {asked} have answered.", answered=len(found), asked=asked)
    if given.too_few(errand.tx, prompt):
        few = _(
            "The answers carry no names, and fewer than {fewest} have answered. So they are not shown to anybody.",
            fewest=FEWEST,
        )
        return Lines((heading, share, few))
    body = summary.as_words(summary.summarise(given.questions(errand.tx, prompt.id), found), names=names)
    return Lines(
        (heading, share, body, shift.as_words(given.compared(errand.tx, prompt), given.both(errand.tx, prompt)))
    )


@router.button("summary", Prompt, who=facilitator)
def show(chat: Chat, prompt: Prompt) -> None:
    """The summary once more, without names."""
    require_closed(prompt)
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "summary read", f"prompt:{prompt.id}")
    chat.say(collected(chat, prompt, names=False), *ways_on(chat, prompt))


@router.button("names", Prompt, who=facilitator)
def show_names(chat: Chat, prompt: Prompt) -> None:
    """The same with names, which only the facilitator sees; each reading is recorded."""
    require_closed(prompt)
    if prompt.seen_by == UNNAMED:
        raise Refusal(_("Those who answered were told that nobody sees their names. Write /questions for the summary."))
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "answers read with names", f"prompt:{prompt.id}")
    chat.say(collected(chat, prompt, names=True))


def require_closed(prompt: Prompt) -> None:
    """There is a summary only after the deadline. Raises Refusal."""
    if prompt.kind != "questions" or prompt.state != "closed":
        raise not_here()
