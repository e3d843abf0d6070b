"""A TOML text read key by key: every fault is collected with its place, so that all are mended in one go."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from bot.domain.mandate.lines import Path, find_lines
from bot.domain.schedule import at_local

E = TypeVar("E", bound=StrEnum)
NONE = "none"
RELATIVE = re.compile(r"day(?:([+-]\d{1,4}))?(?: (\d{1,2}:\d{2}))?")
ABSOLUTE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}))?")
# They can make a text read otherwise than it is written.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KINDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    list: "a list in [ ]",
    dict: "a table",
    float: "a number with decimals",
}


@dataclass(frozen=True, slots=True)
class MandateFault:
    """One thing that is wrong: the key, its line where known, and a sentence for whoever writes the file."""

    where: str
    line: int | None
    sentence: str


class MandateError(Exception):
    """Everything that is wrong with a mandate's file."""

    def __init__(self, errors: Sequence[MandateFault]) -> None:
        super().__init__("; ".join(f"{error.where}: {error.sentence}" for error in errors))
        self.errors = tuple(errors)


@dataclass
class Faults:
    """What was found so far; `lines` knows where each key stands."""

    lines: Mapping[Path, int]
    found: list[tuple[Path, MandateFault]] = field(default_factory=list)

    def add(self, path: Path, sentence: str) -> None:
        """Note a fault at a key, or at the nearest table that is written in the file."""
        near = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.lines), ())
        self.found.append((path, MandateFault(said(path), self.lines.get(near), sentence)))

    def none_in(self, *paths: Path) -> bool:
        """Was nothing found at these keys or inside them?"""
        return not any(at[: len(path)] == path or path[: len(at)] == at for at, _fault in self.found for path in paths)

    def stop_if_any(self) -> None:
        """Raise MandateError with every fault, in the order of the file."""
        if self.found:
            raise MandateError(sorted((fault for _path, fault in self.found), key=lambda fault: fault.line or 0))


def said(path: Path) -> str:
    """A path as people write it: "profiles[2].seats" is about the second line."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if words else ''}{part}"
    return words or "the file"


def load(text: str, today: date) -> Sheet:
    """Read a TOML text. Raises MandateError where it is not TOML."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _at, place = str(error).partition(" (at ")
        found = re.search(r"line (\d+)", place)
        line = int(found[1]) if found else text.count("\n") + 1
        raise MandateError([MandateFault("the file", line, f"This is not TOML: {message}.")]) from None
    except RecursionError:
        raise MandateError([MandateFault("the file", None, "The brackets are nested too deeply.")]) from None
    return Sheet(Faults(find_lines(text)), (), table, today)


@dataclass
class Sheet:
    """One table of the file. Each reader notes what is wrong and then returns an empty value of the right type."""

    faults: Faults
    path: Path
    table: Mapping[str, Any]
    today: date
    locales: tuple[str, ...] = ()
    zone: str = "UTC"
    known: set[str] = field(default_factory=set)

    def fault(self, key: str, sentence: str) -> None:
        """Note a fault at a key of this table."""
        self.faults.add((*self.path, key) if key else self.path, sentence)

    def fine(self, *keys: str) -> bool:
        """Are these keys without a fault, so that they can be compared?"""
        return self.faults.none_in(*((*self.path, key) for key in keys))

    def _take(self, key: str, kind: type, optional: bool) -> Any:
        """The raw value, or None after noting that it is missing or of the wrong type."""
        self.known.add(key)
        value = self.table.get(key)
        if value is None:
            if not optional:
                self.fault(key, "This key is missing.")
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"This must be {KINDS[kind]}, not {KINDS.get(type(value), 'a date or time')}.")
            return None
        return value

    def text(self, key: str, longest: int = 200, optional: bool = False) -> str:
        """One line that is the same in every language."""
        value = self._take(key, str, optional)
        return "" if value is None else self._clean(key, value, longest, one_line=True)

    def _clean(self, key: str, value: str, longest: int, one_line: bool) -> str:
        value = unicodedata.normalize("NFC", value.strip())
        bad = {sign for sign in value if (unicodedata.category(sign) == "Cc" and sign != "\n") or sign in TURNING}
        if bad:
            codes = ", ".join(sorted(f"U+{ord(sign):04X}" for sign in bad))
            self.fault(key, f"The text has signs that cannot be shown ({codes}). Take them out.")
        elif not value:
            self.fault(key, "The text is empty.")
        elif one_line and "\n" in value:
            self.fault(key, "The text must be one line.")
        elif len(value) > longest:
            self.fault(key, f"The text has {len(value)} characters; at most {longest} fit.")
        return value

    def words(
        self, key: str, longest: int = 4000, *, one_line: bool = False, may_be_none: bool = False, gaps: bool = False
    ) -> dict[str, str]:
        """A text in every declared language; a plain text is in the first one.

        With `may_be_none`, the file may say "none". With `gaps`, languages or the whole may be missing or empty.
        """
        self.known.add(key)
        value = self.table.get(key)
        if (may_be_none and value == NONE) or (gaps and value is None):
            return {}
        return self.words_of(key, value, longest, one_line=one_line, gaps=gaps)

    def words_of(self, key: str, value: object, longest: int, *, one_line: bool, gaps: bool = False) -> dict[str, str]:
        """As `words`, for a value already taken from the key."""
        if value is None:
            self.fault(key, "This key is missing.")
            return {}
        if isinstance(value, str):
            value = {self.locales[0]: value} if self.locales else {}
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.fault(key, 'This must be a text, or a text for each language as { nb = "...", en = "..." }.')
            return {}
        inner = Sheet(self.faults, (*self.path, key), value, self.today, self.locales)
        inner.known.update(self.locales)
        inner.close("language")
        missing = [locale for locale in self.locales if locale not in value]
        if missing and not gaps:
            self.fault(key, f"The text is missing in {' and '.join(missing)}.")
        given = [locale for locale in self.locales if locale in value and (value[locale].strip() or not gaps)]
        return {locale: inner._clean(locale, value[locale], longest, one_line) for locale in given}

    def list_of_words(self, key: str, longest: int = 1000) -> tuple[dict[str, str], ...]:
        """A list of texts, at least one."""
        values = self._take(key, list, optional=False)
        if values == []:
            self.fault(key, "The list is empty.")
        inner = Sheet(self.faults, (*self.path, key), {}, self.today, self.locales)
        return tuple(
            inner.words_of(n, value, longest, one_line=False)  # type: ignore[arg-type]
            for n, value in enumerate(values or ())
        )

    def names(self, key: str, optional: bool = False) -> tuple[str, ...]:
        """A list of plain words, each once."""
        values = self._take(key, list, optional) or []
        if not all(isinstance(value, str) for value in values):
            self.fault(key, "This must be a list of words in quotation marks.")
            return ()
        if len(set(values)) < len(values):
            self.fault(key, "The list names something twice.")
        return tuple(values)

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._take(key, int, optional=default is not None)
        if value is None:
            return default or 0
        if not least <= value <= most:
            self.fault(key, f"This must be from {least} to {most}, not {value}.")
        return int(value)

    def maybe_whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number that may be absent."""
        return self.whole(key, least, most) if key in self.table else self._take(key, int, optional=True)

    def flag(self, key: str, optional: bool = False) -> bool:
        """True or false; false where it is absent and may be."""
        return bool(self._take(key, bool, optional))

    def choice(self, key: str, kind: type[E], default: E, optional: bool = False) -> E:
        """One of the words of an enumeration; `default` stands in after a fault only, or where it may be absent."""
        value = self._take(key, str, optional)
        if value is None:
            return default
        options = [str(one) for one in kind]
        if value not in options:
            self.fault(key, f"“{value}” is not one of {', '.join(options)}.{_like(value, options)}")
            return default
        return kind(value)

    def day(self, key: str) -> date:
        """A day: 2026-12-03, or counted from today as "day+9"."""
        return self._when(key)[0]

    def moment(self, key: str, at: time) -> datetime:
        """A day and a local time as UTC; `at` is the time where only the day is given."""
        self.known.add(key)
        given = self.table.get(key)
        if isinstance(given, datetime) and given.tzinfo:
            return given.astimezone(UTC)
        day, found = self._when(key)
        return at_local(day, found or at, self.zone)

    def _when(self, key: str) -> tuple[date, time | None]:
        self.known.add(key)
        value = self.table.get(key)
        if value is None:
            self.fault(key, "This key is missing.")
        elif isinstance(value, datetime):
            return value.date(), value.time()
        elif isinstance(value, date):
            return value, None
        else:
            try:
                return self._read_when(value if isinstance(value, str) else "")
            except (ValueError, OverflowError):
                self.fault(key, "This must be a date such as 2026-12-03 or “2026-12-03 17:00”, or “day+9” from today.")
        return self.today, None

    def _read_when(self, value: str) -> tuple[date, time | None]:
        if found := RELATIVE.fullmatch(value):
            day = self.today + timedelta(days=int(found[1] or 0))
        elif found := ABSOLUTE.fullmatch(value):
            day = date.fromisoformat(found[1])
        else:
            raise ValueError(value)
        if not found[2]:
            return day, None
        hour, minute = found[2].split(":")
        return day, time(int(hour), int(minute))

    def section(self, key: str, optional: bool = False) -> Sheet:
        """A table inside this one. Where it is missing that is one fault, not one for each key it should have had."""
        value = self._take(key, dict, optional)
        inner = self._inner((*self.path, key), value or {})
        return inner if value is not None else replace(inner, faults=Faults(self.faults.lines))

    def sections(self, key: str, optional: bool = False) -> list[Sheet]:
        """An array of tables."""
        values = self._take(key, list, optional) or []
        if not all(isinstance(value, dict) for value in values):
            self.fault(key, f"Write each of these as a table of its own, headed [[{key}]].")
            return []
        return [self._inner((*self.path, key, n), value) for n, value in enumerate(values)]

    def _inner(self, path: Path, table: Mapping[str, Any]) -> Sheet:
        return Sheet(self.faults, path, table, self.today, self.locales, self.zone)

    def close(self, what: str = "key") -> None:
        """Note every key that nobody asked for."""
        for key in self.table:
            if key not in self.known:
                self.fault(key, f"This {what} is not known here.{_like(key, self.known)}")


def _like(word: str, options: Sequence[str] | set[str]) -> str:
    near = get_close_matches(word, sorted(options), n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""
