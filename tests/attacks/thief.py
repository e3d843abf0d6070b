"""Everything a thief tries on the loot: reading votes, opening boxes, and joining voters to papers by any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from bot.chat.messages import pack
from bot.domain.ballots import VOTE
from storage.keys import KEY_LENGTH
from tests.attacks.loot import Moment, last_of_each

Guess = Mapping[int, int]


def forms(choice: int) -> tuple[bytes, ...]:
    """A choice as it may lie in a file: on a button, in a dump, in a page of either database, in an open box."""
    text = (pack(choice).encode(), str(choice).encode())
    return (*text, choice.to_bytes(4, "big"), choice.to_bytes(4, "little"))


def first_seen(data: bytes, choice: int) -> int | None:
    """Where a choice first stands in a file."""
    found = [place for form in forms(choice) if (place := data.find(form)) >= 0]
    return min(found, default=None)


def readable(files: Iterable[bytes], choices: Iterable[int]) -> set[int]:
    """The choices that stand in the files for everybody to read."""
    everything = list(files)
    return {choice for choice in choices if any(first_seen(data, choice) is not None for data in everything)}


def files_of(loot: Iterable[Moment], *kinds: str) -> Iterator[bytes]:
    """All files taken, or those of some kinds."""
    for moment in loot:
        yield from (data for name, data in moment.files.items() if not kinds or name.partition(":")[0] in kinds)


def changed_voters(before: Moment, after: Moment) -> list[int]:
    """The voters whose rows are not what they were."""
    known = {row.who: row.what for row in before.voters}
    return [row.who for row in after.voters if known.get(row.who) != row.what]


@dataclass(frozen=True)
class Thief:
    """Knows who voted and, at best, which votes were given, but not which is whose; a test that knows keeps score."""

    loot: Sequence[Moment]
    truth: Guess

    def haul(self) -> dict[str, int]:
        """By each method, the most voters whose vote one guess gets right."""
        methods = {
            "order of rows": self.by_rows(),
            "order in files": self.by_files(),
            "transaction numbers": [self.by_stamp()],
            "two backups compared": [self.by_backups()],
            "boxes opened": [self.opened()],
        }
        return {name: max(map(self._right, guesses), default=0) for name, guesses in methods.items()}

    def _right(self, guess: Guess) -> int:
        return sum(self.truth.get(person) == choice for person, choice in guess.items())

    def _orders(self) -> set[tuple[int, ...]]:
        """Every order of the voters that the loot knows: of rows, of messages, of last use, of boxes that changed."""
        found = {tuple(sorted(self.truth))}
        for moment in self.loot:
            for clock in (*moment.clocks.values(), tuple(row.who for row in moment.voters)):
                found.add(tuple(person for person in clock if person in self.truth))
        found.add(tuple(person for person in self._changed() if person in self.truth))
        return {order for order in found if len(order) == len(self.truth)}

    def _changed(self) -> tuple[int, ...]:
        """Persons in the order in which their rows last changed from one dump to the next."""
        steps = [changed_voters(before, after) for before, after in pairwise(self.loot)]
        return last_of_each(step[0] for step in steps if len(step) == 1)

    def _joined(self, papers: Sequence[int]) -> Iterator[Guess]:
        """Lay a sequence of papers along every order of the voters, forwards and backwards."""
        if len(papers) == len(self.truth):
            for order in self._orders():
                yield dict(zip(order, papers, strict=True))
                yield dict(zip(reversed(order), papers, strict=True))

    def by_rows(self) -> Iterator[Guess]:
        """Papers as the tables hold them: by their keys or places, and by the transactions that wrote them."""
        for moment in self.loot:
            yield from self._joined([row.what for row in moment.papers])
            yield from self._joined([row.what for row in sorted(moment.papers, key=lambda row: int(row.stamp or 0))])

    def by_files(self) -> Iterator[Guess]:
        """Papers in the order in which they first appear in files of one kind, from the first theft to the last."""
        kinds = {name.partition(":")[0] for moment in self.loot for name in moment.files}
        for kind in kinds:
            first: dict[int, tuple[int, int]] = {}
            for number, data in enumerate(files_of(self.loot, kind)):
                for choice in set(self.truth.values()) - set(first):
                    if (place := first_seen(data, choice)) is not None:
                        first[choice] = (number, place)
            yield from self._joined(sorted(first, key=lambda choice: first[choice]))

    def by_stamp(self) -> Guess:
        """Voters and papers that one transaction wrote, where it wrote one of each."""
        guess: dict[int, int] = {}
        for moment in self.loot:
            once = [
                {row.stamp: row for row in rows if row.stamp and counted[row.stamp] == 1}
                for rows in (moment.voters, moment.papers)
                for counted in (Counter(row.stamp for row in rows),)
            ]
            guess |= {voter.who: once[1][stamp].what for stamp, voter in once[0].items() if stamp in once[1]}
        return guess

    def by_backups(self) -> Guess:
        """A voter and a paper that are new between two dumps, where there is one of each."""
        guess: dict[int, int] = {}
        for before, after in pairwise(self.loot):
            changed = changed_voters(before, after)
            new = Counter(row.what for row in after.papers) - Counter(row.what for row in before.papers)
            if len(changed) == len(new) == 1:
                guess[changed[0]] = next(iter(new))
        return guess

    def opened(self) -> Guess:
        """Boxes of any moment that a key lying anywhere in the loot opens; the last of a voter counts."""
        candidates = {data for data in files_of(self.loot) if len(data) == KEY_LENGTH}
        guess: dict[int, int] = {}
        for moment in self.loot:
            for row in moment.voters:
                for key in candidates if row.what else ():
                    try:
                        guess[row.who] = VOTE.unpack(SealedBox(PrivateKey(key)).decrypt(bytes(row.what)))[3]
                    except CryptoError:
                        continue
        return guess
