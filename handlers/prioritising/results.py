"""What comes out: counts in words, as a table and as a picture; or that nothing could be counted."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.messages import Image, Link, Secret
from bot.domain.ballots import State
from bot.domain.people import Person, either, facilitator, member
from bot.engine.chat import Chat
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Lines, Words, _, n_
from storage import ballots, committees, ideas, people
from storage.ballots import Ballot

router = Router()


def tell_result(errand: Errand, ballot_id: int, charts: Mapping[str, str]) -> None:
    """The result to members and facilitators, and to each author how the own idea fared."""
    ballot = ballots.get(errand.tx, ballot_id)
    for person in hearers(errand, ballot):
        text, table = result(ballot)
        locale = person.locale or committees.mandate(errand.tx, ballot.committee_id).locales[0]
        image = Image(charts[locale], alt(ballot)) if locale in charts else None
        errand.tell(
            person,
            text,
            *papers_link(ballot),
            image=image,
            table=table,
            notice=_("the result of the prioritisation"),
            dedupe=f"result:{ballot.id}:{person.id}",
            about=("ballot", ballot.id),
        )
    if ballot.tally and ballot.tally["shown"]:
        for place, option in enumerate(ballot.options):
            errand.tell(
                ideas.author(errand.tx, option["idea"]),
                fared(option["text"], ballot.tally["counts"][place]),
                notice=_("about your idea"),
                dedupe=f"fared:{ballot.id}:{option['idea']}",
            )


def fared(idea: str, count: int) -> Words:
    """What the author of an idea hears: what becomes of it matters more than a nought."""
    if not count:
        return _("The committee goes on with other ideas first. Yours stays on the list: {idea}", idea=idea)
    return n_("Your idea got {count} vote: {idea}", "Your idea got {count} votes: {idea}", count, idea=idea)


def hearers(errand: Errand, ballot: Ballot) -> list[Person]:
    """Everybody on the roll, and the facilitators."""
    return [*ballots.roll(errand.tx, ballot.id), *people.facilitators(errand.tx, ballot.committee_id)]


def result(ballot: Ballot) -> tuple[Words, tuple[tuple[Words, ...], ...]]:
    """Counts and turnout in words, and the same as a table; a tie is shown as a tie."""
    tally = ballot.tally or {"turnout": 0, "shown": False}
    turnout = _("{turnout} of {entitled} members took part.", turnout=tally["turnout"], entitled=ballot.entitled)
    meaning = _("This is a prioritisation, not a decision. It says what the committee goes on with first.")
    if not tally["shown"]:
        few = _("Fewer than five took part, so no numbers are shown: one could guess who chose what.")
        return Lines((ballot.title, turnout, few, meaning)), ()
    table: list[tuple[Words, ...]] = []
    for placing in tally["ranking"]:
        for place in placing["options"]:
            count = tally["counts"][place]
            table.append(
                (f"{placing['number']}. {ballot.options[place]['text']}", n_("{count} vote", "{count} votes", count))
            )
    tied = any(len(placing["options"]) > 1 for placing in tally["ranking"])
    note = _("Ideas with the same number of votes share a place.") if tied else ""
    return Lines((ballot.title, turnout, note, meaning)), tuple(table)


def papers_link(ballot: Ballot) -> tuple[Link, ...]:
    """The way to all votes without names, where that was settled before the opening."""
    if not ballot.papers_shown or not (ballot.tally or {}).get("shown"):
        return ()
    return (Link(_("All votes, without names"), Secret(path=f"/ballot/{ballot.id}/votes")),)


def alt(ballot: Ballot) -> Words:
    """The picture in words."""
    assert ballot.tally is not None
    parts = [
        n_("{idea}: {count} vote", "{idea}: {count} votes", count, idea=option["text"])
        for option, count in zip(ballot.options, ballot.tally["counts"], strict=True)
    ]
    return Lines((_("A bar chart of the votes."), *parts), "\n")


def tell_void(errand: Errand, ballot_id: int) -> None:
    """The votes could not be counted, so the prioritisation is run again."""
    ballot = ballots.get(errand.tx, ballot_id)
    for person in hearers(errand, ballot):
        errand.tell(
            person,
            _(
                "The prioritisation could not be counted, and no vote of it remains. Your contact person "
                "opens a new one. We are sorry."
            ),
            notice=_("about the prioritisation"),
            kind="necessary",
            dedupe=f"void:{ballot.id}:{person.id}",
        )


@router.command("results", who=either(member, facilitator), words=("results", "resultater", "resultat"))
def results(chat: Chat, argument: str) -> None:
    """The results so far, the newest first."""
    assert chat.committee is not None
    found = [one for one in ballots.listed(chat.tx, chat.committee.id) if one.state == State.RELEASED]
    if not found:
        chat.say(_("There is no result yet."))
    for ballot in found[:3]:
        text, table = result(ballot)
        chat.say(text, *papers_link(ballot), table=table)
