"""The house as the service has it, for a command that must write to people while no service runs."""

from __future__ import annotations

from bot.config import Settings
from bot.engine.house import House
from storage import marks
from storage.database import Tx
from storage.vault import Vault


def house_of(settings: Settings, tx: Tx) -> House:
    """The accounts are those we can write from; no platform is asked."""
    accounts = {"web", "mail"}
    if token := settings.secret("telegram_token"):
        accounts.add(f"telegram:{token.partition(':')[0]}")
    if settings.secret("slack_bot_token") and (team := marks.get(tx, "slack team")):
        accounts.add(f"slack:{team}")
    return House(
        vault=Vault(settings.secret("secret_key")),
        keys=settings.key_dir,
        base_url=settings.url,
        accounts=accounts,
        locale=settings.locale,
    )
