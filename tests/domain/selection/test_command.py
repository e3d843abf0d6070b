"""samskab panel as an auditor meets it: what it prints, and every way in which files can be wrong."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from tests.locks import ROOT

FEATURES = """feature,value,min,max
sex,woman,1,2
sex,man,1,2
age,young,0,1
age,old,1,3
"""
PEOPLE = """id,name,sex,age
P1,Ola,man,old
P2,Kari,woman,old
P3,Berit,woman,young
P4,Per,man,young
P5,Eva,woman,old
"""


class Files:
    """A folder with files, and the command run on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self,
        *more: str,
        features: str | bytes = FEATURES,
        people: str | bytes = PEOPLE,
        seats: int = 3,
        **profiles: str,
    ) -> Result:
        command = ["panel", "--seats", str(seats)]
        for name, content in {"features": features, "people": people, **profiles}.items():
            file = self.folder / f"{name}.csv"
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
            command += [f"--{name}", str(file)]
        return CliRunner().invoke(app, [*command, *more])

    def faults(self, **files: Any) -> list[str]:
        """What is said on standard error, without the folder."""
        done = self.run(**files)
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.exception is None or isinstance(done.exception, SystemExit), "no traceback"
        return done.stderr.replace(f"{self.folder}/", "").splitlines()

    def object(self, *more: str, **files: Any) -> dict[str, Any]:
        done = self.run("--json", *more, **files)
        assert done.exit_code == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_one_object_says_all_of_it(files: Files) -> None:
    found = files.object()
    assert list(found) == ["method", "complete", "minimum", "seconds", "chances", "panels", "list_hash"]
    assert (found["method"], found["complete"]) == ("leximin", True)
    assert sum(found["chances"].values()) == pytest.approx(3)
    assert found["minimum"] == pytest.approx(min(found["chances"].values()))
    sits: Counter[str] = Counter()
    for panel in found["panels"]:
        assert len(panel["members"]) == 3
        for person in panel["members"]:
            sits[person] += panel["weight"]
    assert dict(sits) == pytest.approx(found["chances"]), "everybody has the chance that the panels give"
    assert len(found["list_hash"]) == 64


def test_it_is_printed_to_be_read(files: Files) -> None:
    said = files.run().stdout
    assert "5 applicants, of whom 5 fit a seat" in said
    assert "Method: leximin: the smallest chance is as great as can be" in said
    assert "P1: " in said and "Hash of the list: " in said
    assert "trial" not in said


def test_a_seed_is_a_trial_and_the_same_seed_picks_the_same_panel(files: Files) -> None:
    said = files.run("--seed", "17 23 31").stdout.splitlines()[-1]
    assert said.startswith("trial, not a draw: the seed '17 23 31' picks P")
    first, again, other = (files.object("--seed", seed) for seed in ("a", "a", "b"))
    assert first["trial"] == again["trial"] and first["trial"]["note"] == "trial, not a draw"
    assert first["list_hash"] == other["list_hash"]
    assert first["trial"]["members"] in [panel["members"] for panel in first["panels"]]
    picks = {tuple(files.object("--seed", str(n))["trial"]["members"]) for n in range(12)}
    assert len(picks) > 1


def test_people_in_another_order_give_the_same_list(files: Files) -> None:
    head, *rows = PEOPLE.splitlines()
    turned = "\n".join([head, *reversed(rows)])
    assert files.object(people=turned)["list_hash"] == files.object()["list_hash"]


def test_files_of_excel_are_read(files: Files) -> None:
    danish = ("\ufeff" + PEOPLE.replace(",", ";").replace("\n", "\r\n")).encode()
    assert files.object(people=danish)["list_hash"] == files.object()["list_hash"]


def test_the_older_names_of_columns_and_the_id_of_nationbuilder_are_known(files: Files) -> None:
    found = files.object(
        features=FEATURES.replace("feature,value", "category,name"),
        people=PEOPLE.replace("id,name", "nationbuilder_id,name"),
    )
    assert found["list_hash"] == files.object()["list_hash"]


def test_profiles_are_filled_by_who_is_rated_for_them(files: Files) -> None:
    people = (
        "id,sex,age,profile:carer,profile:teacher\nP1,man,old,3,\nP2,woman,old,2,0\nP3,woman,old,1,2\nP4,man,old,,3\n"
    )
    profiles = "profile,seats\ncarer,1\nteacher,1\n"
    found = files.object(
        people=people, profiles=profiles, seats=2, features=FEATURES.replace("age,old,1,3", "age,old,1,2")
    )
    assert found["chances"] == pytest.approx(dict.fromkeys(("P1", "P2", "P3", "P4"), 0.5))


def test_the_hash_ordered_lottery_says_what_it_is(files: Files) -> None:
    found = files.object("--limit", "0")
    assert (found["method"], found["complete"], found["minimum"], found["chances"]) == ("hash-ordered", False, None, {})
    assert len(found["panels"]) == 1 and len(found["panels"][0]["members"]) == 3
    assert found["panels"] == files.object("--limit", "0", "--seed", "")["panels"]
    assert 'without --seed it is ""' in files.run("--limit", "0").stdout


def test_who_is_on_no_panel_is_named_with_the_rule(files: Files) -> None:
    said = files.run(features=FEATURES.replace("age,young,0,1", "age,young,0,0")).stdout
    assert "P3: none" in said
    assert "On no panel: P3. There would be one with: age: young: at most 1 instead of 0." in said


def test_where_no_panel_keeps_the_rules_it_is_said_what_to_relax(files: Files) -> None:
    said = files.faults(features="feature,value,min,max\nsex,woman,0,1\nsex,man,2,3\nage,old,3,3\nage,young,0,0\n")
    assert said[0] == "No panel keeps all the rules. There is one with any of these, the smallest change first:"
    # A place of the three old ones costs 1 + 2/3, one of the two men 1 + 2/2; a wider upper bound costs 1 for either.
    assert said[1] == "1. age: old: at least 2 instead of 3; age: young: at most 1 instead of 0"
    assert said[2] == "2. sex: man: at least 1 instead of 2; sex: woman: at most 2 instead of 1"


def test_min_flex_bounds_the_advice(files: Files) -> None:
    rules = f"{FLEX}age,old,1,3,0,3\nage,young,2,3,2,3\nsex,man,2,3,,\nsex,woman,0,3,-1,-1\n"
    people = "id,age,sex\nA,old,man\nB,young,woman\nC,young,woman\nD,old,woman\n"
    assert "1. sex: man: at least 1 instead of 2" in files.faults(features=rules, people=people)


FLEX = "feature,value,min,max,min_flex,max_flex\n"
HEAD, ROWS = "id,sex,age\n", "P1,man,old\nP2,woman,old\nP3,woman,young\n"
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "empty": ({"features": ""}, ["features.csv: is empty."]),
    "nobody": ({"people": HEAD}, ["people.csv: holds no people."]),
    "no rule": ({"features": "feature,value,min,max\n"}, ["features.csv: holds no feature."]),
    "no column": ({"features": "feature,value,min\nsex,man,1\n"}, ["features.csv:1: there is no column 'max'."]),
    "no column of a feature": ({"people": "id,sex\nP1,man\n"}, ["people.csv:1: there is no column 'age'."]),
    "no id": (
        {"people": "sex,age\nman,old\n"},
        ["people.csv:1: there is no column of ids: the first is the feature 'sex'."],
    ),
    "not UTF-8": (
        {"people": b"id,sex,age\nP1,man,old\nP2,b\xe5de,old\n"},
        ["people.csv:3: is not text in UTF-8. Save it as CSV in UTF-8 and try again."],
    ),
    "too many cells": (
        {"people": f"{HEAD}P1,man,old,tall\nP2,woman\n"},
        [
            "people.csv:2: has 4 cells, but there are 3 columns.",
            "people.csv:3: has 2 cells, but there are 3 columns.",
        ],
    ),
    "a quote without end": (
        {"people": f'{HEAD}P1,"man,old\n'},
        ["people.csv:2: cannot be read from here on (unexpected end of data)."],
    ),
    "an id twice": (
        {"people": f"{HEAD}{ROWS}P1,woman,old\n,man,old\n"},
        ["people.csv:5: the id 'P1' is in line 2 already.", "people.csv:6: id: must be there."],
    ),
    "unknown values": (
        {"people": f"{HEAD}P1,mna,old\nP2,woman,\n"},
        ["people.csv:2: sex: 'mna' is none of woman, man.", "people.csv:3: age: '' is none of young, old."],
    ),
    "a column twice": (
        {"people": "id,sex,age,SEX\nP1,man,old,man\n"},
        ["people.csv:1: the column 'sex' is there twice."],
    ),
    "min above max": (
        {"features": FEATURES.replace("sex,woman,1,2", "sex,woman,3,2")},
        [
            "features.csv:2: min: 3 is more than max, 2.",
            "features.csv:2: sex: the min of all values come to 4, more than 3 seats.",
        ],
    ),
    "no numbers": (
        {"features": FEATURES.replace("woman,1,2", "woman,one,-2")},
        [
            "features.csv:2: min: must be a whole number from 0 up, not 'one'.",
            "features.csv:2: max: must be a whole number from 0 up, not '-2'.",
        ],
    ),
    "min come to more than the seats": (
        {"features": FEATURES.replace("1,2", "2,3")},
        ["features.csv:2: sex: the min of all values come to 4, more than 3 seats."],
    ),
    "max come to less than the seats": (
        {"features": FEATURES.replace("1,2", "1,1")},
        ["features.csv:2: sex: the max of all values come to 2, less than 3 seats."],
    ),
    "a value twice": (
        {"features": FEATURES + "sex,man,0,3\n,x,0,1\n"},
        ["features.csv:6: sex: man is there twice.", "features.csv:7: feature and value: must both be there."],
    ),
    "flex the wrong way": (
        {"features": f"{FLEX}sex,man,1,2,2,3\nsex,woman,1,2,0,1\nage,old,0,3,,\nage,young,0,3,,\n"},
        [
            "features.csv:2: min_flex: 2 is more than min, 1.",
            "features.csv:3: max_flex: 1 is less than max, 2.",
        ],
    ),
    "profiles of other seats": (
        {"profiles": "profile,seats\ncarer,1\n", "people": "id,sex,age,profile:carer\nP1,man,old,3\n"},
        ["profiles.csv: the profiles have 1 seats together, but the panel has 3."],
    ),
    "profiles that are no profiles": (
        {"profiles": "profile,seats\ncarer,none\n,1\ncarer,1\n", "people": "id,sex,age,profile:carer\nP1,man,old,4\n"},
        [
            "people.csv:2: profile:carer: must be a whole number from 0 to 3, not '4'.",
            "profiles.csv:2: seats: must be a whole number from 1 up, not 'none'.",
            "profiles.csv:3: profile: must be there.",
            "profiles.csv:4: the profile 'carer' is there twice.",
        ],
    ),
    "no ratings": (
        {"profiles": "profile,seats\ncarer,3\n"},
        ["people.csv:1: there is no column 'profile:carer'."],
    ),
    "faults of all files at once": (
        {"features": "", "people": b"\xff"},
        [
            "features.csv: is empty.",
            "people.csv:1: is not text in UTF-8. Save it as CSV in UTF-8 and try again.",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_is_named_with_its_file_and_line(files: Files, name: str) -> None:
    given, expected = WRONG[name]
    assert files.faults(**given) == expected


def test_a_file_that_is_not_there_is_named(files: Files) -> None:
    done = CliRunner().invoke(app, ["panel", "--features", "no.csv", "--people", "none.csv", "--seats", "3"])
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "no.csv: cannot be read (No such file or directory).",
        "none.csv: cannot be read (No such file or directory).",
    ]


def test_without_files_it_says_what_it_needs() -> None:
    done = CliRunner().invoke(app, ["panel"])
    assert (done.exit_code, done.stderr) == (
        1,
        "Give --features FILE, --people FILE and --seats NUMBER. samskab panel --help says more.\n",
    )


def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "panel.md").read_text("utf-8")
    for name, content in re.findall(r"^```csv file=(\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(content, "utf-8")
    command = re.findall(r"^samskab (panel .*)$", page, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert len(command) == 1
    done = CliRunner().invoke(app, shlex.split(command[0]))
    assert done.exit_code == 0, done.stderr
    assert "trial, not a draw: the seed '17 23 31' picks" in done.stdout


def test_neither_the_command_line_nor_the_service_loads_the_solver() -> None:
    program = "import sys, bot.__main__, bot.process; print(sorted({'highspy', 'numpy'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
