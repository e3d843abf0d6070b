"""A strict Telegram Bot API server for tests: real HTTP on loopback, its rules, limits, delivery and faults."""

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.people import Group, Person
from tests.fakes.telegram.world import Seen

__all__ = ["Group", "Person", "Seen", "TelegramFake"]
