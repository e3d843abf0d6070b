"""Handling a parked event again: its row goes in the same transaction, or stays where the event fails once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.engine import sealed
from bot.engine.house import House
from bot.engine.receive import Engine
from handlers import router
from storage import parked
from storage.database import Database, Tx


class FailedAgain(Exception):
    """The handler failed as before; its transaction is undone."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A database, and the house in which its events are handled."""

    database: Database
    house: House

    def do(self, number: int, now: datetime) -> str | None:
        """Handle a parked event; what stands in the way, None where it is done. Nothing is done twice."""
        try:
            with self.database.transaction() as tx:
                row = parked.take(tx, number)
                if row is None:
                    return "nothing is parked under this number. `samskab parked list` shows the numbers."
                self._again(tx, row, now)
        except FailedAgain as failed:
            return f"failed again ({failed}); it stays parked. The log line above says where."
        except ValueError as error:
            return f"it stays parked: {error}."
        except Exception as error:
            return f"failed again ({type(error).__name__}); it stays parked."
        return None

    def _again(self, tx: Tx, row: parked.Parked, now: datetime) -> None:
        # The platform's own id has been seen; under this one the event is new, once.
        event = sealed.unpack(self.house.vault.open(row.payload), f"parked:{row.id}")
        Engine(router, self.house).receive(tx, [event], now)
        if failure := parked.failure(tx, event.address.account, event.id):
            raise FailedAgain(failure)
