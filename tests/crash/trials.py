"""The other trials: the database stopped, the platform in trouble, a stop in order, a paused process, a flooder."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Callable, Mapping

import aiohttp

from tests.crash.cluster import Cluster
from tests.crash.scene import Size
from tests.crash.trial import Line, Stage, stage
from tests.doors.stage import HOOK

SMALL = Size(active=12, quiet=40, listeners=3, seconds=40)
STOPPED = 4.0
STORM, CALM, ALL = 1.0, 0.5, 1000
FLOOD = 1000
FLOOD_SECONDS = 4.0
OTHERS = 100


def _line(name: str, found: Stage, figures: str, wrong: list[str] | None = None) -> Line:
    """A trial's line, with all that the reckoning found wrong."""
    reckoning = found.reckon()
    owed = f"{reckoning.messages_lost.looked_at} messages, {reckoning.doubled.looked_at} twice"
    return Line(name, f"{figures}; {owed}", [*(wrong or []), *reckoning.wrong, *found.house.errors()[:3]])


def _ends(found: Stage, seconds: float = 90) -> None:
    """Everybody goes home, and what is under way comes to its end."""
    found.town.go_home()
    found.due_is_done()
    found.settle(seconds)


def database_stopped(postgres: Cluster, seed: int) -> Line:
    """PostgreSQL is stopped under load and started again: 503 with Retry-After, and nothing is lost."""
    with stage(postgres, seed, SMALL) as found:
        found.town.live(broadcasts_every=3)
        time.sleep(3)
        before = len(found.fake.attempts)
        postgres.stop()
        time.sleep(STOPPED)
        postgres.start()
        during = [attempt.status for attempt in found.fake.attempts[before:]]
        _ends(found)
        unasked = [status for status in during if status not in (0, 200, 503)]
        wrong = [f"answered {status} while the database was gone" for status in unasked]
        if during.count(503) == 0:
            wrong.append("never answered 503")
        waits = [attempt.wait for attempt in found.fake.attempts[before:] if attempt.status == 503]
        if any(not wait for wait in waits):
            wrong.append("a 503 came without Retry-After")
        return _line("database stopped and started", found, f"{during.count(503)} answers 503 with Retry-After", wrong)


def in_trouble(seed: int) -> Line:
    """Storms of 429, 5xx, cut lines before and after the effect, and answers that come too late, each for a while."""
    dice = random.Random(seed)
    with stage(None, seed, SMALL, pace="real", limits=True) as found:
        faults: Mapping[str, Callable[[], None]] = {
            "429": lambda: found.fake.fail("sendMessage", 429, times=ALL, retry_after=1),
            "500": lambda: found.fake.fail("sendMessage", 500, times=ALL),
            "502": lambda: found.fake.fail("sendMessage", 502, times=ALL),
            "reset before": lambda: found.fake.reset("sendMessage", before=True, times=ALL),
            "reset after": lambda: found.fake.reset("sendMessage", before=False, times=ALL),
            "slow": lambda: found.fake.slow("sendMessage", 2.0, times=ALL),
            "cut short": lambda: found.fake.truncate("sendMessage", times=ALL),
        }
        found.town.live(broadcasts_every=None)
        for name in dice.sample(sorted(faults), len(faults)):
            faults[name]()
            time.sleep(STORM)
            found.fake.mend()
            time.sleep(CALM)
        _ends(found, 120)
        impatient = [what for what in found.fake.violations if "came back" in what]
        refused = sum(request.status == 429 for request in found.fake.requests)
        reckoning = found.reckon()
        # A line that broke after its message was written leaves a reply that is sent once more: that is allowed here.
        wrong = [what for what in reckoning.wrong if not what.startswith("duplicates")] + impatient
        figures = f"{refused} refused with 429, {len(impatient)} came back too early"
        return Line("429, 5xx, resets, time-outs", f"{figures}, {reckoning.doubled.looked_at} twice", wrong)


def stopped_in_order(seed: int) -> Line:
    """SIGTERM under load, three times: it ends within 10 s, and nothing comes twice or not at all."""
    with stage(None, seed, SMALL) as found:
        found.fake.lag(0.05, 0.05)
        found.town.live(broadcasts_every=2)
        wrong, longest = [], 0.0
        [process] = found.house.processes
        for _time in range(3):
            time.sleep(1)
            code, seconds = process.stop()
            longest = max(longest, seconds)
            if code or seconds > 10:
                wrong.append(f"it ended with {code} after {seconds:.1f} s")
            if left := found.house.sending():
                wrong.append(f"{len(left)} rows were left in flight")
            process.start()
            process.wait_ready()
        _ends(found)
        again = found.reckon().doubled.looked_at
        if again:
            wrong.append(f"{again} messages came twice")
        return _line("SIGTERM under load, three times", found, f"the longest took {longest:.1f} s", wrong)


def paused(postgres: Cluster, seed: int) -> Line:
    """Two senders, and the one that holds the lease is stopped past it and goes on: its marks do not land."""
    with stage(postgres, seed, SMALL, processes=2) as found:
        found.fake.lag(0.1, 0.1)
        found.town.live(broadcasts_every=2)
        changes = 0
        for _time in range(3):
            time.sleep(1)
            sender = _holder(found)
            if sender is None:
                continue
            before = len(found.house.takeovers())
            found.house.processes[sender].signal(signal.SIGSTOP)
            time.sleep(2)
            found.house.processes[sender].signal(signal.SIGCONT)
            changes += len(found.house.takeovers()) > before
        _ends(found)
        wrong = [] if changes else ["the lease never changed hands"]
        return _line("a sender paused past its lease", found, f"{changes} of 3 times another went on", wrong)


def _holder(found: Stage) -> int | None:
    """Which process is sending for Telegram."""
    owner = found.lease_owner()
    pids = [process.pid for process in found.house.processes]
    return next((number for number, pid in enumerate(pids) if f"-{pid}-" in owner), None)


def flooded(seed: int) -> Line:
    """One address sends a thousand updates a second; how long the updates of others take to be answered."""
    with stage(None, seed, SMALL, pace="fair") as found:
        [process] = found.house.processes
        people = [found.scene.chats[person] for person in found.scene.active]
        quiet = asyncio.run(_flood(process.url, people, 0))
        loud = asyncio.run(_flood(process.url, people, FLOOD))
        figures = (
            f"p99 {_late(loud[0]):.0f} ms beside {loud[1]:.0f}/s of one address ({_late(quiet[0]):.0f} ms without)"
        )
        wrong = [] if _late(loud[0]) < 100 else [f"p99 of the others is {_late(loud[0]):.0f} ms, not under 100"]
        return Line("a flooder", figures, wrong)


def _late(waits: list[float]) -> float:
    """The 99th percentile in milliseconds."""
    return sorted(waits)[int(len(waits) * 0.99)] * 1000


async def _flood(url: str, people: list[int], rate: int) -> tuple[list[float], float]:
    """Others write at 25 a second in all; one floods. Seconds until each of the others' 200, and the flood reached."""
    waits: list[float] = []
    taken = 0
    number = int(time.time() * 1000) % (1 << 30)
    headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK}
    flooder, *others = people
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def writes(chat: int, text: str, update: int, note: bool) -> None:
            nonlocal taken
            began = time.monotonic()
            person = {"id": chat, "is_bot": False, "first_name": "Somebody"}
            said = {"message_id": update, "date": int(time.time()), "from": person, "text": text}
            body = {"update_id": update, "message": said | {"chat": {"id": chat, "type": "private"}}}
            async with session.post(f"{url}/telegram", json=body, headers=headers) as answer:
                await answer.read()
            if note:
                waits.append(time.monotonic() - began)
            else:
                taken += 1

        tasks: list[asyncio.Task[None]] = []
        began = time.monotonic()
        flood = sent = 0
        while (passed := time.monotonic() - began) < FLOOD_SECONDS:
            while flood < passed * rate:
                flood += 1
                tasks.append(asyncio.create_task(writes(flooder, f"flood {flood}", number + flood, False)))
            while sent < passed * OTHERS / FLOOD_SECONDS:
                sent += 1
                chat = others[sent % len(others)]
                tasks.append(asyncio.create_task(writes(chat, "/status", number + 500_000 + sent, True)))
            await asyncio.sleep(0.002)
        reached = taken / FLOOD_SECONDS
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 120)
    return waits, reached
