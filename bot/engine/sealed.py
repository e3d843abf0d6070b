"""An event as plain values and back, so that one whose handler failed can be kept sealed and handled later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.events import Address, Command, Event, Press, Reached, Said, Spoke, Submitted, Unsupported, What

KINDS: Mapping[str, type[What]] = {
    kind.__name__: kind for kind in (Command, Press, Said, Spoke, Submitted, Unsupported, Reached)
}


def pack(event: Event) -> dict[str, Any]:
    """What is needed to handle an event again."""
    what = event.what
    fields = {name: getattr(what, name) for name in what.__slots__}
    if isinstance(what, Submitted):
        fields["values"] = {key: list(value) for key, value in what.values.items()}
    address = [event.address.account, event.address.chat]
    return {"address": address, "locale": event.locale, "what": type(what).__name__, **fields}


def unpack(values: Mapping[str, Any], id_: str) -> Event:
    """The event again, under another id. It shows no fresh sign-in: whatever asks for one has to be asked for anew."""
    fields = {name: value for name, value in values.items() if name not in ("address", "locale", "what")}
    kind = KINDS[values["what"]]
    if kind is Press:
        fields["args"] = tuple(fields["args"])
    elif kind is Submitted:
        fields["values"] = {key: tuple(value) for key, value in fields["values"].items()}
    return Event(id_, Address(*values["address"]), kind(**fields), values.get("locale", ""))
