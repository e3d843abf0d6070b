"""Windows and home pages, and the files pictures come from."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.api import method
from tests.fakes.slack.blocks import view_problems
from tests.fakes.slack.chat_methods import check_content, post
from tests.fakes.slack.elements import Json
from tests.fakes.slack.errors import ApiError, breach
from tests.fakes.slack.world import APP, BOT, MOST_VIEWS, TRIGGER_SECONDS, Trigger, Upload, View, World


def check_view(view: Any, kind: str) -> None:
    problems = list(view_problems(view, kind))
    if problems:
        raise breach(problems[0][0], *(sentence for _code, sentence in problems))


def view_json(world: World, view: View) -> Json:
    """A view as Slack gives it back."""
    values: Json = {}
    for (block, action), value in view.values.items():
        values.setdefault(block, {})[action] = value
    missing = {
        "title": None,
        "submit": None,
        "close": None,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
    }
    return {
        **missing,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.body,
        "id": view.id,
        "team_id": world.team,
        "app_id": APP,
        "app_installed_team_id": world.team,
        "bot_id": BOT,
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "state": {"values": values},
    }


def show(world: World, owner: str, body: Json, *, on_top: bool) -> View:
    """A new window, above those that are open or instead of them."""
    user = world.user(owner)
    if not on_top:
        user.stack.clear()
    if len(user.stack) >= MOST_VIEWS:
        raise ApiError("push_limit_reached")
    view = world.new_view(body, owner, user.stack[-1] if user.stack else None)
    user.stack.append(view)
    user.errors = {}
    return view


def _use(world: World, ticket: Any) -> Trigger:
    trigger = world.triggers.get(ticket)
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if world.clock() - trigger.at > TRIGGER_SECONDS:
        raise ApiError("expired_trigger_id")
    trigger.used = True
    return trigger


@method("views.open", "trigger_id", "view")
def views_open(world: World, args: Json) -> Json:
    check_view(args["view"], "modal")
    trigger = _use(world, args["trigger_id"])
    return {"view": view_json(world, show(world, trigger.user, args["view"], on_top=trigger.in_modal))}


@method("views.push", "trigger_id", "view")
def views_push(world: World, args: Json) -> Json:
    check_view(args["view"], "modal")
    trigger = _use(world, args["trigger_id"])
    if not trigger.in_modal:
        raise ApiError("no_view_to_push_on")
    return {"view": view_json(world, show(world, trigger.user, args["view"], on_top=True))}


@method("views.update", "view")
def views_update(world: World, args: Json) -> Json:
    check_view(args["view"], "modal")
    if ("view_id" in args) == ("external_id" in args):
        raise breach("invalid_arguments", "either view_id or external_id must be given")
    for view in (view for user in world.users.values() for view in user.stack):
        if view.id == args.get("view_id") or view.body.get("external_id", "-") == args.get("external_id"):
            _same(view, args.get("hash"))
            world.fill_view(view, args["view"])
            return {"view": view_json(world, view)}
    raise ApiError("not_found")


@method("views.publish", "user_id", "view")
def views_publish(world: World, args: Json) -> Json:
    check_view(args["view"], "home")
    user = world.user(args["user_id"])
    if user.home is None:
        user.home = world.new_view(args["view"], user.id)
    else:
        _same(user.home, args.get("hash"))
        world.fill_view(user.home, args["view"])
    return {"view": view_json(world, user.home)}


def _same(view: View, hash_: Any) -> None:
    if hash_ is not None and hash_ != view.hash:
        raise ApiError("hash_conflict")


@method("files.getUploadURLExternal", "filename", "length", takes_json=False)
def upload_url(world: World, args: Json) -> Json:
    if not str(args["length"]).isdigit() or int(args["length"]) == 0:
        raise breach("invalid_arguments", "length must be the number of bytes")
    upload = Upload(world.name("F"), str(args["filename"]), int(args["length"]))
    world.uploads[upload.id] = upload
    return {"upload_url": f"{world.url}/upload/v1/{upload.id}", "file_id": upload.id}


def receive_file(world: World, id_: str, data: bytes) -> str:
    """The bytes of a file, as many as were said."""
    upload = world.uploads.get(id_)
    if upload is None:
        raise ApiError("file_not_found", status=404)
    if len(data) != upload.length:
        raise ApiError("length_mismatch", status=400, broken=(f"{upload.length} bytes were said, {len(data)} came",))
    upload.data = data
    return f"OK - {len(data)}"


@method("files.info", "file", takes_json=False)
def file_info(world: World, args: Json) -> Json:
    upload = world.uploads.get(str(args["file"]))
    if upload is None or upload.data is None:
        raise ApiError("file_not_found")
    address = f"{world.url}/files-pri/{upload.id}/download/{upload.name}"
    return {"file": {"id": upload.id, "size": upload.length, "url_private": address, "url_private_download": address}}


@method("files.completeUploadExternal", "files")
def complete_upload(world: World, args: Json) -> Json:
    uploads = []
    for entry in args["files"]:
        if not isinstance(entry, dict) or entry.keys() - {"id", "title", "highlight_type"}:
            raise breach("invalid_arguments", "files must be objects of id and title")
        upload = world.uploads.get(entry.get("id", ""))
        if upload is None or upload.data is None or upload.complete:
            raise ApiError("file_not_found")
        uploads.append((upload, entry.get("title") or upload.name))
    shown = []
    for upload, title in uploads:
        upload.complete = True
        shown.append({"id": upload.id, "title": title, "name": upload.name, "size": upload.length})
    if "channel_id" in args:
        content = {"text": args.get("initial_comment") or shown[0]["title"]}
        check_content(world, content)
        post(world, world.channel(args["channel_id"]), content).files = shown
    return {"files": shown}
