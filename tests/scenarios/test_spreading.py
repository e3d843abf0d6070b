"""A message to many: everybody gets what one alone would get, when one alone would get it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.chat.events import Address
from bot.chat.messages import Message
from bot.domain.people import Person, Role
from bot.engine import post
from bot.engine.spreading import spread
from bot.text import _
from storage import audiences, people, prompts
from storage.database import Tx
from storage.many import Cause
from storage.outbox import HOLD
from storage.tables import Body, Outbox
from tests.world import World

DAY = timedelta(days=1)
SLOW = "pigeon:1"
TEXT = _("Cancelled. Nobody gets it.")


def sorts_of(world: World) -> list[Person]:
    """One of each sort of listener, by what the rules or the ways of writing ask about."""
    heard, news = world.member("Heard"), Message(_("Good."))
    with world.db.transaction() as tx:
        options: dict[str, Any] = {"committee_id": world.committee and world.committee.id, "notice": "A line"}
        post.post(world.engine.house, tx, people.get(tx, heard.id), news, world.now, **options)
    world.wait(timedelta(minutes=1))
    found = [heard, world.member("Plain", locale="da"), world.member("Also", locale="da"), world.facilitator()]
    found += [world.member("Mailed"), world.member("Called"), world.member("Gone"), world.member("Twice")]
    found += [world.member(name) for name in ("Far", "Paused", "Quiet")]
    found.append(world.member("Pia", role=Role.POLITICIAN))
    number = {one.name: one.id for one in found}
    with world.db.transaction() as tx:
        for name in ("Mailed", "Called", "Gone"):
            people.reachable(tx, next(one.address for one in found if one.name == name), yes=False)
        people.give_address(tx, number["Mailed"], Address("mail", "hash"), world.now)
        people.give_address(tx, number["Called"], Address("phone", "hash"), world.now)
        people.give_address(tx, number["Twice"], Address("mail", "other"), world.now + DAY)
        people.give_address(tx, number["Heard"], Address("web", "w1"), world.now + DAY)
        people.give_address(tx, number["Heard"], Address("mail", "third"), world.now)
        people.change(tx, number["Far"], zone="America/New_York")
        people.change(tx, number["Paused"], paused_until=world.now + 9 * DAY)
        people.change(tx, number["Quiet"], state="necessary")
        return [people.get(tx, one.id) for one in found]


def rows(tx: Tx) -> list[Any]:
    """What each message of a kind says, to whom it goes, and when."""
    names = ("account", "chat", "person_id", "lane", "state", "due_at", "sent_at", "expires_at", "dedupe", "about_id")
    statement = select(*(getattr(Outbox, name) for name in names), Outbox.content, Body.content.label("shared"))
    found = tx.execute(statement.outerjoin(Body, Body.id == Outbox.body_id).where(Outbox.about == "prompt")).all()
    return sorted([(*row[:-2], row.content or row.shared) for row in found], key=str)


def test_each_row_is_what_would_be_written_to_one_alone(world: World) -> None:
    those, house = sorts_of(world), world.engine.house
    assert world.committee is not None
    same: dict[str, Any] = {"notice": _("a message for you"), "lasting": 3 * DAY, "path": "/talk"}
    with world.db.transaction() as tx:
        trial = tx.begin_nested()
        for one in those:
            post.post(
                house, tx, one, Message(TEXT), world.now, committee_id=world.committee.id, lane=2,
                dedupe=f"prompt:1:person:{one.id}", about=("prompt", 1), **same,
            )  # fmt: skip
        alone = rows(tx)
        trial.rollback()
        cause = Cause(world.committee.id, ("prompt", 1), "prompt:1:person:")
        spread(house, tx, those, lambda reader: Message(TEXT), world.now, cause=cause, **same)
        assert rows(tx) == alone
    accounts = [row[0] for row in alone]
    assert {name: accounts.count(name) for name in set(accounts)} == {"direct": 7, "web": 3, "mail": 2, "paper": 1}


def test_what_was_about_to_go_to_somebody_takes_the_next_along(world: World) -> None:
    frida = world.facilitator()
    world.engine.house.accounts.add(SLOW)
    assert world.committee is not None
    with world.db.transaction() as tx:
        for number in range(3):
            person = people.add(tx, world.now, f"Member {number}", "en")
            people.give_role(tx, person.id, world.committee.id, Role.CITIZEN, world.now)
            people.give_address(tx, person.id, Address(SLOW, f"s{number}"), world.now)
    for text in ("Bring a cake.", "Bring a chair."):
        frida.says("/prompt").answers(text, text, text)
        frida.presses("all members (3)").presses("Now").presses("Send now")
    going = select(Outbox.content).where(Outbox.account == SLOW, Outbox.state == "ready", Outbox.lane < HOLD)
    with world.db.reading() as tx:
        assert not tx.execute(going).all(), "no sender may come between"
    world.wait(timedelta(seconds=1))
    with world.db.reading() as tx:
        found = [row.content["text"] for row in tx.execute(going)]
    assert len(found) == 3
    assert all(
        "1 of 2:\nFrom the administration:\nBring a cake." in text and "Bring a chair." in text for text in found
    )


def test_batches_pass_by_everybody_once_in_order(world: World) -> None:
    those = [world.member(f"Member {number}").id for number in range(5)]
    assert world.committee is not None
    committee = world.committee.id
    world.member("Else", committee=world.load("gentofte-biblioteker"))
    with world.db.transaction() as tx:
        people.give_role(tx, those[1], committee, Role.CHAIR, world.now)
        prompt = prompts.draft(tx, committee, "prompt", those[0], world.now, text={"en": "Hi"}, sent_at=world.now)
        passed: list[int] = []
        more = True
        while more:
            found, more = prompts.batch(tx, prompt, 2)
            passed += [one.id for one in found]
            prompt = prompts.get(tx, prompt.id) or prompt
        assert passed == sorted(those) and audiences.size(tx, prompt) == 5
