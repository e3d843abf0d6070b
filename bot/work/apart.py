"""A pool solved in a process of its own: `python -m bot.work.apart`, told and answering through its pipes.

It lives no longer than whoever asked: when they are gone, however they went, so is their end of the pipe.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from bot.domain.selection.pool import Pool

if TYPE_CHECKING:  # it brings numpy and the solver, which the service does without
    from bot.domain.selection.solving import Solved

PROGRAM = (sys.executable, "-P", "-m", "bot.work.apart")


def apart(pool: Pool, seconds: float) -> Solved:
    """Solve in a process of its own, which may take a minute. Raises EOFError where it dies."""
    with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 (ourselves)
        assert process.stdin is not None
        assert process.stdout is not None
        pickle.dump((pool, seconds), process.stdin)
        process.stdin.flush()  # not closed: that would say that we are gone
        solved: Solved = pickle.load(process.stdout)  # noqa: S301 (from our own process)
        return solved


def main() -> None:
    """Be the process apart."""
    from bot.domain.selection import solving

    pool, seconds = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the process that started us)
    threading.Thread(target=_leave_with_them, daemon=True).start()
    pickle.dump(solving.solve(pool, seconds), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _leave_with_them() -> None:
    os.read(sys.stdin.fileno(), 1)  # past Python's buffer, whose lock may not be held while we end; nothing ever comes
    os._exit(0)


if __name__ == "__main__":
    main()
