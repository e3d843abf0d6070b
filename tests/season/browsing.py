"""Somebody with e-mail alone: opens the link of a new mail, and does on the page what it asks for."""

from __future__ import annotations

import re
from pathlib import Path

from bot.chat.messages import Rendered
from bot.domain.people import Person
from storage import outbox
from tests.season.post import Letter, Town
from tests.season.stage import pattern
from tests.web.site import Form, Site

SHOWN = 500


class Door(Site):
    """The pages of a town's service, at the town's time."""

    def __init__(self, town: Town, folder: Path) -> None:
        super().__init__(town.db, folder, committee=town.committee)
        self.town = town

    def comes(self) -> None:
        """Somebody comes to the door."""
        self.now = self.town.now


class Correspondent:
    """One reader of mails."""

    def __init__(self, door: Door, person: Person, address: str, language: str) -> None:
        self.door, self.person, self.address, self.language = door, person, address, language
        self.browser = door.browser(language)
        self.opened = self.read = 0

    @property
    def letters(self) -> list[Letter]:
        """All mails so far."""
        return [one for one in self.door.town.postman.letters if one.to == self.address]

    def follows(self, letter: Letter) -> None:
        """Open a mail's link and go on to where it leads: no account, no password."""
        self.door.comes()
        self.browser.opens(letter.link)
        self._sends(self._form(self.browser.path))

    def news(self) -> list[str]:
        """The buttons of what came since the last look; who got no mail does not look."""
        if len(self.letters) == self.opened:
            return []
        self.opened = len(self.letters)
        self.follows(self.letters[-1])
        with self.door.db.reading() as tx:
            rows = [row for row in outbox.thread(tx, self.person.id, SHOWN) if row.id > self.read]
        self.read = max((row.id for row in rows), default=self.read)
        return [label for row in rows for label in labels(Rendered.of(row.content or row.shared or {}))]

    def sees(self, found: list[str], message: str) -> bool:
        """Whether one of these labels says this."""
        return any(re.fullmatch(pattern(message, self.language), label) for label in found)

    def presses(self, message: str, ticks: int = 0) -> Correspondent:
        """The newest button that says this; with `ticks`, so many boxes before it are ticked."""
        self.door.comes()
        page = self.browser.opens("/talk").page
        names = [name for form in page.forms for name, _action in form.buttons]
        found = [name for name in names if re.fullmatch(pattern(message, self.language), name)]
        assert found, f"no {message!r} among {names}"
        self.browser.presses(found[-1], *tuple(self.browser.form(found[-1]).boxes)[:ticks])
        return self._heard()

    def says(self, text: str) -> Correspondent:
        """Write at the bottom of the page."""
        self.door.comes()
        self.browser.opens("/talk")
        return self._sends(self._form("/talk"), text=text)

    def fills(self, *texts: str) -> Correspondent:
        """Fill the page of a form, field by field; what nothing is left for stays empty."""
        form = self._form(self.browser.path)
        fields = [name for name in form.typed if name.startswith("f-")]
        return self._sends(form, **dict(zip(fields, (*texts, *[""] * len(fields)), strict=False)))

    def confirms(self) -> Correspondent:
        """Send what was looked over once more."""
        return self._sends(
            next(form for form in self.browser.page.forms if dict(form.fields).get("data", "")[:5] == "send:")
        )

    def _form(self, action: str) -> Form:
        return next(form for form in self.browser.page.forms if form.action == action)

    def _sends(self, form: Form, **typed: str) -> Correspondent:
        self.browser._took(self.browser.client.post(form.action, data={**dict(form.fields), **typed}))
        return self._heard()

    def _heard(self) -> Correspondent:
        assert self.browser.status == 200, self.browser.page.text
        self.door.town._deliver()
        return self


def labels(message: Rendered) -> list[str]:
    """What can be pressed in a message."""
    send = [message.ticks["send_label"]] if message.ticks else []
    return send + [button["label"] for row in message.buttons for button in row]
