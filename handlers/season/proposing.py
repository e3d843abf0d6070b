"""The season's calendar as a draft: meetings spread over the committee's time, and what belongs around each."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.messages import Button
from bot.domain.errors import Refusal
from bot.domain.holidays import holiday_rule
from bot.domain.people import facilitator, politician
from bot.domain.questions import said
from bot.domain.season import ROOM, Kind, meeting_times, propose
from bot.domain.templates import ITEMS, group_page
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from storage import audit, committees, meetings, season
from storage.committees import Committee
from storage.season import SeasonItem

router = Router()
OPEN = ("proposed", "approved")


@router.command("season", who=facilitator, words=("the season", "sæsonen", "sesongen"))
def begin(chat: Chat, argument: str) -> None:
    """The season's calendar; where there is none, a proposal from the mandate."""
    assert chat.committee is not None
    show(chat, chat.committee)


def draft(chat: Chat, committee: Committee) -> None:
    """Propose the meetings that are still missing, and a calendar around all of them. Nobody hears of it."""
    mandate = committees.mandate(chat.tx, committee.id)
    zone, is_holiday = mandate.municipality.zone, holiday_rule(mandate.municipality.country)
    if mandate.end <= chat.now.date():
        raise Refusal(_("The committee has ended, so there is no season to plan. Load a newer mandate first."))
    planned = list(meetings.planned(chat.tx, committee.id, chat.now))
    held = meetings.held(chat.tx, committee.id, chat.now, mandate.meetings)[::-1]
    missing = mandate.meetings - len(held) - len(planned)
    if missing > 0:
        first = max(mandate.start, chat.now.date() + timedelta(days=ROOM))
        if planned:
            first = max(first, planned[-1].starts_at.date() + timedelta(days=ROOM))
        for at in meeting_times(first, mandate.end, missing, zone, is_holiday):
            planned.append(meetings.add(chat.tx, committee.id, at, {}, {}, chat.person.id, chat.now))
    together = [*held, *planned]
    numbers = [one.id for one in together]
    items = [
        (item.kind.value, None if item.meeting is None else numbers[item.meeting], item.due)
        for item in propose([one.starts_at for one in together], mandate.end, zone, is_holiday)
        if item.due > chat.now
    ]
    season.add(chat.tx, committee.id, items)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "season proposed", f"committee:{committee.id}")


@router.button("season", Committee, who=facilitator)
def show(chat: Chat, committee: Committee) -> None:
    """All meetings with how much hangs on each, and the one button that approves; proposed where there is nothing."""
    if not season.of(chat.tx, committee.id, *OPEN, "done", "dropped"):
        draft(chat, committee)
    items = season.of(chat.tx, committee.id, *OPEN)
    proposed = [one for one in items if one.state == "proposed"]
    ahead = meetings.planned(chat.tx, committee.id, chat.now)
    lines: list[Words] = [
        _("The season of {committee}", committee=committees.mandate(chat.tx, committee.id).short_name),
        n_("{count} meeting is ahead:", "{count} meetings are ahead:", len(ahead)),
    ]
    rows = []
    for one in ahead:
        count = len([item for item in items if item.meeting_id == one.id])
        lines.append(n_("{when}: {count} thing to do", "{when}: {count} things to do", count, when=one.starts_at))
        rows.append(Button(said(one.starts_at), "seasmeet", one.id))
    loose = [item for item in items if item.meeting_id is None]
    lines += [line(item) for item in loose]
    rows += [Button(ITEMS[kind_of(item)], "seasitem", item.id) for item in loose]
    if proposed:
        lines.append(
            _(
                "Nothing is sent before you approve the calendar. After that members are reminded of meetings you have "
                "announced; everything else is yours to send."
            )
        )
        rows.append(Button(_("Approve the calendar"), "seasyes", committee.id))
    rows.append(Button(_("Propose it anew"), "seasnew", committee.id))
    chat.say(Lines((lines[0], Lines(tuple(lines[1:]), "\n"))), *rows)


def kind_of(item: SeasonItem) -> Kind:
    """What an item is."""
    return Kind(item.kind)


def line(item: SeasonItem) -> Words:
    """An item with its moment."""
    return _("{when}: {what}", when=item.due_at, what=ITEMS[kind_of(item)])


@router.button("seasnew", Committee, who=facilitator)
def anew(chat: Chat, committee: Committee) -> None:
    """Give up what was only proposed, and propose it again around the meetings as they are now."""
    approved = {(item.kind, item.meeting_id) for item in season.of(chat.tx, committee.id, "approved")}
    season.begin_anew(chat.tx, committee.id)
    draft(chat, committee)
    for item in season.of(chat.tx, committee.id, "proposed"):
        if (item.kind, item.meeting_id) in approved:
            season.enter(chat.tx, item.id, "dropped", "proposed")
    show(chat, committee)


@router.command("group", who=politician, words=("party group", "partigruppe", "partigruppa"))
def page(chat: Chat, argument: str) -> None:
    """A neutral page to take to one's party group."""
    assert chat.committee is not None
    chat.say(group_page(committees.mandate(chat.tx, chat.committee.id)))
