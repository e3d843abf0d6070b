"""Where each key of a TOML text stands, so that a fault can name its line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

Path = tuple[str | int, ...]

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|"
    r"#[^\n]*|\n|[\[\]{}=,.]|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)


def find_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of each table, key and array element of a text that is valid TOML."""
    return _Scan(text).lines


class _Scan:
    """One pass over the tokens; in valid TOML a bracket at the start of a statement is always a header."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, int]] = []
        line, end = 1, 0
        for found in TOKEN.finditer(text):
            line += text.count("\n", end, found.start())
            end = found.start()
            if not found[0].startswith("#"):
                self.tokens.append((found[0], line))
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.elements: Counter[Path] = Counter()
        prefix: Path = ()
        while self.at < len(self.tokens):
            if self._see("\n"):
                continue
            prefix = self._statement(prefix)

    def _peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else "\n"

    def _see(self, wanted: str) -> bool:
        seen = self._peek() == wanted
        self.at += seen
        return seen

    def _statement(self, prefix: Path) -> Path:
        line = self.tokens[self.at][1]
        if not self._see("["):
            self._pair(prefix)
            return prefix
        double = self._see("[")
        names = self._names()
        self.at += 1 + double
        header = self._inside(names[:-1]) + names[-1:]
        if double:
            self.elements[header] += 1
            self.lines.setdefault(header, line)
        header = self._inside(names)
        self.lines.setdefault(header, line)
        return header

    def _inside(self, names: Path) -> Path:
        """The path of a header, where a table in an array means the array's latest element."""
        path: Path = ()
        for name in names:
            path += (name,)
            if path in self.elements:
                path += (self.elements[path] - 1,)
        return path

    def _names(self) -> Path:
        names: list[str | int] = []
        while self._peek() not in ("=", "]"):
            name = self._peek()
            if name != ".":
                names.append(name[1:-1] if name[0] in "\"'" else name)
            self.at += 1
        return tuple(names)

    def _pair(self, prefix: Path) -> None:
        line = self.tokens[self.at][1]
        names = self._names()
        for n in range(len(names)):
            self.lines.setdefault((*prefix, *names[: n + 1]), line)
        self.at += 1
        self._value((*prefix, *names))

    def _value(self, path: Path) -> None:
        if self._see("["):
            self._array(path)
        elif self._see("{"):
            while not self._see("}"):
                if not (self._see(",") or self._see("\n")):
                    self._pair(path)
        else:
            while self._peek() not in (",", "]", "}", "\n"):
                self.at += 1

    def _array(self, path: Path) -> None:
        count = 0
        while not self._see("]"):
            if self._see(",") or self._see("\n"):
                continue
            self.lines[(*path, count)] = self.tokens[self.at][1]
            self._value((*path, count))
            count += 1
