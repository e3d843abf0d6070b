"""Files that people send in Slack: where each is we ask Slack itself, and the token goes to no other host."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.chat.delivery import Fetched, Found, Lost, RetryAfter
from bot.platforms.slack_wire import Failure, Wire

# What comes instead of a file where the app may not read it: the page to sign in.
PAGE = "text/html"


async def fetch(wire: Wire, file_id: str, largest: int) -> Found:
    """The bytes of a file that a person sent; never raises for what Slack answers."""
    try:
        about = (await wire.call("files.info", form=True, file=file_id))["file"]
        if int(about.get("size") or 0) > largest:
            return Lost(large=True)
        address = str(about["url_private_download"])
        if not slacks_own(address, wire.api_url):
            return Lost()
        kind, data = await wire.get(address, largest)
    except Failure as failure:
        again = failure.unclear or failure.status == 429 or failure.code == "out of reach"
        return RetryAfter(failure.after) if again else Lost()
    except (LookupError, TypeError, ValueError):
        return Lost()
    if kind.startswith(PAGE):
        return Lost()
    return Lost(large=True) if len(data) > largest else Fetched(data)


def slacks_own(address: str, api_url: str) -> bool:
    """Whether an address is of Slack, or of the server that stands for it."""
    host = urlsplit(address).hostname or ""
    return host == "slack.com" or host.endswith(".slack.com") or host == urlsplit(api_url).hostname
