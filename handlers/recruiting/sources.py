"""Sources: a poster or a mail with a link of its own, so that one sees which of them brings people."""

from __future__ import annotations

from bot.chat.messages import Button, Link
from bot.domain import sharing
from bot.domain.forms import Form
from bot.domain.people import anyone, office
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.i18n import NAMES
from bot.text import Lines, Words, _, n_
from storage import audit, committees, sources
from storage.committees import Committee
from storage.sources import Counted, Source

router = Router()


@router.command("posters", who=office, words=("posters", "plakater", "plakatar", "opslag", "oppslag"))
def list_posters(chat: Chat, argument: str) -> None:
    """The sources of the committee at hand, and what came of each."""
    assert chat.committee is not None
    posters(chat, chat.committee)


@router.button("posters", Committee, who=office)
def posters(chat: Chat, committee: Committee) -> None:
    """Each source with how many began to sign up by it, and how many applications were sent."""
    found = sources.listed(chat.tx, committee.id)
    if found:
        text: Words = Lines((_("Where people came from:"), Lines(tuple(_said(one) for one in found), "\n")))
    else:
        text = _(
            "There is no poster yet. Make one for each place where you invite people, such as the library or a school. "
            "Each has a link and a square code of its own, so that you see which of them brings people."
        )
    rows = [Button(one.source.label, "poster", one.source.id) for one in found]
    chat.say(text, *rows, Button(_("New poster or link"), "open", "source", committee.id))


def _said(one: Counted) -> Words:
    begun = n_("{count} person began", "{count} people began", one.begun)
    sent = n_("{count} application was sent", "{count} applications were sent", one.sent)
    return _("{source}: {begun}, {sent}.", source=one.source.label, begun=begun, sent=sent)


def source_form(chat: Chat, committee: Committee) -> Form:
    """What the source is called among us."""
    where = FreeText(
        key="where",
        text=_("Where will it hang, or to whom is it sent?"),
        hint=_("For example: the library, or school mail. Only you see this name."),
        longest=80,
        single_line=True,
    )
    return Form("source", (where,), title=_("New poster or link"))


@router.form("source", Committee, source_form, who=office)
def made(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Give it a code of its own and show what can be done with it."""
    source = sources.add(chat.tx, committee.id, str(answers["where"]), chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, committee.id, "source made", f"source:{source.id}")
    poster(chat, source)


@router.button("poster", Source, who=office)
def poster(chat: Chat, source: Source) -> None:
    """A source's links, its poster in each language, and texts to share."""
    committee = chat.committee
    assert committee is not None
    mandate = committees.mandate(chat.tx, committee.id)
    links: list[Words] = [f"{chat.house.base_url}/p/{source.code}"]
    pay = sharing.payload(committee.key, source.code)
    links += [f"{name}: {url.replace('{key}', pay)}" for name, url in chat.house.doors.items()]
    counted = next(one for one in sources.listed(chat.tx, committee.id) if one.source.id == source.id)
    chat.say(
        Lines((_said(counted), Lines((_("The link:"), *links), "\n"))),
        *(
            Link(_("Poster to print: {language}", language=NAMES[locale]), f"/p/{source.code}/poster/{locale}")
            for locale in mandate.locales
        ),
        Button(_("Texts to share"), "share", source.id),
        Button(_("All posters and links"), "posters", committee.id),
    )


@router.button("arrive", Source, who=anyone)
def arrive(chat: Chat, source: Source) -> None:
    """Somebody begins to sign up by a source."""
    if chat.committee is None:
        raise not_here()
    sources.arrived(chat.tx, chat.person.id, source, chat.now)
    chat.begin("signup", source.committee_id)
