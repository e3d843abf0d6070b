"""The named steps between receiving and settling, at each of which a process can be told to die.

They hang on what does not change: the writer's transactions (told apart by the statements in them), the event on its
way in, and the platform's `send`. Nothing of this is in the product; `serve.py` composes it in the laboratory only.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.app import App
from bot.chat.delivery import Delivery, Result
from bot.chat.events import Event, Outcome
from storage.database import Database, Tx

# How a transaction is known: by a statement's opening and the words that stand in it or in its values.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "event": ("INSERT INTO event", ()),
    "schedule": ("UPDATE schedule", ("fired",)),
    "fan-out": ("UPDATE prompt", ("cursor",)),
    "mark": ("UPDATE outbox", ("sending", "owner=")),
    "settle": ("UPDATE outbox", ("sent", "platform_id=")),
    "lease": ("UPDATE lease", ("until=",)),
    "closing": ("UPDATE ballot", ("closing",)),
    "count": ("UPDATE ballot", ("counted", "closing")),
    "release": ("UPDATE ballot", ("released",)),
}
ON_THE_WAY = ("an update arrives", "an update is answered", "before the call", "after the answer")
STEPS = (
    *ON_THE_WAY,
    *(f"{side} the commit of {kind}" for kind in list(KINDS)[:6] for side in ("before", "after")),
)
CLOSING = tuple(f"{side} the commit of {kind}" for kind in list(KINDS)[6:] for side in ("before", "after"))


class Steps:
    """Dies at the step whose name stands first in a file, and takes the name along.

    Each time the right to send changes hands, it also writes down which rows were being sent in that moment: only
    those may come twice.
    """

    def __init__(self, folder: Path) -> None:
        self._order = folder / "step"
        self._takeovers = folder / "takeovers"

    def reached(self, step: str) -> None:
        """This step is here."""
        try:
            wanted = self._order.read_text().splitlines()
        except FileNotFoundError:
            return
        if wanted[:1] == [step]:
            try:
                self._order.unlink()
            except FileNotFoundError:  # the other process was quicker
                return
            self._order.write_text("\n".join(wanted[1:]))
            os.kill(os.getpid(), signal.SIGKILL)

    def hang_on(self, app: App) -> None:
        """Put the steps around the parts of a composed service."""
        self._transactions(app.database)
        accept = app.accept

        async def accepted(event: Event) -> Outcome:
            self.reached(ON_THE_WAY[0])
            outcome = await accept(event)
            self.reached(ON_THE_WAY[1])
            return outcome

        assert app.telegram is not None
        app.telegram._accept = accepted
        app.telegram.send = self._around(app.telegram.send)  # type: ignore[method-assign, assignment]

    def _around(self, send: Callable[[Delivery], Awaitable[Result]]) -> Callable[[Delivery], Any]:
        async def sent(delivery: Delivery) -> Result:
            self.reached(ON_THE_WAY[2])
            result = await send(delivery)
            self.reached(ON_THE_WAY[3])
            return result

        return sent

    def _transactions(self, database: Database) -> None:
        transaction = database.transaction

        def said(tx: Tx, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
            for kind, (opening, words) in KINDS.items():
                if statement.startswith(opening) and all(word in f"{statement} {values}" for word in words):
                    tx.info.setdefault("kinds", set()).add(kind)
            if statement.startswith("UPDATE lease") and "owner=" in statement:
                sending = tx.exec_driver_sql("SELECT id FROM outbox WHERE state = 'sending'").scalars()
                tx.info["taken"] += [[os.getpid(), *sending]]  # two accounts may change hands in one transaction

        for engine in {database.writer, database.limited}:
            event.listen(engine, "before_cursor_execute", said)

        @contextmanager
        def watched(*, limited: bool = False) -> Iterator[Tx]:
            kinds: set[str] = set()
            with transaction(limited=limited) as tx:
                tx.info.update(kinds=kinds, taken=[])
                yield tx
                taken = tx.info["taken"]
                for kind in sorted(kinds):
                    self.reached(f"before the commit of {kind}")
            if taken:
                with self._takeovers.open("a") as file:
                    file.writelines(json.dumps(one) + "\n" for one in taken)
            for kind in sorted(kinds):
                self.reached(f"after the commit of {kind}")

        database.transaction = watched  # type: ignore[method-assign]
