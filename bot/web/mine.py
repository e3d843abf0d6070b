"""One page over all of one's committees."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.pages import render, seen
from bot.web.session import Visitor
from storage import mine


async def my_committees(request: Request) -> Response:
    """Each committee: one's role, the next meeting, what is open, and the contact person."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    person_id = visitor.person.id
    found = await web.read(lambda tx: mine.of(tx, person_id, web.clock()))
    return render(request, "mine.html", found=found)


routes = [Route("/mine", my_committees, methods=["GET"])]
