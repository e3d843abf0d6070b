"""Comma-separated text as a table with line numbers, and everything that is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

DELIMITERS = ",;\t"  # the semicolon is what Excel writes in Danish and Norwegian


@dataclass(frozen=True, slots=True)
class Source:
    """A file by name, with its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and in which line; 0 is the whole file."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.sentence}"


@dataclass(slots=True)
class Table:
    """Rows below a line of column names; `faults` grows as it is read and used."""

    source: Source
    columns: list[str] = field(default_factory=list)
    head: int = 0
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, source: Source) -> Table:
        """The table in a file; what cannot be read is a fault, and no row."""
        table = cls(source)
        try:
            text = source.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = source.content[: error.start].count(b"\n") + 1
            table.fault(line, "is not text in UTF-8. Save it as CSV in UTF-8 and try again.")
            return table
        first = next((line for line in text.splitlines() if line.strip()), "")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
        line = 0
        try:
            for cells in reader:
                table._take(line + 1, [cell.strip() for cell in cells])
                line = reader.line_num
        except csv.Error as error:
            table.fault(line + 1, f"cannot be read from here on ({error}).")
        if not table.columns and not table.faults:
            table.fault(0, "is empty.")
        return table

    def _take(self, line: int, cells: list[str]) -> None:
        if not any(cells):
            return
        if not self.columns:
            self.columns, self.head = cells, line
            named = [name.casefold() for name in cells if name]
            for name in sorted({name for name in named if named.count(name) > 1}):
                self.fault(line, f"the column {name!r} is there twice.")
        elif len(cells) != len(self.columns):
            self.fault(line, f"has {len(cells)} cells, but there are {len(self.columns)} columns.")
        else:
            self.rows.append((line, cells))

    def fault(self, line: int, sentence: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.source.name, line, sentence))

    def find(self, *names: str) -> int | None:
        """The column of the first of these names that is there, in any case of letters."""
        columns = [column.casefold() for column in self.columns]
        return next((columns.index(name.casefold()) for name in names if name.casefold() in columns), None)

    def needed(self, *names: str) -> int | None:
        """The same; a fault where there is none."""
        found = self.find(*names)
        if found is None and self.columns:
            self.fault(self.head, f"there is no column {names[0]!r}.")
        return found

    def number(self, line: int, column: str, cell: str, least: int, most: int | None = None) -> int | None:
        """A whole number within bounds; else a fault, and None."""
        number = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None
        if number is None or number < least or (most is not None and number > most):
            span = f"from {least} up" if most is None else f"from {least} to {most}"
            self.fault(line, f"{column}: must be a whole number {span}, not {cell!r}.")
            return None
        return number


class FilesError(Exception):
    """Files with faults: all of them, file by file and line by line."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.faults = [fault for table in tables for fault in sorted(table.faults, key=lambda one: one.line)]
        super().__init__("\n".join(map(str, self.faults)))
