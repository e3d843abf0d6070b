"""Asking back: a member asks the others something through the facilitator, who sends it on or says why not."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.languages import as_answers, by_language, in_languages
from bot.domain.people import facilitator, member
from bot.domain.questions import Answers, FreeText, Moment, OneOf, Option, Value, moment_of
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Lines, Words, _
from storage import askbacks, audit, committees, people, prompts
from storage.askbacks import AskBack
from storage.committees import Committee

router = Router()


def require_exchange(chat: Chat, committee_id: int) -> None:
    """Members ask each other only where the law lets them exchange views between meetings. Raises Refusal."""
    if not committees.rules(chat.tx, committee_id).members_exchange_between_meetings:
        raise Refusal(
            _(
                "In this committee members do not exchange views between meetings. Please ask at the meeting, or write "
                "to your contact person."
            )
        )


@router.command("askback", who=member, words=("ask the others", "spørg de andre", "spør de andre", "spør dei andre"))
def begin(chat: Chat, argument: str) -> None:
    """Ask the other members something."""
    assert chat.committee is not None
    chat.begin("askback", chat.committee.id)


def askback_form(chat: Chat, committee: Committee) -> Form:
    """What is asked, and whether the name goes with it."""
    require_exchange(chat, committee.id)
    text = FreeText(
        key="text",
        text=_("What would you like to ask the others?"),
        hint=_("Your contact person reads it first, and may make it shorter."),
        longest=300,
    )
    named = OneOf(
        key="named",
        text=_("Shall your name stand with it?"),
        choices=(Option("yes", _("Yes, with my name")), Option("no", _("No, without my name"))),
    )
    return Form("askback", (text, named), title=_("A question to the others"))


@router.form("askback", Committee, askback_form, who=member)
def asked(chat: Chat, committee: Committee, answers: Answers) -> None:
    """It waits for the facilitators, who are told."""
    require_exchange(chat, committee.id)
    found = askbacks.add(
        chat.tx, committee.id, chat.person.id, str(answers["text"]), chat.now, named=answers["named"] == "yes"
    )
    chat.tell_facilitators(
        committee.id,
        _("{who} would like to ask the others something.", who=asker(chat, found)),
        Button(_("Look at it"), "askedbk", found.id),
        notice=_("a question from a member"),
        dedupe=f"askback:{found.id}",
    )
    chat.say(_("Thank you. Your contact person has your question. You hear when it is sent to the others, or why not."))


def asker(chat: Chat, ask: AskBack) -> Words:
    """Who asks; the facilitator is not told either where the name was not to stand with it."""
    return (people.get(chat.tx, ask.person_id).name if ask.named else "") or _("A member")


def require_waiting(ask: AskBack) -> None:
    """One decision is enough. Raises Refusal."""
    if ask.state != "waiting":
        raise Refusal(_("That question is taken care of already. Write /questions to see what was asked."))


@router.button("askedbk", AskBack, who=facilitator)
def show(chat: Chat, ask: AskBack) -> None:
    """The question, and what can be done with it."""
    require_waiting(ask)
    chat.say(
        Lines((_("{who} asks:", who=asker(chat, ask)), ask.text)),
        Button(_("Make it a draft"), "open", "abdraft", ask.id),
        Button(_("Do not send it"), "open", "abno", ask.id),
    )


def draft_form(chat: Chat, ask: AskBack) -> Form:
    """The question as it will be asked, in every language, about what, and until when."""
    require_waiting(ask)
    mandate = committees.mandate(chat.tx, ask.committee_id)
    about = _("What is it about? It follows the words “what you think about”.")
    fields = (
        *in_languages("text", _("What do you ask?"), mandate.locales, NAMES, longest=300),
        *in_languages("topic", about, mandate.locales, NAMES, longest=120),
        Moment(
            key="deadline",
            text=_("Until when can members answer?"),
            zone=mandate.municipality.zone,
            now=chat.now,
        ),
    )
    return Form("abdraft", fields, title=_("A member's question"), review=looked_over, send=_("Keep the draft"))


def as_asked(chat: Chat, ask: AskBack) -> dict[str, Value]:
    """The member's own words, to be changed as little as possible."""
    first = committees.mandate(chat.tx, ask.committee_id).locales[:1]
    return as_answers("text", {first[0]: ask.text}, first)


@router.form("abdraft", AskBack, draft_form, who=facilitator, before=as_asked)
def drafted(chat: Chat, ask: AskBack, answers: Answers) -> None:
    """Questions like all others, in which the member is named as the one who asks."""
    require_waiting(ask)
    mandate = committees.mandate(chat.tx, ask.committee_id)
    prompt = prompts.draft(
        chat.tx,
        ask.committee_id,
        "questions",
        chat.person.id,
        chat.now,
        text=by_language("topic", answers, mandate.locales),
        deadline_at=moment_of(answers["deadline"], mandate.municipality.zone),
        # Without a name it is asked of everybody: whoever was left out would be known.
        asked_by=ask.person_id if ask.named else None,
    )
    prompts.add_question(chat.tx, prompt.id, "free_text", by_language("text", answers, mandate.locales), {})
    if not askbacks.enter(chat.tx, ask.id, "drafted", "waiting", prompt_id=prompt.id, settled_at=chat.now):
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, ask.committee_id, "questions drafted", f"prompt:{prompt.id}")
    chat.say(
        _("The question is drafted. Nothing is sent yet."), Button(_("Look at it and send it"), "asked", prompt.id)
    )


def refusal_form(chat: Chat, ask: AskBack) -> Form:
    """Why it is not sent."""
    require_waiting(ask)
    reason = FreeText(
        key="reason",
        text=_("Why is it not sent to the others?"),
        hint=_("Whoever asked reads what you write."),
        longest=500,
    )
    return Form("abno", (reason,), title=_("Not sent"))


@router.form("abno", AskBack, refusal_form, who=facilitator)
def declined(chat: Chat, ask: AskBack, answers: Answers) -> None:
    """Whoever asked hears why."""
    reason = str(answers["reason"])
    if not askbacks.enter(chat.tx, ask.id, "declined", "waiting", reason=reason, settled_at=chat.now):
        raise not_here()
    audit.log(chat.tx, chat.now, chat.person.id, ask.committee_id, "member's question declined", f"askback:{ask.id}")
    chat.tell(
        ask.person_id,
        Lines(
            (
                _("Your question was not sent to the others: {reason}", reason=reason),
                _("You asked: {text}", text=ask.text),
            )
        ),
        notice=_("about your question"),
        kind="necessary",
        dedupe=f"askback:{ask.id}:declined",
        path="/talk",
    )
    chat.say(_("Whoever asked is told."))
