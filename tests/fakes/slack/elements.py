"""The rules for what stands inside a block: texts, options, buttons and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

ELEMENTS: dict[str, frozenset[str]] = {
    name: frozenset(keys.split()) | {"type", "action_id"}
    for name, keys in {
        "button": "text value url style confirm accessibility_label",
        "static_select": "options option_groups initial_option placeholder confirm focus_on_load",
        "multi_static_select": "options option_groups initial_options placeholder confirm max_selected_items"
        " focus_on_load",
        "radio_buttons": "options initial_option confirm focus_on_load",
        "checkboxes": "options initial_options confirm focus_on_load",
        "overflow": "options confirm",
        "datepicker": "initial_date placeholder confirm focus_on_load",
        "timepicker": "initial_time placeholder confirm focus_on_load timezone",
        "plain_text_input": "initial_value multiline min_length max_length placeholder dispatch_action_config"
        " focus_on_load",
    }.items()
}
IN_ACTIONS = frozenset(ELEMENTS) - {"plain_text_input"}
IN_SECTION = IN_ACTIONS | {"image"}
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow"}
MOST_OPTIONS = {"static_select": 100, "multi_static_select": 100, "radio_buttons": 10, "checkboxes": 10, "overflow": 5}
MARKED_OPTIONS = ("radio_buttons", "checkboxes")


def text_problems(where: str, found: Any, longest: int, *, plain: bool = False) -> Iterator[str]:
    """A text object, of one to `longest` characters."""
    if not isinstance(found, dict) or found.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{where} must be a text object"
        return
    if plain and found["type"] != "plain_text":
        yield f"{where} must be plain_text"
    other = "emoji" if found["type"] == "plain_text" else "verbatim"
    yield from unknown_keys(where, found, frozenset({"type", "text", other}))
    text = found.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= longest:
        yield f"{where} must have 1 to {longest} characters"


def string_problems(where: str, found: Any, longest: int) -> Iterator[str]:
    if found is not None and (not isinstance(found, str) or len(found) > longest):
        yield f"{where} must be a string of at most {longest} characters"


def unknown_keys(where: str, found: Json, known: frozenset[str]) -> Iterator[str]:
    for key in sorted(found.keys() - known):
        yield f"{where} has an unknown key {key}"


def element_problems(where: str, element: Any, allowed: frozenset[str]) -> Iterator[str]:
    """An interactive element that may stand in this kind of block."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed or kind not in ELEMENTS:
        yield f"{where} may not be {kind}"
        return
    where = f"{where} {kind}"
    yield from unknown_keys(where, element, ELEMENTS[kind])
    yield from string_problems(f"{where} action_id", element.get("action_id"), 255)
    if "placeholder" in element:
        yield from text_problems(f"{where} placeholder", element["placeholder"], 150, plain=True)
    if "confirm" in element:
        yield from _confirm_problems(f"{where} confirm", element["confirm"])
    if kind == "button":
        yield from _button_problems(where, element)
    elif kind == "plain_text_input":
        yield from _input_problems(where, element)
    elif kind in MOST_OPTIONS:
        yield from _choice_problems(where, kind, element)


def _button_problems(where: str, button: Json) -> Iterator[str]:
    yield from text_problems(f"{where} text", button.get("text"), 75, plain=True)
    yield from string_problems(f"{where} value", button.get("value"), 2000)
    yield from string_problems(f"{where} url", button.get("url"), 3000)
    if button.get("style") not in (None, "primary", "danger"):
        yield f"{where} style must be primary or danger"


def _confirm_problems(where: str, confirm: Any) -> Iterator[str]:
    if not isinstance(confirm, dict):
        yield f"{where} must be an object"
        return
    for key, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from text_problems(f"{where} {key}", confirm.get(key), longest, plain=key != "text")


def _input_problems(where: str, element: Json) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not 0 <= least <= 3000 or not 1 <= most <= 3000 or least > most:
        yield f"{where} takes from 0 to 3000 characters, of which the least is not above the most"
    if len(element.get("initial_value", "")) > most:
        yield f"{where} initial_value is longer than max_length"


def _choice_problems(where: str, kind: str, element: Json) -> Iterator[str]:
    groups = element.get("option_groups") or [{"options": element.get("options")}]
    known: list[Any] = []
    for group in groups:
        options = group.get("options")
        if not isinstance(options, list) or not 1 <= len(options) <= MOST_OPTIONS[kind]:
            yield f"{where} must have 1 to {MOST_OPTIONS[kind]} options"
            return
        for option in options:
            yield from _option_problems(f"{where} option", option, plain=kind not in MARKED_OPTIONS)
        known += options
    given = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else [])
    if any(option not in known for option in given) or element.get("initial_options") == []:
        yield f"{where} must start with options of its own"


def _option_problems(where: str, option: Any, *, plain: bool) -> Iterator[str]:
    if not isinstance(option, dict):
        yield f"{where} must be an object"
        return
    yield from unknown_keys(where, option, frozenset({"text", "value", "description", "url"}))
    yield from text_problems(f"{where} text", option.get("text"), 75, plain=plain)
    if not isinstance(option.get("value"), str) or not 1 <= len(option["value"]) <= 150:
        yield f"{where} value must have 1 to 150 characters"
    if "description" in option:
        yield from text_problems(f"{where} description", option["description"], 75, plain=plain)
