"""The bot's own card: who it is, its commands and its descriptions."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.telegram.api import Api, Method, Params
from tests.fakes.telegram.errors import mistake

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
LONGEST_COMMAND_DESCRIPTION, MOST_COMMANDS = 256, 100


def get_me(api: Api, p: Params) -> dict[str, Any]:
    rights = ("can_join_groups", "can_connect_to_business", "has_main_web_app", "has_topics_enabled")
    other = ("can_read_all_group_messages", "supports_inline_queries", "allows_users_to_create_topics")
    return api.world.bot() | dict.fromkeys(rights + other, False) | {"can_join_groups": True}


def set_commands(api: Api, p: Params) -> bool:
    commands = p["commands"]
    if len(commands) > MOST_COMMANDS:
        raise mistake("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise mistake("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= LONGEST_COMMAND_DESCRIPTION:
            raise mistake("BOT_COMMAND_DESCRIPTION_INVALID")
    api.world.commands[_place(api, p)] = [
        {"command": command["command"].removeprefix("/"), "description": command["description"].strip()}
        for command in commands
    ]
    return True


def get_commands(api: Api, p: Params) -> list[dict[str, str]]:
    return api.world.commands.get(_place(api, p), [])


def delete_commands(api: Api, p: Params) -> bool:
    api.world.commands.pop(_place(api, p), None)
    return True


def set_name(api: Api, p: Params) -> bool:
    name = p.get("name", "")
    language = _language(p)
    if len(name) > 64:
        raise mistake("BOT_NAME_TOO_LONG")
    if not name and not language:
        raise mistake("name is empty")
    api.world.names[language] = name
    return True


def get_name(api: Api, p: Params) -> dict[str, str]:
    return {"name": api.world.names.get(_language(p)) or api.world.names[""]}


def setter(field: str, most: int) -> Method:
    """The method that keeps one of the two descriptions."""

    def set_text(api: Api, p: Params) -> bool:
        text = p.get(field, "")
        if len(text) > most:
            raise mistake(f"{field} must not be longer than {most} characters")
        api.world.descriptions[field, _language(p)] = text
        return True

    return set_text


def getter(field: str) -> Method:
    """The method that shows it, in that language or else the default."""

    def get_text(api: Api, p: Params) -> dict[str, str]:
        texts = api.world.descriptions
        return {field: texts.get((field, _language(p))) or texts.get((field, ""), "")}

    return get_text


def _place(api: Api, p: Params) -> tuple[str, str]:
    scope = p.get("scope", {"type": "default"})
    if scope["type"].startswith("chat"):
        api.world.known(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), _language(p)


def _language(p: Params) -> str:
    language: str = p.get("language_code", "")
    if language and not LANGUAGE.fullmatch(language):
        raise mistake("invalid language code specified")
    return language
