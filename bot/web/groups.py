"""The answers in groups, side by side: the facilitator names, joins and moves with the same buttons as in a chat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.people import Role
from bot.engine import post
from bot.text import Words
from bot.web.guard import NotTaken
from bot.web.pages import render, seen
from bot.web.session import Visitor
from handlers.collating.shown import called
from storage import answers, piles, prompts
from storage.database import Tx
from storage.piles import Full
from storage.prompts import Prompt

HERE = re.compile(r"/groups/\d{1,18}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is answered in one's own words, and its groups."""

    place: int
    text: Words
    groups: Sequence[Full]


async def page(request: Request) -> Response:
    """All groups of a set of questions, for the committee's facilitators. Raises NotTaken for anybody else."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")

    def read(tx: Tx) -> tuple[Prompt, list[Asked], bool] | None:
        prompt = prompts.get(tx, request.path_params["prompt"])
        if prompt is None or prompt.piling not in ("ready", "shared"):
            return None
        if Role.FACILITATOR not in visitor.roles.get(prompt.committee_id, frozenset()):
            return None
        texts = answers.questions(tx, prompt.id)
        found = [
            Asked(place, texts[place - 1].text, piles.listed(tx, prompt.id, place))
            for place in piles.questions(tx, prompt.id)
        ]
        shared = prompt.piling == "shared"
        on_paper = shared and bool(post.those_called(web.house, tx, piles.writers(tx, prompt.id)))
        return prompt, [one for one in found if one.groups], on_paper

    found: tuple[Prompt, list[Asked], bool] | None = await web.read(read)
    if found is None:
        raise NotTaken(404)
    prompt, asked, on_paper = found
    return render(request, "groups.html", prompt=prompt, asked=asked, called=called, on_paper=on_paper)


def came_from(form: FormData) -> str:
    """The page of groups that a button was pressed on; empty where it was another."""
    back = str(form.get("back", ""))
    return back if HERE.fullmatch(back) else ""


routes = [Route("/groups/{prompt:int}", page, methods=["GET"])]
