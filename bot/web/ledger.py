"""The ledger of time as a table for a spreadsheet, for the owner."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain.ledger import Ledger
from bot.domain.ledger_table import as_csv
from bot.domain.people import Role
from bot.web.guard import NotTaken
from bot.web.pages import seen
from bot.web.session import Visitor
from storage import committees, ledger
from storage.database import Tx


async def table(request: Request) -> Response:
    """One row a committee and group, and the sums; what could point at somebody is not shown."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    if not visitor.staff or Role.OWNER not in visitor.roles.get(None, frozenset()):
        raise NotTaken(404)
    number = request.path_params["committee"]

    def read(tx: Tx) -> Ledger | None:
        if committees.get(tx, number) is None:
            return None
        return ledger.of(tx, committees.mandate(tx, number).municipality.key, web.clock())

    found: Ledger | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    content = as_csv(found, partial(i18n.say, locale=visitor.locale, zone=web.house.zone))
    headers = {"content-disposition": 'attachment; filename="ledger.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


routes = [Route("/ledger/{committee:int}", table, methods=["GET"])]
