"""Reading a request in any of the Bot API's encodings and holding it against the published parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile
from aiohttp import web
from aiohttp.multipart import BodyPartReader
from pydantic import BaseModel, ValidationError

from tests.fakes.telegram.errors import ApiError, mistake

EMPTY = {"chat_id": "chat_id is empty", "text": "message text is empty", "photo": "there is no photo in the request"}


@dataclass(frozen=True)
class Upload:
    """A file in the request."""

    name: str
    content: bytes
    mime: str


@dataclass
class Call:
    """A request to one method: its parameters as sent, and its files by the name of their part."""

    method: str
    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


@cache
def models() -> dict[str, type[TelegramMethod[Any]]]:
    """Every method of the Bot API by its lower-case name, for the API does not mind the case."""
    every = (getattr(aiogram.methods, name) for name in aiogram.methods.__all__ if name not in ("Request", "Response"))
    return {kind.__api_method__.lower(): kind for kind in every if kind is not TelegramMethod}


async def read(method: str, request: web.Request) -> Call:
    call = Call(method, dict(request.query))
    kind = request.content_type
    if kind == "application/json":
        call.values |= _object(await request.read())
    elif kind == "multipart/form-data":
        await _read_parts(call, request)
    else:
        call.values |= {name: str(value) for name, value in (await request.post()).items()}
    return call


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError as error:
        raise mistake("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise mistake("expected an Object")
    return value


async def _read_parts(call: Call, request: web.Request) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise mistake("can't parse the multipart body")
        content = bytes(await part.read())
        if part.filename is None:
            call.values[part.name] = content.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            call.files[part.name] = Upload(part.filename, content, mime)


def check(call: Call) -> dict[str, Any]:
    """The parameters as typed values, nested JSON taken apart, without those that were not given."""
    model = models()[call.method.lower()]
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    for name in call.values:
        if name not in known:
            raise mistake(f'unknown parameter "{name}"')
    values = {name: _taken_apart(value, str(known[name].annotation)) for name, value in call.values.items()}
    attached = {name: BufferedInputFile(file.content, file.name) for name, file in call.files.items() if name in known}
    # Keyboards have rules of their own: the models make every shape of keyboard out of every other.
    markup = {"reply_markup": values.pop("reply_markup")} if values.get("reply_markup") else {}
    try:
        typed = model.model_validate(values | attached)
    except ValidationError as error:
        raise _explained(error) from error
    for stranger in _strangers(typed):
        raise mistake(f'unknown field "{stranger}"')
    given = typed.model_dump(exclude_unset=True, exclude_none=True, by_alias=True) | markup
    return {name: _with_file(call, name, value) for name, value in given.items()}


def _with_file(call: Call, name: str, value: Any) -> Any:
    """A file comes in the part of that name, or in another that the value points to."""
    if isinstance(value, BufferedInputFile):
        return call.files[name]
    if isinstance(value, str) and value.startswith("attach://"):
        if value.removeprefix("attach://") not in call.files:
            raise mistake(f'there is no file for "{value}" in the request')
        return call.files[value.removeprefix("attach://")]
    return value


def _taken_apart(value: Any, annotation: str) -> Any:
    """Nested values travel as JSON in a string, in forms always and in JSON bodies if the client likes."""
    nested = isinstance(value, str) and value[:1] in ("{", "[")
    if not nested or annotation in ("<class 'str'>", "typing.Optional[str]", "str | None"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _explained(error: ValidationError) -> ApiError:
    first = error.errors()[0]
    name = ".".join(str(step) for step in first["loc"])
    if first["type"] == "missing":
        return mistake(EMPTY.get(name, f'parameter "{name}" is required'))
    return mistake(f'parameter "{name}" is of the wrong type: {first["msg"]}')


def _strangers(value: Any) -> Iterator[str]:
    """Fields the API does not have, at any depth."""
    if isinstance(value, BaseModel):
        yield from value.model_extra or ()
        for name in value.model_fields_set:
            yield from _strangers(getattr(value, name, None))
    elif isinstance(value, list):
        for item in value:
            yield from _strangers(item)
