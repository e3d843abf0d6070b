"""Freezing: pool, rules and the source of the seed are copied; nothing that is changed later reaches the draw."""

from __future__ import annotations

import secrets
from importlib.metadata import version

from bot.domain.errors import Refusal
from bot.domain.forms import Form, looked_over
from bot.domain.questions import Answers, Moment, OneOf, Option, moment_of
from bot.domain.selection.commitments import freeze
from bot.domain.selection.facts import Facts
from bot.domain.selection.seeds import SEED_RULES, Source, require_notice
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import _
from handlers.drawing.overview import missing_words, who_draws
from storage import audit, calls, committees, draws, pools, ratings
from storage.committees import Committee

router = Router()
LIMIT = 60


def freeze_form(chat: Chat, committee: Committee) -> Form:
    """Which public drawing decides, and from when on."""
    require_ready(chat, committee)
    zone = committees.mandate(chat.tx, committee.id).municipality.zone
    return Form(
        "freeze",
        (
            OneOf(
                key="rule",
                text=_("What decides the draw? Nobody in the municipality may be able to steer it."),
                choices=tuple(Option(key, rule.name) for key, rule in SEED_RULES.items()),
            ),
            Moment(
                key="at",
                text=_("From when on? The first drawing after this moment counts."),
                hint=_("At least 24 hours after the announcement, for example 2026-12-09 20:00."),
                zone=zone,
                now=chat.now,
            ),
        ),
        title=_("Freeze the pool for a draw"),
        review=looked_over,
        send=_("Freeze the pool"),
    )


def require_ready(chat: Chat, committee: Committee) -> None:
    """Raise Refusal while the call is open, something is not assessed, or a draw is under way."""
    call = calls.number(chat.tx, committee.id)
    closes = committees.mandate(chat.tx, committee.id).call.closes
    if chat.now < closes:
        raise Refusal(_("People can still apply until {when}. Freeze the pool after that.", when=closes))
    if ratings.missing(chat.tx, committee.id, call, chat.house.vault):
        words = missing_words(chat, committee, call)
        raise Refusal(_("{missing} Finish it under /assess, then freeze the pool.", missing=words))
    if any(one.call == call and one.state != "void" for one in draws.listed(chat.tx, committee.id)):
        raise Refusal(_("There is a draw already. It stands, unless two people make it void for a reason."))
    if not pools.pool(chat.tx, chat.house.vault, committee.id, call).applicants:
        raise Refusal(_("There is nobody to choose from. Call a line again, or appoint without a draw."))


@router.form("freeze", Committee, freeze_form, who=who_draws)
def frozen(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Copy everything the draw rests on."""
    require_ready(chat, committee)
    mandate = committees.mandate(chat.tx, committee.id)
    source = Source(str(answers["rule"]), moment_of(answers["at"], mandate.municipality.zone))
    require_notice(source, chat.now)
    call = calls.number(chat.tx, committee.id)
    pool = pools.pool(chat.tx, chat.house.vault, committee.id, call)
    number = draws.next_number(chat.tx, committee.id, call)
    name = f"{committee.key}/{call}" if call else committee.key
    facts = Facts(
        name, number, mandate.version, source, LIMIT, f"samskab {version('samskab')}", f"highs {version('highspy')}"
    )
    copy = freeze(pool, facts, secrets.SystemRandom().shuffle, lambda: secrets.token_bytes(32))
    known = {
        "call": name,
        "mandate": mandate.version,
        "time_limit": LIMIT,
        "program": facts.program,
        "solver": facts.solver,
        "lines": [{"key": one.key, "seats": one.seats} for one in pool.lines],
        "quotas": [{"key": q.key, "least": q.least, "most": q.most, "hard": q.hard} for q in pool.quotas],
        "threshold": pool.threshold,
        "slack": pool.slack,
    }
    entrants = [
        {
            "pseudonym": record.pseudonym,
            "application_id": int(who),
            "record": chat.house.vault.seal(record.document().decode()),
        }
        for who, record in copy.records.items()
    ]
    draw_id = draws.freeze(
        chat.tx, committee.id, call, number, known, (source.rule, source.at), entrants, chat.person.id, chat.now
    )
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "pool frozen", f"draw:{draw_id}")
    chat.say(
        _(
            "The pool is frozen for draw {number}. The panels are being computed, which takes a minute or two. "
            "Then a second person announces the draw.",
            number=number,
        )
    )
