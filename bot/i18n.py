"""Texts in a reader's own language: dates in words, lists with "and"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
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
    if text := words.get(locale):
        return text
    return next((text for one in (*KIN.get(locale, ()), *words) if (text := words.get(one))), "")


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
    if (how := SAID.get(type(words))) is not None:
        return how(words, locale, zone)
    return choose(words, locale) if isinstance(words, Mapping) else str(words)


def _text(words: Text, locale: str, zone: str) -> str:
    holes = {name: say(value, locale, zone) for name, value in words.params.items()}
    return catalogue(locale).find(words).format_map(holes)


def _many(words: Many, locale: str, zone: str) -> str:
    return format_list([say(item, locale, zone) for item in words.items], locale=Locale.parse(locale))


def _lines(words: Lines, locale: str, zone: str) -> str:
    return words.between.join(filter(None, [say(item, locale, zone) for item in words.items]))


def _day(words: Day, locale: str, zone: str) -> str:
    moment = words.at.astimezone(ZoneInfo(zone)) if isinstance(words.at, datetime) else words.at
    return format_date(moment, DAY[locale], locale=locale)


def _moment(words: datetime, locale: str, zone: str) -> str:
    local = words.astimezone(ZoneInfo(zone))
    return format_datetime(local, MOMENT[locale][local.minute != 0], locale=locale)


# Each kind of words by its very type: what is said to many people is said many times.
SAID: Mapping[type, Callable[[Any, str, str], str]] = {
    Text: _text,
    Lines: _lines,
    dict: lambda words, locale, zone: choose(words, locale),
    Secret: lambda words, locale, zone: f"⟦{words.kind}⟧",
    Many: _many,
    Short: lambda words, locale, zone: _shortened(say(words.words, locale, zone), words.longest),
    Day: _day,
    datetime: _moment,
    date: lambda words, locale, zone: format_date(words, DAY[locale], locale=locale),
}


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
