"""Logs: one line an event, as JSON or as text, without a token in any of them and without anything a person wrote."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

# Telegram puts the bot's token in addresses; Slack's begin with xox or xapp; ours are long hex or base64 in links.
TOKENS = re.compile(
    r"(?<!\d)\d{5,12}:[A-Za-z0-9_-]{30,}|xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|(?<=/login/)[A-Za-z0-9_-]+|(?<=/bot)\d+:[^/\s]+"
)

# Either comes after the tokens are taken out, exceptions included.
FORMS: dict[str, Any] = {
    "json": structlog.processors.JSONRenderer(ensure_ascii=False),
    "text": structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
}


def redact(value: Any) -> Any:
    """A value without tokens."""
    if isinstance(value, str):
        return TOKENS.sub("[secret]", value)
    if isinstance(value, dict):
        return {key: redact(item) for key, item in value.items()}
    return [redact(item) for item in value] if isinstance(value, list | tuple) else value


def _redact(logger: Any, method: str, event: EventDict) -> EventDict:
    return {key: redact(value) for key, value in event.items()}


def configure(level: str, form: str = "json") -> None:
    """Log to standard error; libraries that would log addresses speak only up from warnings."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(
                    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
                ),
                _redact,
                FORMS[form],
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in (
        "httpx",
        "httpcore",
        "aiohttp",
        "telegram",
        "slack_sdk",
        "slack_bolt",
        "apscheduler",
        "uvicorn",
        "asyncio",
        "matplotlib",
        "alembic",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
