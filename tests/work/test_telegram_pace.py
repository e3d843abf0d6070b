"""The sender, the courier and a server that counts: as fast as Telegram allows, and never once too fast."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.chat.events import Address, Outcome
from bot.chat.messages import Rendered
from bot.platforms.telegram import Telegram
from storage import outbox
from storage.tables import Outbox
from tests.databases import fresh
from tests.fakes.telegram import TelegramFake
from tests.platforms.telegram_house import HOOK, TOKEN
from tests.work.loft import Loft, opened


@pytest.fixture
def loft(tmp_path: Path) -> Iterator[Loft]:
    database = fresh(tmp_path)
    with opened(database, tmp_path) as made:
        yield made
    database.close()


async def accept(_event: object) -> Outcome:
    return Outcome()


async def empty(loft: Loft, fake: TelegramFake, *, paid: bool) -> None:
    """Run a sender until nothing waits."""
    telegram = Telegram(token=TOKEN, api_url=fake.url, webhook_secret=HOOK, base_url="", accept=accept, paid=paid)
    stopping = asyncio.Event()
    running = asyncio.create_task(loft.sender(telegram).run(stopping))
    async with asyncio.timeout(20):
        while waiting(loft):  # noqa: ASYNC110 (the outbox has no event)
            await asyncio.sleep(0.05)
    stopping.set()
    await running
    await telegram.stop()


def waiting(loft: Loft) -> int:
    with loft.db.reading() as tx:
        return tx.execute(select(func.count()).where(Outbox.state.in_(("ready", "sending")))).scalar_one()


@pytest.mark.parametrize(("paid", "people"), [(False, 60), (True, 400)])
def test_telegram_never_has_to_say_that_we_are_too_fast(loft: Loft, paid: bool, people: int) -> None:
    with TelegramFake(TOKEN) as fake:
        chats = [fake.user(f"Ola {number}", started=True).id for number in range(people)]
        with loft.db.transaction() as tx:
            for chat in chats:
                address = Address(f"telegram:{TOKEN.partition(':')[0]}", str(chat))
                outbox.put(tx, address, loft.person.id, Rendered("Hei"), loft.now, lane=2, kind="prompt")
        asyncio.run(empty(loft, fake, paid=paid))
        said = [request for request in fake.requests if request.method == "sendMessage"]
        assert [request.status for request in said] == [200] * people
        assert {request.params["chat_id"] for request in said} == set(chats)
        assert set(loft.states().values()) == {"sent"}
