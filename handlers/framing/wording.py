"""Writing what is missing in a language, or letting Danish and Norwegian stand in for each other this once."""

from __future__ import annotations

from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, FreeText, ListOfLines, Question
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.engine.wording import readability
from bot.i18n import NAMES
from bot.text import Lines, _
from handlers.framing.drafts import changed, require_draft
from storage import prompts, wording
from storage.prompts import Prompt
from storage.wording import Slot

router = Router()


def field_of(slot: Slot, locale: str) -> Question:
    """One text to write in a language, under what it says in the language in which it was first written."""
    asked = Lines(
        (
            next(words for words in slot.words.values() if words),
            _("Write this in {language}.", language=NAMES[locale]),
        )
    )
    if slot.lines:
        count = len(next(iter(slot.words.values())).splitlines())
        return ListOfLines(key=slot.key, text=asked, exactly=count, hint=_("One answer a line, in the same order."))
    return FreeText(key=slot.key, text=asked, longest=slot.longest)


def register(locale: str) -> None:
    """The form for one language; a language has no place among the numbers that a button carries."""

    def write_form(chat: Chat, prompt: Prompt) -> Form:
        """Each text that is not written in this language."""
        require_draft(prompt)
        lacking = [slot for slot in wording.slots(chat.tx, prompt) if slot.words and not slot.words.get(locale)]
        if not lacking:
            raise not_here()
        title = _("In this language: {language}", language=NAMES[locale])
        return Form(f"write_{locale}", tuple(field_of(slot, locale) for slot in lacking), title=title)

    @router.form(f"write_{locale}", Prompt, write_form, who=facilitator)
    def written(chat: Chat, prompt: Prompt, answers: Answers) -> None:
        """Put them beside the others."""
        wording.write(chat.tx, prompt, locale, {key: str(value) for key, value in answers.items()})
        changed(chat, prompt, _("Good. Now it is written in {language} too.", language=NAMES[locale]))


for one in NAMES:
    register(one)


@router.button("standin", Prompt, str, who=facilitator)
def stand_in(chat: Chat, prompt: Prompt, choice: str) -> None:
    """For this one message: who reads Danish gets Norwegian, or the other way round, with a line that says so."""
    require_draft(prompt)
    if choice not in ("yes", "no"):
        raise not_here()
    prompts.change(chat.tx, prompt.id, stand_in=choice == "yes")
    if choice == "no":
        changed(chat, prompt, _("They do not stand in for each other. What is missing must be written."))
        return
    fresh = prompts.get(chat.tx, prompt.id)
    assert fresh is not None
    left = readability(chat, fresh).missing
    said = _("For this one, Danish and Norwegian stand in for each other. A line above the message says so.")
    rest = _("Something is still not written in a language that somebody reads.") if left else ""
    changed(chat, prompt, Lines((said, rest)))
