"""Our messages in Telegram's shape: keyboards, boxes to tick, long texts in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.chat.messages import Rendered, pack

LONGEST = 4096
CAPTION = 1024
SHORT = 40


def words(message: Rendered) -> str:
    """The text with its neutral first line, a table as lines, and in full what a button cannot say or open."""
    parts = [message.subject, message.text]
    parts += ["\n".join(" · ".join(row) for row in message.table)]
    if message.ticks and _long(message.ticks["options"]):
        parts.append("\n".join(f"{place}. {label}" for place, label in enumerate(message.ticks["options"], 1)))
    options = _numbered(message)
    if options:
        parts.append("\n".join(f"{place}. {label}" for place, label in enumerate(options, 1)))
    urls = [button for row in message.buttons for button in row if "url" in button and not _opens(button["url"])]
    parts += [f"{button['label']}: {button['url']}" for button in urls]
    alt = (message.image or {}).get("alt", "")
    if alt not in message.text:
        parts.append(alt)
    return "\n\n".join(filter(None, parts))


def _opens(url: str) -> bool:
    """Whether a button can open it: Telegram takes no host without a dot, such as localhost."""
    found = urlsplit(url)
    return found.scheme in ("http", "https") and "." in (found.hostname or "").strip(".")


def keyboard(message: Rendered) -> Mapping[str, Any] | None:
    """The buttons under a message; None where there are none, which takes an old keyboard away."""
    rows: list[list[Mapping[str, str]]] = []
    if message.ticks is not None:
        rows += _boxes(message)
    numbers = {label: place for place, label in enumerate(_numbered(message), 1)}
    for row in message.buttons:
        buttons: list[Mapping[str, str]] = []
        for button in row:
            label = button["label"]
            shown = f"{numbers[label]}. {label[: SHORT - 4]}…" if len(label) > SHORT and label in numbers else label
            if "url" in button:
                if _opens(button["url"]):
                    buttons.append({"text": shown, "url": button["url"]})
            elif "data" in button:
                buttons.append({"text": shown, "callback_data": button["data"]})
        if buttons:
            rows.append(buttons)
    return {"inline_keyboard": rows} if rows else None


def _boxes(message: Rendered) -> list[list[Mapping[str, str]]]:
    """A box a row; each button carries the whole state as it is after the press."""
    ticks = message.ticks
    assert ticks is not None
    ticked, numbered = ticks["ticked"], _long(ticks["options"])
    rows: list[list[Mapping[str, str]]] = []
    for place, label in enumerate(ticks["options"]):
        shown = (
            f"{place + 1}. {label[:SHORT]}…"
            if numbered and len(label) > SHORT
            else f"{place + 1}. {label}"
            if numbered
            else label
        )
        box = "☑" if ticked >> place & 1 else "☐"
        data = ":".join((ticks["view"], *ticks["args"], pack(ticked ^ (1 << place))))
        rows.append([{"text": f"{box} {shown}", "callback_data": data}])
    send = ":".join((ticks["send"], *ticks["args"], pack(ticked)))
    rows.append([{"text": ticks["send_label"], "callback_data": send}])
    return rows


def _long(labels: Sequence[str]) -> bool:
    return any(len(label) > SHORT for label in labels)


def _numbered(message: Rendered) -> list[str]:
    """The labels that stand in full in the text, because a button would cut one of them."""
    labels = [button["label"] for row in message.buttons for button in row if len(row) == 1 and "data" in button]
    return labels if _long(labels) else []


def size(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut(text: str, longest: int) -> str:
    """The beginning of a text that fits; no character is cut in two."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def shortened(text: str, longest: int) -> str:
    """The text, where too long with its end left out."""
    return text if size(text) <= longest else f"{cut(text, longest - 1)}…"


def parts(text: str, longest: int = LONGEST) -> list[str]:
    """A text cut at paragraphs, else at lines, at words or anywhere, into parts that fit and are not too short."""
    found, rest = [], text.strip()
    while size(rest) > longest:
        head = cut(rest, longest)
        places = (head.rfind(gap) for gap in ("\n\n", "\n", " "))
        place = next((place for place in places if place > len(head) // 2), len(head))
        found.append(head[:place].rstrip())
        rest = rest[place:].lstrip()
    return [*found, rest]
