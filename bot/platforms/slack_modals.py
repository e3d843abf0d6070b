"""Windows in Slack: a page of a form, the review before sending, and boxes to tick."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot import i18n
from bot.chat.events import FormPage, RenderedField
from bot.platforms.slack_blocks import Block, button, clip, mrkdwn, numbered, pieces, plain_text, section, sections
from bot.text import _

TITLE = 24
INPUT_LABEL = 2000
FEW = 10  # Slack's most for boxes and radio buttons; above, a list that opens
MOST = 100
CHOICE = frozenset({"one_of", "yes_no", "consent", "scale"})


def form_view(page: FormPage) -> Block:
    """A page of a form as a window; which fields it shows travels with it."""
    blocks = _heading(page)
    for field in page.fields:
        blocks += _reviewed(page, field) if page.review else field_blocks(field, page.errors.get(field.key, ""))
    if page.back:
        back = button(page.back, len(blocks), value=f"back:{page.form}:{page.subject}")
        blocks.append({"type": "actions", "elements": [back]})
    meta: dict[str, Any] = {"form": page.form, "subject": page.subject}
    if not page.review:
        meta["keys"] = [field.key for field in page.fields]
    return _modal("review" if page.review else "form", page.title, page.submit, blocks or [section("·")], meta)


def ticks_view(value: str, asked: str, message: str | None) -> Block:
    """The window of boxes that a message's *Open* button carries; `asked` is what the message says, already escaped."""
    carried = json.loads(value)
    ticked = int(carried["ticked"])
    options = tuple((str(place), label) for place, label in enumerate(carried["options"]))
    given = tuple(key for key, _label in options if ticked >> int(key) & 1)
    label = i18n.say(_("Tick all that fit"), carried["locale"])
    field = RenderedField("ticks", "some_of", label, options=options, given=given, optional=True)
    blocks = [section(asked)] if asked else []
    meta = {"send": carried["send"], "args": carried["args"], "message": message}
    return _modal("ticks", carried["send_label"], carried["send_label"], [*blocks, *field_blocks(field)], meta)


def notice_view(text: str) -> Block:
    """A window over another that only says something; closing it leads back."""
    return {"type": "modal", "title": plain_text("Samskab", TITLE), "blocks": sections(text)}


def inputs(view: Mapping[str, Any]) -> list[str]:
    """The fields of a window that an error sentence can stand under."""
    return [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]


def field_blocks(field: RenderedField, error: str = "") -> list[Block]:
    """One field: what is told as text, all else as an input whose block is named by the field's key."""
    if field.kind == "told":
        return [*sections(field.label), *sections(field.help)]
    blocks = sections(field.label) if len(field.label) > INPUT_LABEL else []
    # Slack has no input for an order: the answers stand numbered above, and their numbers are written.
    always = field.kind == "ranking"
    listed, labels = numbered([label for _value, label in field.options], always=always)
    blocks += sections(listed)
    blocks += [section(f"*{mrkdwn(part)}*") for part in pieces(error)]
    entry: Block = {
        "type": "input",
        "block_id": field.key,
        "label": plain_text(field.label, 150 if blocks and len(field.label) > INPUT_LABEL else INPUT_LABEL),
        "element": _element(field, labels),
        "optional": field.optional,
    }
    if field.help:
        entry["hint"] = plain_text(field.help, INPUT_LABEL)
    return [*blocks, entry]


def _element(field: RenderedField, labels: list[str]) -> Block:
    if not field.options or field.kind == "ranking":
        return _text_input(field)
    options = [
        {"text": plain_text(label, 75), "value": value}
        for (value, _full), label in zip(field.options[:MOST], labels, strict=False)
    ]
    given = [option for option in options if option["value"] in field.given]
    few = len(options) <= FEW
    if field.kind in CHOICE:
        element: Block = {"type": "radio_buttons" if few else "static_select", "action_id": "v", "options": options}
        return element | ({"initial_option": given[0]} if given else {})
    element = {"type": "checkboxes" if few else "multi_static_select", "action_id": "v", "options": options}
    return element | ({"initial_options": given} if given else {})


def _text_input(field: RenderedField) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "v", "multiline": field.kind == "free_text"}
    longest = min(field.longest or 3000, 3000)
    element["max_length"] = longest
    known = [value for value, _label in field.options]
    given = ", ".join(str(known.index(one) + 1) if one in known else one for one in field.given)
    if given:
        element["initial_value"] = given[:longest]
    return element


def _reviewed(page: FormPage, field: RenderedField) -> list[Block]:
    """An answer said back, with a button to change it."""
    text = f"*{mrkdwn(clip(field.label, 1000)).replace('*', '')}*\n{mrkdwn(' '.join(field.given)[:1500])}"
    number = [one.key for one in page.fields].index(field.key)
    change = button(page.change, number, value=f"redo:{page.form}:{page.subject}:{field.key}")
    return [{**section(text), "accessory": change}]


def _heading(page: FormPage) -> list[Block]:
    blocks = [] if len(page.title) <= TITLE else sections(page.title)
    if page.progress:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn(page.progress)}]})
    return [*blocks, *sections(page.intro)]


def _modal(kind: str, title: str, submit: str, blocks: list[Block], meta: Mapping[str, Any]) -> Block:
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": json.dumps(meta, separators=(",", ":")),
        "title": plain_text(title or "Samskab", TITLE),
        "submit": plain_text(submit, TITLE),
        "blocks": blocks[:100],
    }
