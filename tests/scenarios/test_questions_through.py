"""One set of questions from the draft to the groups of answers, in Danish and in Bokmål."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.text import Text, _
from storage import piles
from tests.world import Someone, World

DEADLINE = datetime(2026, 3, 12, 11, tzinfo=UTC)
DANISH = {
    "topic": "aftenerne",
    "questions": ("Tager du bussen?", "Hvorfor ikke?", "Hvad haster mest?", "Hvad savner du?"),
    "order": "Lys\nTag\nBænke",
    "answers": (
        "Bussen kører for sjældent om aftenen",
        "Der mangler lys på stien",
        "Flere aftenbusser, bussen er fuld",
    ),
    "why": "Den er for dyr",
    "background": "Bussen kører to gange i timen.",
    "group": "Aftenbusser",
    "meant": "Jeg mente den sidste bus",
}
NORWEGIAN = {
    "topic": "kveldene",
    "questions": ("Tar du bussen?", "Hvorfor ikke?", "Hva haster mest?", "Hva savner du?"),
    "order": "Lys\nTak\nBenker",
    "answers": ("Bussen går for sjelden om kvelden", "Det mangler lys på stien", "Flere kveldsbusser, bussen er full"),
    "why": "Den er for dyr",
    "background": "Bussen går to ganger i timen.",
    "group": "Kveldsbusser",
    "meant": "Jeg mente den siste bussen",
}


def presses(someone: Someone, *labels: Text | str) -> Someone:
    for label in labels:
        someone.presses(label if isinstance(label, str) else someone.word(label))
    return someone


@pytest.mark.parametrize(
    ("locale", "committee", "words"), [("da", "gentofte-biblioteker", DANISH), ("nb", "svelvik-ungdom", NORWEGIAN)]
)
def test_from_the_draft_to_the_groups(world: World, locale: str, committee: str, words: dict[str, object]) -> None:
    world.load(committee)
    others = len(world.mandate.locales) - 1
    ola, kari, per = (world.member(name, locale=locale) for name in ("Ola", "Kari", "Per"))
    frida = world.facilitator(locale=locale)
    skips = [frida.word(_("Skip"))] * others
    questions = words["questions"]
    assert isinstance(questions, tuple)
    frida.says("/ask").answers(frida.word(_("Not before a meeting")), str(words["topic"]), *skips, "2026-03-12 12:00")
    kinds = (_("Yes or no"), _("In one's own words"), _("Putting answers in order"), _("In one's own words"))
    for kind, question in zip(kinds, questions, strict=True):
        presses(frida, _("Add a question"))
        if question == questions[3]:
            frida.ticks(frida.word(_("I know that fewer will finish")))
            presses(frida, _("Done"))
        frida.answers(frida.word(kind), question, *skips)
        if kind == kinds[2]:
            frida.says(str(words["order"]))
    presses(frida, _("Ask one only after an answer"), f"2. {questions[1]}", f"1. {questions[0]}")
    frida.ticks(frida.word(_("No")))
    presses(frida, _("Done"), _("Look at it again"), _("Write a background"))
    frida.answers(str(words["background"]), *skips)
    presses(
        frida, _("Look at it again"), _("Who sees the answers?"), _("All members, with names"), _("Look at it again")
    )
    frida.presses(next(label for label in frida.labels if "3" in label))
    for place, member in enumerate((ola, kari, per)):
        presses(member, _("Start"), _("No") if place == 1 else _("Yes"))
        if place == 1:
            member.says(str(words["why"]))
        member.says("3, 1").says(words["answers"][place])  # type: ignore[index]
    world.until(DEADLINE)
    with world.db.reading() as tx:
        assert [len(pile.entries) for pile in piles.listed(tx, 1, 4)] == [2, 1]
        first = piles.listed(tx, 1, 4)[0].id
    presses(frida, _("See the groups"))
    frida.presses_data(f"pile:{first}")
    presses(frida, _("Name it")).says(str(words["group"]))
    presses(frida, _("All groups"), _("Send the groups to members"))
    ola.hears(str(words["group"]), "Ola: ")
    assert questions[1] not in next(seen.text for seen in ola.messages if str(words["order"]).split()[2] in seen.text)
    presses(ola, _("This is not what I meant")).says(str(words["meant"]))
    kari.does_not_hear("None", "{")
    presses(kari, _("See it as it is now")).hears(str(words["meant"]))
