"""Assessing: how well each application fits the lines it declares, 0 to 3, one application at a time."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button
from bot.domain import assessment, eligibility
from bot.domain.assessment import MEANINGS, rater
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.mandate import AgeBand, CompetenceProfile, Mandate
from bot.domain.questions import Answers, FreeText, OneOf, Option
from bot.engine.chat import Chat
from bot.engine.router import Router, not_here
from bot.text import Lines, Many, Words, _
from storage import audit, calls, committees, people, ratings
from storage.committees import Committee
from storage.ratings import Application

router = Router()
Screen = tuple[Application, list[CompetenceProfile]]
LISTED = 10


@router.command("assess", who=rater, words=("assess", "vurder", "vurder søknader", "vurder ansøgninger"))
def assess(chat: Chat, argument: str) -> None:
    """Go on with the first application that one has not rated."""
    assert chat.committee is not None
    go_on(chat, chat.committee)


@router.button("assess", Committee, who=rater)
def go_on(chat: Chat, committee: Committee) -> None:
    """The first application without one's own rating, or how it stands where there is none left."""
    mandate = require_rates(chat, committee.id)
    found = screens(chat, mandate, committee.id)
    if not found:
        raise Refusal(_("There is nothing to assess yet. You see here who applied once somebody has."))
    left = unrated(chat, found)
    if left:
        show(chat, left[0])
        return
    rows = [Button(_("See them again"), "assessed", found[0][0].id)]
    if apart(chat, mandate, found):
        rows.append(Button(_("Where the two of you differ"), "differ", committee.id))
    chat.say(Lines((progress(chat, found), _("You have rated them all. You can still change a rating."))), *rows)


def require_rates(chat: Chat, committee_id: int) -> Mandate:
    """The mandate, for somebody who may rate by it. Raises Refusal for anybody else, and where nobody rates."""
    mandate = committees.mandate(chat.tx, committee_id)
    if not assessment.may_rate(mandate, chat.standing().roles):
        raise Refusal(_("That is for others in this committee. Write /help to see what you can do here."))
    if not mandate.selection.rated:
        raise Refusal(_("Nobody assesses applications in this committee: whoever declares a line fits it."))
    return mandate


def screens(chat: Chat, mandate: Mandate, committee_id: int) -> list[Screen]:
    """The applications of the newest call, each with the lines that this rater sees; never one's own."""
    roles, vault = chat.standing().roles, chat.house.vault
    found = []
    for one in ratings.of_call(chat.tx, committee_id, calls.number(chat.tx, committee_id)):
        lines = assessment.lines_for(ratings.declared(mandate, vault, one), roles)
        if lines and one.person_id != chat.person.id:
            found.append((one, lines))
    return found


def own(chat: Chat, found: Sequence[Screen]) -> dict[int, dict[str, ratings.Rating]]:
    """By application and stored line, what this rater has said."""
    given = ratings.newest(chat.tx, [one.id for one, _lines in found])
    return {
        number: {line: rows[chat.person.id] for line, rows in lines.items() if chat.person.id in rows}
        for number, lines in given.items()
    }


def unrated(chat: Chat, found: Sequence[Screen]) -> list[Application]:
    """The applications of which this rater has not rated each line."""
    said, vault = own(chat, found), chat.house.vault
    return [
        one
        for one, lines in found
        if any(ratings.stored(vault, one.id, line) not in said.get(one.id, {}) for line in lines)
    ]


def progress(chat: Chat, found: Sequence[Screen]) -> Words:
    """How far this rater has come."""
    done = len(found) - len(unrated(chat, found))
    return _("{done} of {count} rated", done=done, count=len(found))


def require_screen(chat: Chat, mandate: Mandate, application: Application) -> tuple[list[Screen], int]:
    """All screens of this rater, and the place of one of them. Raises Refusal where it is not theirs to rate."""
    found = screens(chat, mandate, application.committee_id)
    place = next((n for n, (one, _lines) in enumerate(found) if one.id == application.id), None)
    if place is None:
        raise not_here()
    return found, place


@router.button("assessed", Application, who=rater)
def show(chat: Chat, application: Application) -> None:
    """One application, what one has said of it, and the way to the next."""
    mandate = require_rates(chat, application.committee_id)
    found, place = require_screen(chat, mandate, application)
    one, lines = found[place]
    said = own(chat, found).get(one.id, {})
    words: list[Words] = [progress(chat, found), name_of(chat, mandate, one), *described(chat, mandate, one, lines)]
    for line in lines:
        row = said.get(ratings.stored(chat.house.vault, one.id, line))
        value = MEANINGS[row.value] if row is not None else _("not rated yet")
        words.append(_("{line}: {rating}", line=line.label, rating=value))
    words += others_said(chat, mandate, one, lines)
    rate = _("Change the rating") if said else _("Rate")
    rows: list[Button] = [Button(rate, "open", "rate", one.id)]
    if place > 0:
        rows.append(Button(_("Previous"), "assessed", found[place - 1][0].id))
    if place + 1 < len(found):
        rows.append(Button(_("Next"), "assessed", found[place + 1][0].id))
    chat.say(Lines(tuple(words)), *rows)


def name_of(chat: Chat, mandate: Mandate, application: Application) -> Words:
    """A name, or the number where raters are not to see names."""
    if mandate.selection.blind:
        return assessment.pseudonym(application.id)
    return people.get(chat.tx, application.person_id).name


def described(
    chat: Chat, mandate: Mandate, application: Application, lines: Sequence[CompetenceProfile]
) -> list[Words]:
    """What somebody wrote, without the name where raters are not to see it. Reading a sensitive line is logged."""
    answers, name = application.answers, people.get(chat.tx, application.person_id).name
    if any(line.special is not None for line in lines):
        audit.special_line_read(chat.tx, chat.now, chat.person.id, application)
    words: list[Words] = [_("Fits: {profiles}", profiles=Many(tuple(line.label for line in lines)))]
    if answers.get("age"):
        words.append(_("Age: {age}", age=eligibility.age_words(AgeBand.of(answers["age"]))))

    def shown(text: object) -> str:
        return assessment.unnamed(str(text), name) if mandate.selection.blind else str(text)

    if answers.get("why"):
        words.append(_("Why: {why}", why=shown(answers["why"])))
    if answers.get("bring"):
        words.append(_("Brings: {bring}", bring=shown(answers["bring"])))
    return words


def others_said(
    chat: Chat, mandate: Mandate, application: Application, lines: Sequence[CompetenceProfile]
) -> list[Words]:
    """What others have said of a line, once one has rated it oneself."""
    given = ratings.newest(chat.tx, [application.id]).get(application.id, {})
    words: list[Words] = []
    for line in lines:
        rows = given.get(ratings.stored(chat.house.vault, application.id, line), {})
        if chat.person.id not in rows:
            continue
        for row in rows.values():
            if row.rater_id != chat.person.id:
                name = people.get(chat.tx, row.rater_id).name
                said = Lines((MEANINGS[row.value], row.note), ". ")
                words.append(_("{rater} about {line}: {rating}", rater=name, line=line.label, rating=said))
    return words


def rate_form(chat: Chat, application: Application) -> Form:
    """A number for each line, and a note if one likes; a sensitive line is rated on our own page only."""
    mandate = require_rates(chat, application.committee_id)
    found, place = require_screen(chat, mandate, application)
    one, lines = found[place]
    choices = tuple(Option(str(value), words) for value, words in MEANINGS.items())
    fields: list[OneOf | FreeText] = []
    for line in lines:
        stored, private = ratings.stored(chat.house.vault, one.id, line), line.special is not None
        how = _("How well does this application fit: {line}?", line=line.label)
        fields.append(OneOf(key=f"v-{stored}", text=how, choices=choices, web_only=private))
        note = _("A note about it, if you like. The applicant can ask to see it.")
        fields.append(FreeText(key=f"n-{stored}", text=note, optional=True, longest=500, web_only=private))
    return Form("rate", tuple(fields), title=name_of(chat, mandate, one))


@router.form("rate", Application, rate_form, who=rater)
def rated(chat: Chat, application: Application, answers: Answers) -> None:
    """Keep the ratings, and go on with the next application."""
    mandate = require_rates(chat, application.committee_id)
    found, place = require_screen(chat, mandate, application)
    one, lines = found[place]
    for line in lines:
        stored = ratings.stored(chat.house.vault, one.id, line)
        value, note = int(str(answers[f"v-{stored}"])), str(answers.get(f"n-{stored}") or "")
        ratings.rate(chat.tx, one, stored, chat.person.id, value, note, chat.now)
    assert chat.committee is not None
    go_on(chat, chat.committee)


def apart(chat: Chat, mandate: Mandate, found: Sequence[Screen]) -> list[tuple[Application, CompetenceProfile]]:
    """Where two raters differ, of what this rater has rated too."""
    given = ratings.newest(chat.tx, [one.id for one, _lines in found])
    differ = []
    for one, lines in found:
        for line in lines:
            rows = given.get(one.id, {}).get(ratings.stored(chat.house.vault, one.id, line), {})
            values = [row.value for row in rows.values()]
            if chat.person.id in rows and assessment.disagree(values, mandate.selection.threshold):
                differ.append((one, line))
    return differ


@router.button("differ", Committee, who=rater)
def differing(chat: Chat, committee: Committee) -> None:
    """The applications that the raters should talk about; until they agree, the mean rounded up is used."""
    mandate = require_rates(chat, committee.id)
    found = apart(chat, mandate, screens(chat, mandate, committee.id))
    if not found:
        raise Refusal(_("You do not differ anywhere. Go on with /assess."))
    rows = [
        Button(_("{who}: {line}", who=name_of(chat, mandate, one), line=line.label), "assessed", one.id)
        for one, line in found[:LISTED]
    ]
    chat.say(
        _("Talk about these, and change a rating if you see it otherwise. Else the mean is used, rounded up."), *rows
    )
