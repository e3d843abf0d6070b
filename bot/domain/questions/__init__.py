"""The kinds of question; a new kind is one file here and one line in `KINDS`."""

from __future__ import annotations

from bot.domain.questions.base import Answers, Option, Question, Value, always
from bot.domain.questions.consent import Consent
from bot.domain.questions.day import OnDay, day_of
from bot.domain.questions.free_text import FreeText, clean
from bot.domain.questions.lines import ListOfLines
from bot.domain.questions.moment import Moment, moment_of, said, written
from bot.domain.questions.number import Number, plain
from bot.domain.questions.one_of import OneOf
from bot.domain.questions.ranking import Ranking, places
from bot.domain.questions.reach import Reach, is_email, taken
from bot.domain.questions.scale import Scale
from bot.domain.questions.some_of import SomeOf
from bot.domain.questions.told import Told
from bot.domain.questions.web_address import WebAddress
from bot.domain.questions.yes_no import YesNo

KINDS: dict[str, type[Question]] = {
    kind.kind: kind
    for kind in (OneOf, SomeOf, Scale, FreeText, YesNo, Told, Consent, Reach, Moment, Ranking, Number, OnDay)
}

__all__ = [
    "KINDS",
    "Answers",
    "Consent",
    "FreeText",
    "ListOfLines",
    "Moment",
    "Number",
    "OnDay",
    "OneOf",
    "Option",
    "Question",
    "Ranking",
    "Reach",
    "Scale",
    "SomeOf",
    "Told",
    "Value",
    "WebAddress",
    "YesNo",
    "always",
    "clean",
    "day_of",
    "is_email",
    "moment_of",
    "places",
    "plain",
    "said",
    "taken",
    "written",
]
