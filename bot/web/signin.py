"""Signing in: a link shows *Continue*, and only pressing it uses the link; sessions are listed and ended here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.chat.messages import Message
from bot.domain.questions.reach import EMAIL
from bot.engine import post
from bot.text import _
from bot.web.guard import taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor, cookie_name, set_cookie
from storage import contact, people, sessions
from storage.database import Tx

OTHERS = _("Here is your sign-in link. It works once, for a day. If you did not ask for it, do nothing.")
STAFF = _("Here is your sign-in link. It works once, for 15 minutes. If you did not ask for it, do nothing.")


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
    response = seen(opened.path if opened.path.startswith("/") else "/talk")
    set_cookie(web, response, opened.id, staff=opened.staff)
    return response


async def ask(request: Request) -> Response:
    """The page where one asks for a link."""
    return render(request, "signin.html", sent=False, email="")


async def send(request: Request) -> Response:
    """Mail a link. The answer is the same whether we know the address or not."""
    web = request.app.state.web
    form = await taken_form(request)
    email = str(form.get("email", "")).strip()
    if not EMAIL.fullmatch(email):
        return render(request, "signin.html", 422, sent=False, email=email)
    now = web.clock()

    def write(tx: Tx) -> None:
        person = contact.find(tx, web.house.vault, email)
        if person is not None:
            staff = people.works_here(tx, person.id)
            text = STAFF if staff else OTHERS
            post.post(
                web.house,
                tx,
                person,
                Message(text),
                now,
                committee_id=None,
                notice=_("Your sign-in link"),
                kind="reply",
                lane=0,
                dedupe=f"signin:{person.id}:{now:%Y-%m-%d %H:%M}",
                path="/desk" if staff else "/talk",
                only_mail=True,
            )

    await web.write(write)
    return render(request, "signin.html", sent=True, email="")


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
    Route("/sessions", mine, methods=["GET"]),
    Route("/signout", end, methods=["POST"]),
]
