"""The facilitator's work on groups of answers: name them, join two, move an answer to another or to one of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.messages import Button, Link, Secret
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator
from bot.domain.questions import Answers, FreeText
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router, not_here
from bot.text import Lines, Short, Words, _, n_
from handlers.collating.shown import called, line, whole
from storage import answers, audit, people, piles, prompts
from storage.piles import Full, Pile
from storage.prompts import Prompt

router = Router()


def settle(errand: Errand, prompt_id: int, groups: Mapping[int, Sequence[Sequence[int]]]) -> None:
    """Keep what was computed, and tell the facilitators; where another process was first there is nothing to do."""
    prompt = prompts.get(errand.tx, prompt_id)
    if prompt is None or not piles.enter(errand.tx, prompt_id, "ready", "waiting"):
        return
    errand.about(prompt.committee_id)
    for question, found in groups.items():
        piles.store(errand.tx, prompt, question, found)
    for person in people.facilitators(errand.tx, prompt.committee_id):
        errand.tell(
            person,
            _(
                "The answers about “{topic}” are grouped by what they have in common. Nothing is left out. You can "
                "name the groups, join two, or move an answer, before members see them.",
                topic=prompt.text,
            ),
            Button(_("See the groups"), "piles", prompt_id),
            notice=_("the answers are grouped"),
            kind="necessary",
            dedupe=f"piles:{prompt_id}:{person.id}",
            path="/talk",
        )


def require_grouped(prompt: Prompt) -> None:
    """There are groups only when the answers are in and compared. Raises Refusal."""
    if prompt.kind != "questions" or not prompt.piling:
        raise not_here()
    if prompt.piling == "waiting":
        raise Refusal(_("The answers are being grouped. You are told when it is done."))


@router.button("piles", Prompt, who=facilitator)
def overview(chat: Chat, prompt: Prompt) -> None:
    """All groups, question by question, each with a button."""
    require_grouped(prompt)
    asked = answers.questions(chat.tx, prompt.id)
    for question in piles.questions(chat.tx, prompt.id):
        found = piles.listed(chat.tx, prompt.id, question)
        if not found:
            continue
        count = sum(len(pile.entries) for pile in found)
        rows = [
            Button(_("{name} ({count})", name=called(pile), count=len(pile.entries)), "pile", pile.id) for pile in found
        ]
        text = _(
            "{answers} in {groups}.",
            answers=n_("{count} answer", "{count} answers", count),
            groups=n_("{count} group", "{count} groups", len(found)),
        )
        chat.say(Lines((_("{number}. {question}", number=question, question=asked[question - 1].text), text)), *rows)
    chat.say(
        _("Members see the groups when you send them. They can say what they meant by their own answers."),
        Link(_("See them side by side"), Secret("login", f"/groups/{prompt.id}")),
        Button(_("See it as members will"), "colsee", prompt.id),
        Button(_("Send the groups to members"), "colsend", prompt.id),
    )


def full_of(chat: Chat, pile: Pile) -> Full:
    """A group with its answers; the press on an empty one is stale. Raises Refusal."""
    found = piles.full(chat.tx, pile)
    if not found.entries:
        raise not_here()
    return found


@router.button("pile", Pile, who=facilitator)
def show(chat: Chat, pile: Pile) -> None:
    """One group with all its answers, and what can be done with it."""
    found = full_of(chat, pile)
    rows = [Button(_("Name it"), "open", "pilename", pile.id), Button(_("Join it with another"), "pilejoin", pile.id)]
    if len(piles.listed(chat.tx, pile.prompt_id, pile.question)) > 1 or len(found.entries) > 1:
        rows.append(Button(_("Move an answer"), "pilemove", pile.id))
    if any(entry.recording for entry in found.entries):
        rows.append(Button(_("Voice answers"), "voices", pile.prompt_id))
    chat.say(whole(found, names=False), *rows, Button(_("All groups"), "piles", pile.prompt_id))


def name_form(chat: Chat, pile: Pile) -> Form:
    """What the answers have in common."""
    found = full_of(chat, pile)
    text = Lines((_("What do these answers have in common?"), line(found.entries[0], names=False)))
    return Form(
        "pilename", (FreeText(key="name", text=text, longest=120, single_line=True),), title=_("A group's name")
    )


def noted(chat: Chat, pile: Pile, action: str) -> None:
    """Note what the facilitator did, without a word of it."""
    audit.log(chat.tx, chat.now, chat.person.id, pile.committee_id, action, f"prompt:{pile.prompt_id}")


@router.form("pilename", Pile, name_form, who=facilitator)
def named(chat: Chat, pile: Pile, answers: Answers) -> None:
    """Keep the name."""
    piles.rename(chat.tx, pile.id, str(answers["name"]))
    noted(chat, pile, "group of answers named")
    show(chat, fresh(chat, pile))


def fresh(chat: Chat, pile: Pile) -> Pile:
    """The row as it is now."""
    found = piles.get(chat.tx, pile.id)
    if found is None:
        raise not_here()
    return found


def others(chat: Chat, pile: Pile) -> list[Full]:
    """The other groups of the same question."""
    return [one for one in piles.listed(chat.tx, pile.prompt_id, pile.question) if one.id != pile.id]


@router.button("pilejoin", Pile, who=facilitator)
def choose_other(chat: Chat, pile: Pile) -> None:
    """With which group."""
    found = full_of(chat, pile)
    rows = [Button(called(one), "pileinto", pile.id, one.id) for one in others(chat, pile)]
    text = _("Join {name} with which group?", name=called(found)) if rows else _("There is no other group.")
    chat.say(text, *rows, Button(_("None, go back"), "pile", pile.id))


@router.button("pileinto", Pile, Pile, who=facilitator)
def joined(chat: Chat, pile: Pile, into: Pile) -> None:
    """Two groups become one."""
    require_same(pile, into)
    noted(chat, pile, "groups of answers joined")
    piles.join(chat.tx, pile, into)
    show(chat, fresh(chat, into))


def require_same(pile: Pile, into: Pile) -> None:
    """Answers stay with their question. Raises Refusal."""
    if (pile.prompt_id, pile.question) != (into.prompt_id, into.question) or pile.id == into.id:
        raise not_here()


@router.button("pilemove", Pile, who=facilitator)
def choose_answer(chat: Chat, pile: Pile) -> None:
    """Which answer is to be moved."""
    found = full_of(chat, pile)
    rows = [
        Button(
            _("{number}. {question}", number=entry.place, question=Short(entry.text, 40)),
            "pilewhat",
            pile.id,
            entry.place,
        )
        for entry in found.entries
    ]
    chat.say(_("Which answer is to be moved?"), *rows, Button(_("None, go back"), "pile", pile.id))


@router.button("pilewhat", Pile, int, who=facilitator)
def choose_target(chat: Chat, pile: Pile, place: int) -> None:
    """To which group, or to one of its own."""
    found = full_of(chat, pile)
    entry = next((one for one in found.entries if one.place == place), None)
    if entry is None:
        raise not_here()
    rows = [Button(called(one), "pileput", pile.id, place, one.id) for one in others(chat, pile)]
    if len(found.entries) > 1:
        rows.append(Button(_("A group of its own"), "pileown", pile.id, place))
    text: Words = Lines((line(entry, names=False), _("Where does it belong?")))
    chat.say(text, *rows, Button(_("Leave it here"), "pile", pile.id))


@router.button("pileput", Pile, int, Pile, who=facilitator)
def moved(chat: Chat, pile: Pile, place: int, into: Pile) -> None:
    """An answer goes to another group."""
    require_same(pile, into)
    noted(chat, pile, "answer moved to another group")
    target = piles.move(chat.tx, pile, place, into)
    if target is None:
        raise not_here()
    show(chat, target)


@router.button("pileown", Pile, int, who=facilitator)
def set_apart(chat: Chat, pile: Pile, place: int) -> None:
    """An answer gets a group of its own."""
    if len(full_of(chat, pile).entries) < 2:
        raise not_here()
    noted(chat, pile, "answer moved to another group")
    target = piles.move(chat.tx, pile, place, None)
    if target is None:
        raise not_here()
    show(chat, target)
