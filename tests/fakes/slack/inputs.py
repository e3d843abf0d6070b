"""Filling the inputs of a window by their visible labels, and what a client lets nobody send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.slack.elements import Json
from tests.fakes.slack.seen import words
from tests.fakes.slack.world import View, elements_of

ONE, SEVERAL = ("radio_buttons", "static_select"), ("checkboxes", "multi_static_select")
REQUIRED = "Please complete this required field."


def start(view: View) -> None:
    """Put the initial values of a window where nothing stands yet."""
    for block, element in elements_of(view.body["blocks"]):
        if element["type"] != "button":
            view.values.setdefault((block["block_id"], element["action_id"]), initial(element))


def initial(element: Json) -> Json:
    kind = element["type"]
    if kind in SEVERAL:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": element.get("initial_date")}
    if kind == "timepicker":
        return {"type": kind, "selected_time": element.get("initial_time")}
    return {"type": kind, "value": element.get("initial_value")}


def find(view: View, label: str) -> tuple[Json, Json]:
    """The input with a label; in other blocks the words beside it, or its placeholder, are its label."""
    found = [(block, element) for block, element in elements_of(view.body["blocks"]) if element["type"] != "button"]
    for block, element in found:
        if label in _labels(block, element):
            return block, element
    visible = [name for block, element in found for name in _labels(block, element)]
    raise AssertionError(f"there is no input {label!r}; visible are {visible}")


def _labels(block: Json, element: Json) -> list[str]:
    labels = (words(block.get("label")), words(block.get("text")), words(element.get("placeholder")))
    return [label for label in labels if label]


def filled(element: Json, value: Any) -> Json:
    """The state of an input with a value, which is given as the person sees it."""
    kind = element["type"]
    if kind in SEVERAL:
        labels = [value] if isinstance(value, str) else list(value)
        most = element.get("max_selected_items", len(labels))
        assert len(labels) <= most, f"no more than {most} may be chosen"
        return {"type": kind, "selected_options": [_option(element, label) for label in labels]}
    if kind in ONE:
        return {"type": kind, "selected_option": _option(element, value) if value else None}
    if kind in ("datepicker", "timepicker"):
        return {
            "type": kind,
            "selected_date" if kind == "datepicker" else "selected_time": str(value) if value else None,
        }
    return {"type": kind, "value": _text(element, str(value)) or None}


def _text(element: Json, text: str) -> str:
    most = element.get("max_length", 3000)
    assert len(text) <= most, f"no more than {most} characters can be typed"
    assert element.get("multiline") or "\n" not in text, "there is one line only"
    return text


def _option(element: Json, label: str) -> Json:
    options: list[Json] = options_of(element)
    for option in options:
        if words(option["text"]) == label:
            return option
    raise AssertionError(f"there is no option {label!r}; visible are {[words(option['text']) for option in options]}")


def options_of(element: Json) -> list[Json]:
    groups: Sequence[Json] = element.get("option_groups") or [element]
    return [option for group in groups for option in group.get("options", [])]


def incomplete(view: View) -> dict[str, str]:
    """What a client says before it sends anything."""
    found = {}
    for block in view.body["blocks"]:
        if block["type"] == "input":
            value = view.values[block["block_id"], block["element"]["action_id"]]
            content = next((part for key, part in value.items() if key != "type"), None)
            least = block["element"].get("min_length", 0)
            if not content and not block.get("optional"):
                found[words(block["label"])] = REQUIRED
            elif isinstance(content, str) and len(content) < least:
                found[words(block["label"])] = f"Please enter at least {least} characters."
    return found
