"""The same questions once more, such as after a meeting, so that what has changed can be seen."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Moment, moment_of
from bot.domain.shift import COMPARED
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import _
from handlers.framing.drafts import changed
from storage import answers as given
from storage import committees, prompts
from storage.prompts import Prompt

router = Router()


def again_form(chat: Chat, prompt: Prompt) -> Form:
    """Until when they are to be answered this time."""
    if prompt.kind != "questions" or prompt.state not in ("open", "closed"):
        raise not_here()
    if not any(isinstance(question, COMPARED) for question in given.questions(chat.tx, prompt.id)):
        raise Refusal(_("Only a scale, yes or no, or one of several answers can be compared. Ask anew by /ask."))
    zone = committees.mandate(chat.tx, prompt.committee_id).municipality.zone
    deadline = Moment(
        key="deadline",
        text=_("Until when can members answer the second time?"),
        zone=zone,
        now=chat.now,
    )
    return Form("again", (deadline,), title=_("The same questions again"))


@router.form("again", Prompt, again_form, who=facilitator)
def copied(chat: Chat, prompt: Prompt, answers: Answers) -> None:
    """A draft with the same questions, to be sent when it is time."""
    zone = committees.mandate(chat.tx, prompt.committee_id).municipality.zone
    copy = prompts.copy(chat.tx, prompt, chat.person.id, chat.now, moment_of(answers["deadline"], zone))
    changed(
        chat,
        copy,
        _(
            "The same questions are drafted. Send them when it is time, such as after the meeting. Each member sees "
            "only his or her own change, and the committee the sum of all."
        ),
    )
