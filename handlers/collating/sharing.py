"""The groups go to members before the meeting, and can be seen as they stand at any time after that."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.people import either, facilitator, follower, member
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Words, _
from handlers.collating.arranging import require_grouped
from handlers.collating.shown import collation
from storage import answers, audiences, audit, committees, meetings, people, piles
from storage.prompts import Prompt

router = Router()
READERS = either(facilitator, member, follower)


def report(chat: Chat, prompt: Prompt) -> Words:
    """What members read: whose answers, how many, and every one of them in its group."""
    count = len(answers.in_time(chat.tx, prompt.id))
    asked = audiences.size(chat.tx, prompt)
    texts = piles.questions(chat.tx, prompt.id)
    return Lines(
        (
            _("Answers about {topic}", topic=prompt.text),
            _("{answered} of {asked} have answered.", answered=count, asked=asked),
            _("What is alike stands together, and every answer is here. The numbers are the answers'.")
            if texts
            else "",
            collation(chat, prompt),
        )
    )


@router.button("colsend", Prompt, who=facilitator)
def send(chat: Chat, prompt: Prompt) -> None:
    """Send the groups to all members and to those who were asked; whoever answered can say what was meant."""
    require_grouped(prompt)
    if committees.rules(chat.tx, prompt.committee_id).answers_to_facilitator_only:
        raise Refusal(
            _(
                "In this committee members do not exchange views between meetings. Take the groups along as a paper "
                "for the meeting instead."
            )
        )
    if not piles.enter(chat.tx, prompt.id, "shared", "ready"):
        raise Refusal(_("It is sent already. Members see each change under the button they have."))
    audit.log(chat.tx, chat.now, chat.person.id, prompt.committee_id, "answers shared", f"prompt:{prompt.id}")
    text = report(chat, prompt)
    meeting = meetings.get(chat.tx, prompt.meeting_id)
    # Before the meeting they are worth more than what else was heard this week.
    before = meeting.starts_at if meeting is not None and meeting.starts_at > chat.now else None
    readers = {one.id: one for one in people.members(chat.tx, prompt.committee_id)}
    readers |= {one.id: one for one in audiences.recipients(chat.tx, prompt)}
    writers = piles.writers(chat.tx, prompt.id)
    for person in readers.values():
        chat.tell(
            person,
            text,
            *(correcting(prompt) if person.id in writers else ()),
            Button(_("See it as it is now"), "colsee", prompt.id),
            notice=_("what the answers say"),
            dedupe=f"shared:{prompt.id}:{person.id}",
            about=("prompt", prompt.id),
            expires_at=before,
            path="/talk",
            mail=False,
        )
        chat.tell(
            person,
            _("The answers about “{topic}” are put together. Behind the link you can read them.", topic=prompt.text),
            notice=_("what the answers say"),
            dedupe=f"shared:{prompt.id}:{person.id}:mail",
            expires_at=before,
            path="/talk",
            only_mail=True,
        )
    chat.say(_("It is on its way to members."), instead=True)


@router.button("colsee", Prompt, who=READERS)
def see(chat: Chat, prompt: Prompt) -> None:
    """The groups as they stand; members see them from the moment they were sent."""
    require_grouped(prompt)
    staff = facilitator(chat.standing())
    reader = prompt.piling == "shared" and (
        member(chat.standing()) or audiences.includes(chat.tx, prompt, chat.person.id)
    )
    if not staff and not reader:
        raise not_here()
    mine = prompt.piling == "shared" and piles.own(chat.tx, prompt.id, chat.person.id)
    chat.say(report(chat, prompt), *(correcting(prompt) if mine else ()))


def correcting(prompt: Prompt) -> tuple[Button]:
    """For whoever has an answer in it."""
    return (Button(_("This is not what I meant"), "open", "notmeant", prompt.id),)
