"""Who decides in a committee, and what they may see while they do."""

from __future__ import annotations

from bot.domain import assessment
from bot.domain.mandate import Mandate
from bot.engine.chat import Chat
from storage import calls, committees, ratings


def require_decides(chat: Chat, committee_id: int) -> Mandate:
    """The mandate, for somebody who may decide by it. Raises Refusal for anybody else."""
    mandate = committees.mandate(chat.tx, committee_id)
    assessment.require_decides(mandate, chat.standing().roles)
    return mandate


def sees_special(chat: Chat) -> bool:
    """Whether the reader fills the lines that say something sensitive."""
    return assessment.sees_special(chat.standing().roles)


def hidden(chat: Chat, mandate: Mandate, committee_id: int) -> bool:
    """Where raters are not to see names, nobody who chooses sees them until all is rated."""
    if not (mandate.selection.blind and mandate.selection.rated):
        return False
    number = calls.number(chat.tx, committee_id)
    return bool(ratings.missing(chat.tx, committee_id, number, chat.house.vault))
