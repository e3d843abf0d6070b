"""Slack: what we show there is what Slack takes, and loses nothing that was said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.chat.events import FormPage, Press, RenderedField
from bot.chat.messages import Rendered
from bot.platforms import slack_blocks, slack_modals
from bot.platforms.slack_blocks import home_view, mrkdwn, pieces
from bot.platforms.slack_parse import parse
from bot.platforms.slack_send import content
from tests.fakes.slack.blocks import message_problems, view_problems
from tests.platforms.test_slack import TEAM, submission


def message_parts(message: Rendered, file_id: str = "") -> list[list[dict[str, Any]]]:
    """A message as we send it, each part of which Slack must take."""
    parts = slack_blocks.message_parts(message, file_id)
    assert [list(message_problems(content(part), {file_id: True}, 4000)) for part in parts] == [[]] * len(parts)
    return parts


def form_view(page: FormPage) -> dict[str, Any]:
    """A page as a window that Slack must take."""
    view = slack_modals.form_view(page)
    assert list(view_problems(view, "modal")) == []
    return view


def ticks_view(value: str, asked: str, message: str | None) -> dict[str, Any]:
    """Boxes in a window that Slack must take."""
    view = slack_modals.ticks_view(value, asked, message)
    assert list(view_problems(view, "modal")) == []
    return view


def test_peoples_words_ping_nobody() -> None:
    assert mrkdwn("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_addresses_can_be_followed() -> None:
    assert mrkdwn("Se (https://a.no/x?a=1&b=2).") == "Se (<https://a.no/x?a=1&amp;b=2>)."
    assert mrkdwn("<https://a.no>") == "&lt;<https://a.no>&gt;"


def test_a_long_text_is_cut_at_paragraphs_and_nothing_is_lost() -> None:
    text = "\n\n".join(f"{n} " + "ord & " * 80 for n in range(40)).strip()
    parts = list(pieces(text))
    assert all(len(mrkdwn(part)) <= 3000 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part[0].isdigit() for part in parts)


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert "".join(pieces("&" * 5000)) == "&" * 5000


def test_a_very_long_message_becomes_several_with_the_buttons_on_the_last() -> None:
    parts = message_parts(Rendered("ord " * 8000, (({"label": "Ja", "data": "yes:1"},),)))
    assert len(parts) > 2
    assert all(len(json.dumps(part)) < 13_200 for part in parts)
    assert [block["type"] for part in parts for block in part if block["type"] == "actions"] == ["actions"]
    assert parts[-1][-1]["elements"][0]["value"] == "yes:1"


def test_labels_too_long_for_buttons_are_listed_in_full() -> None:
    long = "Flere bænke langs åen " * 5
    blocks = message_parts(Rendered("Hvad?", (({"label": long, "data": "a:1"},), ({"label": "Nej", "data": "a:2"},))))[
        0
    ]
    assert f"1. {long.strip()}" in blocks[1]["text"]["text"]
    labels = [block["elements"][0]["text"]["text"] for block in blocks if block["type"] == "actions"]
    assert labels[1] == "2. Nej" and labels[0].startswith("1. Flere") and len(labels[0]) <= 75


def test_many_buttons_still_fit_a_message() -> None:
    rows = tuple(({"label": str(n), "data": f"a:{n}"},) for n in range(60))
    blocks = message_parts(Rendered("Hvilken?", rows))[0]
    assert len(blocks) <= 50
    assert sum(len(block.get("elements", ())) for block in blocks) == 60


def test_a_table_is_set_in_columns_or_in_lines() -> None:
    narrow = message_parts(Rendered("Resultat", table=(("Flere bænke", "7"), ("En natbus", "12"))))[0]
    assert narrow[1]["text"]["text"] == "```Flere bænke  7\nEn natbus    12```"
    wide = message_parts(Rendered("Resultat", table=(("x" * 80, "7"),)))[0]
    assert wide[1]["text"]["text"] == "x" * 80 + " · 7"


def test_a_picture_stands_first_with_its_words() -> None:
    shown = Rendered("Resultat", image={"blob": "x", "alt": "Bænke 7, natbus 12"})
    assert message_parts(shown, "F1")[0][0]["alt_text"] == "Bænke 7, natbus 12"
    assert "Bænke 7" in message_parts(shown)[0][0]["text"]["text"]


def test_nothing_at_all_can_still_be_shown() -> None:
    assert len(message_parts(Rendered(""))[0]) == 1


def test_the_home_page_is_one_that_slack_takes() -> None:
    shown = Rendered("ord " * 20_000, (({"label": "Nettsiden", "url": "https://a.no"},),), subject="Ditt utvalg")
    view = home_view(shown)
    assert list(view_problems(view, "home")) == []
    assert view["blocks"][0]["text"]["text"] == "*Ditt utvalg*"


TICKS = {"view": "tick", "send": "vote", "args": ["17"], "options": ["Bænke", "Bus"], "send_label": "Send", "ticked": 2}


def test_boxes_travel_with_their_button_and_come_back_as_ticked() -> None:
    opener = message_parts(Rendered("Stem", ticks=TICKS, locale="nb"))[0][-1]["elements"][0]
    view = ticks_view(opener["value"], "Stem", "3.4")
    boxes = view["blocks"][-1]
    assert [one["text"]["text"] for one in boxes["element"]["options"]] == ["Bænke", "Bus"]
    assert [one["value"] for one in boxes["element"]["initial_options"]] == ["1"]
    picked = {"type": "checkboxes", "selected_options": boxes["element"]["options"]}
    body = submission("ticks", json.loads(view["private_metadata"]), **{boxes["block_id"]: picked})
    event = parse(body, TEAM)
    assert event is not None and event.what == Press("vote", ("17", "3"), "3.4")
    assert "3" not in repr(event.what)


def test_thirty_long_boxes_fit_a_button() -> None:
    options = [f"{n} Et langt forslag om noget “vigtigt” i byen " * 4 for n in range(30)]
    blocks = message_parts(Rendered("Stem", ticks={**TICKS, "options": options}))[0]
    value = blocks[-1]["elements"][0]["value"]
    assert len(value) <= 2000
    assert len(ticks_view(value, "", None)["blocks"][-1]["element"]["options"]) == 30


def page(*fields: RenderedField, **more: Any) -> FormPage:
    return FormPage("signup", 4, "Bli med", fields, submit="Fortsett", **more)


KINDS = [
    (RenderedField("a", "one_of", "Hvilken?", options=(("x", "X"), ("y", "Y"))), "radio_buttons"),
    (RenderedField("a", "one_of", "Hvilken?", options=tuple((str(n), str(n)) for n in range(11))), "static_select"),
    (RenderedField("a", "yes_no", "Ja?", options=(("yes", "Ja"), ("no", "Nei"))), "radio_buttons"),
    (RenderedField("a", "consent", "Ja?", options=(("yes", "Ja"), ("no", "Nei"))), "radio_buttons"),
    (RenderedField("a", "scale", "Hvor?", options=tuple((str(n), str(n)) for n in range(1, 6))), "radio_buttons"),
    (RenderedField("a", "some_of", "Hvilke?", options=(("x", "X"),)), "checkboxes"),
    (
        RenderedField("a", "some_of", "Hvilke?", options=tuple((str(n), str(n)) for n in range(30))),
        "multi_static_select",
    ),
    (RenderedField("a", "free_text", "Hvorfor?", longest=500), "plain_text_input"),
    (RenderedField("a", "text", "Navn?", longest=60), "plain_text_input"),
    (RenderedField("a", "reach", "Hvor når vi deg?"), "plain_text_input"),
]


@pytest.mark.parametrize(("field", "element"), KINDS)
def test_each_kind_of_question_has_its_element(field: RenderedField, element: str) -> None:
    view = form_view(page(field))
    assert [(block["block_id"], block["element"]["type"]) for block in view["blocks"]] == [("a", element)]
    assert json.loads(view["private_metadata"]) == {"form": "signup", "subject": 4, "keys": ["a"]}


def test_what_was_answered_is_filled_in() -> None:
    fields = (
        RenderedField("a", "one_of", "A", options=(("x", "X"), ("y", "Y")), given=("y",)),
        RenderedField("b", "some_of", "B", options=(("x", "X"), ("y", "Y")), given=("x", "y")),
        RenderedField("c", "free_text", "C", given=("Fordi",), longest=500, optional=True, help="Kort"),
    )
    one, some, text = form_view(page(*fields))["blocks"]
    assert one["element"]["initial_option"]["value"] == "y"
    assert [option["value"] for option in some["element"]["initial_options"]] == ["x", "y"]
    assert text["element"]["initial_value"] == "Fordi" and text["element"]["multiline"] and text["optional"]
    assert text["element"]["max_length"] == 500 and text["hint"]["text"] == "Kort"


def test_what_is_told_is_read_and_travels_with_the_page() -> None:
    view = form_view(page(RenderedField("told", "told", "Dette gjør vi."), progress="1/3", back="Tilbake"))
    assert [block["type"] for block in view["blocks"]] == ["context", "section", "actions"]
    assert json.loads(view["private_metadata"])["keys"] == ["told"]
    assert view["blocks"][-1]["elements"][0]["value"] == "back:signup:4"


def test_long_options_are_read_in_full_above() -> None:
    long = "Jeg vil gjerne være med som innbygger i utvalget, og har tid til fire møter i året fra høsten av"
    listed, entry = form_view(page(RenderedField("a", "one_of", "?", options=(("x", long), ("y", "Nei")))))["blocks"]
    assert listed["text"]["text"] == f"1. {long}\n2. Nei"
    assert [one["text"]["text"][:3] for one in entry["element"]["options"]] == ["1. ", "2. "]


def test_the_review_offers_each_answer_to_be_changed() -> None:
    fields = (RenderedField("name", "text", "Navn?", given=("Ola & Kari",)),)
    view = form_view(page(*fields, review=True, change="Endre"))
    block = view["blocks"][0]
    assert block["text"]["text"] == "*Navn?*\nOla &amp; Kari"
    assert block["accessory"]["value"] == "redo:signup:4:name"
    assert view["callback_id"] == "review" and view["submit"]["text"] == "Fortsett"
