"""A page for developers: talk with the bot in a browser, as one of several people."""

from __future__ import annotations

from aiohttp import web
from jinja2 import Environment

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.keyboards import rows
from tests.fakes.telegram.people import Person

# No address outside this machine and no script: forms do.
PAGE = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Bot on loopback</title>
<style>
  body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem }
  .bot, .person { white-space: pre-wrap; padding: .5rem 1rem; margin: .5rem 0; border-radius: .5rem }
  .bot { background: #eef } .person { background: #efe; margin-left: 4rem }
  form { display: inline } button { margin: .1rem } img { max-width: 100% }
</style>
<nav>{% for other in people %}<a href="/?as={{ other.id }}">{{ other.chat.names.first_name }}</a> {% endfor %}</nav>
<h1>{{ person.chat.names.first_name }}</h1>
{% for message in messages %}
  {% if message.sender.is_bot %}
    <div class="bot">{{ message.text or message.caption or "" }}
      {% if message.is_photo %}<img alt="" src="/photo/{{ message.file.id }}">{% endif %}</div>
    {% for row in rows(message.markup) %}<div>{% for label, value in row %}
      {% if value.startswith("http") %}<a href="{{ value }}">{{ label }}</a>
      {% else %}<form method="post" action="/press?as={{ person.id }}">
        <input type="hidden" name="message" value="{{ message.id }}">
        <button name="data" value="{{ value }}">{{ label }}</button></form>{% endif %}
    {% endfor %}</div>{% endfor %}
  {% else %}<div class="person">{{ message.text or message.caption or "(file)" }}</div>{% endif %}
{% endfor %}
{% for toast in person.toasts[-1:] %}<p><em>{{ toast }}</em></p>{% endfor %}
<form method="post" action="/say?as={{ person.id }}" id="end">
  <input name="text" autofocus autocomplete="off" aria-label="Message"> <button>Send</button></form>
<a href="/?as={{ person.id }}#end">Look again</a>
{% for violation in violations %}<p><strong>Broken rule:</strong> {{ violation }}</p>{% endfor %}
</html>
""")


class Page:
    """The page's routes; they run on the fake's own loop."""

    def __init__(self, fake: TelegramFake) -> None:
        self._fake = fake
        router = fake.server.app.router
        router.add_get("/", self._show)
        router.add_get("/photo/{id}", self._photo)
        router.add_post("/say", self._say)
        router.add_post("/press", self._press)

    def _person(self, request: web.Request) -> Person:
        asked = request.query.get("as")
        return next((person for person in self._fake.people if str(person.id) == asked), self._fake.people[0])

    async def _show(self, request: web.Request) -> web.Response:
        person = self._person(request)
        html = PAGE.render(
            person=person,
            people=self._fake.people,
            messages=self._fake.server.world.visible(person.id),
            rows=rows,
            violations=self._fake.violations,
        )
        return web.Response(text=html, content_type="text/html")

    async def _photo(self, request: web.Request) -> web.Response:
        file = self._fake.server.world.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.upload.content, content_type="image/png")

    async def _say(self, request: web.Request) -> web.Response:
        person = self._person(request)
        text = str((await request.post()).get("text", "")).strip()
        if text:
            person.says(text)
        raise web.HTTPSeeOther(f"/?as={person.id}#end")

    async def _press(self, request: web.Request) -> web.Response:
        person, form = self._person(request), await request.post()
        data, message_id = str(form["data"]), int(str(form["message"]))
        person.presses_button(message_id, data)
        raise web.HTTPSeeOther(f"/?as={person.id}#end")
