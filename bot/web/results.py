"""What a committee hands over: for its people as a page or a document, and for everybody once it is released."""

from __future__ import annotations

import asyncio
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain.mandate import Mandate
from bot.domain.people import MEMBERS, STAFF
from bot.domain.record import Record
from bot.web.documents import DOCX, as_docx
from bot.web.guard import NotTaken
from bot.web.pages import render, seen
from bot.web.session import Visitor, face
from storage import committees, results
from storage.committees import Committee
from storage.database import Tx

Found = tuple[Committee, Mandate, Record]


async def page(request: Request) -> Response:
    """The result as it stands, for members and staff."""
    found = await _own(request)
    if isinstance(found, Response):
        return found
    committee, mandate, record = found
    back = f"/results/{committee.id}/document"
    return render(request, "results.html", record=record, zone=mandate.municipality.zone, document=back)


async def document(request: Request) -> Response:
    """The same as a document that a word processor opens."""
    found = await _own(request)
    if isinstance(found, Response):
        return found
    return await _as_document(request, *found)


async def _own(request: Request) -> Found | Response:
    """The result for those who made it. Raises NotTaken for anybody else."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    number = request.path_params["committee"]
    if visitor.person is None:
        return seen("/signin")
    if not visitor.roles.get(number, frozenset()) & (MEMBERS | STAFF):
        raise NotTaken(404)

    def read(tx: Tx) -> Found | None:
        committee = committees.get(tx, number)
        if committee is None:
            return None
        return committee, committees.mandate(tx, number), results.document(tx, number, web.clock())

    found: Found | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    return found


async def public_page(request: Request) -> Response:
    """The result for everybody, once it is released."""
    committee, mandate, record = await _released(request)
    face(request, mandate)
    path = f"/c/{committee.key}/results/document"
    return render(request, "results.html", record=record, zone=mandate.municipality.zone, document=path)


async def public_document(request: Request) -> Response:
    """The released result as a document."""
    return await _as_document(request, *await _released(request))


async def _released(request: Request) -> Found:
    web = request.app.state.web

    def read(tx: Tx) -> Found | None:
        committee = committees.by_key(tx, request.path_params["key"])
        if committee is None or results.of(tx, committee.id).released_at is None:
            return None
        record = results.document(tx, committee.id, web.clock(), public=True)
        return committee, committees.mandate(tx, committee.id), record

    found: Found | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    return found


async def _as_document(request: Request, committee: Committee, mandate: Mandate, record: Record) -> Response:
    visitor: Visitor = request.state.visitor
    say = partial(i18n.say, locale=visitor.locale, zone=mandate.municipality.zone)
    content = await asyncio.to_thread(as_docx, record, say)
    headers = {"content-disposition": f'attachment; filename="{committee.key}-results.docx"'}
    return Response(content, media_type=DOCX, headers=headers)


routes = [
    Route("/results/{committee:int}", page, methods=["GET"]),
    Route("/results/{committee:int}/document", document, methods=["GET"]),
    Route("/c/{key}/results", public_page, methods=["GET"]),
    Route("/c/{key}/results/document", public_document, methods=["GET"]),
]
