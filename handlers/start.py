"""Starting, language and the list of committees: what anyone can ask for at any time."""

from __future__ import annotations

from bot.catalogues import LOCALES
from bot.chat.messages import Button, Link, Secret
from bot.domain import sharing
from bot.domain.errors import Refusal
from bot.domain.people import anyone
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.i18n import NAMES
from bot.text import Day, Lines, Words, _, n_
from storage import committees, mine, people, sources
from storage.committees import Committee
from storage.mine import Mine
from storage.sources import Source

router = Router()


@router.command("start", who=anyone)
def start(chat: Chat, argument: str) -> None:
    """Begin, or come by a link that names a committee."""
    committee, source = named(chat, argument.strip()) if argument else (chat.committee, None)
    if committee is None:
        list_committees(chat, "")
        return
    chat.about(committee.id)
    show(chat, committee, source)


def named(chat: Chat, argument: str) -> tuple[Committee | None, Source | None]:
    """The committee that a link names by its KEY, and the source where it is KEY_CODE or, for a long key, _CODE."""
    committee = committees.by_key(chat.tx, argument)
    if committee is not None:
        return committee, None
    key, _underscore, code = argument.rpartition("_")
    if not key:
        source = sources.by_code(chat.tx, code)
        return (None, None) if source is None else (committees.get(chat.tx, source.committee_id), source)
    committee = committees.by_key(chat.tx, key)
    return committee, sources.of_committee(chat.tx, code, committee.id) if committee else None


def show(chat: Chat, committee: Committee, source: Source | None = None) -> None:
    """The task in brief, and what one can do next."""
    mandate = committees.mandate(chat.tx, committee.id)
    place = mandate.municipality
    if not mandate.call.opens <= chat.now < mandate.call.closes:
        follow = Button(_("Follow along"), "follow", committee.id)
        chat.say(Lines((mandate.title, mandate.in_brief)), follow, Link(_("Read more"), f"/c/{committee.key}"))
        return
    invitation = _(
        "Hello. {municipality} is looking for {people} for a committee on {topic}. "
        "The committee meets about {meetings} times, from {start} to {end}. "
        "{politicians} politicians take part too. "
        "The committee makes proposals. It is {the_council} that decides, and you get an answer to each proposal. "
        "You need not know anything about politics. "
        "Signing up takes about 3 minutes, and you can stop on the way.",
        municipality=place.name,
        people=sharing.wanted(mandate),
        topic=mandate.title,
        meetings=mandate.meetings,
        start=Day(mandate.start),
        end=Day(mandate.end),
        politicians=mandate.politicians,
        the_council=place.the_council,
    )
    fixed = _("This is fixed: {fixed}", fixed=mandate.fixed)
    chat.say(
        Lines((invitation, *sharing.called_lines(mandate), fixed)),
        sign_up(chat, committee, source),
        Link(_("Read more"), f"/c/{committee.key}"),
    )


def sign_up(chat: Chat, committee: Committee, source: Source | None) -> Button | Link:
    """Signing up here, or on our own page for who said no to this platform."""
    if allowed(chat) is False:
        return Link(_("Sign up on our web page"), Secret("login", f"/form/signup/{committee.id}"))
    if source is not None:
        return Button(_("Sign up"), "arrive", source.id)
    return Button(_("Sign up"), "open", "signup", committee.id)


def allowed(chat: Chat) -> bool | None:
    """Whether we may write on the platform at hand; None where that was not asked."""
    found = people.consent(chat.tx, chat.person.id, chat.event.address.platform)
    return found.given if found else None


@router.command("language", who=anyone, words=("language", "sprog", "språk", "sprak"))
def language(chat: Chat, argument: str) -> None:
    """Choose among the four languages; each is named in itself."""
    if argument.strip() in LOCALES:
        speak(chat, argument.strip())
        return
    chat.say(_("Which language shall we use?"), *(Button(NAMES[locale], "speak", locale) for locale in LOCALES))


@router.button("speak", str, who=anyone)
def speak(chat: Chat, locale: str) -> None:
    """Speak another language from here on."""
    if locale not in LOCALES:
        raise Refusal(_("Please choose one of the languages shown."))
    people.change(chat.tx, chat.person.id, locale=locale)
    chat.person = people.get(chat.tx, chat.person.id)
    chat.say(_("From now on I write to you in English."))


@router.command("committees", who=anyone, words=("committees", "udvalg", "utvalg", "utval"))
def list_committees(chat: Chat, argument: str) -> None:
    """One's own committees at a glance, then all of them, each with a button."""
    if own := mine.of(chat.tx, chat.person.id, chat.now):
        chat.say(
            Lines(tuple(at_a_glance(one) for one in own)), Link(_("See it on our web page"), Secret("login", "/mine"))
        )
    found = committees.all_of(chat.tx)
    if not found:
        chat.say(_("There is no committee here yet. Come back later."))
        return
    buttons = [Button(committees.mandate(chat.tx, one.id).title, "show", one.id) for one in found]
    chat.say(
        n_(
            "There is {count} committee. Press it to read more.",
            "There are {count} committees. Press one to read more.",
            len(found),
        ),
        *buttons,
    )


def at_a_glance(one: Mine) -> Words:
    """A person's committee: the role, the next meeting, what is open, and whom to ask."""
    lines: list[Words] = [_("{committee}. You are: {role}.", committee=one.mandate.short_name, role=one.role)]
    if one.meeting is not None:
        lines.append(_("Next meeting: {when}, {place}.", when=one.meeting.starts_at, place=one.meeting.place))
    if one.items:
        lines.append(
            n_(
                "{count} thing is open for you. Write /status to see it.",
                "{count} things are open for you. Write /status to see them.",
                len(one.items),
            )
        )
    contact = one.mandate.contact
    lines.append(
        _(
            "Your contact person is {name}, {phone}, {email}.",
            name=contact.name,
            phone=contact.phone,
            email=contact.email,
        )
    )
    return Lines(tuple(lines), "\n")


@router.button("show", Committee, who=anyone)
def show_one(chat: Chat, committee: Committee) -> None:
    """One committee's task in brief."""
    show(chat, committee)
