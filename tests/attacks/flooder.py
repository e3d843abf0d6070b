"""A flooder in a process of its own: `python -m tests.attacks.flooder URL SECONDS`, a thousand texts a second."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import count

from tests.doors.stage import HOOK
from tests.service.test_unwell import update

FLOODER = 666
LINES = 32
A_SECOND = 1000


async def flood(url: str, seconds: float) -> tuple[Counter[str], list[str]]:
    """Write from one address; the statuses that came back, and whatever was said in an answer."""
    host, _colon, port = url.removeprefix("http://").partition(":")
    statuses: Counter[str] = Counter()
    said: list[str] = []
    numbers, began = count(1_000_000), time.monotonic()

    async def line(place: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        sent = 0
        while (now := time.monotonic() - began) < seconds:
            if sent * LINES / A_SECOND + place / A_SECOND > now:
                await asyncio.sleep(0.002)
                continue
            sent += 1
            body = json.dumps(update(next(numbers), "/help", FLOODER)).encode()
            head = f"POST /telegram HTTP/1.1\r\nhost: x\r\nx-telegram-bot-api-secret-token: {HOOK}\r\n"
            writer.write(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
            top = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            statuses[top.split()[1]] += 1
            if length := int(top.partition("content-length: ")[2].split()[0]):
                said.append((await reader.readexactly(length)).decode())
        writer.close()

    await asyncio.gather(*(line(place) for place in range(LINES)))
    return statuses, said


if __name__ == "__main__":
    found, words = asyncio.run(flood(sys.argv[1], float(sys.argv[2])))
    sys.stdout.write(json.dumps([found, words]))
