"""The web page's door: people with a browser without scripts, and a mail box."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from bot.chat.delivery import Found
from bot.chat.events import Address
from storage import contact, sessions
from tests.doors.stage import Stage
from tests.web.site import Browser, Page
from tests.world import Given, Someone


@dataclass
class Field:
    """A question on the page of a form."""

    words: str = ""
    names: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it."""

    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)


class Asked(HTMLParser):
    """The questions of a page: each is a fieldset, or the part of the page around one input."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[Field] = []
        self._option: str | None = None
        self._depth = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "field" in given.get("class", "").split():
            self.fields.append(Field())
            self._depth = 1
        elif tag in ("div", "fieldset") and self._depth:
            self._depth += 1
        if tag in ("input", "textarea") and given.get("name", "").startswith("f-") and self._depth:
            self.fields[-1].names.append(given["name"])
            self._option = given["value"] if given.get("type") in ("radio", "checkbox") else None

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "fieldset") and self._depth:
            self._depth -= 1
        if tag == "label":
            self._option = None

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not words or not self._depth:
            return
        if self._option is not None:
            self.fields[-1].options[words] = self._option
        else:
            self.fields[-1].words += f" {words}"


class Online(Browser):
    """A browser that speaks real HTTP."""

    def __init__(self, url: str, locale: str) -> None:
        headers = {"accept-language": locale, "origin": url}
        self.client = httpx.Client(base_url=url, headers=headers, follow_redirects=True, timeout=20)
        self.status, self.path, self.html = 0, "", ""


class Surfer(Someone):
    """Somebody with a browser."""

    def __init__(self, stage: Stage, name: str, locale: str) -> None:
        super().__init__(stage, Address("web", name), name)
        self.stage = stage
        self.locale = locale
        self.browser = Online(stage.url, locale)
        self._read = 0

    def signs_in(self, link: str) -> Surfer:
        """Open a link and press what stands there."""
        self.browser.opens(link)
        form = next(form for form in self.browser.page.forms if form.action == self.browser.path)
        self.browser._took(self.browser.client.post(form.action, data=dict(form.fields)))
        assert self.browser.status == 200, self.browser.page.text
        return self

    @property
    def id(self) -> int:
        with self.world.db.reading() as tx:
            found = sessions.find(tx, self.browser.client.cookies["samskab"], self.world.now)
            assert found is not None and found.person_id is not None, f"{self.name} is not known"
            return found.person_id

    def _settled(self) -> Surfer:
        self.stage.settle()
        assert self.browser.status < 500, self.browser.page.text
        return self

    def enters(self, person_id: int) -> None:
        """The administration has entered this person with an e-mail address; a link signs in."""
        with self.world.db.transaction() as tx:
            token = sessions.mint_login(tx, person_id, self.world.now)
            contact.give(tx, self.stage.app.engine.house.vault, person_id, self.email, self.world.now)
        self.signs_in(f"/login/{token}")

    def leaves(self) -> None:
        self.browser.client.close()

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"

    def _at_home(self) -> None:
        """The page of the conversation; who is signed out by now asks for a link, and opens the mail."""
        if self.browser.opens("/talk").path != "/signin":
            return
        form = next(form for form in self.browser.page.forms if form.action == "/signin")
        self.browser.client.post("/signin", data={**dict(form.fields), "email": self.email})
        self.stage.settle()
        self.signs_in(self.mail().links[-1])
        self.browser.opens("/talk")

    def mail(self) -> Letter:
        """The newest mail to this person."""
        mails = self.stage.post.to(self.email)
        assert mails, f"{self.name} has no mail"
        return Letter(str(mails[-1]["Subject"]), mails[-1].get_content())

    def starts(self, key: str) -> Surfer:
        committee, _underscore, code = key.partition("_")
        self.browser.opens(f"/c/{committee}" + (f"?from={code}" if code else ""))
        return self._settled()

    def says(self, text: str) -> Surfer:
        """Write at the bottom of the page."""
        self._marks()
        self._at_home()
        form = next(form for form in self.browser.page.forms if form.action == "/talk")
        self.browser._took(self.browser.client.post("/talk", data={**dict(form.fields), "text": text}))
        return self._settled()

    def presses(self, label: str) -> Surfer:
        """A button or a link of this page, else of the conversation."""
        self._marks()
        if not self._offers(label):
            self._at_home()
            assert self._offers(label), f"{self.name} sees no {label!r}\n{self.transcript()}"
        page = self.browser.page
        if label in page.links:
            self.browser.opens(page.links[label])
        else:
            self.browser.presses(label)
        return self._settled()

    def _offers(self, label: str) -> bool:
        page = self.browser.page
        return label in page.links or any(label == name for form in page.forms for name, _action in form.buttons)

    def votes(self, send: str, *labels: str) -> Surfer:
        self._marks()
        self._at_home()
        self.browser.presses(send, *labels)
        return self._settled()

    def fills(self, given: Mapping[str, Given]) -> Surfer:
        """Fill page after page; a page that only tells has no field."""
        left = dict(given)
        while left:
            page = self.browser.page
            form = next((form for form in page.forms if form.action.startswith("/form/")), None)
            assert form, f"{self.name} sees no form; left are {list(left)}\n{self.transcript()}"
            data: dict[str, list[str]] = {}
            for name, value in form.fields:
                data.setdefault(name, []).append(value)
            found = 0
            for asked in Asked(self.browser.html).fields:
                words = next((words for words in left if words in asked.words), None)
                if words is None:
                    continue
                found += 1
                answer = left.pop(words)
                data.pop(asked.names[0], None)
                labels = [answer] if isinstance(answer, str) else list(answer or ())
                data[asked.names[0]] = [asked.options[label] for label in labels] if asked.options else labels
            told = [words for words in left if words in " ".join(page.text.split())]
            assert found or told, f"{self.name} is not asked any of {list(left)}\n{page.text}"
            for words in told:
                left.pop(words)
            self._marks()
            self.browser._took(self.browser.client.post(form.action, data=data))
            assert self.browser.status != 422, self.browser.page.text
            self._settled()
        return self

    def speaks(self, sound: bytes | Found, seconds: int = 0, words: str = "") -> Surfer:
        """Choose a recording as a file, on the first question of the page that takes one."""
        assert isinstance(sound, bytes), "what a browser has is there at once"
        form = next(form for form in self.browser.page.forms if form.action.startswith("/form/"))
        name = next(name for name in form.typed if name.startswith("s-"))
        data = {**dict(form.fields), f"t-{name[2:]}": str(seconds), f"f-{name[2:]}": words}
        self._marks()
        file = (name, ("answer", sound, "application/octet-stream"))
        self.browser._took(self.browser.client.post(form.action, data=data, files=[file]))
        return self._settled()

    @property
    def labels(self) -> list[str]:
        return [name for form in self.browser.page.forms for name, _action in form.buttons]

    @property
    def last(self) -> str:
        return " ".join(self.browser.page.text.split())

    def _marks(self) -> None:
        self._read = len(self.stage.post.received)

    def heard(self) -> list[str]:
        """What stands on this page, then on the page of the conversation."""
        here = self.browser.html
        pages = [here]
        if any(self.browser.client.cookies):
            self._at_home()
            pages.append(self.browser.html)
        return [" ".join(Page(html).text.split()) for html in pages]

    def hears(self, *parts: str) -> Surfer:
        here = (self.browser.status, self.browser.path, self.browser.html)
        heard = self.heard()
        for part in parts:
            wanted = " ".join(part.split())
            assert any(wanted in text for text in heard), f"{self.name} did not hear {part!r}.\n" + "\n".join(heard)
        self.browser.status, self.browser.path, self.browser.html = here
        return self

    def does_not_hear(self, *parts: str) -> Surfer:
        heard = self.heard()
        for part in parts:
            assert not any(part in text for text in heard), f"{self.name} heard {part!r}"
        return self

    def transcript(self) -> str:
        return f"--- what {self.name} sees at {self.browser.path} ---\n" + "\n".join(
            line.strip() for line in self.browser.page.text.splitlines() if line.strip()
        )
