"""What a person sees: messages, buttons, pictures, windows and home pages, by their visible words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.elements import Json
from tests.fakes.slack.world import Message, User, View, World, elements_of

MARKED = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]+))?>")


@dataclass(frozen=True)
class Button:
    """A button, with what it carries."""

    label: str
    action_id: str
    value: str
    url: str


@dataclass(frozen=True)
class Picture:
    """A picture with the words that stand for it; the bytes where it was uploaded."""

    alt: str
    data: bytes | None


@dataclass(frozen=True)
class Seen:
    """A message of the bot: `text` is the fallback, `shown` the words of its blocks."""

    ts: str
    text: str
    shown: str
    blocks: list[Json]
    buttons: list[Button]
    images: list[Picture]
    edited: int
    ephemeral: bool
    metadata: Json | None


@dataclass(frozen=True)
class Window:
    """A modal or a home page; `labels` are those of its inputs."""

    id: str
    title: str
    submit: str
    blocks: list[Json]
    shown: str
    labels: list[str]
    buttons: list[Button]
    callback_id: str
    private_metadata: str


def words(found: Any) -> str:
    """The visible words of a text object."""
    if not isinstance(found, dict):
        return ""
    text = str(found.get("text", ""))
    if found.get("type") != "mrkdwn":
        return text
    return html.unescape(MARKED.sub(lambda link: link.group(2) or link.group(1), text))


def shown(blocks: list[Json]) -> str:
    return "\n".join(text for block in blocks for text in _texts(block) if text)


def _texts(block: Json) -> Iterator[str]:
    yield words(block.get("text")) or words(block.get("label"))
    yield from (words(field) for field in block.get("fields", ()))
    yield words(block.get("hint"))
    if block["type"] == "context":
        yield from (words(element) for element in block["elements"])
    if block["type"] == "image":
        yield block["alt_text"]


def buttons(blocks: list[Json]) -> list[Button]:
    return [
        Button(words(element["text"]), element["action_id"], element.get("value", ""), element.get("url", ""))
        for _block, element in elements_of(blocks)
        if element["type"] == "button"
    ]


def message(world: World, found: Message) -> Seen:
    pictures = [
        Picture(block["alt_text"], _data(world, block.get("slack_file")))
        for block in found.blocks
        if block["type"] == "image"
    ]
    text = shown(found.blocks) or words({"type": "mrkdwn", "text": found.text})
    return Seen(
        found.ts,
        found.text,
        text,
        found.blocks,
        buttons(found.blocks),
        pictures,
        found.edits,
        bool(found.only_for),
        found.metadata,
    )


def _data(world: World, file: Json | None) -> bytes | None:
    return world.uploads[file["id"]].data if file and "id" in file else None


def messages(world: World, user: User) -> list[Message]:
    """What the bot has said to somebody in private, oldest first."""
    every = world.dm(user.id).messages
    return [one for one in every if one.by_bot and one.only_for in (None, user.id)]


def window(view: View | None) -> Window | None:
    if view is None:
        return None
    body, blocks = view.body, view.body["blocks"]
    return Window(
        view.id,
        words(body.get("title")),
        words(body.get("submit")),
        blocks,
        shown(blocks),
        [words(block["label"]) for block in blocks if block["type"] == "input"],
        buttons(blocks),
        body.get("callback_id", ""),
        body.get("private_metadata", ""),
    )
