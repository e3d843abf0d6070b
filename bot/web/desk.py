"""The facilitator's desk: what is under way in each committee, and a button for each thing to do next."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import i18n
from bot.domain.assessment import lines_for, may_rate
from bot.domain.mandate import Mandate
from bot.domain.panel import seat_label
from bot.domain.people import STAFF, Role
from bot.engine import post
from bot.engine.house import House
from bot.text import _, n_
from bot.web.guard import NotTaken, taken_form
from bot.web.pages import render, seen
from bot.web.session import Visitor
from bot.web.todo import ToDo, of_draw, undecided, unrated, without_reserve
from handlers.delivering import summary
from storage import calls, ratings, succession
from storage import desk as facts
from storage.committees import Committee
from storage.database import Tx

ASK_BEFORE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Board:
    """One committee as its staff sees it."""

    committee: Committee
    mandate: Mandate
    roles: frozenset[Role]
    facts: facts.Facts
    now: datetime
    bare: Sequence[str] = ()
    on_paper: bool = False
    unrated: int = 0

    @property
    def rates(self) -> bool:
        """Whether there is something for these roles to assess."""
        rated = self.mandate.selection.rated and bool(self.facts.in_call)
        return rated and may_rate(self.mandate, self.roles)

    @property
    def todo(self) -> Sequence[ToDo]:
        """What waits for these roles, the most pressing first."""
        found: list[ToDo] = []
        if Role.SECRETARIAT in self.roles and self.facts.draw is not None:
            found += of_draw(self.facts.draw, self.committee.id, self.facts.undecided, self.now)
        if self.unrated:
            text = unrated(self.unrated, self.mandate.call.answered)
            found.append(ToDo(text, f"assess:{self.committee.id}", _("Assess applications")))
        if Role.SECRETARIAT in self.roles and self.facts.undecided:
            found.append(
                ToDo(
                    undecided(self.facts.undecided, self.mandate.call.answered, self.now),
                    f"overview:{self.committee.id}:0",
                    _("See the applications"),
                )
            )
        found += without_reserve([seat_label(self.mandate, seat) for seat in self.bare], self.committee.id)
        if self.facts.unreachable:
            names = ", ".join(self.facts.unreachable)
            found.append(ToDo(_("Something did not reach {names}. Please call or write.", names=names)))
        if self.facts.calls:
            text = n_(
                "{count} person without e-mail is to be called or written to.",
                "{count} people without e-mail are to be called or written to.",
                self.facts.calls,
            )
            found.append(ToDo(text, f"tasks:{self.committee.id}", _("See whom to call")))
        found += self._uncertain()
        if Role.FACILITATOR in self.roles and self.facts.members:
            found += self._meetings()
        return found

    def _uncertain(self) -> Sequence[ToDo]:
        """What may have been lost waits for a person to decide: nobody is written to twice unasked."""
        return [
            ToDo(
                n_(
                    "{count} person perhaps did not get what you sent {when}: the line broke.",
                    "{count} people perhaps did not get what you sent {when}: the line broke.",
                    count,
                    when=one.prompt.sent_at,
                ),
                f"resend:{one.prompt.id}",
                _("Send again"),
            )
            for one in (*self.facts.messages, *self.facts.questions)
            if (count := one.progress.of("uncertain")) and one.prompt.state in ("sending", "sent", "open")
        ]

    def _meetings(self) -> Sequence[ToDo]:
        """A committee at work has a next meeting, and its members are asked before it."""
        if not self.facts.meetings:
            text = _("No meeting is planned. Members like to know the next date.")
            whole = _("Or have a calendar proposed for the whole season. Nobody hears of it before you approve it.")
            return [
                ToDo(text, f"open:meeting:{self.committee.id}", _("New meeting")),
                ToDo(whole, f"season:{self.committee.id}", _("Plan the whole season")),
            ]
        start = self.facts.meetings[0].starts_at
        asked = any(one.prompt.state in ("scheduled", "sending", "sent", "open") for one in self.facts.questions)
        if asked or start > self.now + ASK_BEFORE:
            return []
        text = _("The next meeting is {when}. Members have not been asked anything before it.", when=start)
        return [ToDo(text, f"open:ask:{self.committee.id}", _("Ask questions"))]


def board(tx: Tx, house: House, number: int, roles: frozenset[Role], now: datetime) -> Board:
    """A committee's board.

    Assessing is asked for from the end of a call until it is drawn or decided; a reserve for each seat once all are
    decided, and until all are answered.
    """
    committee, mandate = facts.committee(tx, number)
    known = facts.of(tx, number, now, house.paces)
    before_the_answers = now < mandate.call.answered
    chooses = Role.SECRETARIAT in roles and not known.undecided and before_the_answers
    bare = tuple(succession.unsettled(tx, house.vault, number)) if chooses else ()
    rates = may_rate(mandate, roles) and known.undecided and not known.draw and before_the_answers
    count = to_rate(tx, house, mandate, number, roles) if rates and now >= mandate.call.closes else 0
    on_paper = bool(post.members_called(house, tx, number))
    return Board(committee, mandate, roles, known, now, bare, on_paper, count)


def to_rate(tx: Tx, house: House, mandate: Mandate, number: int, roles: Collection[Role]) -> int:
    """How many applications of the newest call have a line that these roles rate and too few have."""
    seen = {line.key for line in lines_for(mandate.profiles, roles)}
    missing = ratings.missing(tx, number, calls.number(tx, number), house.vault)
    return sum(not seen.isdisjoint(lines) for lines in missing.values())


async def desk(request: Request) -> Response:
    """All committees of the person, what is under way, and what was not delivered."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if visitor.person is None:
        return seen("/signin")
    if not visitor.staff:
        raise NotTaken(404)
    held = {committee: roles for committee, roles in visitor.roles.items() if committee is not None and roles & STAFF}

    def read(tx: Tx) -> Sequence[Board]:
        now = web.clock()
        return [board(tx, web.house, number, roles, now) for number, roles in held.items()]

    boards = await web.read(read)
    return render(request, "desk.html", boards=boards, Role=Role, summary=summary)


async def mails(request: Request) -> Response:
    """The mails that had no server to go to: for the demo, and for staff."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    if not web.demo and not visitor.staff:
        raise NotTaken(404)

    def read(tx: Tx) -> list[Mapping[str, Any]]:
        return [{"to": name, **content} for name, content in facts.unsent_mails(tx)]

    return render(request, "mails.html", mails=await web.read(read))


async def answers_file(request: Request) -> Response:
    """A table of answers for the facilitator of the committee, after a fresh sign-in; the purpose is in the record."""
    web = request.app.state.web
    visitor: Visitor = request.state.visitor
    number = request.path_params["prompt"]
    if visitor.person is None:
        return seen("/signin")
    committee_id = await web.read(lambda tx: facts.committee_of_prompt(tx, number))
    roles = visitor.roles.get(committee_id, frozenset()) if committee_id else frozenset()
    if not visitor.staff or Role.FACILITATOR not in roles:
        raise NotTaken(404)
    if not visitor.fresh:
        raise NotTaken(403)
    await taken_form(request)
    person_id, now = visitor.person.id, web.clock()
    say = partial(i18n.say, locale=visitor.locale, zone=web.house.zone)
    content: bytes = await web.write(lambda tx: facts.answers_file(tx, number, person_id, say, now))
    headers = {"content-disposition": f'attachment; filename="answers-{number}.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


routes = [
    Route("/desk", desk, methods=["GET"]),
    Route("/mails", mails, methods=["GET"]),
    Route("/export/answers/{prompt:int}", answers_file, methods=["POST"]),
]
