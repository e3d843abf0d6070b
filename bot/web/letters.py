"""A message as a letter to print: large type, one page, and a slip to send back with a code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.people import OFFICE
from bot.web.guard import NotTaken
from bot.web.pages import render, seen
from bot.web.session import Visitor
from storage import answers, committees, minutes, paper, people, prompts
from storage.database import Tx, find


async def letter(request: Request) -> Response:
    """The letter, for those who look after its committee, in the language of the person who gets it."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")

    def read(tx: Tx) -> dict[str, Any] | None:
        task = find(tx, paper.Task, request.path_params["task"])
        if task is None or task.committee_id is None or not visitor.roles.get(task.committee_id, frozenset()) & OFFICE:
            return None
        if not paper.waits(task, web.clock()):
            return None
        message, mandate = paper.text_of(tx, task.id), committees.mandate(tx, task.committee_id)
        to = people.get(tx, task.person_id)
        locale = message.locale or mandate.locales[0]
        parts = paper.parts(tx, task)
        asked = [number for kind, number in parts if kind == "prompt" and prompts.get(tx, number)]
        held = [minutes.of(tx, number) for kind, number in parts if kind == "meeting"]
        return {
            "task": task.id,
            "to": to.name,
            "address": [value for kind, value in paper.reach(tx, web.house.vault, to.id) if kind == "letter"],
            "message": message,
            "questions": [question for number in asked for question in answers.questions(tx, number)],
            "minutes": [one.text for one in held if one is not None and one.state == "published"],
            "boxes": message.ticks["options"] if message.ticks else (),
            "contact": mandate.contact,
            "sender": mandate.municipality.name,
            "zone": to.zone or mandate.municipality.zone,
            "spoken": locale,
        }

    found = await web.read(read)
    if found is None:
        raise NotTaken(404)
    request.state.visitor = replace(visitor, locale=str(found.pop("spoken")))
    return render(request, "letter.html", **found)


routes = [Route("/letter/{task:int}", letter, methods=["GET"])]
