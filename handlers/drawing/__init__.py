"""Drawing a panel: trying, freezing, announcing, the public seed, and the panel that people then appoint."""

from bot.engine.router import Router
from handlers.drawing import announcing, freezing, overview, proposing, seeding, trying, voiding
from handlers.drawing.computing import pool_of_draw, settle_draw
from handlers.drawing.trying import pool_of_trial, settle_trial

router = Router().include(
    overview.router, trying.router, freezing.router, announcing.router, seeding.router, proposing.router, voiding.router
)

__all__ = ["pool_of_draw", "pool_of_trial", "router", "settle_draw", "settle_trial"]
