"""The rules for blocks, messages and views, each sentence naming what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    Json,
    element_problems,
    string_problems,
    text_problems,
    unknown_keys,
)

IN_MESSAGE, IN_VIEW = 50, 100
MOST_CHARACTERS = 13_200
VIEW_BYTES = 250_000
BLOCKS: dict[str, frozenset[str]] = {
    name: frozenset(keys.split()) | {"type", "block_id"}
    for name, keys in {
        "section": "text fields accessory expand",
        "header": "text",
        "actions": "elements",
        "context": "elements",
        "divider": "",
        "image": "image_url slack_file alt_text title",
        "input": "label hint element optional dispatch_action",
        "rich_text": "elements",
    }.items()
}
VIEWS: dict[str, frozenset[str]] = {
    name: frozenset(keys.split()) | {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    for name, keys in {"modal": "title submit close clear_on_close notify_on_close submit_disabled", "home": ""}.items()
}


def block_problems(blocks: Any, most: int, files: Mapping[str, bool] | None = None) -> Iterator[str]:
    """All that is wrong with a list of blocks; `files` are the pictures Slack has."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        yield "blocks must be a list of objects"
        return
    if len(blocks) > most:
        yield f"no more than {most} blocks, found {len(blocks)}"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(names) != len(set(names)):
        yield "block_id must be unique"
    for number, block in enumerate(blocks):
        found = list(_one_block(f"blocks[{number}]", block, files))
        yield from found or _models_objection(f"blocks[{number}]", block)


def message_problems(args: Json, files: Mapping[str, bool], longest: int) -> Iterator[tuple[str, str]]:
    """What is wrong with the content of a message, each with the code of the refusal."""
    text, blocks = args.get("text"), args.get("blocks")
    if not text:
        yield "no_text", "text must be given, it is what notifications and screen readers say"
    elif len(text) > longest:
        yield "msg_too_long", f"text has more than {longest} characters"
    if blocks is None:
        return
    size = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    if size > MOST_CHARACTERS:
        yield "msg_blocks_too_long", f"blocks have {size} characters, more than {MOST_CHARACTERS}"
    for problem in block_problems(blocks, IN_MESSAGE, files):
        yield "invalid_blocks", problem


def view_problems(view: Any, kind: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a modal or a home page, each with the code of the refusal."""
    if not isinstance(view, dict) or view.get("type") != kind:
        yield "invalid_arguments", f"view must be of the type {kind}"
        return
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        yield "view_too_large", "view has more than 250 kB"
    for problem in _view_parts(view, kind):
        yield "invalid_arguments", problem


def _view_parts(view: Json, kind: str) -> Iterator[str]:
    yield from unknown_keys("view", view, VIEWS[kind])
    for key, longest in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        yield from string_problems(f"view {key}", view.get(key), longest)
    if kind == "modal":
        for key in ("title", "submit", "close"):
            if key == "title" or key in view:
                yield from text_problems(f"view {key}", view.get(key), 24, plain=True)
    yield from block_problems(view.get("blocks"), IN_VIEW)
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if kind == "modal" and inputs and "submit" not in view:
        yield "view submit must be given where there is an input"


def _one_block(where: str, block: Json, files: Mapping[str, bool] | None) -> Iterator[str]:
    kind = block.get("type")
    if kind not in BLOCKS:
        yield f"{where} has an unsupported type {kind}"
        return
    where = f"{where} {kind}"
    yield from unknown_keys(where, block, BLOCKS[kind])
    yield from string_problems(f"{where} block_id", block.get("block_id"), 255)
    if kind == "section":
        yield from _section(where, block)
    elif kind == "header":
        yield from text_problems(f"{where} text", block.get("text"), 150, plain=True)
    elif kind == "actions":
        yield from _actions(where, block.get("elements"))
    elif kind == "context":
        yield from _context(where, block.get("elements"), files)
    elif kind == "image":
        yield from image_problems(where, block, files)
    elif kind == "input":
        yield from _input(where, block)


def _section(where: str, block: Json) -> Iterator[str]:
    fields = block.get("fields")
    if "text" not in block and not fields:
        yield f"{where} must have text or fields"
    if "text" in block:
        yield from text_problems(f"{where} text", block["text"], 3000)
    if fields is not None and (not isinstance(fields, list) or not 1 <= len(fields) <= 10):
        yield f"{where} must have 1 to 10 fields"
    for field in fields or ():
        yield from text_problems(f"{where} field", field, 2000)
    accessory = block.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        yield from image_problems(f"{where} accessory", accessory, None)
    elif accessory is not None:
        yield from element_problems(f"{where} accessory", accessory, IN_SECTION)


def _actions(where: str, elements: Any) -> Iterator[str]:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        yield f"{where} must have 1 to 25 elements"
        return
    for element in elements:
        yield from element_problems(f"{where} element", element, IN_ACTIONS)
    names = [one["action_id"] for one in elements if isinstance(one, dict) and "action_id" in one]
    if len(names) != len(set(names)):
        yield f"{where} action_id must be unique"


def _context(where: str, elements: Any, files: Mapping[str, bool] | None) -> Iterator[str]:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield f"{where} must have 1 to 10 elements"
        return
    for element in elements:
        if isinstance(element, dict) and element.get("type") == "image":
            yield from image_problems(f"{where} image", element, files)
        else:
            yield from text_problems(f"{where} element", element, 3000)


def image_problems(where: str, image: Json, files: Mapping[str, bool] | None) -> Iterator[str]:
    if not isinstance(image.get("alt_text"), str) or not 1 <= len(image["alt_text"]) <= 2000:
        yield f"{where} alt_text must have 1 to 2000 characters"
    if ("image_url" in image) == ("slack_file" in image):
        yield f"{where} must have either image_url or slack_file"
    elif "slack_file" in image and files is not None and not files.get(str(image["slack_file"].get("id"))):
        yield f"{where} slack_file is no file whose upload was completed"
    yield from string_problems(f"{where} image_url", image.get("image_url"), 3000)
    if "title" in image:
        yield from text_problems(f"{where} title", image["title"], 2000, plain=True)


def _input(where: str, block: Json) -> Iterator[str]:
    yield from text_problems(f"{where} label", block.get("label"), 2000, plain=True)
    if "hint" in block:
        yield from text_problems(f"{where} hint", block["hint"], 2000, plain=True)
    yield from element_problems(f"{where} element", block.get("element"), IN_INPUT)


def _models_objection(where: str, block: Json) -> Iterator[str]:
    """What Slack's own models say, where our table found nothing; they do not know every kind of block."""
    try:
        parsed = Block.parse(block)
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        yield f"{where}: {error}"
