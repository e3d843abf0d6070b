"""How long each kind of row is kept. The storage applies it every night, and the privacy pages quote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """So many days after a start; `days` is None where no clock ends the row, and `start` says what does."""

    days: int | None
    start: str

    @property
    def length(self) -> timedelta:
        """How long. Raises ValueError where no clock ends the row."""
        if self.days is None:
            raise ValueError(f"no clock ends this: {self.start}")
        return timedelta(days=self.days)

    def before(self, now: datetime) -> datetime:
        """The moment before which a row has been kept long enough. Raises ValueError where no clock ends it."""
        return now - self.length


# Each table of the storage names one of these. The further rules end a part of a row before the row itself.
RULES: Mapping[str, Rule] = {
    "record": Rule(None, "until the archive has it; the municipality decides"),
    "person": Rule(None, "until the person is forgotten"),
    "live": Rule(None, "only the newest value is there"),
    "application": Rule(90, "the answer to an application that gave no seat"),
    "arrival": Rule(90, "the arrival"),
    "reserve": Rule(30, "the end of the committee"),
    "attendance": Rule(90, "the end of the committee"),
    "answer": Rule(365, "the delivery to the council"),
    "recording": Rule(90, "the sending"),
    "idea": Rule(None, "as long as the idea"),
    "roll": Rule(30, "the closing of the ballot"),
    "conversation": Rule(14, "the last answer in an unfinished conversation"),
    "event": Rule(3, "the day it came"),
    "parked": Rule(7, "the failure"),
    "schedule": Rule(30, "the moment it was due"),
    "message": Rule(30, "the sending"),
    "blob": Rule(0, "its own last day"),
    "login": Rule(7, "its running out"),
    "session": Rule(0, "its running out"),
    "audit": Rule(1825, "the entry"),
}
PARTS: Mapping[str, Rule] = {
    "withdrawn application": Rule(7, "the withdrawal"),
    "special-category line": Rule(30, "the answer to an application that gave no seat"),
    "wish to follow along": Rule(730, "the last time it was said"),
    "recording that is written down": Rule(30, "the writing down"),
    "text of a message": Rule(2, "the sending; on the web page as long as the message"),
    "text without a place": Rule(7, "the writing"),
}


@dataclass(frozen=True, slots=True)
class Recordings:
    """For how long a recording is kept, `sent` and `written` down: as the rules say, or as the house is set."""

    sent: Rule = RULES["recording"]
    written: Rule = PARTS["recording that is written down"]

    @classmethod
    def of(cls, sent_days: int, written_days: int) -> Recordings:
        """The same starts, other days."""
        usual = cls()
        return cls(replace(usual.sent, days=sent_days), replace(usual.written, days=written_days))


USUAL = Recordings()
