"""What the lock files say, read once for the tests that compare them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? \\$"
)
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked package; the same name may come twice, under different markers."""

    name: str
    version: str
    marker: str | None
    hashes: int


def pins(file: str) -> list[Pin]:
    """Every pin of a lock file; any line that is no pin, no hash and no comment is an error."""
    found: list[Pin] = []
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if match := PIN.match(line):
            found.append(Pin(match["name"], match["version"], match["marker"], 0))
        elif HASH.match(line) and found:
            last = found[-1]
            found[-1] = Pin(last.name, last.version, last.marker, last.hashes + 1)
        elif not line.lstrip().startswith("#"):
            raise ValueError(f"{file} holds a line that locks nothing: {line}")
    return found
