"""The end of two seasons from the first draft to the council's answer: the libraries (da) and the town house (nb)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Role
from bot.text import _
from storage import people
from tests.scenarios.test_results import in_every_language
from tests.world import Someone, World

DAY = timedelta(days=1)
TITLE, TEXT = "Et idékatalog til bibliotekerne", "Lad hvert bibliotek prøve tre idéer fra kataloget om året."


def presses(someone: Someone, *labels: str) -> Someone:
    """Press buttons one after another, in the person's own language."""
    for label in labels:
        someone.presses(someone.word(_(label)))
    return someone


def begins(someone: Someone, first: str) -> Someone:
    return presses(someone.says("/recommendations"), first)


def answered(someone: Someone, *turns: str) -> Someone:
    """Answer a form in the first language of the committee."""
    skip = someone.word(_("Skip"))
    for turn in turns:
        someone.answers(turn)
        while skip in someone.labels and "English" in someone.last:
            someone.presses(skip)
    return someone


def test_the_libraries_hand_over_a_catalogue_of_ideas(world: World) -> None:
    world.load("gentofte-biblioteker")
    frida, sekri = world.facilitator(locale="da"), world.secretariat(locale="da")
    chair = world.member("Cecilie", locale="da", role=Role.CHAIR)
    ole, nina = world.member("Ole", locale="da"), world.member("Nina", locale="da")
    nina.says("/idea En natteåben læsesal")
    ole.says("/idea Et værksted, hvor man reparerer ting sammen")

    answered(begins(frida, "New recommendation"), TITLE, TEXT)
    answered(presses(frida, "What follows"), "Vælg de tre første idéer", "Biblioteksledelsen", "Et møde i maj")
    frida.says("2026-05-05").hears(TITLE, "Biblioteksledelsen")
    presses(frida, "What fed it").ticks("En natteåben læsesal", "Et værksted, hvor man reparerer ting sammen")
    presses(frida, "Done", "All recommendations", "An idea that was tried")
    frida.answers("En natteåben læsesal")
    answered(frida, "Læsesalen var åben til kl. 23 i en uge")
    answered(frida, "Hovedbiblioteket", "2026-02-20", "De unge kom, når der også var kaffe")
    presses(frida, "All recommendations", "The case in short")
    answered(frida, "Udvalget har talt med 200 brugere og fundet 31 idéer.")
    presses(frida, "All recommendations", "Ask the chair whether the committee stands behind them")
    presses(chair, "Read the first").hears(TEXT)
    presses(chair, "The committee stands behind this text")
    begins(frida, "Deliver")
    frida.presses(next(label for label in frida.labels if "4" in label or "3" in label))
    ole.hears("kommunalbestyrelsen")

    with world.db.transaction() as tx:
        people.take_role(tx, nina.id, 1, Role.CITIZEN)
    world.wait(28 * DAY)
    sekri.says("/council").presses(sekri.labels[0])
    answered(presses(sekri, "Adopted with changes"), "Hvert bibliotek prøver to idéer i det første år.")
    presses(sekri.says("2026-03-24"), "Keep it", "Look them over, and tell")
    sekri.presses(sekri.labels[0])
    for someone in (ole, nina, chair):
        told = [one for one in someone.messages if "Hvert bibliotek prøver to idéer" in one.text]
        assert len(told) == 1, someone.transcript()
        assert TITLE in told[0].text
        assert TITLE not in told[0].message.subject
    sekri.does_not_hear("Nina")
    frida.does_not_hear("Nina")
    presses(begins(chair, "Make them public"), "I have looked at them. Make it public")
    print(world.transcripts([frida, chair, ole, nina, sekri]))


def test_the_town_house_is_answered_and_the_answer_is_corrected(world: World) -> None:
    world.load("svelvik-byhuset")
    frida, sekri = world.facilitator(locale="nb"), world.secretariat(locale="nb")
    chair, kari = world.member("Cecilie", locale="nb", role=Role.DEPUTY), world.member("Kari", locale="nb")
    in_every_language(begins(frida, "New recommendation"), "Åpent hus", "Hold huset åpent hver lørdag.")
    presses(frida, "All recommendations", "The case in short")
    in_every_language(frida, "Utvalget har møtt 60 innbyggere.")
    presses(frida, "All recommendations", "Ask the chair whether the committee stands behind them")
    presses(chair, "Read the first", "The committee stands behind this text")
    begins(frida, "Deliver")
    frida.presses(next(label for label in frida.labels if "2" in label))
    sekri.says("/council").presses(sekri.labels[0])
    presses(sekri, "Not treated").answers("Saken kommer opp i mai.", "2026-03-02")
    presses(sekri, "Keep it", "Look them over, and tell").presses(sekri.labels[0])
    kari.hears("Saken kommer opp i mai.")
    world.wait(60 * DAY)
    sekri.says("/council").presses(sekri.labels[0])
    presses(sekri, "Change something").presses(next(label for label in sekri.labels if "Åpent hus" in label))
    presses(sekri, "Adopted", "Change something", "What is the reason? Everybody who worked on it reads it.")
    presses(sekri.says("Huset åpner i august."), "Change something", "When was it decided?")
    presses(sekri.says("2026-04-28"), "Keep it", "Look them over, and tell").presses(sekri.labels[0])
    kari.hears("Huset åpner i august.", kari.word(_("Not treated")))
    assert len([one for one in kari.messages if "august" in one.text]) == 1
    print(world.transcripts([frida, chair, kari, sekri]))
