"""Marked-up text taken apart as Telegram does it: the plain text, its entities, or the sentence of refusal."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.fakes.telegram.errors import ApiError, mistake

Entity = dict[str, Any]
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
HTML_PIECE = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>[^<>]*)>|(?P<lone><)")
HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
MARKS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
}
NAMES = {kind: kind.capitalize() for kind in MARKS.values()} | {"pre": "Pre", "text_link": "TextUrl"}
RESERVED = set("_*[]()~`>#+-=|{}.!")
MARK_PIECE = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<mark>```|__|\|\||[*_~`\[\]])|(?P<char>.)", re.DOTALL)
LEGACY = {"*": "bold", "_": "italic", "`": "code", "```": "pre"}


def units(text: str) -> int:
    """Length in UTF-16 code units, the measure of the API."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """The text without its marks, and the entities."""
    match (mode or "").lower():
        case "":
            return text, []
        case "html":
            return _html(text)
        case "markdownv2":
            return _markdown(text)
        case "markdown":
            return _legacy(text)
    raise mistake("unsupported parse_mode")


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram strips text; entities move with it and empty ones go."""
    stripped = text.strip()
    shift = units(text) - units(text.lstrip())
    end = units(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] + entity["length"] - shift, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return stripped, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def _broken(sentence: str) -> ApiError:
    return mistake(f"can't parse entities: {sentence}")


def _byte(text: str, index: int) -> int:
    return len(text[:index].encode())


def _html(text: str) -> tuple[str, list[Entity]]:
    plain, entities, opened, at = "", [], [], 0
    for piece in HTML_PIECE.finditer(text):
        plain += html.unescape(text[at : piece.start()])
        at = piece.end()
        where, tag = _byte(text, piece.start()), (piece["tag"] or "").lower()
        if piece["lone"] or tag not in TAGS:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {where}')
        if not piece["close"]:
            opened.append((tag, units(plain), piece["rest"]))
        elif not opened:
            raise _broken(f"Unexpected end tag at byte offset {where}")
        elif opened[-1][0] != tag:
            raise _broken(f'Unmatched end tag at byte offset {where}, expected "</{opened[-1][0]}>", found "</{tag}>"')
        else:
            _, start, rest = opened.pop()
            entities += _entity(TAGS[tag], start, units(plain), _href(rest) if tag == "a" else None)
    if opened:
        raise _broken(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return plain + html.unescape(text[at:]), entities


def _href(attributes: str) -> str | None:
    found = HREF.search(attributes)
    return next((html.unescape(part) for part in found.groups() if part), None) if found else None


def _entity(kind: str, start: int, end: int, url: str | None = None) -> list[Entity]:
    if end <= start or (kind == "text_link" and not url):
        return []
    return [{"type": kind, "offset": start, "length": end - start} | ({"url": url} if url else {})]


def _markdown(text: str) -> tuple[str, list[Entity]]:
    plain, entities, at = "", [], 0
    opened: list[tuple[str, int, int]] = []
    while at < len(text):
        piece = MARK_PIECE.match(text, at)
        assert piece is not None
        start, at = at, piece.end()
        mark, top = piece["mark"], opened[-1][0] if opened else ""
        verbatim = top in ("`", "```") and mark != top
        if piece["escaped"] or verbatim:
            plain += piece["escaped"] or piece[0]
        elif mark == "]" and top == "[":
            url, at = _target(text, at)
            entities += _entity("text_link", opened.pop()[1], units(plain), url)
        elif mark and mark == top:
            entities += _entity(MARKS[mark], opened.pop()[1], units(plain))
        elif mark and mark != "]":
            opened.append((mark, units(plain), start))
        elif piece[0] in RESERVED and not _quotes(text, start):
            raise _broken(f"Character '{piece[0]}' is reserved and must be escaped with the preceding '\\'")
        elif piece[0] not in RESERVED:
            plain += piece[0]
    if opened:
        kind = MARKS.get(opened[-1][0], "text_link")
        raise _broken(f"Can't find end of {NAMES[kind]} entity at byte offset {_byte(text, opened[-1][2])}")
    return plain, entities


def _quotes(text: str, at: int) -> bool:
    return text[at] == ">" and text[:at].rpartition("\n")[2] in ("", "**")


def _target(text: str, at: int) -> tuple[str, int]:
    """The address in brackets after a link's text, and where the text goes on."""
    end = text.find(")", at)
    if text[at : at + 1] != "(" or end < 0:
        raise _broken(f"Can't find end of a URL at byte offset {_byte(text, at)}")
    return re.sub(r"\\(.)", r"\1", text[at + 1 : end]), end + 1


def _legacy(text: str) -> tuple[str, list[Entity]]:
    plain, entities, at = "", [], 0
    for piece in re.finditer(r"\\([_*`\[])|(```|[*_`])(.+?)\2|\[([^\]]*)\]\(([^)]*)\)|[*_`\[]", text, re.DOTALL):
        plain += text[at : piece.start()]
        at, start = piece.end(), units(plain)
        if len(piece[0]) == 1:
            where = _byte(text, piece.start())
            raise _broken(f"Can't find end of the entity starting at byte offset {where}")
        plain += piece[1] or piece[3] or piece[4] or ""
        if not piece[1]:
            entities += _entity(LEGACY.get(piece[2], "text_link"), start, units(plain), piece[5])
    return plain + text[at:], entities
