"""Taking back the yes to being written to on another company's platform."""

from __future__ import annotations

from bot.chat.messages import Link, Secret
from bot.domain import platforms
from bot.domain.forms import Form
from bot.domain.people import anyone
from bot.domain.questions import Answers, Reach, is_email, taken
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import _
from storage import contact, people
from storage.people import ConsentRow

router = Router()


def given(chat: Chat) -> ConsentRow:
    """The yes to the platform at hand. Raises Refusal where there is none."""
    found = people.consent(chat.tx, chat.person.id, chat.event.address.platform)
    if found is None or not found.given:
        raise not_here()
    return found


def away_form(chat: Chat) -> Form:
    """Asks only how else to reach the person, where we know no e-mail address."""
    given(chat)
    known = any(is_email(reach) for reach in contact.of(chat.tx, chat.house.vault, chat.person.id))
    reach = Reach(key="reach", text=_("At what e-mail address or phone number can we reach you?"))
    return Form("away", () if known else (reach,), title=_("Our web page"))


@router.form("away", None, away_form, who=anyone)
def away(chat: Chat, answers: Answers) -> None:
    """From here on we write on our own page, with a mail beside it."""
    before = given(chat)
    reach = answers.get("reach")
    if reach and not contact.give(chat.tx, chat.house.vault, chat.person.id, str(reach), chat.now):
        raise taken()
    people.may_write(chat.tx, chat.person.id, before.committee_id, before.purpose, platforms.WORDS, False, chat.now)
    chat.say(
        _(
            "From now on we write to you on our own web page, and by e-mail if we have your address. "
            "On {platform} we only answer when you write to us.",
            platform=platforms.NAMES[before.purpose],
        ),
        Link(_("Go to our web page"), Secret("login", "/talk")),
    )
