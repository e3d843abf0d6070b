"""Help: everybody sees what their roles let them do, and no command is left out."""

from __future__ import annotations

import pytest

from bot.domain.people import Role
from handlers import router
from handlers.commands import COMMANDS, UNLISTED, menu
from tests.world import World


def test_every_command_says_in_plain_words_what_it_does() -> None:
    assert {name for name, _words in COMMANDS} | set(UNLISTED) == set(router.commands)


@pytest.mark.parametrize(
    ("role", "sees", "does_not_see"),
    [
        (None, {"status", "standing", "mydata"}, {"idea", "leave", "applications", "meeting"}),
        (Role.CITIZEN, {"status", "idea", "results", "leave"}, {"applications", "assess", "draw", "prompt", "enter"}),
        (Role.CHAIR, {"idea", "draw"}, {"applications", "assess", "missing"}),
        (Role.FACILITATOR, {"assess", "missing", "enter", "meeting", "ballot"}, {"applications", "nominate", "leave"}),
        (Role.SECRETARIAT, {"applications", "assess", "draw", "nominate", "reopen", "missing"}, {"meeting", "idea"}),
    ],
)
def test_help_lists_what_ones_roles_allow(
    world: World, role: Role | None, sees: set[str], does_not_see: set[str]
) -> None:
    world.load()
    someone = world.member("Ola", role=role) if role else world.person("Ola")
    someone.says("/help")
    listed = {line.split()[0] for line in someone.last.splitlines() if line.startswith("/")}
    assert {f"/{name}" for name in sees} <= listed
    assert not {f"/{name}" for name in does_not_see} & listed
    first = next(line for line in someone.last.splitlines() if line.startswith("/"))
    assert first == "/status - What is open for you"


def test_politicians_who_choose_are_told_how_to(world: World) -> None:
    by = '[selection]\nby = "politicians"\n\n[contact]'
    world.load(change=lambda source: source.replace("[contact]", by))
    world.member("Klara", role=Role.CHAIR).says("/help").hears("/applications - See who has applied", "/assess")


def test_the_menu_of_the_slash_has_what_members_can_do_in_each_language() -> None:
    shown = menu(router)
    assert {name for name, _words in shown["da"]} >= {"status", "idea", "help"}
    assert not {"applications", "draw", "meeting"} & {name for name, _words in shown["da"]}
    assert shown[""] == shown["en"] and shown["no"] == shown["nb"]
