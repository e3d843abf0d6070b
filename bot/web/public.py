"""What everybody may see: the committees, and each one's task in plain words."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.catalogues import LOCALES
from bot.chat.events import Address, Command, Event, Press
from bot.domain import sharing
from bot.domain.mandate import Mandate
from bot.text import n_
from bot.web.guard import NotTaken, taken_form
from bot.web.pages import render, seen
from bot.web.session import ensure, face, set_cookie
from storage import committees, draws, named, results, sessions, sources
from storage.committees import Committee
from storage.database import Tx
from storage.sources import Source

OWN_PATH = re.compile(r"/(?:[\w.~-][\w./~-]*)?(?:\?from=\w{1,8})?", re.ASCII)
LONGEST = 8  # letters of a source's code


async def front(request: Request) -> Response:
    """All committees: those that can be joined first."""
    web = request.app.state.web
    now = web.clock()

    def read(tx: Tx) -> list[tuple[Committee, Mandate]]:
        return [(one, committees.mandate(tx, one.id)) for one in committees.all_of(tx)]

    found = await web.read(read)
    open_now = [(one, value) for one, value in found if is_open(value, now)]
    others = [(one, value) for one, value in found if not is_open(value, now)]
    return render(request, "front.html", open_now=open_now, others=others)


def is_open(mandate: Mandate, now: Any) -> bool:
    """Whether one can sign up now."""
    return mandate.call.opens <= now < mandate.call.closes and not mandate.missing_information()


async def committee(request: Request) -> Response:
    """One committee: the task in brief, what is fixed, the load, and how to join."""
    web = request.app.state.web
    found, mandate = await _named(request)
    face(request, mandate)
    source = await came_by(request, found, request.query_params.get("from", ""))
    key = sharing.payload(found.key, source.code) if source else found.key
    members, drawing, released = await web.read(
        lambda tx: (named.roll(tx, found.id), draws.any_announced(tx, found.id), results.of(tx, found.id).released_at)
    )
    return render(
        request,
        "committee.html",
        path=f"/c/{found.key}" + (f"?from={source.code}" if source else ""),
        source=source.code if source else "",
        called=[mandate.profile(key) for key in mandate.call.profiles],
        committee=found,
        mandate=mandate,
        members=members,
        drawing=drawing,
        released=released,
        unnamed=n_("{count} member is not named here.", "{count} members are not named here.", members.others),
        zone=mandate.municipality.zone,
        open_now=is_open(mandate, web.clock()),
        over=mandate.call.closes <= web.clock() and not mandate.missing_information(),
        doors=[(name, url.replace("{key}", key)) for name, url in web.house.doors.items()],
    )


async def came_by(request: Request, committee: Committee, code: str) -> Source | None:
    """The poster or mail that brought the visitor, if it is one of this committee's."""
    found: Source | None = await request.app.state.web.read(
        lambda tx: sources.of_committee(tx, code[:LONGEST], committee.id)
    )
    return found


async def _named(request: Request) -> tuple[Committee, Mandate]:
    web = request.app.state.web

    def read(tx: Tx) -> tuple[Committee, Mandate] | None:
        found = committees.by_key(tx, request.path_params["key"])
        return None if found is None else (found, committees.mandate(tx, found.id))

    named: tuple[Committee, Mandate] | None = await web.read(read)
    if named is None:
        raise NotTaken(404)
    return named


async def qr(request: Request) -> Response:
    """The page's own address as a picture for a poster."""
    found, _mandate = await _named(request)
    return square_code(f"{request.app.state.web.base_url}/c/{found.key}")


def square_code(address: str) -> Response:
    """An address as a picture that phones read."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=6, border=2, dark="black", light="white")
    return Response(picture.getvalue(), media_type="image/svg+xml")


async def join(request: Request) -> Response:
    """Begin to sign up here on the web: the visitor becomes a person by this event."""
    web = request.app.state.web
    form = await taken_form(request)
    found, mandate = await _named(request)
    face(request, mandate)
    session, token = await ensure(web, request)
    address = Address("web", session.chat)
    locale = request.state.visitor.locale
    source = await came_by(request, found, str(form.get("from", "")))
    key = sharing.payload(found.key, source.code) if source else found.key
    begin = Press("arrive", (str(source.id),)) if source else Press("open", ("signup", str(found.id)))
    await web.accept(Event(f"{form.get('nonce', '')}-start", address, Command("start", key), locale))
    outcome = await web.accept(Event(f"{form.get('nonce', '')}-open", address, begin, locale))
    response = seen(f"/form/signup/{found.id}" if outcome.opens or outcome.duplicate else "/talk#latest", outcome.toast)
    if token:
        set_cookie(web, response, token)
    return response


async def language(request: Request) -> Response:
    """Speak another language from here on."""
    web = request.app.state.web
    form = await taken_form(request)
    locale = request.path_params["locale"]
    if locale not in LOCALES:
        raise NotTaken(404)
    session, token = await ensure(web, request)
    await web.write(lambda tx: sessions.speak(tx, session, locale))
    if request.state.visitor.person is not None:
        event = Event(str(form.get("nonce", "")), Address("web", session.chat), Press("speak", (locale,)), locale)
        await web.accept(event)
    back = str(form.get("back", "/"))
    response = seen(back if OWN_PATH.fullmatch(back) else "/")
    if token:
        set_cookie(web, response, token)
    return response


routes = [
    Route("/", front, methods=["GET"]),
    Route("/c/{key}", committee, methods=["GET"]),
    Route("/c/{key}/qr.svg", qr, methods=["GET"]),
    Route("/c/{key}/join", join, methods=["POST"]),
    Route("/language/{locale}", language, methods=["POST"]),
]
