"""Posters: the short link of a source, its square code, and a page to print; looking at them writes nothing."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain import sharing
from bot.domain.mandate import Mandate
from bot.web.guard import NotTaken
from bot.web.pages import render, seen
from bot.web.public import LONGEST, square_code
from storage import committees, sources
from storage.committees import Committee
from storage.database import Tx
from storage.sources import Source


async def _source(request: Request) -> tuple[Source, Committee, Mandate]:
    """The source that the address names. Raises NotTaken where there is none."""

    def read(tx: Tx) -> tuple[Source, Committee, Mandate] | None:
        source = sources.by_code(tx, request.path_params["code"][:LONGEST])
        committee = committees.get(tx, source.committee_id) if source else None
        return (source, committee, committees.mandate(tx, committee.id)) if source and committee else None

    found: tuple[Source, Committee, Mandate] | None = await request.app.state.web.read(read)
    if found is None:
        raise NotTaken(404)
    return found


async def short(request: Request) -> Response:
    """The short form of a link leads to the committee's page, which knows by whom one came."""
    source, committee, _mandate = await _source(request)
    return seen(f"/c/{committee.key}?from={source.code}")


async def qr(request: Request) -> Response:
    """The short link as a picture."""
    source, _committee, _mandate = await _source(request)
    return square_code(f"{request.app.state.web.base_url}/p/{source.code}")


async def poster(request: Request) -> Response:
    """A page of A4 to print, in one of the committee's languages."""
    web = request.app.state.web
    source, _committee, mandate = await _source(request)
    locale = request.path_params["locale"]
    if locale not in mandate.locales:
        raise NotTaken(404)
    request.state.visitor = replace(request.state.visitor, locale=locale)
    address = f"{web.base_url}/p/{source.code}"
    return render(
        request,
        "poster.html",
        source=source,
        mandate=mandate,
        zone=mandate.municipality.zone,
        people=sharing.wanted(mandate),
        called=[mandate.profile(key) for key in mandate.call.profiles],
        link=address.split("://", 1)[1],
    )


routes = [
    Route("/p/{code}", short, methods=["GET"]),
    Route("/p/{code}/qr.svg", qr, methods=["GET"]),
    Route("/p/{code}/poster/{locale}", poster, methods=["GET"]),
]
