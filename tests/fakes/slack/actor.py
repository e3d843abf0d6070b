"""What a person does in Slack, step by step, as the client in their hand does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack import inputs, payloads, seen
from tests.fakes.slack.chat_methods import check_content, post
from tests.fakes.slack.delivery import Ack
from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError
from tests.fakes.slack.server import Server
from tests.fakes.slack.view_methods import check_view, show
from tests.fakes.slack.world import Channel, Message, Upload, User, View, elements_of

TROUBLE = "We had some trouble connecting. Try again?"


class Actor:
    """The hands of one person, on the server's loop."""

    def __init__(self, server: Server, user: User) -> None:
        self.server = server
        self.world = server.world
        self.user = user

    async def says(self, text: str, channel: Channel | None = None, *, files: list[Json] | None = None) -> None:
        await self._writes(text, channel or self.world.dm(self.user.id), files or [], self.user.team, self.world.team)

    async def speaks(self, sound: bytes, seconds: int, text: str, mime: str) -> None:
        """A clip is a file of the workspace, which only its own token may read."""
        upload = Upload(self.world.name("F"), "audio_message.webm", len(sound), sound, True)
        self.world.uploads[upload.id] = upload
        about = {"id": upload.id, "mimetype": mime, "subtype": "slack_audio", "size": len(sound)}
        await self.says(text, files=[about | {"duration_ms": seconds * 1000, "file_access": "visible"}])

    async def says_from_elsewhere(self, text: str, *, installed: bool) -> None:
        """From another workspace: in a shared conversation, or where our address was given to another app."""
        envelope_team = self.user.team if installed else self.world.team
        await self._writes(text, self.world.dm(self.user.id), [], self.user.team, envelope_team)

    async def _writes(self, text: str, channel: Channel, files: list[Json], team: str, envelope_team: str) -> None:
        message = Message(self.world.stamp(), self.user.id, payloads.typed(text), [], files=files)
        channel.messages.append(message)
        event = payloads.message_event(channel, self.user, message)
        if team != self.world.team:
            event |= {"user_team": team, "source_team": team}
        await self.server.event(event, envelope_team)

    async def edits(self, old: str, new: str) -> None:
        channel, message = self._own(old)
        before = message.json()
        message.text = payloads.typed(new)
        message.edits += 1
        changed = {"subtype": "message_changed", "message": message.json(), "previous_message": before}
        await self.server.event(self._about(channel) | changed)

    async def deletes(self, old: str) -> None:
        channel, message = self._own(old)
        channel.messages.remove(message)
        gone = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": message.json()}
        await self.server.event(self._about(channel) | gone)

    def _own(self, text: str) -> tuple[Channel, Message]:
        channel = self.world.dm(self.user.id)
        for message in reversed(channel.messages):
            if message.user == self.user.id and message.text == payloads.typed(text):
                return channel, message
        raise AssertionError(f"{self.user.name} has not written {text!r}")

    def _about(self, channel: Channel) -> Json:
        ts = self.world.stamp()
        return {
            "type": "message",
            "channel": channel.id,
            "channel_type": "im",
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
        }

    async def command(self, name: str, text: str = "") -> None:
        ack = await self.server.delivery.command(payloads.command_form(self.world, self.user, name, text))
        if not self._went_well(ack) or not ack.body:
            return
        content = self._object(ack) if ack.is_json else {"text": ack.body.decode()}
        if content:
            self._answered(content)

    def _answered(self, content: Json) -> None:
        """A command's answer, for the person alone unless it says otherwise."""
        try:
            check_content(self.world, content)
        except ApiError as error:
            self.server.violations += [f"answer to a command: {rule}" for rule in error.broken]
            return
        only_for = None if content.get("response_type") == "in_channel" else self.user.id
        post(self.world, self.world.dm(self.user.id), content, only_for)

    async def opens_home(self) -> None:
        await self.server.event(payloads.home_opened(self.world, self.user))

    async def presses(self, label: str) -> None:
        """A button in the open window, else in the newest message that has it, else on the home page."""
        place, block, element = self._button(label)
        await self._acts(block, element, {}, place)

    def _button(self, label: str) -> tuple[Message | View, Json, Json]:
        places = self._places()
        for place in places:
            for block, element in elements_of(_blocks(place)):
                if element["type"] == "button" and seen.words(element["text"]) == label:
                    return place, block, element
        visible = [button.label for place in places for button in seen.buttons(_blocks(place))]
        raise AssertionError(f"{self.user.name} sees no button {label!r}; visible are {visible}")

    def _places(self) -> list[Message | View]:
        if self.user.stack:
            return [self.user.stack[-1]]
        home = [self.user.home] if self.user.home else []
        return [*reversed(seen.messages(self.world, self.user)), *home]

    async def chooses(self, option: str) -> None:
        """An option of a list that stands in a message or on the home page."""
        for place in self._places():
            for block, element in elements_of(_blocks(place)):
                if option in [seen.words(one["text"]) for one in inputs.options_of(element)]:
                    await self._acts(block, element, inputs.filled(element, option), place)
                    return
        raise AssertionError(f"{self.user.name} sees no option {option!r}")

    async def _acts(self, block: Json, element: Json, value: Json, place: Message | View) -> None:
        payload = payloads.pressed(self.world, self.user, block, element, value, place)
        self._went_well(await self.server.delivery.interaction(payload))

    async def fills(self, values: Mapping[str, Any]) -> None:
        """Fields of the open window; those outside an input tell the bot at once."""
        view = self.top()
        inputs.start(view)
        for label, value in values.items():
            block, element = inputs.find(view, label)
            state = inputs.filled(element, value)
            view.values[block["block_id"], element["action_id"]] = state
            if block["type"] != "input" or block.get("dispatch_action"):
                await self._acts(block, element, state, view)

    async def submits(self) -> None:
        view = self.top()
        assert "submit" in view.body, "this window has no button to send it"
        inputs.start(view)
        self.user.errors = inputs.incomplete(view)
        if self.user.errors:
            return
        ack = await self.server.delivery.interaction(payloads.submitted(self.world, self.user, view))
        if self._went_well(ack):
            self._after_submission(view, self._object(ack) if ack.body else {})

    def _after_submission(self, view: View, answer: Json) -> None:
        action = answer.get("response_action")
        try:
            if action == "errors":
                self._show_errors(view, answer.get("errors"))
            elif action in ("update", "push"):
                check_view(answer.get("view"), "modal")
                self._replace(view, answer["view"], push=action == "push")
            elif action == "clear":
                self.user.stack.clear()
            elif action is None and not answer:
                self._close(view)
            else:
                self.server.violations.append(f"view_submission: answered with {answer}")
        except ApiError as error:
            self.server.violations += [f"view_submission: {rule}" for rule in error.broken or (error.code,)]

    def _replace(self, view: View, body: Json, *, push: bool) -> None:
        if push:
            show(self.world, self.user.id, body, on_top=True)
        else:
            self.world.fill_view(view, body)

    def _show_errors(self, view: View, errors: Any) -> None:
        labels = {
            block["block_id"]: seen.words(block["label"]) for block in view.body["blocks"] if block["type"] == "input"
        }
        if not isinstance(errors, dict) or not errors or errors.keys() - labels.keys():
            self.server.violations.append(f"view_submission: errors {errors} do not name inputs {sorted(labels)}")
            return
        self.user.errors = {labels[name]: sentence for name, sentence in errors.items()}

    def _close(self, view: View) -> None:
        if view in self.user.stack:
            self.user.stack.remove(view)

    async def closes(self) -> None:
        view = self.top()
        self.user.stack.remove(view)
        self.user.errors = {}
        if view.body.get("notify_on_close"):
            self._went_well(await self.server.delivery.interaction(payloads.closed(self.world, self.user, view)))

    def top(self) -> View:
        assert self.user.stack, f"no window is open before {self.user.name}"
        return self.user.stack[-1]

    def _went_well(self, ack: Ack) -> bool:
        if not ack.ok:
            self.user.warnings.append(TROUBLE)
        return ack.ok

    def _object(self, ack: Ack) -> Json:
        try:
            return dict(json.loads(ack.body))
        except (TypeError, ValueError):
            self.server.violations.append(f"an answer is no JSON object: {ack.body[:80]!r}")
            return {"response_action": None}


def _blocks(place: Message | View) -> list[Json]:
    return place.blocks if isinstance(place, Message) else place.body["blocks"]
