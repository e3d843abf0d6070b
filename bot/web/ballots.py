"""Two pages of a secret ballot: the chair's closing code, and every vote without a name once it is counted."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain import codes
from bot.domain.ballots import State
from bot.domain.errors import Refusal
from bot.domain.people import Role
from bot.domain.summary import votes_as_csv
from bot.engine.errand import Errand
from bot.text import Words, _
from bot.web.guard import NotTaken, taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor
from handlers.prioritising import take_code
from storage import ballots
from storage.ballots import Ballot
from storage.database import Tx

OTHER_CODE = _("That is a closing code, but not the one of this prioritisation. Look whether you noted another one.")


async def code(request: Request) -> Response:
    """A fresh code to write down, or a field to type the one that was written down."""
    found = await _of_chair(request)
    return found if isinstance(found, Response) else _code_page(request, found)


def _code_page(request: Request, ballot: Ballot, error: Words | None = None) -> Response:
    """Nothing is stored when a code is shown: the one that is typed back is the one that counts.

    After a slip no other code is shown, for the right one stands on paper by now.
    """
    waits = ballots.waits_for_code(ballot)
    fresh = codes.closing_code() if waits and error is None else ""
    return render(request, "code.html", 422 if error else 200, ballot=ballot, waits=waits, code=fresh, error=error)


async def type_code(request: Request) -> Response:
    """Typed back, the ballot can open; typed after the closing, it is counted. The code itself is kept nowhere."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    form = await taken_form(request)
    ballot = await _of_chair(request)
    if isinstance(ballot, Response):
        return ballot
    assert visitor.person is not None
    chair, number, now = visitor.person.id, ballot.id, web.clock()
    try:
        private = codes.private_key(str(form.get("code", "")))
    except Refusal as refusal:
        return _code_page(request, ballot, refusal.text)

    def write(tx: Tx) -> bool:
        return take_code(Errand(web.house, web.engine.router, tx, now), number, private, chair)

    if ballots.waits_for_code(ballot):
        await web.write(write)
        return seen(request.url.path)
    if ballot.state == State.CLOSING and not await web.count(number, private):
        return _code_page(request, ballot, OTHER_CODE)
    return seen("/talk#latest")


async def _of_chair(request: Request) -> Ballot | Response:
    """The ballot, for the chair of its committee alone, after a fresh sign-in."""
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    ballot = await _ballot(request)
    roles = visitor.roles.get(ballot.committee_id, frozenset())
    if Role.CHAIR not in roles or not ballots.by_chair(ballot):
        raise NotTaken(404)
    if not visitor.fresh:
        text = _("For the closing code, please sign in once more. Ask for a link by e-mail, or press the one you got.")
        return render(request, "refusal.html", 403, text=text, sign_in=True)
    return ballot


async def _ballot(request: Request) -> Ballot:
    number = request.path_params["ballot"]
    found: Ballot | None = await request.app.state.web.read(lambda tx: ballots.look_up(tx, number))
    if found is None:
        raise NotTaken(404)
    return found


async def papers(request: Request) -> Response:
    """Every vote without a name, for those on the roll: each can look for one like the own, and count again."""
    ballot, found = await _papers(request)
    ideas = [option["text"] for option in ballot.options]
    votes = [[idea for place, idea in enumerate(ideas) if paper >> place & 1] for paper in found]
    return render(request, "papers.html", ballot=ballot, votes=votes)


async def papers_file(request: Request) -> Response:
    """The same as a table."""
    ballot, found = await _papers(request)
    visitor: Visitor = request.state.visitor
    say = partial(i18n.say, locale=visitor.locale, zone=request.app.state.web.house.zone)
    content = votes_as_csv([option["text"] for option in ballot.options], found, say)
    headers = {"content-disposition": f'attachment; filename="votes-{ballot.id}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


async def _papers(request: Request) -> tuple[Ballot, list[int]]:
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    ballot = await _ballot(request)
    person = visitor.person
    shown = ballot.papers_shown and ballot.state == State.RELEASED and (ballot.tally or {}).get("shown")
    if person is None or not shown:
        raise NotTaken(404)

    def read(tx: Tx) -> list[int] | None:
        asks = Role.FACILITATOR in visitor.roles.get(ballot.committee_id, frozenset())
        allowed = asks or ballots.may_vote(tx, ballot.id, person.id)
        return list(ballots.papers(tx, ballot.id)) if allowed else None

    found: list[int] | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    return ballot, found


routes = [
    Route("/ballot/{ballot:int}/code", code, methods=["GET"]),
    Route("/ballot/{ballot:int}/code", type_code, methods=["POST"]),
    Route("/ballot/{ballot:int}/votes", papers, methods=["GET"]),
    Route("/ballot/{ballot:int}/votes.csv", papers_file, methods=["GET"]),
]
