"""One person on two platforms: a code from the one, typed on the other, confirmed on the first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain.people import Role
from storage import links, people
from tests.world import Someone, World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ola(world: World) -> Someone:
    return world.member("Ola")


def code_of(world: World, someone: Someone) -> str:
    """The code as its owner reads it: the sender makes it, and no row holds it."""
    secret = someone.says("/link").messages[-1].message.secrets["code"]
    assert "value" not in secret
    assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", someone.last)
    with world.db.transaction() as tx:
        return links.mint(tx, world.engine.house.vault, someone.id, world.now)


def newcomer(world: World, name: str = "phone") -> Someone:
    return world.person(name, account="direct").says("/status")


def test_two_accounts_become_one_person(world: World, ola: Someone) -> None:
    phone = newcomer(world)
    code = code_of(world, ola)
    phone.says(f"/link {code[:4]}-{code[4:].lower()}").hears("Now confirm on the other platform")
    assert phone.id != ola.id
    ola.hears("wants to become you. Was it you, just now?").presses("Yes, it was me")
    ola.hears("From now on it is you in both places")
    assert phone.id == ola.id
    with world.db.reading() as tx:
        assert Role.CITIZEN in people.roles(tx, phone.id)[1]


def test_joining_can_be_undone_for_a_week(world: World, ola: Someone) -> None:
    phone = newcomer(world)
    before = phone.id
    phone.says(f"/link {code_of(world, ola)}")
    ola.presses("Yes, it was me")
    world.wait(timedelta(days=6))
    ola.presses("Undo").hears("The other account is separate again")
    assert phone.id == before
    ola.presses_data("unlink").hears("There is nothing to undo any more")


def test_no_means_no(world: World, ola: Someone) -> None:
    phone = newcomer(world)
    code = code_of(world, ola)
    phone.says(f"/link {code}")
    ola.presses("No, stop it").hears("Nothing was joined, and the code is void")
    phone.says(f"/link {code}").hears("That code is wrong or too old")
    assert phone.id != ola.id


def test_a_code_lives_ten_minutes_and_works_once(world: World, ola: Someone) -> None:
    phone, other = newcomer(world), newcomer(world, "tablet")
    code = code_of(world, ola)
    world.wait(11 * MINUTE)
    phone.says(f"/link {code}").hears("That code is wrong or too old")
    code = code_of(world, ola)
    phone.says(f"/link {code}").hears("Now confirm")
    other.says(f"/link {code}").hears("That code is wrong or too old")


def test_five_wrong_codes_an_hour_are_enough(world: World, ola: Someone) -> None:
    phone = newcomer(world)
    for _try in range(5):
        phone.says("/link 0000-0000").hears("That code is wrong or too old")
    code = code_of(world, ola)
    phone.says(f"/link {code}").hears("That was too many wrong codes")
    world.wait(timedelta(hours=1, minutes=1))
    phone.says(f"/link {code_of(world, ola)}").hears("Now confirm")


def test_two_people_who_both_take_part_are_never_joined(world: World, ola: Someone) -> None:
    kari = world.member("Kari")
    kari.says(f"/link {code_of(world, ola)}")
    ola.presses("Yes, it was me").hears("Both accounts have taken part already")
    assert kari.id != ola.id


def test_the_administration_is_never_joined(world: World, ola: Someone) -> None:
    frida = world.facilitator().says("/link").hears("your account is not joined to others")
    frida.says(f"/link {code_of(world, ola)}")
    ola.presses("Yes, it was me").hears("Both accounts have taken part already")
    assert frida.id != ola.id
