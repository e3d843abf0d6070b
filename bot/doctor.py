"""Looks whether everything is in order: each check has a name, and a sentence on what to do where it fails."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.catalogues import LOCALES, catalogue
from bot.chat.urls import safe
from bot.config import PREFIX, Settings
from bot.logs import redact
from bot.operate import outside
from bot.operate.outside import Heard, Silent
from bot.start import wrong_folder
from storage import ballots, keys, portable, restored, rights
from storage.database import Database
from storage.migrate import NewDatabaseError, pending
from storage.vault import Vault

Check = Callable[["Doctor"], str | None]
SKEW = 2.0  # seconds: signatures and leases depend on the clock
ROOM = 500_000_000  # bytes
CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")


def examine(
    settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[tuple[str, str | None]]:
    """Yield (what was looked at, None or what to do), one after the other; never a secret."""
    doctor = Doctor(settings, now)
    for name, check in CHECKS.items():
        fault = check(doctor)
        yield name, None if fault is None else _without_secrets(settings, fault)


def _without_secrets(settings: Settings, text: str) -> str:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            text = text.replace(value.get_secret_value(), "[secret]")
    found: str = redact(text)
    return found


class Doctor:
    """The settings, the moment, and what was heard so far."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.now = now
        self.ahead: dict[str, float] = {}

    def secret_key(self) -> str | None:
        key = self.settings.secret("secret_key")
        if len(key) < 32:
            return "set SAMSKAB_SECRET_KEY to what `samskab doctor --new-key` prints"
        try:
            Vault(key).open(self._read(restored.sealed_sample, None))
        except ValueError:
            return "SAMSKAB_SECRET_KEY is not the one this database was sealed with; nobody's address can be read"
        return None

    def secret_files(self) -> str | None:
        """Files that settings point at."""
        named = {name: Path(path) for name, path in os.environ.items() if name.startswith(PREFIX)}
        files = {name: path for name, path in named.items() if name.endswith("_FILE") and path.is_file()}
        wide = [name for name, path in files.items() if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
        return f"others can read the files of {', '.join(wide)}; run: chmod 600 on each" if wide else None

    def public_address(self) -> str | None:
        if not safe(self.settings.url):
            return "SAMSKAB_BASE_URL must begin with https://, or people's answers travel in clear"
        if not self._running():
            return None
        try:
            status = self._ask("our own address", f"{self.settings.url}/livez").status
        except Silent as silent:
            return f"the service runs, but SAMSKAB_BASE_URL does not answer ({silent}); look at the proxy and the name"
        return None if status == 200 else f"SAMSKAB_BASE_URL answers {status}, not as our service; look at the proxy"

    def key_folder(self) -> str | None:
        folder = self.settings.key_dir
        if not folder.is_dir():
            return f"make it with: install -d -m 700 {folder}"
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return f"others can read it; run: chmod 700 {folder}"
        try:
            with closing(Database(self.settings.database_url)) as found:
                if wrong_folder(found, folder):
                    return "the database names another; mount that, or if it is lost: samskab doctor --this-key-folder"
        except (SQLAlchemyError, OSError):
            pass  # said under "database"
        return None

    def database(self) -> str | None:
        try:
            with closing(Database(self.settings.database_url)) as found:
                return "run: samskab migrate" if pending(found) else None
        except NewDatabaseError as error:
            return str(error)
        except (SQLAlchemyError, OSError) as error:
            return f"it cannot be opened ({type(error).__name__}); is it running, and is SAMSKAB_DATABASE_URL right?"

    def whole(self) -> str | None:
        found: list[str] = self._read(portable.faults, [])
        return f"it is not whole ({'; '.join(found)}); restore the last good backup" if found else None

    def room(self) -> str | None:
        """On the disk of a SQLite file, which grows by as much again while it is tidied."""
        with closing(Database(self.settings.database_url)) as found:
            file = Path(found.url.database or "") if found.sqlite else None
        if file is None or not file.is_file():
            return None
        free, needed = shutil.disk_usage(file.parent).free, max(ROOM, 2 * file.stat().st_size)
        return f"{free >> 20} MB are free and {needed >> 20} are needed; make room" if free < needed else None

    def ballots(self) -> str | None:
        folder = self.settings.key_dir
        if not self._read(rights.may_tidy, True):
            return (
                "the database user does not own the table voter, so sealed votes stay after a count; see docs/deploy.md"
            )
        lost = ", ".join(str(one) for one in self._read(ballots.under_way, ()) if not keys.exists(folder, one))
        return (
            f"the keys of prioritisations {lost} are not here; mount SAMSKAB_KEY_DIR, or they are void"
            if lost
            else None
        )

    def mail(self) -> str | None:
        if not self.settings.secret("smtp_url"):
            return "no mail server: set SAMSKAB_SMTP_URL, or people without a chat hear nothing"
        if not self.settings.mail_from:
            return "set SAMSKAB_MAIL_FROM to the sender of mails"
        try:
            outside.mail(self.settings.secret("smtp_url"))
        except Silent as silent:
            return f"the mail server does not answer ({silent}); look at SAMSKAB_SMTP_URL and the network"
        return None

    def telegram(self) -> str | None:
        token = self.settings.secret("telegram_token")
        if not token:
            return None
        root = f"{self.settings.telegram_api_url.rstrip('/')}/bot{token}"
        try:
            if self._ask("Telegram", f"{root}/getMe").status in (401, 404):
                return "Telegram does not know SAMSKAB_TELEGRAM_TOKEN; take the present one from BotFather"
            info = self._ask("Telegram", f"{root}/getWebhookInfo").said.get("result", {})
        except Silent as silent:
            return f"Telegram does not answer ({silent}); look at the network and SAMSKAB_TELEGRAM_API_URL"
        if not self.settings.secret("telegram_webhook_secret"):
            return outside.polled(info)
        ours = f"{self.settings.url}/telegram"
        return outside.webhook(info, ours, self.now(), running=self._running())

    def slack(self) -> str | None:
        token = self.settings.secret("slack_bot_token")
        if not token:
            return None
        if not self.settings.secret("slack_signing_secret") and not self.settings.secret("slack_app_token"):
            return "set SAMSKAB_SLACK_SIGNING_SECRET (events over HTTP) or SAMSKAB_SLACK_APP_TOKEN (Socket Mode)"
        try:
            url = f"{self.settings.slack_api_url.rstrip('/')}/auth.test"
            said = self._ask("Slack", url, token=token, post=True).said
        except Silent as silent:
            return f"Slack does not answer ({silent}); look at the network and SAMSKAB_SLACK_API_URL"
        if said.get("ok"):
            return None
        return f"Slack refuses SAMSKAB_SLACK_BOT_TOKEN ({said.get('error')}); install the app anew and take its token"

    def clock(self) -> str | None:
        """After the platforms, whose answers say what time it is there."""
        if (seconds := self._read(restored.ahead_of, None, self.now)) is not None:
            self.ahead["the database server"] = seconds
        off = [
            f"{abs(one):.0f} s {'ahead of' if one > 0 else 'behind'} {who}"
            for who, one in self.ahead.items()
            if abs(one) > SKEW
        ]
        return f"this machine is {', '.join(off)}; let it keep time, such as by systemd-timesyncd" if off else None

    def languages(self) -> str | None:
        others = [locale for locale in LOCALES if locale != "en"]
        every = set().union(*(catalogue(locale).messages for locale in others))
        if not every:
            return "the locales folder is missing; install the program anew"
        short = [locale for locale in others if every - catalogue(locale).messages.keys()]
        return f"texts are missing in {', '.join(short)}; install the program anew" if short else None

    def memory_dumps(self) -> str | None:
        """The service asks for none; a program that takes them all the same would keep keys and open votes."""
        pattern = CORE_PATTERN.read_text().strip() if CORE_PATTERN.exists() else ""
        if not pattern.startswith("|") or "systemd-coredump" in pattern:
            return None
        return "memory dumps go to a program that may keep them; run: sysctl -w kernel.core_pattern=core"

    def _running(self) -> bool:
        return bool(self._read(restored.serving, [], self.now()))

    def _ask(self, who: str, url: str, *, token: str = "", post: bool = False) -> Heard:
        heard = outside.ask(url, self.now, token=token, post=post)
        if heard.ahead is not None:
            self.ahead[who] = heard.ahead
        return heard

    def _read(self, run: Callable[..., object], otherwise: object, *more: object):  # type: ignore[no-untyped-def]
        """What a database says that can be read; whether it can is said under its own name."""
        try:
            with closing(Database(self.settings.database_url)) as found, found.reading() as tx:
                return run(tx, *more)
        except (SQLAlchemyError, OSError):
            return otherwise


CHECKS: dict[str, Check] = {
    "secret key": Doctor.secret_key,
    "files of secrets": Doctor.secret_files,
    "public address": Doctor.public_address,
    "ballot key folder": Doctor.key_folder,
    "database": Doctor.database,
    "database is whole": Doctor.whole,
    "room on the disk": Doctor.room,
    "ballots": Doctor.ballots,
    "mail server": Doctor.mail,
    "Telegram": Doctor.telegram,
    "Slack": Doctor.slack,
    "clock": Doctor.clock,
    "languages": Doctor.languages,
    "memory dumps": Doctor.memory_dumps,
}
