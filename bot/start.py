"""What is looked at before anything starts: the settings, the socket, the database and the folder of ballot keys."""

from __future__ import annotations

import socket
from pathlib import Path

import structlog

from bot.chat.urls import loopback
from bot.config import Settings, SettingsError
from storage import ballots, committees, keys, marks
from storage.database import Database
from storage.migrate import upgrade

log = structlog.get_logger()
PARTS = ("", "web", "work")
KEYS_MARK = "key folder"
NO_FOLDER = "none yet"


def check(settings: Settings, *, demo: bool, only: str = "") -> None:
    """Refuse settings that would be unsafe. Raises SettingsError."""
    if demo:
        if settings.secret("telegram_token") or settings.secret("slack_bot_token"):
            raise SettingsError(
                "The demo runs without tokens: unset SAMSKAB_TELEGRAM_TOKEN and SAMSKAB_SLACK_BOT_TOKEN."
            )
        if not loopback(settings.url) or not loopback(f"http://{settings.host}"):
            raise SettingsError("The demo is for this machine only: unset SAMSKAB_BASE_URL and SAMSKAB_HOST.")
    if len(settings.secret("secret_key")) < 32:
        raise SettingsError(
            "SAMSKAB_SECRET_KEY: at least 32 characters are needed; samskab doctor --new-key prints one."
        )
    if only not in PARTS:
        raise SettingsError(f"--only {only}: must be web or work.")
    if only and settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "--only: several processes need PostgreSQL. Start samskab run without it, "
            "or set SAMSKAB_DATABASE_URL to a PostgreSQL server."
        )
    if only == "work" and not settings.key_dir.is_dir():
        raise SettingsError(
            f"SAMSKAB_KEY_DIR: {settings.key_dir} is not there, and this process is to open and count votes. "
            f"Mount it, or make it once with: install -d -m 700 {settings.key_dir}"
        )


def bound(settings: Settings) -> socket.socket:
    """The socket the service answers on. Raises SettingsError where it cannot be had."""
    found = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((settings.host, settings.port))
    except OSError as error:
        found.close()
        raise SettingsError(
            f"SAMSKAB_PORT: cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Is another service there? Set SAMSKAB_PORT to another number."
        ) from None
    return found


def prepare(database: Database, *, demo: bool) -> None:
    """Bring the database up to date, and keep a demo's apart from a real one. Raises SettingsError."""
    upgrade(database)
    with database.transaction() as tx:
        marked = marks.get(tx, "demo")
        if demo and marked is None:
            if committees.all_of(tx):
                raise SettingsError(
                    "This is no demo's database: it has committees of its own. Unset SAMSKAB_DATABASE_URL."
                )
            marks.put(tx, "demo", "yes")
        if not demo and marked is not None:
            raise SettingsError("This is a demo's database. Set SAMSKAB_DATABASE_URL to one of your own.")


def keys_name(database: Database, folder: Path, only: str) -> str:
    """The name that the folder of ballot keys must have; the first folder that is seen gets it.

    A process that only answers takes no folder for the right one. Raises SettingsError where one that only works
    would open and count votes with another folder.
    """
    with database.transaction() as tx:
        known = marks.get(tx, KEYS_MARK)
        unmounted = not folder.is_dir() and bool(ballots.under_way(tx))
        if known is None and only != "web" and not unmounted:
            try:
                known = marks.once(tx, KEYS_MARK, keys.take(folder))
            except OSError as error:
                log.error("key folder not usable", error=type(error).__name__, advice="samskab doctor")
    if only == "work" and (known is None or keys.name(folder) != known):
        raise SettingsError(
            f"SAMSKAB_KEY_DIR: {folder} is not the key folder of this database. Mount the right one; "
            "samskab doctor says more."
        )
    return known or NO_FOLDER


def take_folder(database: Database, folder: Path) -> None:
    """From now on this folder is the one of ballot keys; what was sealed by others cannot be counted any more."""
    with database.transaction() as tx:
        marks.put(tx, KEYS_MARK, keys.take(folder))


def wrong_folder(database: Database, folder: Path) -> bool:
    """Whether the database names another folder of ballot keys than this one."""
    with database.reading() as tx:
        known = marks.get(tx, KEYS_MARK)
    return known is not None and keys.name(folder) != known
