"""What every handler may rely on and no handler configures: our address, our keys, the platforms that are on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.retention import USUAL, Recordings
from storage import keys
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class House:
    """Handed down by the composition root.

    `accounts` are those we can write from, and `doors` the links by which a platform is begun, by its name and with
    {key} for the committee; `paces` says how many messages a second an account may send; all grow when a platform is
    first reached. `keys` is the ballot key folder, and `keys_name` the name it must have, "" where that is not asked.
    `recordings` says how long those are kept.
    """

    vault: Vault
    keys: Path
    base_url: str
    accounts: set[str] = field(default_factory=lambda: {"web", "mail"})
    locale: str = "en"
    zone: str = "Europe/Copenhagen"
    doors: dict[str, str] = field(default_factory=dict)
    paces: dict[str, float] = field(default_factory=dict)
    keys_name: str = ""
    recordings: Recordings = USUAL

    @property
    def has_keys(self) -> bool:
        """Whether this process sees the key folder itself: only then may it open a ballot, count it or call it void."""
        return not self.keys_name or keys.name(self.keys) == self.keys_name
