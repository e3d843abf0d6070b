"""What people in the libraries' committee write in a season, each in an own language."""

from __future__ import annotations

from collections.abc import Mapping

Said = Mapping[str, str]

PLACE: Said = {
    "da": "Hovedbiblioteket, indgang fra torvet. Der er elevator.",
    "nb": "Hovedbiblioteket, inngang fra torget. Det er heis.",
    "nn": "Hovudbiblioteket, inngang frå torget. Det er heis.",
}
AGENDAS: tuple[Said, ...] = (
    {
        "da": "1. Hvem er vi\n2. Biblioteket i hverdagen\n3. Hvad mangler vi at vide?",
        "nb": "1. Hvem er vi\n2. Biblioteket i hverdagen\n3. Hva mangler vi å vite?",
        "nn": "1. Kven er vi\n2. Biblioteket i kvardagen\n3. Kva manglar vi å vite?",
    },
    {
        "da": "1. Hvad andre har prøvet\n2. Arbejde i grupper",
        "nb": "1. Hva andre har prøvd\n2. Arbeid i grupper",
        "nn": "1. Kva andre har prøvd\n2. Arbeid i grupper",
    },
)
ESSENCE: Said = {
    "da": "Vi vil have steder, hvor man må larme, og steder, hvor man ikke må.",
    "nb": "Vi vil ha steder der man kan bråke, og steder der det er stille.",
    "nn": "Vi vil ha stader der ein kan bråke, og stader der det er stilt.",
}
MINUTES: Said = {
    "da": "1. Alle fortalte om deres bibliotek.\n2. Vi besøger to biblioteker før næste møde.",
    "nb": "1. Alle fortalte om biblioteket sitt.\n2. Vi besøker to bibliotek før neste møte.",
    "nn": "1. Alle fortalde om biblioteket sitt.\n2. Vi besøkjer to bibliotek før neste møte.",
}
# The answers to three questions, by who gives them; None is skipped.
ANSWERS: Mapping[str, tuple[Said | None, ...]] = {
    "Ole": (
        {"da": "Der er lukket, når jeg får fri. Jeg ville læse om aftenen.", "nb": "Det er stengt når jeg får fri."},
        {"da": "De unge, og dem hører vi sjældent.", "nb": "De unge, og dem hører vi sjelden."},
        None,
    ),
    "Karen": (
        {"da": "Læsesalen lukker for tidligt om aftenen.", "nb": "Lesesalen stenger for tidlig om kvelden."},
        {"da": "De unge uden et værelse for sig selv.", "nb": "De unge som ikke har eget rom."},
        {"da": "Hvad koster en åben aften?", "nb": "Hva koster en åpen kveld?"},
    ),
    "Nina": (
        {"da": "Vi bruger det til lektier. Der mangler borde.", "nb": "Vi bruker det til lekser. Det mangler bord."},
        None,
        None,
    ),
    "Emil": (
        {"da": "Jeg kommer der aldrig, det er for stille.", "nb": "Jeg er aldri der, det er for stille."},
        {"da": "Familier med små børn.", "nb": "Familier med små barn."},
        None,
    ),
    "Solveig": (
        {"da": "Der mangler borde til lektier.", "nb": "Det mangler bord til lekser.", "nn": "Det manglar bord."},
        None,
        {"da": "Hvem kommer der i dag?", "nb": "Hvem bruker det i dag?", "nn": "Kven bruker det i dag?"},
    ),
    "Poul": (
        {"da": "Åbningstiden passer til kontoret.", "nb": "Åpningstiden passer for kontoret."},
        None,
        None,
    ),
}
CAUGHT_UP: Said = {
    "da": "At biblioteket også skal være for dem, der ikke læser.",
    "nb": "At biblioteket også skal være for dem som ikke leser.",
    "nn": "At biblioteket òg skal vere for dei som ikkje les.",
}
IDEAS: Mapping[str, Said] = {
    "Nina": {"da": "En natåben læsesal", "nb": "En nattåpen lesesal"},
    "Emil": {"da": "Et værksted, hvor man reparerer ting", "nb": "Et verksted der man reparerer ting"},
    "Solveig": {"da": "Lektiehjælp med mad", "nb": "Leksehjelp med mat", "nn": "Leksehjelp med mat"},
}
ON_PAPER: Said = {"da": "En bogbus på havnen om sommeren"}
NAMED: Said = {"da": "Åbent længere om aftenen", "nb": "Åpent lenger om kvelden"}
MEANT: Said = {"da": "Jeg mener især om vinteren.", "nb": "Jeg mener især om vinteren."}
TO_OTHERS: Said = {
    "da": "Hvem kender nogen, der aldrig bruger biblioteket?",
    "nb": "Hvem kjenner noen som aldri bruker biblioteket?",
    "nn": "Kven kjenner nokon som aldri bruker biblioteket?",
}
ABOUT_OTHERS: Said = {
    "da": "dem, der ikke kommer",
    "nb": "dem som ikke kommer",
    "nn": "dei som ikkje kjem",
}
BALLOT: Said = {"da": "Idéer til kataloget", "nb": "Ideer til katalogen", "nn": "Idear til katalogen"}
TITLE: Said = {"da": "Et idékatalog", "nb": "En idékatalog", "nn": "Ein idékatalog"}
TEXT: Said = {
    "da": "Lad hvert bibliotek prøve to idéer fra kataloget om året.",
    "nb": "La hvert bibliotek prøve to ideer fra katalogen i året.",
    "nn": "La kvart bibliotek prøve to idear frå katalogen i året.",
}
WHAT: Said = {"da": "Vælg de to første idéer", "nb": "Velg de to første ideene", "nn": "Vel dei to første ideane"}
WHO: Said = {"da": "Bibliotekerne", "nb": "Bibliotekene", "nn": "Biblioteka"}
STEP: Said = {"da": "Et møde i december", "nb": "Et møte i desember", "nn": "Eit møte i desember"}
TRIED: Said = {
    "da": "Læsesalen var åben til kl. 23 i en uge",
    "nb": "Lesesalen var åpen til kl. 23 i en uke",
    "nn": "Lesesalen var open til kl. 23 i ei veke",
}
LEARNT: Said = {
    "da": "De unge kom, når der også var kaffe.",
    "nb": "De unge kom når det også var kaffe.",
    "nn": "Dei unge kom når det òg var kaffi.",
}
CASE: Said = {
    "da": "Udvalget har talt med 200 brugere og fundet 31 idéer.",
    "nb": "Utvalget har snakket med 200 brukere og funnet 31 ideer.",
    "nn": "Utvalet har snakka med 200 brukarar og funne 31 idear.",
}
ITEM: Said = {"da": "idékataloget", "nb": "idékatalogen", "nn": "idékatalogen"}
BEFORE_ITEM: Said = {
    "da": "Vi behandler jeres idékatalog i december. Hvad overser vi?",
    "nb": "Vi behandler idékatalogen deres i desember. Hva overser vi?",
    "nn": "Vi behandlar idékatalogen dykkar i desember. Kva overser vi?",
}
OVERSEEN: Said = {"da": "At det også koster at lade være.", "nb": "At det også koster å la være.", "nn": "Prisen."}
REASON: Said = {
    "da": "Hvert bibliotek prøver én idé det første år, fordi budgettet er lagt.",
    "nb": "Hvert bibliotek prøver én idé det første året, fordi budsjettet er lagt.",
    "nn": "Kvart bibliotek prøver éin idé det første året, fordi budsjettet er lagt.",
}


def by_members() -> frozenset[str]:
    """What members write, in every language."""
    answers = [said for given in ANSWERS.values() for said in given if said is not None]
    found = (*answers, *IDEAS.values(), ON_PAPER, NAMED, MEANT, CAUGHT_UP, TO_OTHERS, OVERSEEN)
    return frozenset(text for said in found for text in said.values())
