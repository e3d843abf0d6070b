"""Deciding: a drawn panel is taken, changed seat by seat with a reason, and the rest is decided at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.domain.people import Role
from storage import applications, contact, offers, people
from storage.database import insert
from storage.tables import Application, Audit, Draw, Nomination
from tests.scenarios.test_appointing import FRI, LAG, applies, appoints
from tests.scenarios.test_assessing import selecting
from tests.scenarios.test_nominating import nominee
from tests.world import Someone, World

LOT = "the seats you fit were filled by lot"


def drawn(
    world: World,
    seats: Mapping[int, str],
    line: Mapping[str, Sequence[int]],
    reasons: Mapping[int, str] | None = None,
    number: int = 1,
) -> None:
    """A panel was drawn, with its reserves."""
    with world.db.transaction() as tx:
        by = people.add(tx, world.now, "Drawer").id
        facts = {"mandate": 1, "lines": [{"key": "fri", "seats": 1}], "quotas": [], "threshold": 2, "slack": None}
        values = {"committee_id": 1, "call": 0, "number": number, "state": "drawn", "facts": facts, "frozen_by": by}
        result = {"reasons": {str(number): reason for number, reason in (reasons or {}).items()}}
        row = insert(tx, Draw).values(**values, result=result, frozen_at=world.now)
        draw_id = tx.execute(row.returning(Draw.id)).scalar_one()
        applications.propose(tx, 1, draw_id, seats, "drawn", by, world.now)
        for seat, order in line.items():
            applications.reserve(tx, draw_id, seat, order)


def panel(secretary: Someone) -> Someone:
    return secretary.says("/applications").presses("The panel")


def changes(secretary: Someone, number: int | str) -> Someone:
    """Press a seat below the panel."""
    return secretary.presses(next(label for label in secretary.labels if label.startswith(f"{number}. ")))


def outcomes(world: World) -> dict[int, tuple[str, str | None, str]]:
    with world.db.reading() as tx:
        return {number: (row.outcome, row.seat, row.reason) for number, row in applications.decisions(tx, 1).items()}


def test_a_drawn_panel_is_shown_and_the_rest_is_decided_with_the_true_reasons(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    for name in ("Anna", "Berit", "Cecilie", "Dina"):
        applies(world, name)
    drawn(world, {1: "fri"}, {"fri.1": [3]}, {4: "condition"})
    panel(secretary).hears(f"{FRI}: Anna, drawn by lot", f"{LAG}: empty").does_not_hear("There is no reserve")
    secretary.presses("Decide the rest")
    secretary.hears("1 stands in line as a reserve.", "2 are not appointed.").presses("Yes, decide the rest")
    secretary.hears("Noted. The 3 applicants hear it")
    assert outcomes(world) == {
        1: ("appointed", "fri", "drawn"),
        3: ("reserve", None, "reserve"),
        2: ("not_appointed", None, "lot"),
        4: ("not_appointed", None, "condition"),
    }


def test_by_lot_is_no_reason_where_nothing_was_drawn(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    for name in ("Anna", "Berit"):
        applies(world, name)
    secretary.says("/applications").presses(next(label for label in secretary.labels if "Anna" in label))
    secretary.presses("Do not appoint")
    assert "the seats you fit are filled" in secretary.labels and LOT not in secretary.labels
    secretary.presses("the seats you fit are filled")
    panel(secretary).presses("Decide the rest").presses("Choose the reason")
    assert "the seats you fit are filled" in secretary.labels and LOT not in secretary.labels
    drawn(world, {}, {})
    secretary.says("/applications").presses(next(label for label in secretary.labels if "Berit" in label))
    secretary.presses("Do not appoint")
    assert LOT in secretary.labels


def test_what_is_said_of_the_hour_is_true_before_it_and_after_it(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    for name in ("Anna", "Berit", "Cecilie"):
        applies(world, name)
    drawn(world, {1: "fri"}, {})
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    secretary.hears("Noted. The 2 applicants hear it Thursday 26 March at 12:00, together with everybody else.")
    secretary.says("/applications").hears("All are decided. Everybody is answered Thursday 26 March at 12:00.")
    applies(world, "Dina")
    world.until(world.mandate.call.answered + timedelta(hours=1))
    secretary.says("/applications").presses(next(label for label in secretary.labels if "Dina" in label))
    secretary.presses("Do not appoint").presses(LOT)
    secretary.hears("Noted. The applicant hears it as soon as everybody has a decision.")
    secretary.says("/applications").hears("All are decided, and everybody is answered within a few minutes.")
    world.wait(timedelta(minutes=1))
    secretary.says("/applications").hears("All are decided, and everybody has been answered.")


def test_only_those_who_may_well_be_asked_are_reserves_and_all_others_can_follow_along(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    everybody = [applies(world, name) for name in ("Anna", "Berit", "Cecilie", "Dina")]
    drawn(world, {1: "fri"}, {"fri.1": [4, 2, 3]})
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    assert {number: outcome for number, (outcome, _seat, _why) in outcomes(world).items()} == {
        1: "appointed", 4: "reserve", 2: "reserve", 3: "not_appointed",
    }  # fmt: skip
    world.until(world.mandate.call.answered)
    everybody[1].hears("You are number 2 in line")
    everybody[2].hears("4 applied for 10 seats", "The reason is: the seats you fit were filled by lot", "May we write")


def test_a_later_draw_of_one_line_leaves_the_reserves_of_the_others_in_line(world: World) -> None:
    world.load()
    for name in ("Anna", "Berit", "Cecilie", "Dina"):
        applies(world, name)
    drawn(world, {1: "fri"}, {"fri.1": [2], "lag.1": [3]})
    drawn(world, {}, {"lag.1": [4]}, number=2)
    with world.db.reading() as tx:
        assert (offers.reserves(tx, 1, "fri"), offers.reserves(tx, 1, "lag")) == ([2], [4])


def test_seats_that_a_body_fills_are_not_among_those_that_were_applied_for(world: World) -> None:
    secretary, _nora = nominee(world)
    berit = applies(world, "Berit")
    panel(secretary).presses("Decide the rest").presses("Choose the reason").presses("the seats you fit are filled")
    world.until(world.mandate.call.answered)
    berit.hears("1 applied for 8 seats")


def test_a_seat_nobody_is_in_line_for_is_said_before_confirming(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna"), applies(world, "Berit")
    drawn(world, {1: "fri"}, {})
    panel(secretary).presses("Decide the rest").hears(f"There is no reserve for this seat: {FRI}")


def test_a_seat_is_changed_with_a_reason_that_is_logged_and_the_former_one_is_in_line_or_undecided(
    world: World,
) -> None:
    world.load()
    secretary = world.secretariat()
    for name in ("Anna", "Berit", "Cecilie"):
        applies(world, name)
    drawn(world, {1: "fri"}, {"fri.1": [3]})
    changes(panel(secretary), 4).hears("Anna. Why: drawn by lot").presses("Somebody else takes this seat")
    assert secretary.labels[:2] == ["Cecilie", "Berit"], "those in line come first"
    secretary.answers("Berit", "Knows both clubs").presses("Send")
    assert outcomes(world) == {2: ("appointed", "fri", "Knows both clubs")}
    changes(panel(secretary).hears("Berit, chosen"), 4).presses("Somebody else takes this seat")
    secretary.answers("Cecilie", "Lives nearer").presses("Send")
    assert outcomes(world) == {3: ("appointed", "fri", "Lives nearer")}
    changes(panel(secretary), 4).presses("Somebody else takes this seat")
    secretary.answers("Anna", "As it was drawn").presses("Send")
    assert outcomes(world)[3] == ("reserve", None, "reserve")
    with world.db.reading() as tx:
        lines = tx.execute(select(Audit.object, Audit.reason).where(Audit.action == "seat changed").order_by(Audit.id))
        assert [tuple(line) for line in lines] == [
            ("application:1>2", "Knows both clubs"),
            ("application:2>3", "Lives nearer"),
            ("application:3>1", "As it was drawn"),
        ]


def test_the_panel_shows_politicians_and_whoever_a_body_named_before_anything_is_decided(world: World) -> None:
    secretary, nora = nominee(world)
    nora.presses_data("open:named:1").presses("15 to 17 years").presses("Woman").says("Nora N.")
    world.member("Klara", role=Role.CHAIR), world.member("Per", role=Role.POLITICIAN)
    panel(secretary).hears(
        "Nora N., named by the body that fills the seat",
        "Chair: Klara",
        "Deputy chair: empty",
        "Politician member: Per",
    )


def test_a_new_proposal_takes_the_place_of_the_old_and_never_of_what_was_told(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna"), applies(world, "Berit", LAG), applies(world, "Cecilie", LAG)
    drawn(world, {1: "fri", 2: "lag"}, {})
    with world.db.transaction() as tx:
        applications.propose(tx, 1, 1, {1: "fri", 3: "lag"}, "drawn", secretary.id, world.now)
    assert {number: seat for number, (_outcome, seat, _why) in outcomes(world).items()} == {1: "fri", 3: "lag"}
    panel(secretary).presses("Decide the rest").presses("Yes, decide the rest")
    world.until(world.mandate.call.answered)
    with world.db.transaction() as tx:
        applications.propose(tx, 1, 1, {2: "fri"}, "drawn", secretary.id, world.now)
    assert outcomes(world)[1] == ("appointed", "fri", "drawn")
    assert outcomes(world)[2] == ("not_appointed", None, "lot")


def test_somebody_who_never_applied_is_appointed_with_a_reason_and_hears_it_by_mail(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    panel(secretary).presses("Appoint somebody who did not apply")
    secretary.answers("Gro", "gro@example.org", LAG, "18 years", "Asked by the council").presses("Send")
    panel(secretary).hears(f"{LAG}: Gro, chosen")
    world.until(world.mandate.call.answered)
    with world.db.reading() as tx:
        gro = contact.find(tx, world.engine.house.vault, "gro@example.org")
    assert gro is not None
    assert any("Du er oppnevnt" in mail.text for mail in world.mails(gro)), "in the committee's own language"


def test_who_is_too_young_to_be_entered_by_others_is_asked_to_sign_up(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    panel(secretary).presses("Appoint somebody who did not apply")
    secretary.answers("Lea", "lea@example.org", LAG, "13 to 14 years", "Asked by the school").presses("Send")
    secretary.hears("needs a parent's or guardian's yes first. Ask them to sign up")
    with world.db.reading() as tx:
        assert contact.find(tx, world.engine.house.vault, "lea@example.org") is None


def test_who_was_named_by_a_body_gets_that_seat_with_the_rest(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna", LAG)
    with world.db.transaction() as tx:
        tx.execute(Application.__table__.update().values(door="named"))
        values = {"committee_id": 1, "seat": "lag", "body": "The youth council", "person_id": secretary.id}
        named = {"application_id": 1, "state": "confirmed", "nominated_by": secretary.id, "asked_at": world.now}
        tx.execute(insert(tx, Nomination).values(**values, **named))
    panel(secretary).presses("Decide the rest").hears("1 was named by a body and gets that seat.")
    secretary.presses("Choose the reason").presses("the seats you fit are filled")
    assert outcomes(world) == {1: ("appointed", "lag", "named")}
    panel(secretary).hears("Anna, named by the body that fills the seat")


def test_politicians_decide_where_the_mandate_says_so_and_chair_and_deputy_are_among_them(world: World) -> None:
    world.load(change=selecting(by='"politicians"'))
    per = world.member("Per", role=Role.POLITICIAN)
    applies(world, "Anna")
    appoints(per, "Anna", FRI)
    panel(per).presses("Appoint somebody who did not apply")
    per.answers("Kari", "kari@example.org", "Chair", "26 or older", "Elected by the council").presses("Send")
    panel(per).hears("Chair: Kari, chosen")
    world.until(world.mandate.call.answered)
    with world.db.reading() as tx:
        found = contact.find(tx, world.engine.house.vault, "kari@example.org")
    assert found is not None
    kari = world.person("Kari")
    kari.enters(found.id)
    kari.presses_data("take:2").hears("plassen er din")
    with world.db.reading() as tx:
        assert Role.CHAIR in people.roles(tx, found.id)[1]


def test_a_sensitive_seat_stands_beside_no_name_for_politicians_and_each_reading_of_it_is_logged(world: World) -> None:
    world.load(change=selecting(by='"politicians"'))
    per, secretary = world.member("Per", role=Role.POLITICIAN), world.secretariat()
    for name in ("Anna", "Dina"):
        applies(world, name)
    drawn(world, {1: "fri", 2: "funksj"}, {})
    assert {"1. Anna: appointed", "2. Dina: appointed"} <= set(per.says("/applications").labels)
    panel(per).hears("A young person with a disability: only the secretariat sees who", f"{FRI}: Anna")
    per.does_not_hear("Dina, drawn")

    def readings() -> int:
        with world.db.reading() as tx:
            return len(tx.execute(select(Audit.id).where(Audit.action == "special line read")).all())

    assert readings() == 0
    panel(secretary).hears("Dina, drawn by lot")
    assert readings() == 1


def test_who_has_applied_again_after_an_answer_is_undecided_again(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna")
    panel(secretary).presses("Decide the rest").presses("Choose the reason").presses("the call was cancelled")
    world.until(world.mandate.call.answered + timedelta(minutes=1))
    with world.db.transaction() as tx:
        tx.execute(Application.__table__.update().values(state="sent"))
    secretary.says("/applications").hears("1 is without a decision.")
    appoints(secretary, "Anna", FRI)
    assert outcomes(world)[1] == ("appointed", "fri", "Knows the place well")


def test_a_panel_without_reserves_is_warned_of_and_a_person_says_that_it_is_all_right(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna")
    appoints(secretary, "Anna", FRI)
    secretary.hears(f"Nobody could take over these seats if they fall empty: {FRI}.")
    secretary.presses("Yes, go on without a reserve").hears("If such a seat falls empty")
    with world.db.reading() as tx:
        line = tx.execute(select(Audit.object, Audit.reason).where(Audit.action == "no reserve")).one()
        assert tuple(line) == ("committee:1", "fri")
    world.until(world.mandate.call.answered)
    secretary.does_not_hear("Nobody could take over")  # it is settled


def test_all_who_decide_are_warned_two_days_before_the_answers_which_do_not_wait(world: World) -> None:
    world.load(change=selecting(by='"politicians"'))
    per, secretary = world.member("Per", role=Role.POLITICIAN), world.secretariat()
    anna = applies(world, "Anna")
    appoints(secretary, "Anna", FRI)
    world.until(world.mandate.call.answered - timedelta(days=2, minutes=1))
    per.does_not_hear("Nobody could take over")
    world.wait(timedelta(minutes=2))
    for someone in (per, secretary):
        someone.hears(
            f"Nobody could take over these seats if they fall empty: {FRI}.", "Everybody is answered Thursday"
        )
    world.until(world.mandate.call.answered)
    anna.hears("You have been appointed")


def test_who_decides_later_has_the_others_warned_at_once(world: World) -> None:
    world.load(change=selecting(by='"politicians"'))
    per, secretary = world.member("Per", role=Role.POLITICIAN), world.secretariat()
    applies(world, "Anna")
    world.until(world.mandate.call.answered - timedelta(days=1))
    appoints(secretary, "Anna", FRI)
    secretary.hears("Nobody could take over these seats")
    per.hears("Nobody could take over these seats").presses("Yes, go on without a reserve")
    assert sum("Nobody could take over" in seen.text for seen in secretary.messages) == 1


def test_there_is_no_warning_where_a_reserve_was_kept_by_hand(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    applies(world, "Anna"), applies(world, "Berit")
    appoints(secretary, "Anna", FRI)
    secretary.does_not_hear("Nobody could take over")
    secretary.says("/applications").presses(next(label for label in secretary.labels if "Berit" in label))
    secretary.presses("Keep as a reserve").hears("Noted.").does_not_hear("Nobody could take over")


def test_it_is_said_whom_no_rule_counts(world: World) -> None:
    world.load()
    secretary = world.secretariat()
    panel(secretary).presses("Appoint somebody who did not apply")
    secretary.answers("Gro", "gro@example.org", LAG, "18 years", "Asked by the council").presses("Send")
    secretary.says("/applications").hears("1 is appointed without having applied", "what the rules count")


def test_what_is_missing_is_a_press_away_for_those_who_may(world: World) -> None:
    by = '[selection]\nby = "politicians"\n\n[contact]'
    world.load(change=lambda source: source.replace("[contact]", by))
    secretary, chair = world.secretariat(), world.member("Klara", role=Role.CHAIR)
    secretary.says("/applications").presses("What is missing").hears("How many there are for each seat:")
    assert "What is missing" not in chair.says("/applications").labels
