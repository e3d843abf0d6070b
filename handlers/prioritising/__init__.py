"""Prioritising: a shortlist, a secret ballot with an opening and a closing, and its result. Not a decision."""

from bot.engine.router import Router
from handlers.prioritising import drafting, opening, paper, results, sealing, voting
from handlers.prioritising.opening import start_closing, take_code
from handlers.prioritising.results import tell_result, tell_void

__all__ = ["router", "start_closing", "take_code", "tell_result", "tell_void"]

router = Router().include(drafting.router, opening.router, sealing.router, voting.router, paper.router, results.router)
