"""Rows as values, in a process that has never made one by a model's constructor."""

from __future__ import annotations

import subprocess
import sys

from tests.locks import ROOT

FRESH = """
from storage.database import value_of
from storage.tables import PersonRow
print(value_of(PersonRow, ("id", "name"), (1, "Maria")).name)
"""


def test_the_first_row_that_a_process_reads_is_a_value() -> None:
    """Else the first events after a start could not be handled."""
    done = subprocess.run([sys.executable, "-c", FRESH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "Maria\n", done.stderr
