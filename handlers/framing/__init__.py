"""What surrounds a message or questions before they are sent: the languages, the readers, the background."""

from bot.engine.router import Router
from handlers.framing import again, audience, background, branching, groups, openness, wording

router = Router().include(
    wording.router, audience.router, openness.router, background.router, branching.router, groups.router, again.router
)
