"""Recruiting: what spreads a call, what it lacks, calling a line again, and seats that others fill."""

from bot.engine.router import Router
from handlers.recruiting import closing, lacking, nominating, reopening, sharing, sources, standing

router = Router().include(
    sources.router,
    sharing.router,
    lacking.router,
    reopening.router,
    closing.router,
    nominating.router,
    standing.router,
)

__all__ = ["router"]
