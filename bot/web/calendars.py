"""Meetings for people's own calendars: one meeting as a file, and all of one's meetings at a secret address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain.calendar import Entry, Method, calendar
from bot.domain.mandate import Mandate
from bot.text import _
from bot.web.guard import NotTaken, taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor, face
from storage import calendars, committees, meetings, people
from storage.database import Tx
from storage.meetings import Meeting

MIME = "text/calendar; charset=utf-8"
# The address itself is the key: no search engine keeps it, and no shared cache.
HEADERS = {"cache-control": "private, max-age=0, must-revalidate", "x-robots-tag": "noindex, nofollow"}


def entry(meeting: Meeting, mandate: Mandate, locale: str, host: str, now: datetime) -> Entry:
    """A meeting as a calendar shows it: under the committee's neutral short name."""
    say = partial(i18n.say, locale=locale)
    contact = mandate.contact
    lines = (say(meeting.agenda), meeting.link, f"{contact.name}, {contact.phone}, {contact.email}")
    return Entry(
        uid=f"meeting-{meeting.id}@{host}",
        sequence=meeting.sequence,
        changed=now,
        starts=meeting.starts_at,
        length=timedelta(minutes=meeting.length),
        summary=say(mandate.short_name),
        place=say(meeting.place),
        description="\n\n".join(line for line in lines if line),
        link=meeting.link or "",
        cancelled=meeting.state == "cancelled",
    )


async def one_meeting(request: Request) -> Response:
    """The file behind the link in a notice: opened again it moves the meeting, or takes it out."""
    web = request.app.state.web
    number = request.path_params["meeting"]
    if not calendars.proven(web.house.vault, number, request.path_params["proof"]):
        raise NotTaken(404)

    def read(tx: Tx) -> tuple[Meeting, Mandate] | None:
        found = meetings.get(tx, number)
        known = found is not None and found.state in ("announced", "cancelled")
        return (found, committees.mandate(tx, found.committee_id)) if found is not None and known else None

    found = await web.read(read)
    if found is None:
        raise NotTaken(404)
    meeting, mandate = found
    face(request, mandate)
    one = entry(meeting, mandate, request.state.visitor.locale, _host(web.base_url), web.clock())
    text = calendar([one], Method.CANCEL if one.cancelled else Method.PUBLISH)
    headers = {**HEADERS, "content-disposition": f'attachment; filename="meeting-{number}.ics"'}
    return Response(text, media_type=MIME, headers=headers)


async def feed(request: Request) -> Response:
    """All of a person's meetings. Whoever has the address sees them, and nothing else of the person."""
    web = request.app.state.web
    token = request.path_params["token"]

    def read(tx: Tx) -> tuple[str | None, Sequence[tuple[Meeting, Mandate]]] | None:
        person_id = calendars.owner(tx, token)
        if person_id is None:
            return None
        shown = calendars.shown(tx, person_id)
        spoken = people.get(tx, person_id).locale
        return spoken, [(one, committees.mandate(tx, one.committee_id)) for one in shown]

    found = await web.read(read)
    if found is None:
        raise NotTaken(404)
    spoken, shown = found
    now, host = web.clock(), _host(web.base_url)
    entries = [entry(one, mandate, spoken or mandate.locales[0], host, now) for one, mandate in shown]
    name = i18n.say(_("My meetings"), spoken or web.house.locale)
    return Response(calendar(entries, Method.PUBLISH, name), media_type=MIME, headers=HEADERS)


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or "samskab"


async def own(request: Request) -> Response:
    """One's own address: whether there is one, and how to get a new one."""
    return await _page(request, "")


async def _page(request: Request, token: str) -> Response:
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    person_id = visitor.person.id
    there = await web.read(lambda tx: calendars.has(tx, person_id))
    address = f"{web.base_url}/feed/{token}.ics" if token else ""
    webcal = "webcal" + address[address.index(":") :] if address else ""
    return render(request, "calendar.html", there=there, address=address, webcal=webcal)


async def change(request: Request) -> Response:
    """A new address, shown this once; or none at all. The old one is dead at once."""
    form = await taken_form(request)
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    person_id, now = visitor.person.id, web.clock()
    if form.get("do") == "end":
        await web.write(lambda tx: calendars.revoke(tx, person_id))
        return seen("/calendar", i18n.say(_("The address is dead from now on."), visitor.locale))
    token: str = await web.write(lambda tx: calendars.mint(tx, person_id, now))
    return await _page(request, token)


routes = [
    Route("/calendar", own, methods=["GET"]),
    Route("/calendar", change, methods=["POST"]),
    Route("/feed/{token}.ics", feed, methods=["GET"]),
    Route("/meeting/{meeting:int}/{proof}.ics", one_meeting, methods=["GET"]),
]
