"""The way to one's own calendar address: it is shown on the web page only, and only once."""

from __future__ import annotations

from bot.chat.messages import Link, Secret
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import _

router = Router()


@router.command("calendar", who=anyone, words=("calendar", "kalender", "kalendar"))
def calendar(chat: Chat, argument: str) -> None:
    """All one's meetings in one's own calendar."""
    text = _("Your calendar can fetch all your meetings by itself. On our web page you get an address for it.")
    chat.say(text, Link(_("Get the address"), Secret("login", "/calendar")))
