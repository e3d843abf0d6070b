"""What senders ask of the house: the value of a secret, who is told of somebody unreachable, a sealed address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.chat.events import Address
from bot.domain import codes
from bot.engine.errand import Errand
from bot.engine.receive import Engine
from bot.text import _
from bot.work.sender import Post
from storage import links, people, sessions
from storage.database import Tx
from storage.sending import Claimed

DESK = "/desk"


class Mailroom:
    """Made once, for all senders."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now
        self.post = Post(mint=self._mint, gone=self._gone, now=now, reveal=self._reveal)

    def _mint(self, tx: Tx, person_id: int, kind: str, path: str) -> str:
        house = self.engine.house
        if kind == "code":
            return codes.in_groups(links.mint(tx, house.vault, person_id, self.now()))
        # Only a mail asked for at the sign-in page leads to the desk: no chat's link carries the rights of staff.
        staff = path == DESK and people.works_here(tx, person_id)
        if kind == "pin":
            return sessions.mint_code(tx, house.vault, person_id, self.now(), path=path, staff=staff)
        token = sessions.mint_login(tx, person_id, self.now(), path=path, staff=staff, minutes=15 if staff else 24 * 60)
        return f"{house.base_url}/login/{token}"

    def _gone(self, tx: Tx, row: Claimed) -> None:
        """Somebody cannot be reached any more: the facilitators of the committee are told, once."""
        if row.committee_id is None:
            return
        errand = Errand(self.engine.house, self.engine.router, tx, self.now())
        errand.about(row.committee_id)
        name = people.get(tx, row.person_id).name or _("somebody")
        text = _(
            "We cannot reach {name} on {platform} any more. Please ask how we may write instead.",
            name=name,
            platform=row.address.platform.capitalize(),
        )
        for person in people.facilitators(tx, row.committee_id):
            errand.tell(
                person,
                text,
                notice=_("somebody is out of reach"),
                kind="necessary",
                dedupe=f"gone:{row.person_id}:{person.id}",
            )

    def _reveal(self, address: Address, sealed: bytes | None) -> Address:
        """A mail row names its address by a keyed hash; only the sender unseals it."""
        return address if sealed is None else Address(address.account, self.engine.house.vault.open(sealed))
