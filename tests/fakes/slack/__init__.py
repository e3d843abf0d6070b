"""A strict Slack for tests: real HTTP and sockets on loopback, its rules, limits, delivery and faults."""

from tests.fakes.slack.fake import SlackFake
from tests.fakes.slack.people import Person, Place
from tests.fakes.slack.seen import Button, Seen, Window

__all__ = ["Button", "Person", "Place", "Seen", "SlackFake", "Window"]
