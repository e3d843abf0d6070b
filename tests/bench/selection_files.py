"""A pool as files: as samskab panel reads them, and as sortition-algorithms does, which has no profiles.

Profiles become features for it. By Hall's theorem the seats can be filled if and only if, for every set of profiles,
enough of the panel fit one of them; so each set is a feature with the values yes and no.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from bot.domain.selection.pool import Pool


def write(pool: Pool, folder: Path) -> None:
    """All files of a pool whose quotas are named `feature: value`."""
    features = list(dict.fromkeys(quota.key.partition(": ")[0] for quota in pool.quotas))
    rules = [[*quota.key.split(": "), quota.least, quota.most] for quota in pool.quotas]
    lines = [line.key for line in pool.lines]
    sets = [chosen for size in range(1, len(lines) + 1) for chosen in combinations(pool.lines, size)]
    names = [" or ".join(line.key for line in chosen) for chosen in sets]
    people, eligible = [], []
    for one in pool.applicants:
        values = [
            next(key.partition(": ")[2] for key in one.groups if key.startswith(f"{name}: ")) for name in features
        ]
        people.append([one.id, *values, *(one.ratings.get(line, 0) for line in lines)])
        if fits := set(pool.fits(one)):
            filled = ["yes" if fits & {line.key for line in chosen} else "no" for chosen in sets]
            eligible.append([one.id, *values, *filled])
    head = ["feature", "value", "min", "max"]
    _table(folder / "features.csv", head, rules)
    _table(folder / "people.csv", ["id", *features, *(f"profile:{line}" for line in lines)], people)
    _table(folder / "profiles.csv", ["profile", "seats"], [[line.key, line.seats] for line in pool.lines])
    for name, chosen in zip(names, sets, strict=True):
        least = sum(line.seats for line in chosen)
        rules += [[name, "yes", least, pool.seats], [name, "no", 0, pool.seats - least]]
    present = {(name, value) for row in eligible for name, value in zip([*features, *names], row[1:], strict=True)}
    _table(folder / "peer-features.csv", head, [rule for rule in rules if tuple(rule[:2]) in present])
    _table(folder / "peer-people.csv", ["id", *features, *names], eligible)
    settings = (
        'id_column = "id"\ncolumns_to_keep = []\ncheck_same_address = false\ncheck_same_address_columns = []\n'
        'selection_algorithm = "maximin"\nrandom_number_seed = 1\n'
    )
    (folder / "settings.toml").write_text(settings, "utf-8")


def _table(file: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])
