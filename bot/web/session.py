"""Who is looking: the session of the cookie, the person behind it, and the language to speak."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot import i18n
from bot.chat.events import Address
from bot.chat.urls import loopback
from bot.domain.mandate import Mandate
from bot.domain.people import STAFF, Person, Role
from storage import people, sessions
from storage.database import Tx
from storage.sessions import Session

if TYPE_CHECKING:
    from bot.web.server import Web


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody looking at a page; without a session nobody we know."""

    session: Session | None
    person: Person | None
    roles: dict[int | None, frozenset[Role]]
    locale: str
    csrf: str
    fresh: bool
    chosen: bool = False

    @property
    def address(self) -> Address | None:
        """The person's address on the web."""
        return None if self.session is None else Address("web", self.session.chat)

    @property
    def staff(self) -> bool:
        """Whether this session carries the rights of staff: its person has them and signed in for them."""
        return self.session is not None and self.session.staff and any(held & STAFF for held in self.roles.values())


def cookie_name(web: Web) -> str:
    """`__Host-` binds a cookie to this very host; browsers take it over https only."""
    return "samskab" if urlsplit(web.base_url).scheme == "http" else "__Host-samskab"


def nobody(web: Web, request: Request) -> Visitor:
    """Somebody of whom we only know what the browser says."""
    locale = spoken(request.headers.get("accept-language", ""), web.house.locale)
    return Visitor(None, None, {}, locale, web.house.vault.hash(f"visitor {web.clock().date()}"), False)


async def load(web: Web, request: Request) -> Visitor:
    """Look the cookie up."""
    token = request.cookies.get(cookie_name(web), "")
    stranger = nobody(web, request)

    def run(tx: Tx) -> Visitor:
        session = sessions.find(tx, token, web.clock()) if token else None
        # The address decides, as it does for what is sent from here: it may have moved to the same human's other self.
        person_id = session and (people.owner_of(tx, Address("web", session.chat)) or session.person_id)
        person = people.get(tx, person_id) if person_id else None
        roles = dict(people.roles(tx, person.id)) if person else {}
        chosen = (person and person.locale) or (session and session.locale)
        locale = chosen or stranger.locale
        csrf = session.csrf if session else stranger.csrf
        fresh = bool(session and sessions.fresh(session, web.clock()))
        return Visitor(session, person, roles, locale, csrf, fresh, bool(chosen))

    return await web.read(run)


def spoken(accepted: str, otherwise: str, norwegian: str | None = None) -> str:
    """The first language of an Accept-Language header that we speak; any Norwegian in the form given."""
    for part in accepted.split(","):
        if locale := i18n.known(part.split(";")[0].strip(), norwegian):
            return locale
    return otherwise


def face(request: Request, mandate: Mandate) -> None:
    """Turn to a committee: who has not chosen a language reads its form of Norwegian, or its own language."""
    visitor: Visitor = request.state.visitor
    if not visitor.chosen:
        form = next((locale for locale in mandate.locales if locale in ("nb", "nn")), None)
        locale = spoken(request.headers.get("accept-language", ""), mandate.locales[0], form)
        request.state.visitor = replace(visitor, locale=locale)


def set_cookie(web: Web, response: Response, token: str, *, staff: bool = False) -> None:
    """Remember a session in the browser."""
    seconds = (sessions.STAFF if staff else sessions.CITIZEN).total_seconds()
    secure = not (web.base_url.startswith("http://") and loopback(web.base_url))
    response.set_cookie(
        cookie_name(web), token, max_age=int(seconds), path="/", secure=secure, httponly=True, samesite="lax"
    )


async def ensure(web: Web, request: Request) -> tuple[Session, str | None]:
    """The visitor's session, opened where there is none; with the token to set as a cookie if it is new."""
    visitor: Visitor = request.state.visitor
    if visitor.session is not None:
        return visitor.session, None
    now = web.clock()
    token: str = await web.write(lambda tx: sessions.open_session(tx, now, locale=visitor.locale))
    session = await web.read(lambda tx: sessions.find(tx, token, now))
    assert session is not None
    return session, token
