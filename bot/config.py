"""Settings, read once from SAMSKAB_* and .env; each has its sentence, and each secret can also stand in a file."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.urls import safe
from bot.domain.backup_keys import PUBLIC, key_of

PREFIX = "SAMSKAB_"


class SettingsError(Exception):
    """Settings that cannot be used; its text says which and what to do."""


class Settings(BaseSettings):
    """Everything that can be set about the service."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", populate_by_name=True)

    database_url: str = Field(
        "sqlite:///var/samskab.db", description="Where the data lives: a SQLite file or a PostgreSQL server."
    )
    base_url: str = Field("", description="The public address of the service, as people type it.")
    host: str = Field("127.0.0.1", description="The address the service listens on.")
    port: int = Field(
        8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("SAMSKAB_PORT", "PORT"),
        description="The port the service listens on; PORT is read too.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="At least 32 characters that nobody else knows; seals contact details."
    )
    key_dir: Path = Field(
        Path("var/keys"), description="The folder of ballot keys, on a volume that is not in any backup."
    )
    locale: str = Field("en", description="The language of pages where nothing else says: da, nb, nn or en.")
    telegram_token: SecretStr = Field(
        SecretStr(""), description="The bot's token from BotFather; set, it switches Telegram on."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="The root of the Bot API server.")
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="At least 32 letters, digits, - or _; without it Telegram is polled."
    )
    telegram_paid: bool = Field(
        False, description="Messages to many may be paid for with the bot's Stars, and go at up to 1,000 a second."
    )
    slack_bot_token: SecretStr = Field(SecretStr(""), description="The bot's token (xoxb-); set, it switches Slack on.")
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="The app's signing secret, with which Slack proves who it is."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="An app-level token (xapp-); set, Slack is read over Socket Mode."
    )
    slack_api_url: str = Field("https://slack.com/api/", description="The root of Slack's Web API, ending in /api/.")
    smtp_url: SecretStr = Field(
        SecretStr(""), description="The mail server: smtp://user:password@host:587 or smtps://host:465."
    )
    mail_from: str = Field("", description="The sender of mails, for example: Samskab <post@example.org>.")
    recording_days: int = Field(
        90, ge=1, le=365, description="After how many days a voice answer is deleted, counted from its sending."
    )
    written_recording_days: int = Field(
        30, ge=0, le=365, description="After how many days it is, counted from when it was written down."
    )
    lease_seconds: float = Field(
        10, ge=1, le=60, description="After how many seconds of silence another process may send instead."
    )
    log_level: str = Field("INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field("json", description="How a log line looks: json, or text for reading it in a terminal.")
    metrics_port: int = Field(
        0, ge=0, le=65535, description="The port for Prometheus, on this machine only; 0 is none."
    )
    backup_key: str = Field("", description="The public key that backups are sealed to.")
    forgotten_list: Path = Field(
        Path("var/forgotten.txt"), description="The list of those erased; put it on another disk than the database."
    )

    @field_validator("database_url", "telegram_api_url", "slack_api_url", "base_url")
    @classmethod
    def _tidy(cls, value: str) -> str:
        return value.strip()

    @field_validator("telegram_api_url", "slack_api_url")
    @classmethod
    def _private(cls, value: str) -> str:
        if not safe(value):
            raise ValueError("must be an https address, or one on this machine")
        return value

    @field_validator("locale")
    @classmethod
    def _spoken(cls, value: str) -> str:
        if value not in ("da", "nb", "nn", "en"):
            raise ValueError("must be da, nb, nn or en")
        return value

    @field_validator("log_level")
    @classmethod
    def _known(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _written(cls, value: str) -> str:
        if value not in ("json", "text"):
            raise ValueError("must be json or text")
        return value

    @field_validator("backup_key")
    @classmethod
    def _public(cls, value: str) -> str:
        if value:
            key_of(value, PUBLIC)
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _taken_by_telegram(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"([A-Za-z0-9_-]{32,256})?", value.get_secret_value()):
            raise ValueError("must be 32 to 256 letters, digits, - or _")
        return value

    @property
    def url(self) -> str:
        """The public address without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def backup_public(self) -> bytes | None:
        """The public key that backups are sealed to, if there is one."""
        return key_of(self.backup_key, PUBLIC) if self.backup_key else None

    def secret(self, name: str) -> str:
        """A secret's value; only where it is used."""
        value: SecretStr = getattr(self, name)
        return value.get_secret_value()


def read(env_file: Path = Path(".env"), **given: Any) -> Settings:
    """Read the settings. Raises SettingsError with one line for each that cannot be used."""
    values = {**_from_env_file(env_file), **os.environ}
    unknown = [name for name in values if name.startswith(PREFIX) and _field(name) not in Settings.model_fields]
    if unknown:
        raise SettingsError(
            "\n".join(f"{name}: no such setting; docs/operate.md lists them all" for name in sorted(unknown))
        )
    found: dict[str, Any] = {}
    if values.get("PORT"):
        found["port"] = values["PORT"]
    for name, value in values.items():
        if name.startswith(PREFIX) and value != "":
            found[_field(name)] = _from_file(name, value) if name.endswith("_FILE") else value
    try:
        return Settings(_env_file=None, **{**found, **given})
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())) from None


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    """A fault as a line: the setting's name and what is wrong with it."""
    return f"{PREFIX}{str(place[-1]).upper().removeprefix(PREFIX)}: {message.removeprefix('Value error, ')}"


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).removesuffix("_FILE").lower()


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingsError(f"{name}: {path} cannot be read ({error.strerror})") from None


def _from_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        raise SettingsError(f"{path}: others can read this file; run: chmod 600 {path}")
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path).items() if value is not None}
