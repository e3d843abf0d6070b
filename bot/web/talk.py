"""The web platform: the conversation as a page, forms as pages, and everything one can send from them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot import i18n
from bot.chat.delivery import Unavailable
from bot.chat.events import Address, Command, Event, FormPage, Outcome, Press, Said, Submitted, What
from bot.chat.messages import Rendered, pack
from bot.domain.errors import Refusal
from bot.domain.voice import LARGEST, LONGEST
from bot.text import _
from bot.web.ahead import Ahead, ahead
from bot.web.groups import came_from
from bot.web.guard import NotTaken, taken_form
from bot.web.live import first
from bot.web.pages import render, seen
from bot.web.session import Visitor, ensure, set_cookie
from bot.web.voice import MOST, brought, brought_again, with_sound
from storage import conversations, mydata, outbox, people
from storage.database import Tx

SHOWN = 30
BOXES = {str(place) for place in range(31)}
POLL = 5.0
PAUSE = 0.1  # a burst of commits is looked at once


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on the page."""

    id: int
    message: Rendered
    at: datetime


async def talk(request: Request) -> Response:
    """The conversation, the newest message last."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    person = visitor.person
    everything = "all" in request.query_params

    def read(tx: Tx) -> tuple[list[Shown], Any, Ahead]:
        rows = outbox.thread(tx, person.id, 500 if everything else SHOWN)
        shown = [
            Shown(row.id, Rendered.of(row.content or row.shared), row.sent_at)
            for row in rows
            if row.content or row.shared
        ]
        current = conversations.current(tx, person.id)
        if current is not None and current.form not in web.engine.router.forms:
            current = None
        return shown, current, ahead(tx, person.id, web.clock())

    shown, current, waiting = await web.read(read)
    return render(
        request,
        "talk.html",
        messages=shown,
        current=current,
        ahead=waiting,
        more=len(shown) == SHOWN and not everything,
        last=shown[-1].id if shown else 0,
    )


async def does(request: Request, form: FormData, what: What) -> tuple[Outcome, str | None]:
    """Have an event of this visitor handled; the form's nonce is the event's id, so a double press is one."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.session is None and not web.welcome():
        raise NotTaken(429, {"Retry-After": "60"})
    session, token = await ensure(web, request)
    nonce = str(form.get("nonce", ""))[:100]
    if not nonce:
        raise NotTaken(400)
    here, aside = Address("web", session.chat), bool(came_from(form))
    event = Event(nonce, here, what, visitor.locale, fresh_sign_in=visitor.fresh, aside=aside)
    return await web.accept(event), token


async def said(request: Request) -> Response:
    """Text, or a command with a slash."""
    form = await taken_form(request)
    text = str(form.get("text", ""))
    name, _space, argument = text[1:].partition(" ")
    what: What = Command(name, argument) if text.startswith("/") and name.isalpha() else Said(text)
    return await shown_after(request, form, what)


async def command(request: Request) -> Response:
    """A command as a button."""
    form = await taken_form(request)
    return await shown_after(request, form, Command(request.path_params["name"], str(form.get("argument", ""))))


async def press(request: Request) -> Response:
    """A button, or boxes that were ticked."""
    form = await taken_form(request)
    route, *args = str(form.get("data", "")).split(":")
    if "boxes" in form:
        ticked = {int(value) for value in form.getlist("tick") if isinstance(value, str) and value in BOXES}
        args.append(pack(sum(1 << place for place in ticked)))
    message = str(form.get("message", "")) or None
    return await shown_after(request, form, Press(route, tuple(args), message))


async def shown_after(request: Request, form: FormData, what: What) -> Response:
    """After an event: the form it opened, or the conversation."""
    outcome, token = await does(request, form, what)
    if outcome.opens:
        path = f"/form/{outcome.opens.form}/{outcome.opens.subject}"
    else:
        path = came_from(form) or "/talk#latest"
    response = seen(path, outcome.toast)
    if token:
        set_cookie(request.app.state.web, response, token)
    return response


async def form_page(request: Request) -> Response:
    """The page of a form that is open, or an offer to begin it."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None or visitor.address is None:
        return seen("/signin")
    person, address = visitor.person, visitor.address
    name, subject = request.path_params["name"], request.path_params["subject"]

    def read(tx: Tx) -> FormPage | Refusal | None:
        try:
            found: FormPage | None = web.engine.page(
                tx, person, Event("", address, Command("")), name, subject, web.clock()
            )
        except Refusal as refusal:
            return refusal
        return found

    page = await web.read(read)
    if isinstance(page, Refusal):
        return render(request, "refusal.html", 410, text=page.text)
    if page is None:
        return render(request, "begin.html", name=name, subject=subject)
    return form_shown(request, page)


def form_shown(request: Request, page: FormPage, status: int = 200) -> Response:
    """A page of a form; with a question that can be spoken it may use the microphone."""
    speaks = any(field.speaks for field in page.fields)
    response = render(request, "form.html", status, page=page, speaks=speaks, longest=LONGEST)
    return with_sound(response, recording=True) if speaks else response


async def form_sent(request: Request) -> Response:
    """A page of answers: stored, or shown again with what is wrong beside what was typed."""
    route = request.app.state.web.engine.router.forms.get(request.path_params["name"])
    # Whoever is not signed in has been asked nothing, and sends no recordings.
    if route is None or route.spoken is None or request.state.visitor.person is None:
        return await answered(request, await taken_form(request))
    form = await taken_form(request, MOST, LARGEST)
    try:
        return await answered(request, form, speaks=True)
    finally:
        await form.close()  # and the files with it


async def answered(request: Request, form: FormData, *, speaks: bool = False) -> Response:
    """The page to show after a page of answers."""
    name, subject = request.path_params["name"], request.path_params["subject"]
    shown = [key for key in str(form.get("fields", "")).split(",") if key]
    values = {key: tuple(str(value) for value in form.getlist(f"f-{key}")) for key in shown}
    if speaks and (again := await brought(request, form, name, subject, values)):
        return form_shown(request, again, 422)
    outcome, token = await does(request, form, Submitted(name, subject, values))
    if outcome.errors and outcome.opens:
        return form_shown(request, brought_again(request, outcome.opens, values), 422)
    goes_on = outcome.opens or (outcome.duplicate and await begun(request, name, subject))
    response = seen(f"/form/{name}/{subject}" if goes_on else came_from(form) or "/talk#latest", outcome.toast)
    if token:
        set_cookie(request.app.state.web, response, token)
    return response


async def begun(request: Request, name: str, subject: int) -> bool:
    """Whether the visitor has this form under way, so that a page sent twice leads where it led the first time."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return False
    person_id = visitor.person.id
    found = await web.read(lambda tx: conversations.find(tx, person_id, name, subject))
    return found is not None


async def picture(request: Request) -> Response:
    """A picture that was sent to this person, and to nobody else's eyes."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    sha = request.path_params["sha"]
    if visitor.person is None:
        raise NotTaken(404)
    person_id = visitor.person.id

    def read(tx: Tx) -> tuple[str, bytes] | None:
        return outbox.blob(tx, sha) if outbox.visible_to(tx, sha, person_id) else None

    found = await web.read(read)
    if found is None or not found[0].startswith("image/"):
        raise NotTaken(404)
    return Response(found[1], media_type=found[0], headers={"content-disposition": "inline"})


async def events(request: Request) -> Response:
    """Server-sent events that only say: there are new messages after this number."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        raise NotTaken(404)
    person_id = visitor.person.id

    async def stream() -> AsyncIterator[str]:
        yield "retry: 3000\n\n"
        known = None
        while not web.stopping.is_set():
            changed = web.watch.changed
            try:
                newest = await web.read(lambda tx: outbox.newest(tx, person_id))
            except Unavailable:
                return  # the browser comes again by itself
            yield f"data: {json.dumps(newest)}\n\n" if newest != known else ": still here\n\n"
            known = newest
            await first(changed, web.stopping, seconds=POLL)
            await asyncio.sleep(PAUSE)

    return StreamingResponse(stream(), media_type="text/event-stream")


async def my_data(request: Request) -> Response:
    """Everything we have about a person, after a fresh sign-in."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    if not visitor.fresh and not await only_here(request):
        return render(
            request,
            "refusal.html",
            403,
            text=_(
                "For your own data, please sign in once more. Ask for a link by e-mail, or write /mydata in your chat."
            ),
            sign_in=True,
        )
    person_id = visitor.person.id
    found = await web.read(lambda tx: mydata.everything(tx, web.house.vault, person_id, i18n.NAMES))
    return with_sound(render(request, "mydata.html", parts=found))


async def only_here(request: Request) -> bool:
    """Whether the person never signed in and has no other way to: then this browser is all there is to ask for."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None or visitor.session is None or visitor.session.signed_in_at is not None:
        return False
    person_id = visitor.person.id
    known = await web.read(lambda tx: people.addresses(tx, person_id))
    return not any(row.account in web.house.accounts and row.account != "web" for row in known)


routes = [
    Route("/talk", talk, methods=["GET"]),
    Route("/talk", said, methods=["POST"]),
    Route("/command/{name}", command, methods=["POST"]),
    Route("/press", press, methods=["POST"]),
    Route("/form/{name}/{subject:int}", form_page, methods=["GET"]),
    Route("/form/{name}/{subject:int}", form_sent, methods=["POST"]),
    Route("/blob/{sha}", picture, methods=["GET"]),
    Route("/events", events, methods=["GET"]),
    Route("/mydata", my_data, methods=["GET"]),
]
