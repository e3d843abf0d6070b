"""Rendering: templates in the visitor's language, and friendly pages for what goes wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot import i18n
from bot.catalogues import LOCALES
from bot.chat.delivery import Unavailable
from bot.chat.events import RenderedField
from bot.text import Text, Words
from bot.web.session import Visitor
from storage.trouble import unwell

log = structlog.get_logger()
FLASH = "samskab-flash"
STATIC = Path(__file__).parent / "static"
# Part of the addresses of style and script, so that a browser never mixes an old one with new pages.
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:8]

environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs; a single line break stays one."""
    blocks = [part for part in text.split("\n\n") if part.strip()]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in block.split("\n"))) for block in blocks
    )


def lines(text: str) -> Markup:
    """Plain text with its line breaks, for places that hold no paragraphs, such as a label; what follows the first
    paragraph explains it, and stands in plainer letters.
    """
    first, _blank, rest = text.partition("\n\n")
    said = _broken(first)
    return said + Markup('<span class="explains">{}</span>').format(_broken(rest)) if rest.strip() else said


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n") if line.strip())


def folded(fields: Sequence[RenderedField]) -> list[tuple[RenderedField, list[RenderedField]]]:
    """Each field of a form with its translations, which few need and which need not stand open."""
    groups: list[tuple[RenderedField, list[RenderedField]]] = []
    for field in fields:
        stem, _low, locale = field.key.rpartition("_")
        first = groups[-1][0] if groups else None
        if first and field.optional and locale in LOCALES and first.key.rpartition("_")[0] == stem:
            groups[-1][1].append(field)
        else:
            groups.append((field, []))
    return groups


environment.filters |= {"paragraphs": paragraphs, "lines": lines, "folded": folded}


def render(request: Request, template: str, status: int = 200, zone: str = "", **values: Any) -> Response:
    """A page in the visitor's language."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    locale = visitor.locale
    path = values.pop("path", request.url.path)
    place = zone or (visitor.person.zone if visitor.person and visitor.person.zone else web.house.zone)

    def translate(message: str, **params: object) -> str:
        return i18n.say(Text(message, params), locale, place)

    def say(words: Words | datetime) -> str:
        return i18n.say(words, locale, place)

    def lang(words: object) -> Markup:
        """Says of somebody's own words that they stand in another language than the page."""
        if not isinstance(words, Mapping) or words.get(locale):
            return Markup("")
        spoken = next((code for code, text in words.items() if text == i18n.choose(words, locale)), locale)
        return Markup(' lang="{}"').format(spoken)

    # What a script fetches in the background is not a page that a person sees.
    flash = "" if request.headers.get("sec-fetch-dest") == "empty" else taken_flash(request)
    html = environment.get_template(template).render(
        _=translate,
        say=say,
        lang=lang,
        version=VERSION,
        locale=locale,
        locales=i18n.NAMES,
        visitor=visitor,
        csrf=visitor.csrf,
        nonce=lambda: secrets.token_urlsafe(12),
        path=path,
        flash=flash,
        demo=web.demo,
        personal=visitor.session is not None or not (path == "/" or path.startswith("/c/")),
        **values,
    )
    response = HTMLResponse(html, status)
    if flash:
        response.delete_cookie(FLASH)
    return response


def seen(path: str, flash: str = "") -> Response:
    """After a POST: see the result at another address, with a short line over it."""
    response = RedirectResponse(path, 303)
    if flash:
        value = base64.urlsafe_b64encode(json.dumps(flash).encode()).decode()
        response.set_cookie(FLASH, value, max_age=120, path="/", httponly=True, samesite="strict")
    return response


def taken_flash(request: Request) -> str:
    """The short line that was left for this page."""
    try:
        text = json.loads(base64.urlsafe_b64decode(request.cookies.get(FLASH, "")))
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


async def refused(request: Request, error: Exception) -> Response:
    """A request that is not taken: what happened and what to do next."""
    status = getattr(error, "status_code", 400)
    headers = getattr(error, "headers", None)
    if not hasattr(request.state, "visitor"):  # a platform's door, where nobody reads pages
        return PlainTextResponse("", status, headers)
    response = render(request, "error.html", status, code=status, path=shown_path(request))
    response.headers.update(headers or {})
    return response


def shown_path(request: Request) -> str:
    """The address to stay at when the language is switched: not one that only takes forms."""
    return request.url.path if request.method in ("GET", "HEAD") else "/"


async def failed(request: Request, error: Exception) -> Response:
    """A programming error, logged once without anything personal; or a database that must be asked again."""
    if isinstance(error, Unavailable) or unwell(error):
        response = render(request, "error.html", 503, code=503, path=shown_path(request))
        response.headers["Retry-After"] = str((error if isinstance(error, Unavailable) else Unavailable()).retry_after)
        return response
    log.error("page failed", route=getattr(request.scope.get("route"), "path", ""), error=type(error).__name__)
    return render(request, "error.html", 500, code=500, path=shown_path(request))
