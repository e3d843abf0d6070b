"""Looks whether everything is in order: each check has a name, and a sentence on what to do where it fails."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from bot import i18n
from bot.chat.urls import safe
from bot.config import Settings
from bot.start import wrong_folder
from storage import ballots, keys
from storage.database import Database
from storage.migrate import NewDatabaseError, pending


def examine(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Yield (what was looked at, None or what to do), one after the other."""
    checks: tuple[tuple[str, Callable[[Settings], str | None]], ...] = (
        ("secret key", _secret_key),
        ("public address", _base_url),
        ("ballot key folder", _key_folder),
        ("database", _database),
        ("ballots", _ballots),
        ("mail server", _mail),
        ("Telegram", _telegram),
        ("Slack", _slack),
        ("languages", _languages),
    )
    for name, check in checks:
        yield name, check(settings)


def _secret_key(settings: Settings) -> str | None:
    if len(settings.secret("secret_key")) >= 32:
        return None
    return "set SAMSKAB_SECRET_KEY to what `samskab doctor --new-key` prints"


def _base_url(settings: Settings) -> str | None:
    if safe(settings.url):
        return None
    return "SAMSKAB_BASE_URL must begin with https://, or people's answers travel in clear"


def _key_folder(settings: Settings) -> str | None:
    folder = settings.key_dir
    if not folder.is_dir():
        return f"make it with: install -d -m 700 {folder}"
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return f"others can read it; run: chmod 700 {folder}"
    try:
        if wrong_folder(Database(settings.database_url), folder):
            return "the database names another one; mount that, or if it is lost: samskab doctor --this-key-folder"
    except (SQLAlchemyError, OSError):
        pass  # said under "database"
    return None


def _database(settings: Settings) -> str | None:
    try:
        return "run: samskab migrate" if pending(Database(settings.database_url)) else None
    except NewDatabaseError as error:
        return str(error)
    except (SQLAlchemyError, OSError) as error:
        return f"it cannot be opened ({type(error).__name__}); is it running, and is SAMSKAB_DATABASE_URL right?"


def _ballots(settings: Settings) -> str | None:
    try:
        with Database(settings.database_url).reading() as tx:
            lost = [one for one in ballots.under_way(tx) if not keys.exists(settings.key_dir, one)]
    except (SQLAlchemyError, OSError):
        return None  # said under "database"
    if not lost:
        return None
    return (
        f"the keys of prioritisations {', '.join(map(str, lost))} are not here; mount SAMSKAB_KEY_DIR, or they are void"
    )


def _mail(settings: Settings) -> str | None:
    if not settings.secret("smtp_url"):
        return "no mail server: set SAMSKAB_SMTP_URL, or people without a chat hear nothing"
    return None if settings.mail_from else "set SAMSKAB_MAIL_FROM to the sender of mails"


def _telegram(settings: Settings) -> str | None:
    if not settings.secret("telegram_token"):
        return None
    secret = settings.secret("telegram_webhook_secret")
    if secret and len(secret) < 32:
        return "SAMSKAB_TELEGRAM_WEBHOOK_SECRET needs 32 characters or more"
    return None


def _slack(settings: Settings) -> str | None:
    if not settings.secret("slack_bot_token"):
        return None
    if not settings.secret("slack_signing_secret") and not settings.secret("slack_app_token"):
        return "set SAMSKAB_SLACK_SIGNING_SECRET (events over HTTP) or SAMSKAB_SLACK_APP_TOKEN (Socket Mode)"
    return None


def _languages(settings: Settings) -> str | None:
    empty = [locale for locale in i18n.LOCALES if locale != "en" and not i18n.catalogue(locale).messages]
    return f"no texts in {', '.join(empty)}: the locales folder is missing" if empty else None
