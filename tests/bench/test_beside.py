"""The comparison runs: the peers still answer what ours answers, and every one of them has cost something."""

from __future__ import annotations

import pytest

from tests.bench import echo, load

pytestmark = pytest.mark.alone


@pytest.mark.parametrize(("update", "written"), [(load.text, 1), (load.press, 2)], ids=["text", "button"])
def test_ours_and_the_peers_answer_the_same_updates(
    update: echo.Update, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo, "TURNS", 2)
    monkeypatch.setattr(echo, "EACH", 40)
    row = echo._compared("an answer", update, written, 8, rounds=1)
    assert set(row.references) == set(echo.PEERS)
    assert row.figure > 0 and all(figure > 0 for figure in row.references.values())
