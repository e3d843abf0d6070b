"""People and channels as a test holds them: each call waits until Slack has delivered it once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Self

from tests.fakes.slack import seen
from tests.fakes.slack.actor import Actor
from tests.fakes.slack.inputs import start
from tests.fakes.slack.seen import Seen, Window
from tests.fakes.slack.world import Channel

Do = Callable[[Coroutine[Any, Any, None] | Callable[[], Any]], Any]


class Person:
    """Somebody in the workspace."""

    def __init__(self, actor: Actor, do: Do) -> None:
        self.actor = actor
        self._do = do
        self.id = actor.user.id
        self.name = actor.user.name

    def __repr__(self) -> str:
        return f"Person({self.name!r})"

    def says(self, text: str) -> Self:
        return self._did(self.actor.says(text))

    def sends_file(self, name: str, text: str = "") -> Self:
        return self._did(self.actor.says(text, files=[{"id": "F0USER", "name": name, "mimetype": "image/png"}]))

    def speaks(self, sound: bytes, seconds: int, text: str = "", mime: str = "audio/webm") -> Self:
        """Record a clip in the conversation with the bot."""
        return self._did(self.actor.speaks(sound, seconds, text, mime))

    def edits(self, old: str, new: str) -> Self:
        return self._did(self.actor.edits(old, new))

    def deletes(self, old: str) -> Self:
        return self._did(self.actor.deletes(old))

    def command(self, name: str, text: str = "") -> Self:
        return self._did(self.actor.command(name, text))

    def opens_home(self) -> Self:
        return self._did(self.actor.opens_home())

    def presses(self, label: str) -> Self:
        return self._did(self.actor.presses(label))

    def chooses(self, option: str) -> Self:
        return self._did(self.actor.chooses(option))

    def fills(self, values: Mapping[str, Any]) -> Self:
        return self._did(self.actor.fills(values))

    def submits(self) -> Self:
        return self._did(self.actor.submits())

    def closes(self) -> Self:
        return self._did(self.actor.closes())

    def is_deactivated(self) -> Self:
        self.actor.user.deleted = True
        return self

    @property
    def messages(self) -> list[Seen]:
        """What the bot has said to this person in private, oldest first."""
        actor = self.actor
        found: list[Seen] = self._do(
            lambda: [seen.message(actor.world, one) for one in seen.messages(actor.world, actor.user)]
        )
        return found

    @property
    def modal(self) -> Window | None:
        found: Window | None = self._do(
            lambda: seen.window(self.actor.user.stack[-1] if self.actor.user.stack else None)
        )
        return found

    @property
    def home(self) -> Window | None:
        found: Window | None = self._do(lambda: seen.window(self.actor.user.home))
        return found

    @property
    def modal_errors(self) -> dict[str, str]:
        """The sentences under the inputs, by the inputs' labels."""
        return dict(self.actor.user.errors)

    @property
    def modal_state(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What stands in the open window."""

        def read() -> dict[tuple[str, str], dict[str, Any]]:
            view = self.actor.top()
            start(view)
            return dict(view.values)

        found: dict[tuple[str, str], dict[str, Any]] = self._do(read)
        return found

    @property
    def warnings(self) -> list[str]:
        """What Slack itself said, because the bot did not answer."""
        return list(self.actor.user.warnings)

    def _did(self, work: Coroutine[Any, Any, None]) -> Self:
        self._do(work)
        return self


class Place:
    """A public channel."""

    def __init__(self, channel: Channel, do: Do) -> None:
        self._channel = channel
        self._do = do
        self.id = channel.id

    def user_says(self, person: Person, text: str) -> None:
        self._channel.members.add(person.id)
        self._do(person.actor.says(text, self._channel))

    @property
    def messages(self) -> list[str]:
        """What the bot has said here."""
        found: list[str] = self._do(lambda: [one.text for one in self._channel.messages if one.by_bot])
        return found
