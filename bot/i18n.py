"""Texts in a reader's own language: dates in words, lists with "and"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list

from bot.catalogues import LOCALES, catalogue
from bot.chat.messages import Link, Message, Rendered, Secret
from bot.domain.languages import KIN
from bot.text import Day, Lines, Many, Short, Text, Words

NAMES = {"da": "Dansk", "nb": "Norsk (bokmål)", "nn": "Norsk (nynorsk)", "en": "English"}

# How a moment is said; the minutes are left out on the hour.
MOMENT = {
    "da": ("EEEE d. MMMM 'kl.' H", "EEEE d. MMMM 'kl.' H.mm"),
    "nb": ("EEEE d. MMMM 'kl.' H", "EEEE d. MMMM 'kl.' H.mm"),
    "nn": ("EEEE d. MMMM 'kl.' H", "EEEE d. MMMM 'kl.' H.mm"),
    "en": ("EEEE d MMMM 'at' HH:mm", "EEEE d MMMM 'at' HH:mm"),
}
DAY = {"da": "d. MMMM y", "nb": "d. MMMM y", "nn": "d. MMMM y", "en": "d MMMM y"}


def known(locale: str | None, norwegian: str | None = None) -> str | None:
    """Our own name of a platform's language; any Norwegian takes the form given. None where we do not speak it."""
    short = (locale or "").replace("_", "-").split("-")[0].lower()
    if short in ("no", "nb", "nn"):
        return norwegian if norwegian in ("nb", "nn") else "nn" if short == "nn" else "nb"
    return short if short in LOCALES else None


def choose(words: Mapping[str, str], locale: str) -> str:
    """A facilitator's words in a language, else in one that its readers understand, else as they were first written."""
    found = (words.get(one) for one in (locale, *KIN.get(locale, ()), *words))
    return next((text for text in found if text), "")


def _shortened(text: str, longest: int) -> str:
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    whole = line[:longest].rpartition(" ")[0] or line[: longest - 1]  # a word longer than that is cut itself
    return f"{whole.rstrip(' ,')}…"


def say(words: Words | object, locale: str, zone: str = "UTC") -> str:
    """Put `words` into `locale`, moments into the reader's `zone`. People's own words pass through untouched."""
    if isinstance(words, str):
        return words
    if isinstance(words, Text):
        holes = {name: say(value, locale, zone) for name, value in words.params.items()}
        return catalogue(locale).find(words).format_map(holes)
    if isinstance(words, Secret):
        return f"⟦{words.kind}⟧"
    if isinstance(words, Many):
        return format_list([say(item, locale, zone) for item in words.items], locale=Locale.parse(locale))
    if isinstance(words, Lines):
        return words.between.join(filter(None, (say(item, locale, zone) for item in words.items)))
    if isinstance(words, Short):
        return _shortened(say(words.words, locale, zone), words.longest)
    if isinstance(words, Day):
        moment = words.at.astimezone(ZoneInfo(zone)) if isinstance(words.at, datetime) else words.at
        return format_date(moment, DAY[locale], locale=locale)
    if isinstance(words, datetime):
        local = words.astimezone(ZoneInfo(zone))
        return format_datetime(local, MOMENT[locale][local.minute != 0], locale=locale)
    if isinstance(words, date):
        return format_date(words, DAY[locale], locale=locale)
    if isinstance(words, Mapping):
        return choose(words, locale)
    return str(words)


def render(message: Message, locale: str, zone: str = "UTC", base_url: str = "") -> Rendered:
    """A message as plain data for one reader. Links on our own pages become whole addresses."""
    secrets: dict[str, Mapping[str, str]] = {}

    def button(item: object) -> Mapping[str, str]:
        if isinstance(item, Link):
            label = say(item.label, locale, zone)
            if isinstance(item.path, Secret):
                secrets[item.path.kind] = {"kind": item.path.kind, "path": item.path.path}
                return {"label": label, "secret": item.path.kind}
            return {"label": label, "url": base_url + item.path if item.path.startswith("/") else item.path}
        return {"label": say(item.label, locale, zone), "data": item.data}  # type: ignore[attr-defined]

    if isinstance(message.text, Text):
        for value in message.text.params.values():
            if isinstance(value, Secret):
                secrets[value.kind] = {"kind": value.kind, "path": value.path}
    ticks = message.ticks
    return Rendered(
        text=say(message.text, locale, zone),
        buttons=tuple(tuple(button(item) for item in row) for row in message.buttons),
        ticks=None
        if ticks is None
        else {
            "view": ticks.view,
            "send": ticks.send,
            "args": list(ticks.args),
            "options": [say(option, locale, zone) for option in ticks.options],
            "send_label": say(ticks.send_label, locale, zone),
            "ticked": ticks.ticked,
        },
        image=None
        if message.image is None
        else {"blob": message.image.blob, "alt": say(message.image.alt, locale, zone)},
        protect=message.protect,
        equals=message.equals,
        table=tuple(tuple(say(cell, locale, zone) for cell in row) for row in message.table),
        secrets=secrets,
        locale=locale,
    )
