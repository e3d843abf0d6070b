"""The table of Web API methods, and what may be given to each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slack_sdk import WebClient

from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError, breach
from tests.fakes.slack.world import World

Work = Callable[[World, Json], Json]
MORE = {"token"}
STRINGS = ("channel", "ts", "text", "user", "user_id", "trigger_id", "view_id", "hash", "thread_ts", "users")
OBJECTS = {"blocks": list, "attachments": list, "files": list, "view": dict, "metadata": dict}


@dataclass(frozen=True)
class Method:
    """One method: what it must get, whether it reads JSON bodies, and whose token it wants."""

    work: Work
    required: tuple[str, ...]
    takes_json: bool
    token: str
    known: frozenset[str] | None


METHODS: dict[str, Method] = {}


def method(
    name: str, *required: str, takes_json: bool = True, token: str = "bot", anything: bool = False
) -> Callable[[Work], Work]:
    """Put a function into the table under its method's name."""

    def add(work: Work) -> Work:
        METHODS[name] = Method(work, required, takes_json, token, None if anything else known_arguments(name))
        return work

    return add


def known_arguments(name: str) -> frozenset[str]:
    """The arguments that Slack's own client knows."""
    function = getattr(WebClient, name.replace(".", "_"))
    parameters = inspect.signature(function).parameters.values()
    return frozenset(one.name for one in parameters if one.kind is one.KEYWORD_ONLY) | MORE


def check(found: Method, args: Json) -> None:
    """Refuse what the method does not know, does not understand, or misses."""
    rules = list(_objections(found, args))
    if rules:
        raise breach("invalid_arguments", *rules)


def _objections(found: Method, args: Json) -> Iterator[str]:
    for key in sorted(args.keys() - found.known) if found.known is not None else ():
        yield f"unknown argument {key}"
    for key in found.required:
        if args.get(key) in (None, ""):
            yield f"missing argument {key}"
    for key, kind in OBJECTS.items():
        if key in args and not isinstance(args[key], kind):
            yield f"argument {key} must be a {kind.__name__}"
    for key in STRINGS:
        if key in args and not isinstance(args[key], str):
            yield f"argument {key} must be a string"


def truth(value: object) -> bool:
    """A boolean, as JSON or as a form says it."""
    return value in (True, 1, "1", "true", "True")


@method("api.test", anything=True, token="")
def api_test(_world: World, args: Json) -> Json:
    if args.get("error"):
        raise ApiError(str(args["error"]))
    return {"args": {key: value for key, value in args.items() if key != "token"}}
