"""Minutes: written in short and in full, published to members; nobody is asked whether they have read them."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.minutes import ESSENCE, FULL, asked
from bot.domain.people import either, facilitator, member
from bot.domain.questions import Answers, OneOf, Option, Value, said
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from handlers.meetings.notice import invited
from storage import attendance, audit, committees, minutes
from storage.meetings import Meeting
from storage.minutes import Minutes

router = Router()


def minutes_form(chat: Chat, meeting: Meeting) -> Form:
    """In short, in full, and what to ask those who were not there."""
    if meeting.state != "announced":
        raise not_here()
    if meeting.starts_at > chat.now:
        raise Refusal(_("The meeting has not begun. Write the minutes when it has."))
    locales = committees.mandate(chat.tx, meeting.committee_id).locales
    choices = (
        Option("usual", _("The usual three")),
        Option("own", _("My own")),
        Option("none", _("Nothing")),
    )
    fields = (
        *in_languages(
            "essence",
            _("What did the meeting come to, in a few lines? Those who were not there read this first."),
            locales,
            NAMES,
            longest=ESSENCE,
        ),
        *in_languages(
            "text",
            _("Now the whole minutes. Paste them here."),
            locales,
            NAMES,
            hint=_("Long minutes are pasted most easily on our web page."),
            longest=FULL,
        ),
        OneOf(key="ask", text=_("What do we ask those who were not there?"), choices=choices, branches=True),
        *in_languages(
            "own",
            _("Write at most three open questions, one a line."),
            locales,
            NAMES,
            longest=600,
            when=lambda answers: answers.get("ask") == "own",
        ),
    )
    return Form("minutes", fields, title=_("The minutes"), review=looked_over, send=_("Save"))


def as_was(chat: Chat, meeting: Meeting) -> dict[str, Value] | None:
    """The minutes as they stand, ready to correct."""
    found = minutes.of(chat.tx, meeting.id)
    if found is None:
        return None
    locales = committees.mandate(chat.tx, meeting.committee_id).locales
    given = as_answers("essence", found.essence, locales) | as_answers("text", found.text, locales)
    if found.questions is None or not found.questions:
        return {**given, "ask": "usual" if found.questions is None else "none"}
    own = {locale: "\n".join(lines) for locale, lines in found.questions.items()}
    return {**given, "ask": "own", **as_answers("own", own, locales)}


@router.form("minutes", Meeting, minutes_form, who=facilitator, before=as_was)
def written(chat: Chat, meeting: Meeting, answers: Answers) -> None:
    """Keep them, and show them as members will read them."""
    locales = committees.mandate(chat.tx, meeting.committee_id).locales
    lines = {"usual": None, "none": {}}.get(str(answers["ask"]), by_language("own", answers, locales))
    questions = None if lines is None else {locale: text.splitlines() for locale, text in lines.items()}
    minutes.write(
        chat.tx,
        meeting.id,
        by_language("essence", answers, locales),
        by_language("text", answers, locales),
        questions,
        chat.person.id,
    )
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "minutes written", f"meeting:{meeting.id}")
    preview(chat, meeting)


@router.button("premin", Meeting, who=facilitator)
def preview(chat: Chat, meeting: Meeting) -> None:
    """The minutes as members read them, and who gets what."""
    found = require(chat, meeting)
    change = Button(_("Change it"), "open", "minutes", meeting.id)
    if found.state == "published":
        chat.say(Lines((heading(meeting), found.essence, found.text)), change)
        return
    gone = attendance.absent(chat.tx, meeting.id)
    to_all = _("All members get the short version and a button to read the rest.")
    ticked = any(row.there is not None for row in attendance.of(chat.tx, meeting.id).values())
    also: Words = _("Nobody is ticked as present yet, so nobody is asked afterwards. Tick who was there first.")
    if ticked:
        also = n_(
            "{count} person was not there and is asked afterwards.",
            "{count} people were not there and are asked afterwards.",
            len([one for one in invited(chat, meeting) if one.id in gone]),
        )
    rows = [Button(_("Publish to members"), "pubmin", meeting.id)]
    rows += [] if ticked else [Button(_("Who was there?"), "there", meeting.id, 0)]
    chat.say(Lines((heading(meeting), found.essence, found.text, Lines((to_all, also), " "))), *rows, change)


def require(chat: Chat, meeting: Meeting) -> Minutes:
    """The minutes of a meeting. Raises Refusal where there are none."""
    found = minutes.of(chat.tx, meeting.id)
    if found is None:
        raise Refusal(_("There are no minutes of this meeting yet. Write /meetings to see all."))
    return found


def heading(meeting: Meeting) -> Words:
    """Which meeting."""
    return _("Minutes of the meeting {when}", when=meeting.starts_at)


def was_absent(chat: Chat, meeting: Meeting) -> bool:
    """Whether the person at hand was ticked as not there."""
    return chat.person.id in attendance.absent(chat.tx, meeting.id)


@router.button("pubmin", Meeting, who=facilitator)
def publish(chat: Chat, meeting: Meeting) -> None:
    """Send the short version; whoever was not there is also asked what they would have said."""
    found = require(chat, meeting)
    if not minutes.publish(chat.tx, meeting.id, chat.now):
        raise Refusal(_("These minutes are published already. A correction is read by everybody who opens them."))
    told, gone = invited(chat, meeting), attendance.absent(chat.tx, meeting.id)
    questions = asked(found.questions)
    for person in told:
        text: Words = Lines((heading(meeting), found.essence))
        rows = [Button(_("Read the minutes"), "readmin", meeting.id)]
        if questions and person.id in gone:
            missed = n_(
                "We missed you. May we ask you {count} question? What you answer belongs to the meeting, too.",
                "We missed you. May we ask you {count} questions? What you answer belongs to the meeting, too.",
                len(questions),
            )
            text = Lines((text, missed))
            rows.insert(0, Button(_("Answer now"), "open", "catchup", meeting.id))
        chat.tell(
            person,
            text,
            *rows,
            notice=_("minutes of a meeting"),
            dedupe=f"minutes:{meeting.id}:person:{person.id}",
            about=("meeting", meeting.id),
            path="/talk",
        )
    audit.log(chat.tx, chat.now, chat.person.id, meeting.committee_id, "minutes published", f"meeting:{meeting.id}")
    chat.say(n_("{count} member is told.", "{count} members are told.", len(told)), instead=True)


@router.command("minutes", who=either(member, facilitator), words=("minutes", "referat", "referater", "referata"))
def list_minutes(chat: Chat, argument: str) -> None:
    """All minutes that can be read, the newest first."""
    assert chat.committee is not None
    rows = [Button(said(one.starts_at), "readmin", one.id) for one in minutes.published(chat.tx, chat.committee.id)]
    chat.say(_("Minutes of these meetings can be read:") if rows else _("No minutes are published yet."), *rows)


@router.button("readmin", Meeting, who=either(member, facilitator))
def read(chat: Chat, meeting: Meeting) -> None:
    """The whole minutes. That somebody reads them is noted nowhere."""
    found = minutes.of(chat.tx, meeting.id)
    if found is None or found.state != "published":
        raise not_here()
    rows = []
    if asked(found.questions) and member(chat.standing()) and was_absent(chat, meeting):
        rows = [Button(_("Answer now"), "open", "catchup", meeting.id)]
    chat.say(Lines((heading(meeting), found.essence, found.text)), *rows)
