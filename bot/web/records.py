"""The record of a selection for the secretariat: asked what for, shown as a page to print or given as a document."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain.people import Role
from bot.domain.questions import clean
from bot.domain.record import Record
from bot.text import _
from bot.web.documents import DOCX, as_docx
from bot.web.guard import NotTaken, taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor
from storage import desk as facts
from storage import selection_record
from storage.database import Tx

LONGEST = 300


async def asked(request: Request) -> Response:
    """What the record is needed for."""
    refusal = _require(request)
    if refusal is not None:
        return refusal
    web = request.app.state.web
    number = request.path_params["committee"]
    committee, mandate = await web.read(lambda tx: facts.committee(tx, number))
    return render(request, "record_purpose.html", committee=committee, mandate=mandate, missing=False)


def _require(request: Request) -> Response | None:
    """The secretariat of this committee, signed in within the last quarter of an hour. Raises NotTaken."""
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    if not visitor.staff or Role.SECRETARIAT not in visitor.roles.get(request.path_params["committee"], frozenset()):
        raise NotTaken(404)
    if not visitor.fresh:
        text = _("For the record of a selection, please sign in once more. Ask for a link by e-mail.")
        return render(request, "refusal.html", 403, text=text, sign_in=True)
    return None


async def taken(request: Request) -> Response:
    """The record, once it is said what for; that somebody took it out stands in the record of what was done."""
    form = await taken_form(request)
    refusal = _require(request)
    if refusal is not None:
        return refusal
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    assert visitor.person is not None
    number, person_id, now = request.path_params["committee"], visitor.person.id, web.clock()
    purpose = clean(str(form.get("purpose", "")))[:LONGEST]
    committee, mandate = await web.read(lambda tx: facts.committee(tx, number))
    if not purpose:
        return render(request, "record_purpose.html", 422, committee=committee, mandate=mandate, missing=True)

    def export(tx: Tx) -> Record:
        return selection_record.export(tx, web.house.vault, number, person_id, purpose, now)

    record: Record = await web.write(export)
    if form.get("form") != "docx":
        return render(request, "record.html", record=record, zone=mandate.municipality.zone)
    say = partial(i18n.say, locale=visitor.locale, zone=mandate.municipality.zone)
    content = await asyncio.to_thread(as_docx, record, say)
    headers = {"content-disposition": f'attachment; filename="{committee.key}.docx"'}
    return Response(content, media_type=DOCX, headers=headers)


async def compared(request: Request) -> Response:
    """How applicants and panel compare with the population: for the secretariat and the facilitators."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    number = request.path_params["committee"]
    if visitor.person is None:
        return seen("/signin")
    if not visitor.staff or not visitor.roles.get(number, frozenset()) & {Role.SECRETARIAT, Role.FACILITATOR}:
        raise NotTaken(404)

    def read(tx: Tx) -> Record:
        _committee, mandate = facts.committee(tx, number)
        parts = list(selection_record.compared(selection_record.representativeness(tx, web.house.vault, number)))
        return Record(parts[0].title, mandate.title, web.clock(), parts)

    return render(request, "record.html", record=await web.read(read))


routes = [
    Route("/record/{committee:int}", asked, methods=["GET"]),
    Route("/record/{committee:int}", taken, methods=["POST"]),
    Route("/compared/{committee:int}", compared, methods=["GET"]),
]
