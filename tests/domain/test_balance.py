"""Balance: shares by seat type that point at nobody, and one sentence of advice."""

from __future__ import annotations

from bot.domain.balance import Given, Share, Side, balance

SEATS = {Side.CITIZEN: 10, Side.POLITICIAN: 5}


def test_shares_are_by_seat_type_in_whole_per_cent() -> None:
    ideas = {Side.CITIZEN: Given(8, 30, 600), Side.POLITICIAN: Given(5, 10, 200)}
    found = balance(SEATS, {"ideas": ideas}, 200)
    assert found.seats == 33
    assert found.shares == (Share("ideas", 75, 25), Share("words", 75, 25))
    assert found.administration == 20
    assert "Nobody fills more" in str(found.advice)


def test_a_side_of_four_people_is_not_shown_nor_can_it_be_computed() -> None:
    ideas = {Side.CITIZEN: Given(8, 30, 600), Side.POLITICIAN: Given(4, 10, 200)}
    answers = {Side.CITIZEN: Given(9, 9, 90)}
    found = balance(SEATS, {"ideas": ideas, "answers": answers}, 200)
    assert {(one.citizens, one.politicians) for one in found.shares} == {(None, None)}
    assert "Too few" in str(found.advice)


def test_the_administration_stands_beside_five_members_or_more() -> None:
    few = {"ideas": {Side.CITIZEN: Given(4, 4, 100)}}
    assert balance(SEATS, few, 900).administration is None
    many = {"ideas": {Side.CITIZEN: Given(5, 5, 100)}}
    found = balance(SEATS, many, 900)
    assert found.administration == 90
    assert "more than half" in str(found.advice)


def test_politicians_who_fill_more_than_their_seats_are_noticed_as_a_group() -> None:
    ideas = {Side.CITIZEN: Given(5, 5, 100), Side.POLITICIAN: Given(5, 6, 120)}
    assert "The politicians fill more" in str(balance(SEATS, {"ideas": ideas}, 10).advice)
    fewer = {Side.CITIZEN: Given(5, 6, 120), Side.POLITICIAN: Given(5, 5, 100)}
    assert "The politicians fill more" not in str(balance(SEATS, {"ideas": fewer}, 10).advice)


def test_nothing_written_is_no_division_by_nothing() -> None:
    found = balance(SEATS, {}, 0)
    assert found.shares == (Share("words", None, None),)
    assert found.administration is None
