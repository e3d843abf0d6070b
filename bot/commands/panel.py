"""samskab panel: the lottery over panels of a pool in files, for auditors and for a try."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.commands import panel_verify
from bot.commands.console import fail, say

if TYPE_CHECKING:
    from bot.domain.selection.pool import Pool, Selection
    from bot.domain.selection.relaxing import Relaxation
    from bot.domain.selection.sharing import Share
    from bot.domain.selection.tables import Source

group = typer.Typer(help="Panels: who may sit on one, with what chance.")
panel_verify.add(group)
TRIAL = "trial, not a draw"
WHY_SECONDS = 20.0  # how long to look for the rules that keep people off every panel


@group.callback(invoke_without_command=True)
def panel(
    context: typer.Context,
    features: Annotated[Path | None, typer.Option(help="the rules: feature,value,min,max[,min_flex,max_flex]")] = None,
    people: Annotated[Path | None, typer.Option(help="the applicants: an id, and a column for each feature")] = None,
    seats: Annotated[int, typer.Option(help="how many people a panel has")] = 0,
    profiles: Annotated[Path | None, typer.Option(help="profile,seats; ratings are in columns profile:KEY")] = None,
    seed: Annotated[str | None, typer.Option(help="which panel this seed would pick; a trial, never a draw")] = None,
    limit: Annotated[float, typer.Option(help="seconds for the fairest lottery")] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="one object of JSON and nothing else")] = False,
) -> None:
    """Find the fairest lottery over the panels that keep the rules, from files."""
    if context.invoked_subcommand is not None:
        return
    if features is None or people is None or seats < 1:
        fail("Give --features FILE, --people FILE and --seats NUMBER. samskab panel --help says more.")
    began = time.monotonic()
    pool = _pool(features, people, seats, profiles)
    selection = _selection(pool, limit)
    panels, digest = _panels(pool, selection, seed)
    found = _result(pool, selection, panels, digest, time.monotonic() - began)
    if seed is not None:
        found["trial"] = {
            "note": TRIAL,
            "seed": seed,
            "members": list(_picked(selection, panels, digest, seed).members),
        }
    if as_json:
        say(json.dumps(found, ensure_ascii=False))
    else:
        _tell(pool, selection, found)


def _pool(features: Path, people: Path, seats: int, profiles: Path | None) -> Pool:
    from bot.domain.selection.files import read
    from bot.domain.selection.tables import FilesError, Source

    unread: list[str] = []

    def source(file: Path) -> Source:
        try:
            return Source(str(file), file.read_bytes())
        except OSError as error:
            unread.append(f"{file}: cannot be read ({error.strerror}).")
            return Source(str(file), b"")

    sources = source(features), source(people), source(profiles) if profiles else None
    if unread:
        fail(*unread)
    try:
        return read(sources[0], sources[1], seats, sources[2])
    except FilesError as error:
        fail(*map(str, error.faults))


def _selection(pool: Pool, limit: float) -> Selection:
    from bot.domain.selection.feasible import Infeasible
    from bot.domain.selection.selecting import select

    try:
        with _bar() as progress:
            return select(pool, limit_seconds=limit, progress=progress)
    except Infeasible:
        _advise(pool)


@contextmanager
def _bar() -> Iterator[Callable[[float], None] | None]:
    """A bar of progress on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Looking for the fairest lottery", total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _panels(pool: Pool, selection: Selection, seed: str | None) -> tuple[Sequence[Share], str]:
    """The panels of the lottery and the hash of their list; with the hash-ordered one, the one panel of the seed."""
    from bot.domain.selection.serial import entering
    from bot.domain.selection.sharing import Share, list_hash, order, pool_hash, shares

    if selection.method != "hash-ordered":
        panels = shares(pool, selection.compositions)
        return panels, list_hash(panels)
    digest = pool_hash(pool)
    entered = entering(pool, order(pool, digest, seed or ""))
    return [Share(tuple(sorted(entered)), 1.0)], digest


def _picked(selection: Selection, panels: Sequence[Share], digest: str, seed: str) -> Share:
    from bot.domain.selection.sharing import picked

    return panels[0] if selection.method == "hash-ordered" else picked(panels, digest, seed)


def _result(pool: Pool, selection: Selection, panels: Sequence[Share], digest: str, seconds: float) -> dict[str, Any]:
    from bot.domain.selection.chances import chance_of

    chances = chance_of(selection, pool)
    return {
        "method": selection.method,
        "complete": selection.complete,
        "minimum": min((chance for chance in chances.values() if chance > 0), default=None),
        "seconds": round(seconds, 3),
        "chances": dict(chances),
        "panels": [{"members": list(one.members), "weight": one.weight} for one in panels],
        "list_hash": digest,
    }


METHODS: Mapping[str, str] = {
    "leximin": "leximin: the smallest chance is as great as can be, then the second smallest, and so on",
    "maximin": "maximin: the smallest chance is as great as can be; no more is proven",
    "hash-ordered": "hash-ordered: people enter in the order of a hash, as long as a panel remains possible",
}


def _tell(pool: Pool, selection: Selection, found: Mapping[str, Any]) -> None:
    """The same to read."""
    fitting = sum(len(people) for people in pool.kinds.values())
    say(f"{len(pool.applicants)} applicants, of whom {fitting} fit a seat; {len(pool.kinds)} kinds.")
    say(f"Method: {METHODS[selection.method]}.")
    if not selection.complete:
        say(f"The time was up: {selection.levels} levels are proven. --limit gives more.")
    if selection.method == "hash-ordered":
        say('Chances are not known with this method. Below is the panel of the seed; without --seed it is "".')
    else:
        say(f"Smallest chance of those on any panel: {found['minimum']:.4%}")
    say(f"Time: {found['seconds']:.1f} s. Hash of the list: {found['list_hash']}")
    say("")
    for one in found["panels"]:
        say(f"{one['weight']:9.4%}  {' '.join(one['members'])}")
    say("")
    for person, chance in found["chances"].items():
        say(f"{person}: {chance:.4%}" if chance else f"{person}: none")
    _tell_why(pool, selection)
    if trial := found.get("trial"):
        say(f"{TRIAL}: the seed {trial['seed']!r} picks {' '.join(trial['members'])}")


def _tell_why(pool: Pool, selection: Selection) -> None:
    """Who fits a seat and still has no chance, and which rule is the cause."""
    from bot.domain.selection.solving import barred

    for one in barred(pool, selection, WHY_SECONDS):
        people, would = " ".join(one.people), "; ".join(map(_sentence, one.causes))
        say(f"On no panel: {people}. There would be one with: {would}." if would else f"On no panel: {people}")


def _advise(pool: Pool) -> NoReturn:
    """No panel keeps the rules: what to relax, and the end."""
    from bot.domain.selection.advice import advice

    found = advice(pool)
    if not found:
        fail("Nobody could take any of the seats, whatever rule were relaxed.")
    fail(
        "No panel keeps all the rules. There is one with any of these, the smallest change first:",
        *(f"{number}. {'; '.join(map(_sentence, one))}" for number, one in enumerate(found, 1)),
    )


def _sentence(one: Relaxation) -> str:
    return {
        "least": f"{one.key}: at least {one.becomes} instead of {one.was}",
        "most": f"{one.key}: at most {one.becomes} instead of {one.was}",
        "seats": f"{one.key}: {one.becomes} seats instead of {one.was}",
        "rating": f"{one.key}: a rating of {one.becomes} is enough, instead of {one.was}",
        "slack": f"a total rating {one.becomes} below the best, instead of {one.was}",
    }[one.what]
