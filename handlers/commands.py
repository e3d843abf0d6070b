"""The commands as a menu, by language: what Telegram shows when somebody types a slash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import i18n
from bot.text import _

MENU = (
    ("status", _("What is open for you")),
    ("committees", _("All committees")),
    ("edit", _("Change an answer")),
    ("idea", _("Offer an idea")),
    ("ideas", _("See all ideas")),
    ("language", _("Choose your language")),
    ("mydata", _("See what we know about you")),
    ("link", _("Use another platform too")),
    ("stop", _("Hear less from us")),
    ("leave", _("Leave the committee")),
    ("forget", _("Have your data erased")),
    ("help", _("What you can do here")),
)


def menu() -> Mapping[str, Sequence[tuple[str, str]]]:
    """(command, what it does) by language; the empty key is for all other languages."""
    known = {locale: [(name, i18n.say(words, locale)) for name, words in MENU] for locale in i18n.LOCALES}
    return {"": known["en"], "no": known["nb"], **known}
