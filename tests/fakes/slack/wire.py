"""Requests as they come in: arguments from JSON, forms and queries, and the token."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BasicAuth, web

from tests.fakes.slack.elements import Json

STRUCTURED = ("blocks", "attachments", "view", "metadata", "files", "prompt")


@dataclass
class Call:
    """One request to the Web API."""

    method: str
    args: Json
    token: str
    is_json: bool
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recorded:
    """A request and what it was answered; the token is left out."""

    method: str
    args: Json
    status: int
    answer: Json
    at: float


async def read(request: web.Request) -> Call:
    """Read a request as Slack does; a body that cannot be read is noted as broken."""
    call = Call(request.match_info["method"], dict(request.query), "", request.content_type == "application/json")
    if "token" in call.args:
        call.broken.append("the token may not stand in the address")
    if call.is_json:
        try:
            call.args |= dict(json.loads(await request.text() or "{}"))
        except ValueError:
            call.broken.append("the body is no JSON object")
    elif request.method == "POST":
        form = await request.post()
        call.args |= {key: value for key, value in form.items() if isinstance(value, str)}
        call.token = str(form.get("token", ""))
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        call.token = header.removeprefix("Bearer ")
    elif header.startswith("Basic "):
        basic = BasicAuth.decode(header)
        call.args |= {"client_id": basic.login, "client_secret": basic.password}
    call.args.pop("token", None)
    for key in STRUCTURED:
        _parse_inside(call, key)
    return call


def _parse_inside(call: Call, key: str) -> None:
    """Objects may come as JSON within a string."""
    if isinstance(call.args.get(key), str):
        try:
            call.args[key] = json.loads(call.args[key])
        except ValueError:
            call.broken.append(f"argument {key} is no JSON")


def signed(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers by which the bot knows that a request is Slack's."""
    mac = hmac.new(secret.encode(), b"v0:%d:%s" % (timestamp, body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={mac}"}


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
