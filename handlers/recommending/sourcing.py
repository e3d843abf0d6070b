"""What fed a recommendation: ideas, answers and meetings. Whoever wrote them hears what the council answers."""

from __future__ import annotations

from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, Option, Question, SomeOf, Value
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Short, Words, _
from handlers.recommending.overview import record, require_open, show
from storage import recommendations
from storage.recommendations import IDEA, MEETING, PROMPT, Recommendation

router = Router()
AT_ONCE = 20  # boxes of one question
LABEL = 90  # letters


def sources_form(chat: Chat, one: Recommendation) -> Form:
    """All there is to choose from; what fills more than one question goes on in the next."""
    require_open(chat, one.committee_id)
    fields = tuple(fields_of(chat, one.committee_id))
    if not fields:
        raise Refusal(_("There is no idea, answer or meeting yet that could have fed it."))
    return Form("recfrom", fields, title=_("What fed it"))


def fields_of(chat: Chat, committee_id: int) -> list[Question]:
    """Boxes for the ideas, the questions that were answered, and the meetings that were held."""
    asked: dict[str, Words] = {
        IDEA: _("Which ideas fed it? Their authors hear what the council answers; nobody else learns who they are."),
        PROMPT: _("Which answers fed it? Those who answered hear what the council answers."),
        MEETING: _("Which meetings fed it?"),
    }
    return [
        SomeOf(
            key=f"{kind}{start}",
            text=asked[kind],
            choices=tuple(Option(str(number), Short(label, LABEL)) for number, label in there[start : start + AT_ONCE]),
            least=0,
            optional=True,
        )
        for kind, there in recommendations.possible_sources(chat.tx, committee_id, chat.now).items()
        for start in range(0, len(there), AT_ONCE)
    ]


def as_was(chat: Chat, one: Recommendation) -> dict[str, Value] | None:
    """What is linked already."""
    linked = recommendations.sources(chat.tx, one.id)
    if not any(linked.values()):
        return None
    there = {field.key: field.options for field in fields_of(chat, one.committee_id)}
    chosen = {kind: {str(number) for number in numbers} for kind, numbers in linked.items()}
    return {key: [one.key for one in options if one.key in chosen[_kind(key)]] for key, options in there.items()}


def _kind(key: str) -> str:
    return key.rstrip("0123456789")


@router.form("recfrom", Recommendation, sources_form, who=facilitator, before=as_was)
def linked(chat: Chat, one: Recommendation, answers: Answers) -> None:
    """Keep the links. They change nothing of what the committee stands behind."""
    require_open(chat, one.committee_id)
    chosen: dict[str, list[int]] = {}
    for key, value in answers.items():
        if isinstance(value, list):
            chosen.setdefault(_kind(key), []).extend(int(number) for number in value)
    recommendations.set_sources(chat.tx, one.id, chosen)
    record(chat, one.committee_id, "sources linked", f"recommendation:{one.id}")
    show(chat, one)
