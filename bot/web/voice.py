"""Voice answers on the web: recordings that a page brings along, and listening to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.chat.events import Command, Event, FormPage
from bot.domain import voice
from bot.domain.errors import Refusal
from bot.engine.paging import SPOKEN
from bot.text import Words, _
from bot.web.guard import HEADERS, NotTaken
from bot.web.pages import render, seen
from bot.web.session import Visitor
from handlers.recordings import WRITERS
from storage import answers, prompts, recordings
from storage.database import Tx
from storage.recordings import Recording

Values = dict[str, tuple[str, ...]]
MOST = 6  # recordings on one page
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def with_sound(response: Response, *, recording: bool = False) -> Response:
    """Let a page play sound, and one with a question to speak to use the microphone and play what it has recorded."""
    policy = HEADERS["content-security-policy"]
    response.headers["content-security-policy"] = f"{policy}; media-src 'self'{' blob:' if recording else ''}"
    if recording:
        response.headers["permissions-policy"] = HEADERS["permissions-policy"].replace(
            "microphone=()", "microphone=(self)"
        )
    return response


# Brought along by a page -------------------------------------------------------------------------------------


async def brought(request: Request, form: FormData, name: str, subject: int, values: Values) -> FormPage | None:
    """Keep the recordings of a form, and name them among its values; the page again, where one cannot be kept."""
    keys = list(values)
    for key in keys:
        # What was kept when the page was shown again: it stands unless something was written instead.
        if (number := str(form.get(f"r-{key}", ""))) and not any(part.strip() for part in values[key]):
            values[f"{key}{SPOKEN}"] = (number,)
    files = {key: file for key in keys if isinstance(file := form.get(f"s-{key}"), UploadFile) and file.size}
    page = await asked(request, name, subject) if files else None
    if page is None:
        return None
    errors: dict[str, str] = {}
    for key, file in files.items():
        if any(field.key == key and field.speaks for field in page.fields):
            try:
                number = str(await _kept(request, form, subject, key, await file.read(voice.LARGEST + 1)))
                values[f"{key}{SPOKEN}"] = (number,)
            except Refusal as refusal:
                errors[key] = i18n.say(refusal.text, request.state.visitor.locale)
    if not errors:
        return None
    fields = tuple(replace(field, given=values.get(field.key, ())) for field in page.fields)
    return brought_again(request, replace(page, fields=fields, errors=errors), values)


def brought_again(request: Request, page: FormPage, values: Values) -> FormPage:
    """A page that is shown once more has the recordings it brought, so that nobody has to speak twice."""
    said = i18n.say(voice.said(0), request.state.visitor.locale)
    return replace(
        page,
        fields=tuple(
            replace(field, recorded=field.recorded or said, brought=number[0])
            if (number := values.get(f"{field.key}{SPOKEN}"))
            else field
            for field in page.fields
        ),
    )


async def asked(request: Request, name: str, subject: int) -> FormPage | None:
    """The page a person has before them; None for whoever has not begun the form."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None or visitor.address is None:
        return None
    person, event = visitor.person, Event("", visitor.address, Command(""))

    def read(tx: Tx) -> FormPage | None:
        try:
            found: FormPage | None = web.engine.page(tx, person, event, name, subject, web.clock())
        except Refusal:
            return None
        return found

    page: FormPage | None = await web.read(read)
    return page


async def _kept(request: Request, form: FormData, prompt_id: int, key: str, sound: bytes) -> int:
    """Keep one recording. Raises Refusal where it is none, too long, or one too many."""
    web = request.app.state.web
    person_id, now = request.state.visitor.person.id, web.clock()
    kind = voice.kind_of(sound)
    if kind is None:
        raise Refusal(_("What you sent is no recording that we can play. Please record it anew, or write your answer."))
    stated = str(form.get(f"t-{key}", ""))
    seconds = voice.seconds_of(sound, kind) or (int(stated) if stated.isdigit() and len(stated) < 4 else 0)
    voice.require_short(seconds, len(sound))
    reference = str(form.get("nonce", ""))[:100]

    def write(tx: Tx) -> int:
        prompt = prompts.get(tx, prompt_id)
        assert prompt is not None
        recordings.require_room(tx, person_id, now)
        known = {"kind": kind, "seconds": seconds, "reference": reference}
        return recordings.keep(tx, prompt, int(key[1:]), person_id, now, sound, **known)

    number: int = await web.write(write)
    return number


# Listening ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording that this visitor may listen to; `writes` whether he or she may write it down."""

    row: Recording
    question: Words
    sent_at: datetime
    mine: bool
    writes: bool


async def page(request: Request) -> Response:
    """One recording with its question, to listen to, write down, or delete."""
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    found = await _heard(request)
    return with_sound(render(request, "voice.html", found=found, length=voice.said(found.row.seconds)))


async def _heard(request: Request) -> Heard:
    """The recording in the address. Raises NotTaken: 404 for whoever may not listen, as for what is not there.

    A facilitator needs the rights of staff, which no link in a chat gives.
    """
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    person = visitor.person
    if person is None:
        raise NotTaken(404)

    def read(tx: Tx) -> Heard | None:
        row = recordings.get(tx, request.path_params["number"])
        if row is None:
            return None
        roles = visitor.roles.get(row.committee_id, frozenset())
        roles = roles if visitor.staff else roles - WRITERS
        if not recordings.may_hear(tx, row, person.id, roles):
            return None
        question = answers.questions(tx, row.prompt_id)[row.question - 1].text
        mine = row.person_id == person.id
        writes = row.state == "kept" and row.written_at is None and (mine or bool(roles & WRITERS))
        return Heard(row, question, row.sent_at, mine, writes)

    found: Heard | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    return found


async def sound(request: Request) -> Response:
    """The bytes, or the part of them that a player asks for."""
    web = request.app.state.web
    found = await _heard(request)
    data: bytes | None = await web.read(lambda tx: recordings.sound(tx, found.row.id))
    if data is None:
        raise NotTaken(404)
    headers = {"accept-ranges": "bytes", "content-disposition": "inline", "cache-control": "no-store"}
    part = _part(request.headers, len(data))
    if part is None:
        return Response(data, media_type=found.row.kind, headers=headers)
    first, last = part
    if first > last:
        return Response(b"", 416, {**headers, "content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, headers, media_type=found.row.kind)


def _part(headers: Mapping[str, str], size: int) -> Sequence[int] | None:
    """First and last byte of the one range that is asked for (RFC 9110, section 14); None for the whole."""
    asked_for = RANGE.fullmatch(headers.get("range", "").strip())
    if asked_for is None or asked_for[0] == "bytes=-":
        return None
    begins, ends = asked_for.groups()
    if not begins:
        return max(0, size - int(ends)), size - 1
    return int(begins), min(int(ends) if ends else size - 1, size - 1)


routes = [
    Route("/voice/{number:int}", page, methods=["GET"]),
    Route("/voice/{number:int}/sound", sound, methods=["GET"]),
]
