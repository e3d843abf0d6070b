"""The table of contents: everything people can do, one module each."""

from bot.engine.router import Router
from handlers import (
    account,
    answers,
    appointing,
    asking,
    delivering,
    guardians,
    housekeeping,
    ideas,
    linking,
    meetings,
    platforms,
    prioritising,
    prompts,
    releasing,
    reminders,
    signup,
    start,
    unplaced,
)

router = Router().include(
    start.router,
    signup.router,
    guardians.router,
    appointing.router,
    ideas.router,
    linking.router,
    platforms.router,
    meetings.router,
    prompts.router,
    delivering.router,
    asking.router,
    releasing.router,
    answers.router,
    reminders.router,
    prioritising.router,
    account.router,
    housekeeping.router,
    unplaced.router,
)
