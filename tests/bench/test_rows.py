"""What the benchmarks say of themselves: when a figure holds, how it reads, and what stays in the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.load import quantile
from tests.bench.rows import Row, at_least, at_most, beside, keep, table


def test_a_figure_holds_up_to_its_bound_and_no_further() -> None:
    assert at_most("start", 0.5, "s", 0.5).holds
    assert not at_most("start", 0.51, "s", 0.5).holds
    assert at_least("receive", 3000, "updates/s", 3000).holds
    assert not at_least("receive", 2999, "updates/s", 3000).holds


def test_beside_peers_every_share_must_be_kept() -> None:
    shares = {"one": 0.5, "other": 0.8}
    assert beside("text", 50, "µs", {"one": 100, "other": 100}, shares).holds
    assert not beside("text", 51, "µs", {"one": 100, "other": 100}, shares).holds
    assert not beside("text", 50, "µs", {"one": 100, "other": 60}, shares).holds


def test_the_table_gives_each_ratio_and_says_what_is_missed() -> None:
    read = table([beside("text", 60, "µs", {"one": 100, "third": 240}, {"one": 0.5})])
    assert read.splitlines() == [
        "MISSED text: 60 µs (at most 0.5 x one)",
        "         0.60 x one (100 µs)",
        "         0.25 x third (240 µs)",
    ]


def test_the_file_keeps_the_works_that_were_not_run_again(tmp_path: Path) -> None:
    file = tmp_path / "var" / "bench.json"
    keep([at_most("start", 1, "s", 3), at_least("paid", 900, "messages/s", 950)], file)
    keep([at_least("paid", 960, "messages/s", 950)], file)
    rows = {row["work"]: Row(**row) for row in json.loads(file.read_text(encoding="utf-8"))}
    assert rows == {"start": at_most("start", 1, "s", 3), "paid": at_least("paid", 960, "messages/s", 950)}


def test_a_quantile_is_a_wait_that_happened() -> None:
    assert quantile([0.3, 0.1, 0.2], 0.99) == 0.3
    assert quantile([float(number) for number in range(100)], 0.5) == 50


def test_a_benchmark_that_does_not_exist_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONLY", "txet")
    assert bench.main() == 2
    assert "'txet'" in (said := capsys.readouterr().err) and "text" in said
