"""Balance: for facilitator and chair, who contributes by seat type, with one sentence of advice."""

from __future__ import annotations

from bot.domain.balance import Share
from bot.domain.people import either, facilitator
from bot.domain.recommending import heads
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _
from storage import balance

router = Router()

KINDS: dict[str, Words] = {
    "answers": _("Answers"),
    "ideas": _("Ideas"),
    "questions": _("Questions to the others"),
    "words": _("Words in all of it"),
}
# For translators: staff only
WHAT_IT_IS = _(
    "This says what was written here, not what was said at meetings. It is about seat types and never about a person, "
    "so a kind to which fewer than 5 citizens or 5 politicians contributed is not shown."
)


@router.command("balance", who=either(facilitator, heads), words=("balance", "balanse"))
def show(chat: Chat, argument: str) -> None:
    """The shares as they stand."""
    assert chat.committee is not None
    found = balance.of(chat.tx, chat.committee.id)
    lines: list[Words] = [found.advice, _("Politicians have {share} % of the seats.", share=found.seats)]
    lines.append(Lines(tuple(_said(one) for one in found.shares), "\n"))
    if found.administration is not None:
        lines.append(_("The administration wrote {share} % of all the words.", share=found.administration))
    chat.say(Lines((*lines, WHAT_IT_IS)))


def _said(share: Share) -> Words:
    kind = KINDS[share.kind]
    if share.politicians is None:
        return _("{kind}: not shown", kind=kind)
    return _(
        "{kind}: citizens {citizens} %, politicians {politicians} %",
        kind=kind,
        citizens=share.citizens,
        politicians=share.politicians,
    )
