"""Calling some lines again: for seats that are missing or fell empty, with a deadline and an answer of their own."""

from __future__ import annotations

from datetime import datetime

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.mandate import Mandate
from bot.domain.people import secretariat
from bot.domain.questions import Answers, FreeText, Moment, Option, SomeOf, moment_of
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Many, _, n_
from storage import applications, audit, calls, committees, schedules
from storage.committees import Committee

router = Router()


@router.command("reopen", who=secretariat, words=("call again", "genåbn", "lys ut igjen", "lys ut på nytt"))
def begin(chat: Chat, argument: str) -> None:
    """Call lines of the committee at hand again."""
    assert chat.committee is not None
    chat.begin("reopen", chat.committee.id)


def require_closed(chat: Chat, mandate: Mandate) -> None:
    """A call is called again when it is over, and never before people can be told what becomes of what they write."""
    if missing := mandate.missing_information():
        raise Refusal(_("The call cannot open before these are filled in in the mandate: {keys}", keys=Many(missing)))
    if chat.now < mandate.call.closes:
        raise Refusal(
            _("The call is still open, until {when}. Call seats again when it is over.", when=mandate.call.closes)
        )


def reopen_form(chat: Chat, committee: Committee) -> Form:
    """Which lines, until when, when everybody is answered, and why."""
    mandate = committees.mandate(chat.tx, committee.id)
    require_closed(chat, mandate)
    filled = applications.filled(chat.tx, committee.id)
    lines = tuple(
        Option(
            line.key,
            _(
                "{profile} ({filled} of {seats} filled)",
                profile=line.label,
                filled=filled.get(line.key, 0),
                seats=line.seats,
            ),
        )
        for line in mandate.profiles
        if line.nominated_by is None
    )
    zone = mandate.municipality.zone
    return Form(
        "reopen",
        (
            SomeOf(key="lines", text=_("Which seats are called again?"), choices=lines),
            Moment(key="closes", text=_("Until when can people apply?"), zone=zone, now=chat.now),
            Moment(key="answered", text=_("When is everybody answered?"), zone=zone, now=chat.now),
            FreeText(key="reason", text=_("Why is it called again? The reason stands in the record."), longest=500),
        ),
        title=_("Call seats again"),
        review=looked_over,
        send=_("Open the call"),
    )


@router.form("reopen", Committee, reopen_form, who=secretariat)
def opened(chat: Chat, committee: Committee, answers: Answers) -> None:
    """From now on these lines are what the call is about; everybody who applies is answered at the new hour."""
    mandate = committees.mandate(chat.tx, committee.id)
    require_closed(chat, mandate)
    zone, chosen = mandate.municipality.zone, answers["lines"]
    assert isinstance(chosen, list)
    closes, answered = (moment_of(answers[key], zone) for key in ("closes", "answered"))
    if answered <= closes:
        raise Refusal(_("The answer must come after the deadline. Press Change something and give a later time."))
    number = calls.open_again(
        chat.tx,
        committee.id,
        chosen,
        chat.now,
        closes,
        answered,
        str(answers["reason"]),
        chat.person.id,
        chat.now,
    )
    audit.log(
        chat.tx, chat.now, chat.person.id, committee.id, "call opened again", f"call:{number}", str(answers["reason"])
    )
    schedules.plan(chat.tx, "callends", committee.id, closes, committee.id)
    schedules.plan(chat.tx, "answers_due", committee.id, answered, committee.id)
    told = tell_waiting(chat, mandate, committee, number, answered)
    opened_again = _(
        "The call is open again until {closes}, for: {lines}. Everybody who applies is answered {answered}. "
        "Who applied before and got no seat can apply again.",
        closes=closes,
        lines=Many(tuple(mandate.profile(key).label for key in chosen)),
        answered=answered,
    )
    waiting = n_(
        "{count} person who has no answer yet is chosen among, too, and is told of the new hour.",
        "{count} people who have no answer yet are chosen among, too, and are told of the new hour.",
        told,
    )
    chat.say(
        Lines((opened_again, waiting if told else "")),
        Button(_("Texts to share"), "sharing", committee.id),
        Button(_("Posters and links"), "posters", committee.id),
    )


def tell_waiting(chat: Chat, mandate: Mandate, committee: Committee, number: int, answered: datetime) -> int:
    """Whoever was promised an answer earlier hears the new hour: all are chosen and answered together. How many."""
    waiting = [
        one for one in applications.to_decide(chat.tx, committee.id) if one.state == "sent" and one.door != "named"
    ]
    for one in waiting:
        chat.tell(
            one.person_id,
            _(
                "More people are wanted for the committee on {topic}, so all applicants are answered a little later: "
                "you hear from us by {when}. Your application stands, and you need do nothing.",
                topic=mandate.title,
                when=answered,
            ),
            notice=_("about your application"),
            kind="necessary",
            dedupe=f"reopened:{committee.id}:{number}:{one.id}",
            about=("application", one.id),
        )
    return len(waiting)
