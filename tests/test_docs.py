"""The documents say what is true: their links lead somewhere, their commands exist, and their steps can be followed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from bot.__main__ import app, mandate, member
from bot.config import PREFIX, Settings
from bot.domain.retention import PARTS, RULES
from tests.locks import ROOT
from tests.test_locales import holes

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def words(page: Path) -> str:
    return page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", words(page)):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_setting_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", words(ROOT / "Makefile"), re.M))
    assert set(re.findall(r"`make ([a-z-]+)", words(page))) <= targets
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {"mandate", "member"}
    assert set(re.findall(r"`samskab ([a-z]+)", words(page))) <= known
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    named = {name.removesuffix("_FILE") for name in re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", words(page))}
    assert named <= settings


def test_every_setting_is_explained_with_its_default() -> None:
    table = dict(re.findall(rf"^\| `{PREFIX}([A-Z_]+)` \| (.+?) \|", words(ROOT / "docs" / "operate.md"), re.M))
    assert set(table) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else str(default)
        assert table[name.upper()] == (f"`{shown}`" if shown else "–"), name
    example = words(ROOT / ".env.example")
    assert set(re.findall(rf"^# {PREFIX}([A-Z_]+)=", example, re.M)) == set(table)


def test_every_command_is_listed() -> None:
    page = words(ROOT / "docs" / "operate.md")
    commands = [command.callback.__name__ for command in app.registered_commands if command.callback]
    groups = {"mandate": mandate, "member": member}
    commands += [f"{name} {one.name}" for name, group in groups.items() for one in group.registered_commands]
    assert [name for name in commands if f"samskab {name}" not in page] == []


@pytest.mark.parametrize("name", ["sletning.da.md", "sletting.nb.md"])
def test_the_table_of_deletion_is_that_of_the_code(name: str) -> None:
    table = dict(re.findall(r"<!-- ([a-z -]+) -->[^|]*\| (\d+|–) \|", words(ROOT / "docs" / "privacy" / name)))
    wanted = {key: "–" if rule.days is None else str(rule.days) for key, rule in {**RULES, **PARTS}.items()}
    assert table == wanted


def test_the_feature_of_an_afternoon_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    for part in ("bot", "handlers", "locales", "storage", "tests", "docs"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "babel.cfg"):
        shutil.copy(ROOT / part, tree / part)
    translations = {}
    for kind, block in BLOCK.findall(words(ROOT / "CONTRIBUTING.md")):
        first, _newline, rest = block.partition("\n")
        if kind == "python":
            (tree / first.removeprefix("# ")).write_text(rest)
        elif kind == "diff":
            subprocess.run(["git", "apply", "-"], input=block.encode(), cwd=tree, check=True)
        elif kind == "po":
            translations[first.removeprefix("# ")] = re.findall(r'msgid "(.*)"\nmsgstr "(.*)"', rest)

    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    told = run("pytest", "-q", "-p", "no:cacheprovider", "-k", "sqlite", "tests/scenarios/test_rides.py")
    assert "3 passed" in told
    run("ruff", "check", "--no-cache", "handlers/rides.py", "tests/scenarios/test_rides.py")
    run("ruff", "format", "--no-cache", "--check", "handlers/rides.py", "tests/scenarios/test_rides.py")
    run("babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "n_:1,2", "-o", "new.pot", "handlers")
    with (tree / "new.pot").open("rb") as file:
        found = {str(message.id): message for message in read_po(file) if message.id}
    (path, entries), *others = translations.items()
    assert not others
    with (tree / path).open("rb") as file:
        catalogue = read_po(file, locale="da")
    fresh = {text for text, message in found.items() if any("rides" in where for where, _line in message.locations)}
    assert {text for text, _translated in entries} == {text for text in fresh if text not in catalogue}
    for text, translated in entries:
        catalogue.add(text, translated)
    with (tree / path).open("wb") as file:
        write_po(file, catalogue)
