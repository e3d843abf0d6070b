"""Our accounts on the platforms: made of the settings, and known by name before they are first reached.

A platform is imported where there is a token for it: each takes half a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.chat.delivery import Accept, Found, Platform
from bot.config import Settings
from bot.engine.house import House
from handlers import router
from handlers.commands import menu
from storage import marks, news
from storage.database import Tx

if TYPE_CHECKING:
    from bot.platforms.slack import Slack
    from bot.platforms.telegram import Telegram


class Account(Platform, Protocol):
    """Ours on a platform that people come to: its name there, and the link by which a chat begins, if there is one."""

    name: str

    @property
    def door(self) -> str:
        """The link, with a hole for what the chat is about."""

    async def fetch(self, reference: str, largest: int) -> Found:
        """The bytes of what a person sent, at most so many; never raises for what the platform answers."""


def telegram(settings: Settings, accept: Accept) -> Telegram | None:
    """The bot, where there is a token."""
    if not (token := settings.secret("telegram_token")):
        return None
    from bot.platforms.telegram import Telegram

    secret = settings.secret("telegram_webhook_secret")
    return Telegram(
        token=token,
        api_url=settings.telegram_api_url,
        webhook_secret=secret,
        base_url=settings.url,
        accept=accept,
        locale=settings.locale,
        commands=menu(router),
        polling=not secret,
        paid=settings.telegram_paid,
    )


def slack(settings: Settings, accept: Accept) -> Slack | None:
    """The workspace's bot, where there is a token."""
    if not (token := settings.secret("slack_bot_token")):
        return None
    from bot.platforms.slack import Slack

    return Slack(
        bot_token=token,
        signing_secret=settings.secret("slack_signing_secret"),
        app_token=settings.secret("slack_app_token"),
        api_url=settings.slack_api_url,
        base_url=settings.url,
        accept=accept,
        locale=settings.locale,
        commands=frozenset(router.commands),
    )


def recall(tx: Tx, account: Account) -> bool:
    """Give an account the name it had when any process last reached it; False where none ever has."""
    name = marks.get(tx, _mark(account))
    if name:
        account.name = name
    return bool(name)


def note(tx: Tx, account: Account) -> None:
    """Keep an account's name for the processes that do not reach it themselves."""
    if account.name and marks.get(tx, _mark(account)) != account.name:
        marks.put(tx, _mark(account), account.name)
        news.leave(tx, "web")


def enter(house: House, account: Account) -> None:
    """From here on people can be written to from this account."""
    house.accounts.add(account.account)
    if account.door:
        house.doors["Telegram"] = account.door


def _mark(account: Account) -> str:
    return "slack team" if account.account.startswith("slack") else account.account
