"""The draws of a committee: all of them for everybody, the file for those it concerns, one's own record for oneself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.assessment import sees_special
from bot.domain.mandate import Mandate
from bot.domain.selection.seeds import Source
from bot.web.guard import NotTaken
from bot.web.pages import render, seen
from bot.web.session import Visitor, face
from storage import committees, draws
from storage.committees import Committee
from storage.database import Tx
from storage.draws import Draw


async def listed(request: Request) -> Response:
    """Every draw that was announced, and what became of it; void ones stay."""
    web = request.app.state.web

    visitor: Visitor = request.state.visitor

    def read(tx: Tx) -> tuple[Committee, Mandate, list[Draw], set[int]] | None:
        found = committees.by_key(tx, request.path_params["key"])
        if found is None:
            return None
        mandate = committees.mandate(tx, found.id)
        everything = [one for one in draws.listed(tx, found.id) if one.announced_at is not None]
        return found, mandate, everything, {one.id for one in everything if concerns(tx, visitor, mandate, one)}

    named = await web.read(read)
    if named is None:
        raise NotTaken(404)
    found, mandate, everything, files = named
    face(request, mandate)
    sources = {one.id: Source(one.seed_rule, one.seed_at) for one in everything if one.seed_at is not None}
    return render(
        request,
        "draws.html",
        committee=found,
        mandate=mandate,
        zone=mandate.municipality.zone,
        draws=everything,
        sources=sources,
        panels={one.id: (draws.panels(one)[0], draws.taken(one)) for one in everything if one.state == "drawn"},
        files=files,
    )


def concerns(tx: Tx, visitor: Visitor, mandate: Mandate, draw: Draw) -> bool:
    """Whether a visitor may have the panels file: everybody, unless a line is special-category data.

    Then only applicants and the secretariat. Whoever sees the names on the drawn panel can tell some pseudonyms from
    their seats, and could read in the other panels which lines those people declared.
    """
    if not any(profile.special for profile in mandate.profiles):
        return True
    if visitor.person is None:
        return False
    roles = visitor.roles.get(draw.committee_id, frozenset()) | visitor.roles.get(None, frozenset())
    return sees_special(roles) or draws.own(tx, draw.id, visitor.person.id) is not None


async def file(request: Request) -> Response:
    """The panels file, for those it concerns."""
    visitor: Visitor = request.state.visitor
    web = request.app.state.web
    number = int(request.path_params["draw"])

    def read(tx: Tx) -> Draw | None:
        draw = draws.get(tx, number)
        if draw is None or draw.announced_at is None:
            return None
        return draw if concerns(tx, visitor, committees.mandate(tx, draw.committee_id), draw) else None

    draw = await web.read(read)
    if draw is None:
        raise NotTaken(404)
    return _attached(draw.file or b"", f"draw-{draw.number}.txt", "text/plain; charset=utf-8")


async def record(request: Request) -> Response:
    """One's own record, to check the draw with."""
    visitor: Visitor = request.state.visitor
    web = request.app.state.web
    if visitor.person is None:
        return seen("/signin")
    person, number = visitor.person.id, int(request.path_params["draw"])

    def read(tx: Tx) -> str | None:
        draw = draws.get(tx, number)
        mine = draws.own(tx, number, person)
        known = draw is not None and draw.announced_at is not None and mine is not None and mine.record is not None
        return str(web.house.vault.open(mine.record)) if known and mine is not None else None

    document = await web.read(read)
    if document is None:
        raise NotTaken(404)
    return _attached(document.encode(), f"record-{number}.json", "application/json")


def _attached(content: bytes, name: str, kind: str) -> Response:
    return Response(content, headers={"content-disposition": f'attachment; filename="{name}"'}, media_type=kind)


routes = [
    Route("/c/{key}/draws", listed, methods=["GET"]),
    Route("/draw/{draw:int}/file", file, methods=["GET"]),
    Route("/draw/{draw:int}/record", record, methods=["GET"]),
]
