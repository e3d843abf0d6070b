"""Signing up: what we do with what you write, how you want to take part, what fits you, and how to reach you."""

from bot.engine.router import Router
from handlers.signup import applying, named, on_behalf

router = Router().include(applying.router, named.router, on_behalf.router)

__all__ = ["router"]
