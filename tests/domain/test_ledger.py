"""The ledger of time: no more of politicians' time in all, and no cell that points at somebody."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.ledger import Ledger, Standing, Task, estimated

# Eight committees of seven politicians with 33 hours a year each, cut to 4 meetings of 2 hours.
BEFORE, AFTER = Standing(8, 7, Decimal(33)), Standing(8, 7, Decimal(8))


def task(key: str, politicians: int, hours: int, citizens: int = 10) -> Task:
    people = {"politicians": politicians, "citizens": citizens, "administration": 2}
    return Task(key, people, {"politicians": Decimal(hours), "citizens": Decimal(2 * hours)})


def test_the_rule_is_about_politicians_hours_alone() -> None:
    assert (BEFORE.total, AFTER.total) == (Decimal(1848), Decimal(448))
    tasks = tuple(task(str(number), 5, 140) for number in range(10))
    kept = Ledger(BEFORE, AFTER, tasks)
    assert kept.change == 0
    assert kept.kept
    broken = Ledger(BEFORE, AFTER, (*tasks, task("one more", 5, 1)))
    assert broken.change == 1
    assert not broken.kept
    assert kept.total("citizens") == 2800, "citizens' hours stand beside it and change nothing"


def test_an_estimate_is_meetings_by_length_by_seats() -> None:
    assert estimated([120, 150], {"politicians": 5, "citizens": 10}) == {
        "politicians": Decimal("22.5"),
        "citizens": 45,
        "administration": 0,
    }


def test_a_committee_of_three_politicians_is_hidden_with_the_next_smallest() -> None:
    ledger = Ledger(BEFORE, AFTER, (task("a", 3, 10), task("b", 5, 20), task("c", 6, 30)))
    cells, total = ledger.shown("politicians")
    assert cells == {"a": None, "b": None, "c": 30}
    assert total == 60
    assert ledger.shown("citizens")[0] == {"a": 20, "b": 40, "c": 60}
    assert Ledger(BEFORE, AFTER, (task("a", 4, 10),)).shown("politicians") == ({"a": None}, None)


def test_what_drafts_saved_is_a_count_by_an_assumption() -> None:
    assert Ledger(BEFORE, AFTER, (), drafts=12, minutes=Decimal(10)).saved == 2
