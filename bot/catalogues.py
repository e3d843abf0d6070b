"""The translations of each language, read from its `.po`; what was read is kept beside it, as Python keeps a module."""

from __future__ import annotations

import gettext
import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from bot.text import Text

LOCALES = ("da", "nb", "nn", "en")
FOLDER = Path(__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language."""

    messages: Mapping[str, str | tuple[str, ...]]
    plural: Callable[[int], int]

    def find(self, text: Text) -> str:
        """The translated template, or the English one where there is none."""
        found = self.messages.get(text.message)
        if text.plural is None:
            return found if isinstance(found, str) and found else text.message
        forms = found if isinstance(found, tuple) and all(found) else (text.message, text.plural)
        place = self.plural(text.count) if forms is found else int(text.count != 1)
        return forms[min(place, len(forms) - 1)]


@lru_cache
def catalogue(locale: str) -> Catalogue:
    """A language's catalogue; English needs none."""
    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    return read(path, locale) if path.exists() else Catalogue({}, lambda n: int(n != 1))


def read_all() -> None:
    """Read all catalogues now, so that nobody waits for it later."""
    for locale in LOCALES:
        catalogue(locale)


def read(path: Path, locale: str) -> Catalogue:
    """A catalogue from its file, or from what was kept of it: to read one anew takes twenty times as long."""
    kept = Path(cache_from_source(str(path))).with_suffix(".json")
    source = hashlib.sha256(path.read_bytes()).hexdigest()
    found: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        found = json.loads(kept.read_bytes())
    if found.get("source") != source:
        found = {"source": source, **_parsed(path, locale)}
        if not sys.dont_write_bytecode:
            _keep(kept, json.dumps(found))
    messages = {key: said if isinstance(said, str) else tuple(said) for key, said in found["messages"].items()}
    return Catalogue(messages, gettext.c2py(found["plural"]))


def _parsed(path: Path, locale: str) -> dict[str, Any]:
    from babel.messages.pofile import read_po  # most starts find what was kept

    with path.open("rb") as file:
        catalog = read_po(file, locale=locale)
    messages = {}
    for message in catalog:
        if message.id and message.string and not message.fuzzy:
            messages[message.id[0] if isinstance(message.id, list | tuple) else message.id] = message.string
    return {"plural": catalog.plural_expr, "messages": messages}


def _keep(kept: Path, what: str) -> None:
    """Keep it for the next start; where this folder may not be written to, each start reads anew."""
    written = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):
        kept.parent.mkdir(exist_ok=True)
        written.write_text(what)
        written.replace(kept)
