"""How updates reach the bot: the webhook's settings, and asking for them."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.api import Api, Params
from tests.fakes.telegram.delivery import Update, Webhook
from tests.fakes.telegram.errors import ApiError, mistake

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = {None, 80, 88, 443, 8443}
LONGEST_POLL_SECONDS = 50
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HAS_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


async def set_webhook(api: Api, p: Params) -> bool:
    url = p["url"]
    if url:
        _check_address(url)
    secret = p.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise mistake("secret token contains unallowed characters")
    connections = p.get("max_connections", 40)
    if not 1 <= connections <= 100:
        raise mistake("max_connections must be between 1 and 100")
    if p.get("drop_pending_updates"):
        api.delivery.clear()
    allowed = p.get("allowed_updates", api.delivery.webhook.allowed)
    await api.delivery.set_webhook(Webhook(url, secret, connections, allowed))
    return True


async def delete_webhook(api: Api, p: Params) -> bool:
    if p.get("drop_pending_updates"):
        api.delivery.clear()
    await api.delivery.set_webhook(Webhook(allowed=api.delivery.webhook.allowed))
    return True


def webhook_info(api: Api, p: Params) -> dict[str, Any]:
    hook = api.delivery.webhook
    info = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": len(api.delivery.pending)}
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.allowed:
        info["allowed_updates"] = hook.allowed
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return info


async def get_updates(api: Api, p: Params) -> list[dict[str, Any]]:
    """Wait for news; a second asker ends the wait of the first, and the first hears of the conflict."""
    if api.delivery.webhook.url:
        raise ApiError(409, HAS_WEBHOOK)
    if api.poller is not None:
        api.poller.set()
    mine = api.poller = asyncio.Event()
    try:
        return await _news(api, p, mine)
    finally:
        if api.poller is mine:
            api.poller = None


async def _news(api: Api, p: Params, replaced: asyncio.Event) -> list[dict[str, Any]]:
    if "allowed_updates" in p:
        api.delivery.webhook.allowed = p["allowed_updates"]
    limit = p.get("limit", 100)
    if not 1 <= limit <= 100:
        raise mistake("limit must be between 1 and 100")
    _confirm(api, p.get("offset", 0))
    loop = asyncio.get_running_loop()
    end = loop.time() + min(p.get("timeout", 0), LONGEST_POLL_SECONDS)
    while not (found := api.delivery.waiting) and loop.time() < end:
        api.delivery.arrived.clear()
        waits = [asyncio.ensure_future(event.wait()) for event in (api.delivery.arrived, replaced)]
        await asyncio.wait(waits, timeout=end - loop.time(), return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if replaced.is_set():
            raise ApiError(409, OTHER_POLLER)
    return [update.body for update in found[:limit]]


def _confirm(api: Api, offset: int) -> None:
    """A negative offset keeps that many of the newest; a positive one keeps what is from there on."""
    pending: list[Update] = api.delivery.pending
    done = pending[:offset] if offset < 0 else [update for update in pending if update.id < offset]
    for update in done:
        api.delivery.confirm(update)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname:
        raise mistake("invalid webhook URL specified")
    if _is_loopback(parts.hostname):
        return
    if parts.scheme != "https":
        raise mistake("bad webhook: An HTTPS URL must be provided for webhook")
    if parts.port not in PORTS:
        raise mistake("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
