"""Messages as Slack's blocks: people's words escaped, long texts cut where they may be cut, ticks behind a button."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot import i18n
from bot.chat.messages import Rendered
from bot.text import _

Block = dict[str, Any]
SECTION = 3000
MESSAGE = 12_000  # Slack refuses about 13,200 characters of blocks in one message
BLOCKS = 50
ROW = 25
LABEL = 75
VALUE = 2000
WIDE = 72
URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]\"'»”]")
BREAKS = ("\n\n", "\n", ". ", " ")


def mrkdwn(text: str) -> str:
    """People's words as Slack shows them unchanged: nothing in them pings or pretends; web addresses are links."""
    done, at = "", 0
    for match in URL.finditer(text):
        done += html.escape(text[at : match.start()], quote=False) + f"<{html.escape(match.group(), quote=False)}>"
        at = match.end()
    return done + html.escape(text[at:], quote=False)


def clip(text: str, longest: int) -> str:
    """A text that must fit; never empty, which Slack refuses."""
    text = " ".join(text.split()) or "·"
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def plain_text(text: str, longest: int) -> Block:
    """A text object without any markup."""
    return {"type": "plain_text", "text": clip(text, longest), "emoji": False}


def pieces(text: str, limit: int = SECTION) -> Iterator[str]:
    """The text in parts of at most `limit` characters as Slack counts them, cut at a paragraph, line or word."""
    while text:
        window = min(limit, len(text))
        while len(mrkdwn(text[:window])) > limit:
            window = window * 9 // 10
        if window < len(text):
            ends = (text.rfind(mark, window // 2, window) + len(mark.rstrip()) for mark in BREAKS)
            window = next((end for end in ends if end > window // 2), window)
        yield text[:window].rstrip()
        text = text[window:].lstrip()


def section(marked: str) -> Block:
    """A section of text that is already escaped."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": marked, "verbatim": True}}


def sections(text: str) -> list[Block]:
    """A text as one or more sections."""
    return [section(mrkdwn(part)) for part in pieces(text)]


def numbered(labels: Sequence[str], longest: int = LABEL, *, always: bool = False) -> tuple[str, list[str]]:
    """Labels that fit; where one had to be cut, or `always`, all get numbers, and the list in full is returned, too."""
    if not always and all(len(label) <= longest for label in labels):
        return "", [clip(label, longest) for label in labels]
    full = [f"{number}. {label}" for number, label in enumerate(labels, 1)]
    return "\n".join(full), [clip(label, longest) for label in full]


def message_parts(message: Rendered, file_id: str = "") -> list[list[Block]]:
    """The blocks of each message that is needed to say it all; the buttons stand on the last one."""
    head: list[Block] = []
    if message.image and file_id:
        alt = clip(message.image.get("alt", ""), 2000)
        head.append({"type": "image", "slack_file": {"id": file_id}, "alt_text": alt})
    elif message.image:
        head += sections(message.image.get("alt", ""))
    head += _text(message)
    tail = _buttons(message)
    parts: list[list[Block]] = [[]]
    for block in (*head, *tail):
        if parts[-1] and (len(parts[-1]) == BLOCKS or _length([*parts[-1], block]) > MESSAGE):
            parts.append([])
        parts[-1].append(block)
    return parts if parts[0] else [[section("·")]]


def fallback(blocks: Sequence[Block]) -> str:
    """What a notification and a screen reader say of these blocks."""
    texts = (block["text"]["text"] for block in blocks if block["type"] == "section")
    return "\n".join(texts)[:SECTION] or "·"


def home_view(message: Rendered) -> Block:
    """The app's home page."""
    blocks = [*_text(message), *_buttons(message)]
    return {"type": "home", "blocks": blocks[:100]}


def button(label: str, number: int, *, value: str = "", url: str = "") -> Block:
    """A button that carries data or leads somewhere; `number` tells it from the others of its message."""
    more = {"url": url} if url else {"value": value}
    return {"type": "button", "text": plain_text(label, LABEL), "action_id": f"b{number}", **more}


def _text(message: Rendered) -> list[Block]:
    blocks = []
    if message.subject:
        blocks.append(section(f"*{mrkdwn(clip(message.subject, 500)).replace('*', '')}*"))
    blocks += sections(message.text)
    blocks += [section(f"```{part}```") if fixed else section(part) for part, fixed in _table(message.table)]
    return blocks


def _table(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, bool]]:
    """A table in columns where a narrow window can show it, else a line for each row."""
    if not rows:
        return
    widths = [max(len(row[place]) if place < len(row) else 0 for row in rows) for place in range(max(map(len, rows)))]
    fixed = sum(widths) + 2 * len(widths) <= WIDE
    if fixed:
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
        ]
    else:
        lines = [" · ".join(row) for row in rows]
    for part in pieces("\n".join(lines).replace("`", "'"), SECTION - 6):
        yield (html.escape(part, quote=False) if fixed else mrkdwn(part)), fixed


def _buttons(message: Rendered) -> list[Block]:
    labels = [one["label"] for row in message.buttons for one in row]
    listed, short = numbered(labels)
    rows: list[list[Block]] = []
    number = 0
    for row in message.buttons:
        made = []
        for one in row:
            made.append(button(short[number], number, value=one.get("data", ""), url=one.get("url", "")))
            number += 1
        rows.append(made)
    if len(rows) > BLOCKS - 12:
        rows = [[one for row in rows for one in row]]
    blocks = sections(listed)
    if message.ticks:
        blocks += _ticks(message)
    for made in rows:
        blocks += [{"type": "actions", "elements": made[at : at + ROW]} for at in range(0, len(made), ROW)]
    return blocks


def _ticks(message: Rendered) -> list[Block]:
    """The options in words, and a button that carries them to the window where they are ticked."""
    ticks = message.ticks or {}
    locale = message.locale or "en"
    lines = [f"{number}. {label}" for number, label in enumerate(ticks["options"], 1)]
    opener = button(i18n.say(_("Open"), locale), 99, value=ticks_value(ticks, locale))
    return [*sections("\n".join(lines)), {"type": "actions", "elements": [opener]}]


def ticks_value(ticks: Mapping[str, Any], locale: str) -> str:
    """All a window of boxes needs, on the button itself, so that no choice rests with us."""
    carried = {key: ticks[key] for key in ("send", "args", "send_label", "ticked")} | {"locale": locale}
    longest = LABEL
    while True:
        _full, labels = numbered(ticks["options"], longest)
        value = json.dumps(carried | {"options": labels}, ensure_ascii=False, separators=(",", ":"))
        if len(value) <= VALUE or longest < 10:
            return value
        longest -= 5


def _length(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
