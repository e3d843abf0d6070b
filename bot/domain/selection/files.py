"""Pools from files: features, people and profiles, as the field's own tools and ours write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.selection.pool import BEST, Applicant, Line, Pool, Quota
from bot.domain.selection.tables import FilesError, Source, Table

ANYBODY = "anybody"  # the one line of a pool without profiles
IDS = ("id", "nationbuilder_id")
RATING = "profile:"
UNSET = ("", "-1")  # how the field's tools write that a quota does not give

Features = Mapping[str, Mapping[str, Quota]]


def read(features: Source, people: Source, seats: int, profiles: Source | None = None) -> Pool:
    """The pool of the files of the Sortition Foundation's tools, and of our own for profiles.

    `features` has the columns feature, value, min, max and perhaps min_flex and max_flex, which bound the advice where
    no panel keeps the rules. `people` has an id (a column of that name, else the first) and a column for each feature.
    `profiles` has the columns profile and seats; then the people have a column `profile:KEY` for each, with a rating of
    0-3. Other columns are not read. Without profiles everybody fits every seat. Raises FilesError with every fault.
    """
    tables = [Table.of(source) for source in (features, people, profiles) if source]
    quotas = _quotas(tables[0], seats)
    lines = _lines(tables[2], seats) if profiles else [Line(ANYBODY, seats)]
    applicants = list(_applicants(tables[1], quotas, lines if profiles else None))
    if any(table.faults for table in tables):
        raise FilesError(tables)
    return Pool(applicants, tuple(lines), tuple(quota for values in quotas.values() for quota in values.values()))


def _quotas(table: Table, seats: int) -> Features:
    """The rules by feature and value."""
    needed = [table.needed(*names) for names in (("feature", "category"), ("value", "name"), ("min",), ("max",))]
    flex = table.find("min_flex"), table.find("max_flex")
    found: dict[str, dict[str, Quota]] = {}
    first: dict[str, int] = {}
    if None in needed:
        return found
    for line, cells in table.rows:
        feature, value, low, high = (cells[column] for column in needed if column is not None)
        if not feature or not value:
            table.fault(line, "feature and value: must both be there.")
            continue
        least, most = table.number(line, "min", low, 0), table.number(line, "max", high, 0)
        lowest, highest = (
            None if column is None or cells[column] in UNSET else table.number(line, name, cells[column], 0)
            for name, column in zip(("min_flex", "max_flex"), flex, strict=True)
        )
        values = found.setdefault(feature, {})
        first.setdefault(feature, line)
        if value in values:
            table.fault(line, f"{feature}: {value} is there twice.")
        if least is not None and most is not None and least > most:
            table.fault(line, f"min: {least} is more than max, {most}.")
        if least is not None and lowest is not None and lowest > least:
            table.fault(line, f"min_flex: {lowest} is more than min, {least}.")
        if most is not None and highest is not None and highest < most:
            table.fault(line, f"max_flex: {highest} is less than max, {most}.")
        values[value] = Quota(f"{feature}: {value}", least or 0, seats if most is None else most, True, lowest, highest)
    _contradictions(table, found, first, seats)
    if not table.rows and not table.faults:
        table.fault(0, "holds no feature.")
    return found


def _contradictions(table: Table, found: Features, first: Mapping[str, int], seats: int) -> None:
    for feature, values in found.items():
        least, most = sum(one.least for one in values.values()), sum(one.most for one in values.values())
        if least > seats:
            table.fault(first[feature], f"{feature}: the min of all values come to {least}, more than {seats} seats.")
        if most < seats:
            table.fault(first[feature], f"{feature}: the max of all values come to {most}, less than {seats} seats.")


def _lines(table: Table, seats: int) -> list[Line]:
    """The profile lines; together they have as many seats as the panel."""
    profile, count = table.needed("profile"), table.needed("seats")
    found: dict[str, Line] = {}
    if profile is None or count is None:
        return []
    for line, cells in table.rows:
        key, number = cells[profile], table.number(line, "seats", cells[count], 1)
        if not key:
            table.fault(line, "profile: must be there.")
        elif key in found:
            table.fault(line, f"the profile {key!r} is there twice.")
        found.setdefault(key, Line(key, number or 0))
    total = sum(one.seats for one in found.values())
    if not table.faults and total != seats:
        table.fault(0, f"the profiles have {total} seats together, but the panel has {seats}.")
    return list(found.values())


def _applicants(table: Table, quotas: Features, lines: Sequence[Line] | None) -> Iterator[Applicant]:
    """The people, each with the quotas of their values and the ratings of their profiles."""
    ids = table.find(*IDS)
    ids = 0 if ids is None else ids
    if table.columns and table.columns[ids].casefold() in {feature.casefold() for feature in quotas}:
        table.fault(table.head, f"there is no column of ids: the first is the feature {table.columns[ids]!r}.")
    columns = {feature: table.needed(feature) for feature in quotas}
    rated = {} if lines is None else {line.key: table.needed(RATING + line.key) for line in lines if line.key}
    seen: dict[str, int] = {}
    for line, cells in table.rows:
        person = cells[ids]
        if not person:
            table.fault(line, f"{table.columns[ids]}: must be there.")
        elif person in seen:
            table.fault(line, f"the id {person!r} is in line {seen[person]} already.")
        seen.setdefault(person, line)
        groups = frozenset(_groups(table, line, cells, quotas, columns))
        ratings = {
            key: table.number(line, RATING + key, cells[column] or "0", 0, BEST) or 0
            for key, column in rated.items()
            if column is not None
        }
        yield Applicant(person, {ANYBODY: BEST} if lines is None else ratings, groups)
    if not table.rows and not table.faults:
        table.fault(0, "holds no people.")


def _groups(
    table: Table, line: int, cells: Sequence[str], quotas: Features, columns: Mapping[str, int | None]
) -> Iterator[str]:
    for feature, column in columns.items():
        if column is None:
            continue
        by = {value.casefold(): quota for value, quota in quotas[feature].items()}
        quota = by.get(cells[column].casefold())
        if quota is None:
            known = ", ".join(quotas[feature])
            table.fault(line, f"{feature}: {cells[column]!r} is none of {known}.")
        else:
            yield quota.key
