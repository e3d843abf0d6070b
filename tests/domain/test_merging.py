"""Several messages as one: numbered, each with its first three buttons, with the boxes of the one that has any."""

from __future__ import annotations

from bot.chat.messages import Rendered
from bot.engine.merging import merged


def test_each_item_is_numbered_and_keeps_its_first_three_buttons() -> None:
    yes, late, no, calendar = ({"label": label, "data": label} for label in ("Ja", "Seint", "Nei", "Kalender"))
    one = Rendered("Kommer du?", ((yes, late, no), (calendar,)), subject="U: x")
    two = Rendered("Les dette.", subject="U: y", locale="nb")
    boxes = Rendered("Velg.", ticks={"send": "vote"}, protect=True, secrets={"login": {"path": "/talk"}})
    found = merged([one, two, boxes])
    assert found.text == "1 of 3:\nKommer du?\n\n2 of 3:\nLes dette.\n\n3 of 3:\nVelg."
    assert [button["label"] for (button,) in found.buttons] == ["1. Ja", "1. Seint", "1. Nei"]
    assert [button["data"] for (button,) in found.buttons] == ["Ja", "Seint", "Nei"]
    assert (found.ticks, found.protect, found.secrets) == ({"send": "vote"}, True, {"login": {"path": "/talk"}})
    assert found.subject == "U: 3 things for you"


def test_of_several_committees_no_name_stands_on_the_lock_screen() -> None:
    assert merged([Rendered("a", subject="U: x"), Rendered("b", subject="V: x")], 2).subject == "2 things for you"


def test_the_picture_and_the_table_of_a_result_stay() -> None:
    result = Rendered("Tallene.", image={"blob": "b", "alt": "a"}, table=(("x", "1"),))
    found = merged([Rendered("Hei."), result])
    assert (found.image, found.table) == (result.image, result.table)
