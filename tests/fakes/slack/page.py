"""A page for developers: talk with the bot in a browser, as one of several people."""

from __future__ import annotations

import base64
from typing import Any

from aiohttp import web
from jinja2 import Environment

from tests.fakes.slack import inputs, seen
from tests.fakes.slack.elements import Json
from tests.fakes.slack.fake import SlackFake
from tests.fakes.slack.people import Person
from tests.fakes.slack.world import View

# No address outside this machine and no script: forms do.
PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Slack on loopback</title>
<style>
  body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem }
  .bot, .person, .view { white-space: pre-wrap; padding: .5rem 1rem; margin: .5rem 0; border-radius: .5rem }
  .bot { background: #eef } .person { background: #efe; margin-left: 4rem } .view { border: 2px solid #446 }
  form { display: inline } label, fieldset { display: block; margin: .5rem 0 } img { max-width: 100% }
</style>
{% macro pressing(buttons) %}{% for button in buttons %}
  {% if button.url %}<a href="{{ button.url }}">{{ button.label }}</a>{% else %}
  <form method="post" action="/do/press?as={{ me.id }}"><button name="label" value="{{ button.label }}">
    {{- button.label -}}</button></form>{% endif %}{% endfor %}{% endmacro %}
<nav>{% for other in people %}<a href="/?as={{ other.id }}">{{ other.name }}</a> {% endfor %}</nav>
<h1>{{ me.name }}</h1>
{% if home %}<details><summary>Home</summary><div class="view">{{ home.shown }}</div>
  {{ pressing(home.buttons) }}</details>
{% endif %}
{% for by_bot, message in messages %}
  <div class="{{ 'bot' if by_bot else 'person' }}">{{ message.shown }}</div>
  {% for image in message.images %}<img alt="{{ image.alt }}" src="{{ source(image) }}">{% endfor %}
  {{ pressing(message.buttons) }}
{% endfor %}
{% if modal %}<div class="view" role="dialog"><h2>{{ modal.title }}</h2>{{ modal.shown }}</div>
  {{ pressing(modal.buttons) }}
  <form method="post" action="/do/submit?as={{ me.id }}">
  {% for field in fields %}<fieldset><legend>{{ field.label }}</legend>
    {% if field.options %}{% for option in field.options %}<label>
      <input type="{{ field.kind }}" name="{{ field.label }}" value="{{ option.label }}"
        {{ "checked" if option.given }}> {{ option.label }}</label>{% endfor %}
    {% elif field.kind == "textarea" %}<textarea name="{{ field.label }}" aria-label="{{ field.label }}">
      {{- field.given -}}</textarea>
    {% else %}<input type="{{ field.kind }}" name="{{ field.label }}" value="{{ field.given }}"
      aria-label="{{ field.label }}">{% endif %}
    {% if errors[field.label] %}<strong>{{ errors[field.label] }}</strong>{% endif %}</fieldset>{% endfor %}
  {% if modal.submit %}<button>{{ modal.submit }}</button>{% endif %}</form>
  <form method="post" action="/do/close?as={{ me.id }}"><button>Close</button></form>
{% endif %}
{% for warning in warnings %}<p><em>{{ warning }}</em></p>{% endfor %}
<form method="post" action="/do/say?as={{ me.id }}" id="end">
  <input name="text" autofocus autocomplete="off" aria-label="Message, or /command"> <button>Send</button></form>
<form method="post" action="/do/home?as={{ me.id }}"><button>Open the home page</button></form>
<a href="/?as={{ me.id }}#end">Look again</a>
{% for violation in violations %}<p><strong>Broken rule:</strong> {{ violation }}</p>{% endfor %}
</html>
""")


class Page:
    """The page's routes; they run on the fake's own loop."""

    def __init__(self, fake: SlackFake) -> None:
        self._fake = fake
        fake.server.app.router.add_get("/", self._show)
        fake.server.app.router.add_post("/do/{what}", self._do)

    def _person(self, request: web.Request) -> Person:
        asked = request.query.get("as")
        return next((person for person in self._fake.people if person.id == asked), self._fake.people[0])

    async def _show(self, request: web.Request) -> web.Response:
        me = self._person(request)
        user, world = me.actor.user, me.actor.world
        top = user.stack[-1] if user.stack else None
        every = [one for one in world.dm(user.id).messages if one.only_for in (None, user.id)]
        html = PAGE.render(
            me=me,
            people=self._fake.people,
            home=seen.window(user.home),
            messages=[(one.by_bot, seen.message(world, one)) for one in every],
            modal=seen.window(top),
            fields=_fields(top) if top else [],
            errors=user.errors,
            warnings=user.warnings[-1:],
            violations=self._fake.violations,
            source=_source,
        )
        return web.Response(text=html, content_type="text/html")

    async def _do(self, request: web.Request) -> web.Response:
        me, form = self._person(request), await request.post()
        actor, what = me.actor, request.match_info["what"]
        try:
            if what == "say" and str(form["text"]).startswith("/"):
                name, _space, rest = str(form["text"]).partition(" ")
                await actor.command(name, rest)
            elif what == "say":
                await actor.says(str(form["text"]))
            elif what == "press":
                await actor.presses(str(form["label"]))
            elif what == "home":
                await actor.opens_home()
            elif what == "close":
                await actor.closes()
            elif what == "submit":
                await actor.fills({field["label"]: _given(form, field) for field in _fields(actor.top())})
                await actor.submits()
        except AssertionError as error:
            actor.user.warnings.append(str(error))
        raise web.HTTPSeeOther(f"/?as={me.id}#end")


KINDS = {"checkboxes": "checkbox", "multi_static_select": "checkbox", "datepicker": "date", "timepicker": "time"}


def _fields(view: View) -> list[Json]:
    inputs.start(view)
    return [
        _field(
            block["element"], seen.words(block["label"]), view.values[block["block_id"], block["element"]["action_id"]]
        )
        for block in view.body["blocks"]
        if block["type"] == "input"
    ]


def _field(element: Json, label: str, state: Json) -> Json:
    given = next((part for key, part in state.items() if key != "type"), None)
    chosen = given if isinstance(given, list) else [given]
    options = [{"label": seen.words(one["text"]), "given": one in chosen} for one in inputs.options_of(element)]
    kind = "textarea" if element.get("multiline") else KINDS.get(element["type"], "radio" if options else "text")
    return {"label": label, "kind": kind, "options": options, "given": given or ""}


def _given(form: Any, field: Json) -> Any:
    if field["kind"] == "checkbox":
        return form.getall(field["label"], [])
    return str(form.get(field["label"], "")).replace("\r\n", "\n")


def _source(picture: seen.Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.data or b"").decode()
