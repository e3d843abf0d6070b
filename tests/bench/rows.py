"""What a benchmark comes to: its figure, what it must reach, and the peers' figures from the same run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `holds` says whether the figure is what it must be."""

    work: str
    figure: float
    unit: str
    must: str
    holds: bool
    references: Mapping[str, float] = field(default_factory=dict)


def at_most(work: str, figure: float, unit: str, most: float) -> Row:
    """A figure that must not be higher."""
    return Row(work, figure, unit, f"at most {most:g}", figure <= most)


def at_least(work: str, figure: float, unit: str, least: float) -> Row:
    """A figure that must not be lower."""
    return Row(work, figure, unit, f"at least {least:g}", figure >= least)


def beside(work: str, figure: float, unit: str, references: Mapping[str, float], shares: Mapping[str, float]) -> Row:
    """A figure that must be at most a share of some peers' own."""
    must = ", ".join(f"{share:g} x {peer}" for peer, share in shares.items())
    holds = all(figure <= share * references[peer] for peer, share in shares.items())
    return Row(work, figure, unit, f"at most {must}", holds, references)


def table(rows: Iterable[Row]) -> str:
    """The rows to read, each peer with the ratio of our figure to its own."""
    lines = []
    for row in rows:
        sign = "ok    " if row.holds else "MISSED"
        lines.append(f"{sign} {row.work}: {row.figure:,.4g} {row.unit} ({row.must})")
        lines += [
            f"         {row.figure / figure:.2f} x {peer} ({figure:,.4g} {row.unit})"
            for peer, figure in row.references.items()
        ]
    return "\n".join(lines)


def keep(rows: Sequence[Row], file: Path) -> None:
    """Write rows to a file of JSON; what it holds of other works stays there."""
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    new = {row.work for row in rows}
    kept = [row for row in before if row["work"] not in new]
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([*kept, *map(asdict, rows)], ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
