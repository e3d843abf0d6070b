"""Voice answers: kept once they are fetched, listened to, written down, and deleted whenever their speaker wants."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button, Link, Secret
from bot.domain import voice
from bot.domain.anonymity import unordered
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import Role, anyone, either, facilitator, follower, member
from bot.domain.questionnaire import LONGEST_SPOKEN, UNNAMED
from bot.domain.questions import Answers, FreeText
from bot.domain.similarity import nearest
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _, n_
from storage import answers as given
from storage import audit, committees, people, piles, recordings
from storage.piles import Full
from storage.prompts import Prompt
from storage.recordings import Recording

router = Router()
SHOWN = 5
WRITERS = frozenset({Role.FACILITATOR})


# What comes of fetching it -----------------------------------------------------------------------------------


def kept(errand: Errand, row: Recording, sound: bytes) -> None:
    """Keep what was fetched, unless it is no recording after all, and tell its speaker."""
    kind = voice.kind_of(sound)
    if kind is None:
        lost(errand, row, _("What you sent is no recording that we can play."))
        return
    seconds = voice.seconds_of(sound, kind) or row.seconds
    if voice.too_long(seconds, len(sound)):
        too_large(errand, row)
        return
    if recordings.arrived(errand.tx, row.id, sound, kind, seconds):
        errand.about(row.committee_id)
        text = _("Your recording is kept: {answer}. You can delete it whenever you like.", answer=voice.said(seconds))
        tell(errand, row, text, *ways(row))


def lost(errand: Errand, row: Recording, why: Words) -> None:
    """Nothing was kept: the question is open again, and its speaker is asked to send the recording once more."""
    if recordings.lose(errand.tx, row):
        errand.about(row.committee_id)
        again = _("So it is not among your answers. Please send it again, or write your answer.")
        tell(errand, row, Lines((why, again), " "), Button(_("Answer again"), "reopen", row.prompt_id))


def too_large(errand: Errand, row: Recording) -> None:
    """It is longer than what we keep, whatever its platform said of it."""
    lost(errand, row, voice.room())


def tell(errand: Errand, row: Recording, text: Words, *rows: Button | Link) -> None:
    """Write to whoever spoke: it is the answer to what was just sent."""
    errand.tell(row.person_id, text, *rows, notice=_("your recording"), kind="reply", lane=0, mail=False, path="/talk")


def ways(row: Recording) -> tuple[Button | Link, ...]:
    """What its speaker can do with a recording."""
    return (
        Link(_("Listen to it"), Secret("login", f"/voice/{row.id}")),
        *([] if row.written_at else [Button(_("Write down what I said"), "open", "heard", row.id)]),
        Button(_("Delete the recording"), "unvoice", row.id),
    )


# One's own ---------------------------------------------------------------------------------------------------


@router.command(
    "recordings",
    who=either(member, follower),
    words=("my recordings", "mine optagelser", "opptakene mine", "opptaka mine"),
)
def listed(chat: Chat, argument: str) -> None:
    """One's own recordings, each with what can be done with it."""
    show(chat)


@router.button("voiced", who=anyone)
def show(chat: Chat) -> None:
    """The newest of one's own recordings."""
    found = recordings.own(chat.tx, chat.person.id)[:SHOWN]
    if not found:
        chat.say(_("We have no recording of yours."))
    for row in found:
        coming = _("It is not fetched yet.") if row.state == "waiting" else ""
        done = _("It is written down, and the words are your answer.") if row.written_at else ""
        text = Lines((asked(chat, row), voice.said(row.seconds), coming, done), "\n")
        chat.say(text, *ways(row))


def asked(errand: Errand, row: Recording) -> Words:
    """The question a recording answers."""
    return given.questions(errand.tx, row.prompt_id)[row.question - 1].text


def require_own(chat: Chat, row: Recording) -> None:
    """Only whoever spoke decides about a recording. Raises Refusal."""
    if row.person_id != chat.person.id:
        raise not_here()


@router.button("unvoice", Recording, who=anyone)
def ask_delete(chat: Chat, row: Recording) -> None:
    """Say what goes with it, and ask once more."""
    require_own(chat, row)
    keep = Button(_("No, keep it"), "novoice", row.id, "keep")
    if row.written_at is None:
        text = _("It is not written down, so the question is then unanswered. Delete it?")
        chat.say(text, Button(_("Yes, delete it"), "novoice", row.id, "sound"), keep)
        return
    chat.say(
        _("Delete only the recording, or also what was written down of it?"),
        Button(_("Only the recording"), "novoice", row.id, "sound"),
        Button(_("The whole answer"), "novoice", row.id, "answer"),
        keep,
        equals=True,
    )


@router.button("novoice", Recording, str, who=anyone)
def delete(chat: Chat, row: Recording, what: str) -> None:
    """Delete a recording, with its answer or without."""
    require_own(chat, row)
    if what == "keep":
        chat.say(_("Good, nothing is changed."), instead=True)
        return
    recordings.drop_answer(chat.tx, row) if what == "answer" else recordings.drop(chat.tx, row)
    chat.say(_("It is deleted."), instead=True)


# Writing it down ---------------------------------------------------------------------------------------------


@router.button("voices", Prompt, who=facilitator)
def to_write_down(chat: Chat, prompt: Prompt) -> None:
    """The voice answers that nobody has written down, each to be listened to on the web."""
    found = hearable(chat, prompt)
    left = [row for row in found if row.written_at is None]
    done = len(found) - len(left)
    lines = [
        n_("{count} voice answer is not written down.", "{count} voice answers are not written down.", len(left)),
        n_("{count} more is written down.", "{count} more are written down.", done) if done else "",
        _("What you write down stands with the other answers. What you leave stands as a voice answer."),
        _("To listen, sign in on the web with a link by e-mail.") if left else "",
    ]
    chat.say(Lines(tuple(lines), " "))
    for row in left[:SHOWN]:
        name = "" if prompt.seen_by == UNNAMED else people.get(chat.tx, row.person_id).name
        chat.say(
            Lines((name, asked(chat, row), voice.said(row.seconds)), "\n"),
            Link(_("Listen to it"), f"/voice/{row.id}"),
            Button(_("Write it down"), "open", "heard", row.id),
        )


def hearable(chat: Chat, prompt: Prompt) -> Sequence[Recording]:
    """The voice answers a facilitator may hear; without names in an order that says nothing. Raises Refusal."""
    if prompt.kind != "questions" or prompt.state == "draft":
        raise not_here()
    found = recordings.given(chat.tx, prompt.id) if recordings.open_to_facilitators(chat.tx, prompt) else []
    if not found:
        raise Refusal(_("There is no voice answer that you can listen to. Write /questions to see how far it is."))
    if prompt.seen_by == UNNAMED:
        return unordered(found, lambda row: row.id)
    return found


def writing_form(chat: Chat, row: Recording) -> Form:
    """What is said in it: by its speaker, or by a facilitator who may listen. Raises Refusal."""
    if not recordings.may_hear(chat.tx, row, chat.person.id, chat.standing().roles & WRITERS):
        raise not_here()
    if row.written_at is not None:
        raise Refusal(_("It is written down already. Its speaker can change the words with the other answers."))
    text = Lines((asked(chat, row), _("What is said in this recording? Write it as it was said.")))
    return Form("heard", (FreeText(key="words", text=text, longest=LONGEST_SPOKEN),), title=_("A voice answer"))


@router.form("heard", Recording, writing_form, who=anyone)
def written(chat: Chat, row: Recording, answers: Answers) -> None:
    """From now on the words are the answer."""
    if not recordings.write_down(chat.tx, row, str(answers["words"]), chat.now):
        raise Refusal(
            _("Something else is the answer by now, so this was not kept. Write /status to see what is open.")
        )
    place(chat, row, str(answers["words"]))
    mine = row.person_id == chat.person.id
    if not mine:
        about = f"prompt:{row.prompt_id}"
        audit.log(chat.tx, chat.now, chat.person.id, row.committee_id, "voice answer written down", about)
    more = () if mine else (Button(_("Voice answers"), "voices", row.prompt_id),)
    chat.say(_("It is written down, and the words are the answer now."), *more)


def place(chat: Chat, row: Recording, words: str) -> None:
    """Where the answers are grouped, the words join those they are like; nobody could compare what was only spoken."""
    own, alone = committees.mandate(chat.tx, row.committee_id).locales[0], None
    others: dict[int, list[tuple[str, str]]] = {}
    for group in piles.listed(chat.tx, row.prompt_id, row.question):
        if not group.name and [entry.person_id for entry in group.entries] == [row.person_id]:
            alone = group
        elif texts := written_in(group, own):
            others[group.id] = texts
    if alone is None:
        return
    found = nearest((words, alone.entries[0].locale or own), list(others.values()))
    here, into = piles.get(chat.tx, alone.id), None if found is None else piles.get(chat.tx, list(others)[found])
    if here is not None and into is not None:
        piles.move(chat.tx, here, alone.entries[0].place, into)


def written_in(group: Full, own: str) -> list[tuple[str, str]]:
    """What is written in a group, each text with its language."""
    return [(str(entry.text), entry.locale or own) for entry in group.entries if not entry.recording]
