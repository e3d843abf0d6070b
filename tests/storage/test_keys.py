"""The key folder: who may read it, what survives, what is gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import keys

PRIVATE = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "keys"


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    (tmp_path / "var").mkdir()
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_folder_and_key_are_the_owners_alone_under_any_umask(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    assert (mode(folder), mode(folder / "7")) == (0o700, 0o600)
    assert keys.read(folder, 7) == PRIVATE


def test_a_key_stands_alone_in_its_folder_and_no_half_of_it_remains(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    assert [path.name for path in folder.iterdir()] == ["7"]
    assert keys.exists(folder, 7) and not keys.exists(folder, 8)


def test_what_a_crash_left_half_written_does_not_stop_the_next_try(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    (folder / "7.new").write_bytes(b"half")
    keys.write(folder, 7, PRIVATE)
    assert keys.read(folder, 7) == PRIVATE and not (folder / "7.new").exists()


def test_the_key_of_an_open_ballot_is_never_written_over(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    with pytest.raises(keys.KeyExists, match="ballot 7"):
        keys.write(folder, 7, bytes(32))
    assert keys.read(folder, 7) == PRIVATE


def test_a_folder_that_others_can_read_is_refused_and_left_as_it_is(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o750)
    for act in (lambda: keys.write(folder, 7, PRIVATE), lambda: keys.read(folder, 7), lambda: keys.destroy(folder, 7)):
        with pytest.raises(keys.KeyFolderUnsafe, match="chmod"):
            act()
    assert mode(folder) == 0o750 and not list(folder.iterdir())


def test_a_key_that_others_can_read_is_refused(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    (folder / "7").chmod(0o640)
    with pytest.raises(keys.KeyFolderUnsafe):
        keys.read(folder, 7)


def test_a_key_of_the_wrong_length_is_no_key(folder: Path) -> None:
    with pytest.raises(ValueError):
        keys.write(folder, 7, PRIVATE[:31])
    keys.write(folder, 7, PRIVATE)
    (folder / "7").write_bytes(PRIVATE[:31])
    with pytest.raises(keys.KeyBroken):
        keys.read(folder, 7)


def test_a_destroyed_key_is_overwritten_before_its_name_goes(folder: Path, tmp_path: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    (tmp_path / "second name").hardlink_to(folder / "7")
    keys.destroy(folder, 7)
    left = (tmp_path / "second name").read_bytes()
    assert (
        len(left) == 32 and left != PRIVATE and not any(left[i : i + 4] == PRIVATE[i : i + 4] for i in range(0, 32, 4))
    )
    assert not keys.exists(folder, 7) and keys.destroyed(folder, 7)
    with pytest.raises(keys.KeyMissing, match="cannot be counted"):
        keys.read(folder, 7)


def test_destroying_twice_is_as_good_as_once_and_other_keys_stay(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    keys.write(folder, 8, PRIVATE)
    (folder / "7.new").write_bytes(PRIVATE)
    keys.destroy(folder, 7)
    keys.destroy(folder, 7)
    assert keys.destroyed(folder, 7)
    assert sorted(path.name for path in folder.iterdir()) == ["7.gone", "8"]


def test_a_crash_between_mark_and_removal_reads_as_not_destroyed(folder: Path) -> None:
    keys.write(folder, 7, PRIVATE)
    (folder / "7.gone").touch(mode=0o600)
    assert not keys.destroyed(folder, 7)
    keys.destroy(folder, 7)
    assert keys.destroyed(folder, 7)


def test_a_key_that_was_never_here_is_not_taken_as_destroyed(folder: Path) -> None:
    with pytest.raises(keys.KeyMissing, match="mounted"):
        keys.destroy(folder, 7)
    folder.mkdir(mode=0o700, parents=True)
    keys.destroy(folder, 7)
    assert not keys.destroyed(folder, 7)


def test_a_link_in_place_of_a_key_is_not_followed_when_destroying(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / "7").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError):
        keys.destroy(folder, 7)
    assert (tmp_path / "precious").read_bytes() == b"precious"
