"""What a method works on: the world, the delivery of updates and its own parameters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.delivery import Delivery
from tests.fakes.telegram.world import World

Params = dict[str, Any]


@dataclass
class Api:
    world: World
    delivery: Delivery
    poller: asyncio.Event | None = None


Method = Callable[[Api, Params], Any | Awaitable[Any]]
