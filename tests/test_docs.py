"""The documents say what is so: links, commands, settings and numbers are compared, and CONTRIBUTING is followed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import cache
from inspect import getdoc
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from typer.testing import CliRunner

from bot.__main__ import app
from bot.config import PREFIX, Settings
from bot.domain.retention import PARTS, RULES
from tests.locks import ROOT
from tests.test_locales import holes

PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SETTINGS = {f"{PREFIX}{name.upper()}": field for name, field in Settings.model_fields.items()}
COMMANDS = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands} | {
    f"{group.name} {one.name}"
    for group in app.registered_groups
    if group.typer_instance
    for one in group.typer_instance.registered_commands
}
COMMANDS |= {
    str(group.name)
    for group in app.registered_groups
    if group.typer_instance
    and group.typer_instance.registered_callback
    and group.typer_instance.registered_callback.invoke_without_command is True
}
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code(name: str) -> str:
    """What stands as code in a page: whole blocks, and what is between backticks, a line each."""
    blocks = [block for _kind, block in FENCED.findall(text(name))]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", FENCED.sub("", text(name)))])


def anchors(name: str) -> set[str]:
    """The headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", text(name), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def rows(name: str, key: str) -> dict[str, list[str]]:
    """The cells of each table row whose first cell matches `key`, by what that caught."""
    found: dict[str, list[str]] = {}
    for line in text(name).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("|") and (match := re.match(key, cells[0])):
            assert match[1] not in found, f"{match[1]} stands twice in {name}"
            found[match[1]] = cells[1:]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    lost = []
    for link in LINK.findall(text(name)):
        path, _hash, place = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        if link.startswith(("https://", "mailto:")):
            continue
        if not target.exists() or (place and place not in anchors(target.relative_to(ROOT).as_posix())):
            lost.append(link)
    assert lost == []


def test_the_index_leads_to_every_page() -> None:
    linked = {((ROOT / "docs") / link.partition("#")[0]).resolve() for link in LINK.findall(text("docs/index.md"))}
    linked |= {(ROOT / "docs" / "adr" / link).resolve() for link in LINK.findall(text("docs/adr/README.md"))}
    missing = {path for path in (ROOT / "docs").rglob("*.md") if path not in linked}
    assert missing == {ROOT / "docs" / "index.md"}


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^|\s)make ([a-z-]+)", code(name), re.MULTILINE)) - targets == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_command_exists(name: str) -> None:
    groups = {command.split()[0] for command in COMMANDS if " " in command}
    named = re.findall(r"(?:^|\s|bin/)samskab ([a-z]+)(?: ([a-z]+))?", code(name), re.MULTILINE)
    assert {f"{one} {two}".strip() if one in groups else one for one, two in named} - COMMANDS == set()


@pytest.mark.parametrize("name", [*PAGES, ".env.example"])
def test_every_setting_exists(name: str) -> None:
    named = {one.removesuffix("_FILE") for one in re.findall(rf"{PREFIX}[A-Z][A-Z_]*[A-Z]", text(name))}
    assert named - SETTINGS.keys() == set()


def default(name: str) -> str:
    value = SETTINGS[name].default
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def test_every_setting_is_explained_with_its_default() -> None:
    table = rows("docs/operate.md", rf"`({PREFIX}[A-Z_]+)`$")
    assert {name: cells[0] for name, cells in table.items()} == {
        name: f"`{default(name)}`" if default(name) else "–" for name in SETTINGS
    }


def test_the_example_holds_every_setting_with_its_default() -> None:
    lines = dict(re.findall(rf"^# ({PREFIX}[A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    assert lines == {name: default(name) for name in SETTINGS}


def test_every_command_is_listed() -> None:
    table = rows("docs/operate.md", r"`samskab ([a-z]+(?: [a-z]+)?)")
    assert table.keys() == COMMANDS


def test_help_has_each_commands_whole_sentence() -> None:
    shown = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    assert [said for one in app.registered_commands if (said := str(getdoc(one.callback))) not in shown] == []


@pytest.mark.parametrize("name", ["docs/privacy/sletning.da.md", "docs/privacy/sletting.nb.md"])
def test_the_table_of_deletion_is_that_of_the_code(name: str) -> None:
    kept = {key: "–" if rule.days is None else str(rule.days) for key, rule in {**RULES, **PARTS}.items()}
    assert {key: cells[0] for key, cells in rows(name, r"<!-- ([a-z -]+) -->").items()} == kept


# CONTRIBUTING, followed word by word ---------------------------------------------------------------------------

# The scenario needs a world on SQLite only; the doors to the platforms take longer to import than all the rest.
CONFTEST = """
import pytest

from storage.database import Database
from storage.migrate import upgrade
from tests.world import World


@pytest.fixture
def world(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/samskab.db")
    upgrade(database)
    yield World(database, tmp_path)
    database.close()
"""


def mended(old: str, diff: str) -> str:
    """A file after a small diff: its unmarked lines are found, and the lines with a plus are added."""
    lines = diff.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines)
    assert old.count(before) == 1, f"not there once:\n{before}"
    return old.replace(before, after)


def translate(tree: Path, table: dict[str, list[str]]) -> None:
    """Fill in what the table says, as a translator would, in the files that `make messages` has brought up to date."""
    for column, locale in enumerate(("da", "nb", "nn")):
        path = tree / "locales" / locale / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as file:
            catalog = read_po(file, locale=locale)
        for english, said in table.items():
            message = catalog.get(english)
            assert message is not None, f"`make messages` did not find {english!r}"
            assert holes(said[column]) == holes(english)
            message.string = said[column]
        assert [message.id for message in catalog if message.id and not message.string] == []
        with path.open("wb") as file:
            write_po(file, catalog)


def test_the_feature_of_an_afternoon_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for part in ("bot", "handlers", "locales", "storage", "tests", "docs"):
        shutil.copytree(ROOT / part, tree / part)  # with what is compiled of it
    for part in ("pyproject.toml", "babel.cfg", "Makefile"):
        shutil.copy2(ROOT / part, tree / part)
    (tree / ".venv").symlink_to(sys.prefix)

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    written = []
    for info, block in FENCED.findall(text("CONTRIBUTING.md")):
        kind, _space, name = info.partition(" file=")
        if name:
            path = tree / name
            path.write_text(mended(path.read_text("utf-8"), block) if kind == "diff" else block, "utf-8")
            written.append(name)
    # The copy borrows the environment of the tree it was made from, so nothing is installed for it.
    run("make", "-s", "-o", "install", "-o", ".venv/.installed", "messages")
    chapter = text("CONTRIBUTING.md").partition("### 4.")[2].partition("### 5.")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in chapter.splitlines() if line[:1] == "|"]
    translate(tree, {row[0]: row[1:] for row in cells[2:]})

    ruff = str(Path(sys.executable).with_name("ruff"))
    run(ruff, "check", "--no-cache", *written)
    run(ruff, "format", "--no-cache", "--check", *written)
    (tree / "tests" / "conftest.py").write_text(CONFTEST, "utf-8")
    scenario = ("-q", "-p", "no:cacheprovider", "tests/scenarios/test_rides.py")
    assert "3 passed" in run(sys.executable, "-m", "pytest", *scenario)
