"""A language's texts are read from their file, and what was read is kept for the next start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.catalogues import read
from bot.text import n_

HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
VOTES = n_("{count} vote", "{count} votes", 2)


@pytest.fixture
def po(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of translations, where what is read may be kept."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return translated(tmp_path / "messages.po", "stemmer")


def translated(path: Path, votes: str) -> Path:
    """Write the translations: votes, one of them fuzzy and one of them missing."""
    path.write_text(
        f'{HEAD}msgid "{{count}} vote"\nmsgid_plural "{{count}} votes"\n'
        f'msgstr[0] "{{count}} stemme"\nmsgstr[1] "{{count}} {votes}"\n\n'
        '#, fuzzy\nmsgid "Send"\nmsgstr "Sender"\n\nmsgid "Leave"\nmsgstr ""\n'
    )
    return path


def kept(po: Path) -> list[Path]:
    """What is kept of it."""
    return list((po.parent / "__pycache__").iterdir())


def test_what_was_kept_says_the_same(po: Path) -> None:
    first = read(po, "da")
    (once,) = kept(po)
    again = read(po, "da")
    assert first.find(VOTES) == again.find(VOTES) == "{count} stemmer"
    assert again.messages == first.messages == {"{count} vote": ("{count} stemme", "{count} stemmer")}
    assert again.plural(1) == 0
    once.write_text(once.read_text().replace("stemmer", "kept"))
    assert read(po, "da").find(VOTES) == "{count} kept", "what is kept is not read"


def test_a_changed_file_is_read_anew(po: Path) -> None:
    read(po, "da")
    translated(po, "røster")
    assert read(po, "da").find(VOTES) == "{count} røster"
    assert len(kept(po)) == 1


@pytest.mark.parametrize("broken", ["", "{"])
def test_what_is_kept_may_be_broken(po: Path, broken: str) -> None:
    read(po, "da")
    (once,) = kept(po)
    once.write_text(broken)
    assert read(po, "da").find(VOTES) == "{count} stemmer"


def test_nothing_need_be_kept(po: Path) -> None:
    (po.parent / "__pycache__").write_text("no folder can be made here")
    assert read(po, "da").find(VOTES) == "{count} stemmer"
