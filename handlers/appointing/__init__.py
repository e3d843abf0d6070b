"""Appointing: what is covered, a panel that people decide on, everybody's answer, and seats offered and taken over."""

from bot.engine.router import Router
from handlers.appointing import (
    answering,
    deciding,
    emptied,
    inviting,
    listing,
    naming,
    offering,
    panel,
    reasons,
    replacing,
    reserving,
    rest,
)

router = Router().include(
    listing.router,
    deciding.router,
    reserving.router,
    panel.router,
    reasons.router,
    inviting.router,
    rest.router,
    answering.router,
    offering.router,
    naming.router,
    replacing.router,
    emptied.router,
)
