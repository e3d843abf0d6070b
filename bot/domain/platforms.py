"""Other companies' platforms: we write there only to those who said yes, and our own page has everything."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.questions import Answers, Consent, Value
from bot.text import Words, _

NAMES = {"telegram": "Telegram", "slack": "Slack"}
WORDS = 1  # the version of the words one says yes to; other words get another number


def asked(here: str, answers: Answers, allowed: Collection[str], *, changing: bool) -> tuple[Consent, ...]:
    """The platform at hand unless it is allowed already; what was answered in this very form, or can be changed."""
    return tuple(
        question(name, here) for name in NAMES if name in answers or (changing if name in allowed else name == here)
    )


def question(platform: str, here: str) -> Consent:
    """May we write there? No, said on the platform itself, goes on elsewhere; on our page it is just an answer."""
    name = NAMES[platform]

    def elsewhere(answer: Value) -> Words | None:
        if answer or platform != here:
            return None
        return _(
            "Thank you for saying so. You sign up on our own web page instead, and the link takes you there. "
            "On {platform} we only answer when you write to us.",
            platform=name,
        )

    return Consent(
        key=platform,
        purpose=platform,
        version=WORDS,
        text=_("May we write to you on {platform}?", platform=name),
        hint=_(
            "{platform} belongs to another company. It sees what you write there and which buttons you press, "
            "also when you vote. Everything works just as well on our own web page. "
            "You can change your mind at any time with /help.",
            platform=name,
        ),
        yes=_("Yes, write to me on {platform}", platform=name),
        no=_("No, I would rather use your web page"),
        branches=True,
        aside=True,
        against=elsewhere,
    )
