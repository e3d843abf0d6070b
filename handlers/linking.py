"""One person, several platforms: a code from the one, typed on the other, and confirmed on the first."""

from __future__ import annotations

from bot.chat.messages import Button, Secret
from bot.domain.errors import Refusal
from bot.domain.people import STAFF, anyone
from bot.engine.chat import Chat
from bot.engine.router import Router
from bot.text import _
from storage import audit, links, people

router = Router()
NAMES = {"telegram": "Telegram", "slack": "Slack", "web": "web", "mail": "e-mail"}


@router.command("link", who=anyone, words=("link", "forbind", "koble"))
def link(chat: Chat, argument: str) -> None:
    """Without a code: get one, which no row ever holds. With a code: claim to be the person it came from."""
    if argument.strip():
        claim(chat, argument)
        return
    if any(roles & STAFF for roles in people.roles(chat.tx, chat.person.id).values()):
        raise Refusal(
            _("You work here as administration, so your account is not joined to others. Use a sign-in link instead.")
        )
    on_page = chat.event.address.account == "web"
    code = links.mint(chat.tx, chat.house.vault, chat.person.id, chat.now) if on_page else ""
    text = _(
        "Write this on the other platform within 10 minutes: /link {code}\n"
        "Then confirm here. Give the code to nobody: whoever has it could try to become you.",
        code=f"{code[:4]}-{code[4:]}" if on_page else Secret("code"),
    )
    chat.say(text, briefly=on_page, protect=True)


def claim(chat: Chat, code: str) -> None:
    """A code typed here: the person it came from must confirm; nothing moves before."""
    address = links.address_id(chat.tx, chat.event.address)
    if links.tries_left(chat.tx, address, chat.now) <= 0:
        raise Refusal(
            _("That was too many wrong codes. Wait an hour, then get a new one with /link on the other platform.")
        )
    person_id = links.claim(chat.tx, chat.house.vault, code, address, chat.now)
    if person_id is None or person_id == chat.person.id:
        links.wrong(chat.tx, address, chat.now)
        chat.say(_("That code is wrong or too old. Write /link on the other platform to get a new one."))
        return
    chat.say(_("Now confirm on the other platform. You have 10 minutes."))
    chat.tell(
        person_id,
        _(
            "A {platform} account wants to become you. Was it you, just now?",
            platform=_platform(chat.event.address.account),
        ),
        Button(_("Yes, it was me"), "joined", "yes"),
        Button(_("No, stop it"), "joined", "no"),
        notice=_("please confirm"),
        kind="reply",
        lane=0,
    )


def _platform(account: str) -> str:
    return NAMES.get(account.partition(":")[0], account)


@router.button("joined", str, who=anyone)
def confirm(chat: Chat, answer: str) -> None:
    """Yes moves the address; no voids the code. Two people who both stand for something are never joined."""
    waiting = links.waiting(chat.tx, chat.person.id, chat.now)
    if waiting is None or waiting.claimant is None:
        raise Refusal(_("There is nothing to confirm any more. Write /link to get a new code."))
    if answer != "yes":
        links.refuse(chat.tx, chat.person.id)
        chat.say(_("Good that you looked. Nothing was joined, and the code is void."), instead=True)
        return
    other, account = links.owner(chat.tx, waiting.claimant)
    held = [*people.roles(chat.tx, other).values(), *people.roles(chat.tx, chat.person.id).values()]
    if links.stands_for_something(chat.tx, other) or any(roles & STAFF for roles in held):
        links.refuse(chat.tx, chat.person.id)
        raise Refusal(
            _("Both accounts have taken part already, so only your contact person can join them. Please write to them.")
        )
    links.join(chat.tx, waiting, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, None, "address joined", f"person:{other}", account.partition(":")[0])
    text = _(
        "A {platform} account now belongs to you. If that was not you, undo it within 7 days.",
        platform=_platform(account),
    )
    chat.tell(chat.person, text, Button(_("Undo"), "unlink"), notice=_("your account"), kind="necessary", lane=0)
    chat.say(_("Done. From now on it is you in both places."), instead=True)


@router.button("unlink", who=anyone)
def undo(chat: Chat) -> None:
    """Take the joining back."""
    if not links.undo(chat.tx, chat.person.id, chat.now):
        raise Refusal(_("There is nothing to undo any more. Write to your contact person if an account is not yours."))
    audit.log(chat.tx, chat.now, chat.person.id, None, "joining undone", f"person:{chat.person.id}")
    chat.say(_("It is undone. The other account is separate again."), instead=True)
