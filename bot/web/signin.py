"""Signing in: a link shows *Continue*, and only pressing it uses the link; a code from the same mail does as well."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.chat.messages import Message, Secret
from bot.domain.questions.reach import EMAIL
from bot.engine import post
from bot.text import Text, _
from bot.web.guard import taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor, cookie_name, set_cookie
from storage import contact, people, sessions
from storage.database import Tx

DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def letter(path: str, *, staff: bool) -> Text:
    """What the mail says; link and code are made as it is sent."""
    code = Secret("pin", path)
    if staff:
        return _(
            "Here is your sign-in link. It works once, for 15 minutes. "
            "Or type this code where you asked for it: {code}. If you did not ask for it, do nothing.",
            code=code,
        )
    return _(
        "Here is your sign-in link. It works once, for a day. "
        "Or type this code where you asked for it, within 15 minutes: {code}. If you did not ask for it, do nothing.",
        code=code,
    )


async def link(request: Request) -> Response:
    """GET changes nothing and sets no cookie, so that a preview cannot use the link up; POST uses it."""
    web = request.app.state.web
    token = request.path_params["token"]
    now = web.clock()
    if request.method == "GET":
        live = await web.read(lambda tx: sessions.live_login(tx, token, now))
        return render(request, "continue.html", 200 if live else 410, live=live is not None)
    await taken_form(request)
    old = request.cookies.get(cookie_name(web))
    opened = await web.write(lambda tx: sessions.consume(tx, token, now, old))
    if opened is None:
        return render(request, "continue.html", 410, live=False)
    return entered(request, opened)


def entered(request: Request, opened: sessions.Opened) -> Response:
    """Signed in: on to where the link or code leads, with a new cookie."""
    response = seen(opened.path if opened.path.startswith("/") else "/talk")
    set_cookie(request.app.state.web, response, opened.id, staff=opened.staff)
    return response


async def ask(request: Request) -> Response:
    """The page where one asks for a link."""
    return render(request, "signin.html", sent=False, wrong=False, email="")


async def send(request: Request) -> Response:
    """Mail a link. The answer is the same whether we know the address or not."""
    web = request.app.state.web
    form = await taken_form(request)
    email = str(form.get("email", "")).strip()
    if not EMAIL.fullmatch(email):
        return render(request, "signin.html", 422, sent=False, wrong=True, email=email)
    now = web.clock()

    def write(tx: Tx) -> None:
        person = contact.find(tx, web.house.vault, email)
        if person is not None:
            staff = people.works_here(tx, person.id)
            path = "/desk" if staff else "/talk"
            post.post(
                web.house,
                tx,
                person,
                Message(letter(path, staff=staff)),
                now,
                committee_id=None,
                notice=_("Your sign-in link"),
                kind="reply",
                lane=0,
                dedupe=f"signin:{person.id}:{now:%Y-%m-%d %H:%M}",
                path=path,
                only_mail=True,
                asked=True,
            )

    await web.write(write)
    return render(request, "signin.html", sent=True, wrong=False, email=email)


async def type_code(request: Request) -> Response:
    """Sign in by the code from the mail. A wrong one is answered alike for every address, known or not."""
    web = request.app.state.web
    form = await taken_form(request)
    email, code = str(form.get("email", "")).strip(), "".join(str(form.get("code", "")).split())
    now, old = web.clock(), request.cookies.get(cookie_name(web))

    def write(tx: Tx) -> sessions.Opened | None:
        person = contact.find(tx, web.house.vault, email)
        return None if person is None else sessions.consume_code(tx, web.house.vault, person.id, code, now, old)

    opened = await web.write(write) if EMAIL.fullmatch(email) and DIGITS.fullmatch(code) else None
    if opened is None:
        return render(request, "signin.html", 422, sent=True, wrong=True, email=email)
    return entered(request, opened)


async def mine(request: Request) -> Response:
    """The browsers that are signed in as this person."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    person_id = visitor.person.id
    found = await web.read(lambda tx: sessions.of(tx, person_id, web.clock()))
    return render(request, "sessions.html", sessions=found)


async def end(request: Request) -> Response:
    """Sign out here, or end another of one's own sessions."""
    web = request.app.state.web
    form = await taken_form(request)
    visitor: Visitor = request.state.visitor
    if visitor.session is None:
        return seen("/")
    own = visitor.session.hash
    chosen = str(form.get("session", "")) or own
    person_id = visitor.person.id if visitor.person else None
    await web.write(lambda tx: sessions.end(tx, chosen, None if chosen == own else person_id or 0))
    response = seen("/" if chosen == own else "/sessions")
    if chosen == own:
        response.delete_cookie(cookie_name(web), path="/", secure=web.base_url.startswith("https://"))
    return response


class Link(Route):
    """A route that does not add HEAD to GET: a preview must learn nothing."""

    def __init__(self) -> None:
        super().__init__("/login/{token}", link, methods=["GET", "POST"])
        self.methods = {"GET", "POST"}


routes = [
    Link(),
    Route("/signin", ask, methods=["GET"]),
    Route("/signin", send, methods=["POST"]),
    Route("/signin/code", type_code, methods=["POST"]),
    Route("/sessions", mine, methods=["GET"]),
    Route("/signout", end, methods=["POST"]),
]
