"""Help: all commands in plain words, the most useful first, for each person what they may do; and the slash menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot import i18n
from bot.catalogues import LOCALES
from bot.chat.messages import Button
from bot.domain import assessment
from bot.domain.people import Role, Standing, anyone
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, Words, _
from storage import committees, people

COMMANDS = (
    ("status", _("What is open for you")),
    ("applications", _("See who has applied, and appoint")),
    ("assess", _("Assess the applications")),
    ("draw", _("Try a lottery, and draw a panel")),
    ("missing", _("See who has not applied yet")),
    ("enter", _("Enter an application for somebody")),
    ("calls", _("See whom to call or write to on paper")),
    ("nominate", _("Ask somebody whom a body has named")),
    ("reopen", _("Call seats again")),
    ("share", _("Texts to share about the committee")),
    ("posters", _("Print posters, and see which ones work")),
    ("meeting", _("Call a new meeting")),
    ("meetings", _("See the meetings")),
    ("season", _("Plan the whole season")),
    ("dates", _("Find a date that fits the members")),
    ("ask", _("Ask the members something before a meeting")),
    ("questions", _("See what you asked the members")),
    ("groups", _("See and change the working groups")),
    ("prompt", _("Write to the members")),
    ("prompts", _("See what you wrote to the members")),
    ("ballot", _("Have the members prioritise ideas")),
    ("results", _("See what was prioritised")),
    ("recommendations", _("Read what the committee recommends")),
    ("inquire", _("Ask the committee before its item is treated")),
    ("balance", _("See whether the seats are in balance")),
    ("ledger", _("See whether politicians spend more time in all")),
    ("council", _("Enter what the council answers, and tell it")),
    ("minutes", _("Read the minutes")),
    ("calendar", _("Get your meetings into your calendar")),
    ("group", _("A page to take to your party group")),
    ("committees", _("All committees")),
    ("edit", _("Change an answer")),
    ("recordings", _("Listen to your recordings, or delete them")),
    ("back", _("One question back")),
    ("idea", _("Offer an idea")),
    ("ideas", _("See all ideas")),
    ("askback", _("Ask the other members something")),
    ("standing", _("Sign up for a committee as a politician")),
    ("language", _("Choose your language")),
    ("mydata", _("See what we know about you")),
    ("link", _("Use another platform too")),
    ("pause", _("Hear nothing for a while")),
    ("stop", _("Hear less from us")),
    ("leave", _("Leave the committee")),
    ("forget", _("Have your data erased")),
    ("help", _("What you can do here")),
)
UNLISTED = ("start", "home")  # platforms send these by themselves
BY_MANDATE = ("applications", "assess")  # a politician's too, where the mandate lets politicians choose

router = Router()


@router.command("help", who=anyone, words=("help", "hjælp", "hjelp", "?"))
def help_(chat: Chat, argument: str) -> None:
    """What this person can do here, in one message."""
    lines: list[Words] = [
        _("Here is what you can write at any time:"),
        Lines(tuple(Lines((f"/{name}", words), " - ") for name, words in open_to(chat)), "\n"),
    ]
    if chat.committee:
        contact = committees.mandate(chat.tx, chat.committee.id).contact
        lines.append(
            _(
                "Your contact person is {name}, {phone}, {email}.",
                name=contact.name,
                phone=contact.phone,
                email=contact.email,
            )
        )
    consent = people.consent(chat.tx, chat.person.id, chat.event.address.platform)
    away = (Button(_("Do not write to me here any more"), "open", "away", 0),) if consent and consent.given else ()
    chat.say(Lines(tuple(lines)), *away)


def open_to(chat: Chat) -> Iterator[tuple[str, Words]]:
    """The commands that this person may use in the committee at hand."""
    standing = chat.standing()
    mandate = committees.mandate(chat.tx, chat.committee.id) if chat.committee else None
    for name, words in COMMANDS:
        if name in BY_MANDATE and not (mandate and assessment.may_rate(mandate, standing.roles)):
            continue
        if chat.router.commands[name].who(standing):
            yield name, words


def menu(routes: Router) -> Mapping[str, Sequence[tuple[str, str]]]:
    """(command, what it does) by language; the empty key is for all other languages.

    A platform shows one menu to everybody, so it has what members can do; others find theirs under /help.
    """
    known = Standing(frozenset({Role.CITIZEN}))
    shown = [(name, words) for name, words in COMMANDS if routes.commands[name].who(known)]
    by_locale = {locale: [(name, i18n.say(words, locale)) for name, words in shown] for locale in LOCALES}
    return {"": by_locale["en"], "no": by_locale["nb"], **by_locale}
