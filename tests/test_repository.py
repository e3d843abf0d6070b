"""The repository holds the product and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
from functools import cache

import pytest

from tests.locks import ROOT

AT_THE_TOP = {
    "bot", "handlers", "locales", "storage", "tests", "docs", ".ci",
    "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "babel.cfg",
    "requirements.lock", "requirements-dev.lock", "requirements-bench.lock",
    ".editorconfig", ".gitignore", ".gitattributes", ".pre-commit-config.yaml", ".env.example",
}  # fmt: skip

# Each in a character class somewhere, so that this very file does not hold it.
FORBIDDEN = {
    "a developer's own path": r"(?<![\w.])([/]work/|[/]root/|[/]home/[a-z]|[/]Users/)",
    "a package registry": r"[-]-(extra-)?index-url|pypi[.]org|pythonhosted[.]org|registry[.]npmjs",
    "a lock file we do not keep": r"\buv[.]lock",
    "a note from elsewhere": r"(?<![\w/])shared[/]",
}


@cache
def files() -> list[str]:
    """Every file that is, or would be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return sorted({name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()})


def test_the_top_level_is_as_agreed() -> None:
    assert {name.split("/")[0] for name in files()} - AT_THE_TOP == set()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in files()
        for number, line in enumerate((ROOT / name).read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_licence_is_the_eupl() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")
    articles = [int(number) for number in re.findall(r"^(\d+)\.[A-Z]", licence, re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_check_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
