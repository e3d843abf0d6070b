"""Texts to share: short ones for social media, longer ones to pass on, in each of the committee's languages."""

from __future__ import annotations

from bot import i18n
from bot.chat.messages import Button
from bot.domain import sharing
from bot.domain.mandate import Mandate
from bot.domain.people import office
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import Lines, _
from storage import committees
from storage.committees import Committee
from storage.sources import Source

router = Router()


@router.command(
    "share", who=office, words=("share", "del", "texts to share", "tekster til deling", "tekstar til deling")
)
def share_here(chat: Chat, argument: str) -> None:
    """Texts about the committee at hand."""
    assert chat.committee is not None
    share_committee(chat, chat.committee)


@router.button("sharing", Committee, who=office)
def share_committee(chat: Chat, committee: Committee) -> None:
    """Texts with the plain link."""
    say_texts(chat, committees.mandate(chat.tx, committee.id), f"{chat.house.base_url}/c/{committee.key}")
    chat.say(
        _("To see which of them brings people, make a link for each place you share it."),
        Button(_("Posters and links"), "posters", committee.id),
    )


@router.button("share", Source, who=office)
def share_source(chat: Chat, source: Source) -> None:
    """Texts with the link of one source."""
    say_texts(chat, committees.mandate(chat.tx, source.committee_id), f"{chat.house.base_url}/p/{source.code}")


def say_texts(chat: Chat, mandate: Mandate, link: str) -> None:
    """One message a language: whoever shares it copies it as it stands."""
    zone = mandate.municipality.zone
    for locale in mandate.locales:
        short, longer = (i18n.say(words(mandate, link), locale, zone) for words in (sharing.short, sharing.longer))
        chat.say(
            Lines(
                (
                    _("{language}. Short, for social media:", language=i18n.NAMES[locale]),
                    short,
                    _("{language}. Longer, for a school, an association or a board:", language=i18n.NAMES[locale]),
                    longer,
                )
            )
        )
