"""The season's clock: it tells the facilitator what is to be done now, with the button that does it."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.season import Kind
from bot.domain.templates import ITEMS
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Lines, Words, _
from storage import meetings, minutes, prompts, season
from storage.meetings import Meeting
from storage.season import SeasonItem

router = Router()


@router.due("season")
def nudge(errand: Errand, item_id: int) -> None:
    """Tell the facilitators, unless it is done already or its meeting is off."""
    item = season.take(errand.tx, item_id)
    if item is None:
        return
    meeting = meetings.get(errand.tx, item.meeting_id)
    button = next_step(errand, item, meeting)
    if button is None:
        return
    errand.about(item.committee_id)
    what: Words = ITEMS[Kind(item.kind)]
    lines: list[Words] = [_("It is time: {what}", what=what)]
    if meeting is not None:
        lines.append(_("Meeting: {when}", when=meeting.starts_at))
    errand.tell_facilitators(
        item.committee_id,
        Lines(tuple(lines), "\n"),
        button,
        notice=_("something to do"),
        dedupe=f"season:{item.id}",
    )


def next_step(errand: Errand, item: SeasonItem, meeting: Meeting | None) -> Button | None:
    """The button that does what is due; None where there is nothing to do any more."""
    kind = Kind(item.kind)
    if kind is Kind.DELIVERY:
        return Button(_("See the season"), "season", item.committee_id)
    if meeting is None or meeting.state not in ("draft", "announced"):
        return None
    if kind is Kind.SHORTLIST:
        return Button(_("Prioritise"), "open", "ballot", item.committee_id)
    if kind is Kind.SURVEY:
        return Button(_("Look at the five statements"), "survey", meeting.id)
    if kind is Kind.MINUTES:
        written = minutes.of(errand.tx, meeting.id)
        if written is not None and written.state == "published":
            return None
        return Button(_("Write the minutes"), "open", "minutes", meeting.id)
    if kind is Kind.QUESTIONS:
        prompt = prompts.get(errand.tx, item.prompt_id) if item.prompt_id else None
        drafted = prompt is not None and prompt.state == "draft"
        return Button(_("Look at the questions"), "asked", prompt.id) if prompt is not None and drafted else None
    if kind is Kind.NOTICE and meeting.state == "announced":
        return None
    return Button(_("Look at the meeting"), "meets", meeting.id)
