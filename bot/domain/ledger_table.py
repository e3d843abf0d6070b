"""The ledger of time as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

from bot.domain.ledger import GROUPS, Ledger
from bot.domain.questions import plain
from bot.domain.summary import BOM, safe
from bot.text import Words, _

# For translators: staff only
HEAD = (_("Committees"), _("Group"), _("Hours a year"), _("How it is known"))
GROUP_NAMES: dict[str, Words] = {
    "politicians": _("Politicians"),
    "citizens": _("Citizens"),
    "administration": _("Administration"),
}


def as_csv(ledger: Ledger, say: Callable[[Words], str]) -> bytes:
    """UTF-8 with its mark, semicolons, hours with a point: standing committees, each task committee, and the sums.

    What fewer than five people stand behind is said not to be shown. `say` puts our own words into the reader's
    language.
    """
    file = io.StringIO()
    table = csv.writer(file, delimiter=";", lineterminator="\r\n")

    def row(committees: Words, group: str, hours: Decimal | None, how: Words) -> None:
        shown = say(_("not shown")) if hours is None else plain(round(hours, 2))
        table.writerow([safe(say(cell)) for cell in (committees, GROUP_NAMES[group])] + [shown, safe(say(how))])

    table.writerow([safe(say(cell)) for cell in HEAD])
    row(_("Standing committees before"), "politicians", ledger.before.total, _("entered"))
    row(_("Standing committees now"), "politicians", ledger.after.total, _("entered"))
    for group in GROUPS:
        cells, total = ledger.shown(group)
        for one in ledger.tasks:
            row(one.key, group, cells[one.key], _("corrected") if one.corrected else _("estimated"))
        row(_("All task committees"), group, total, _("sum"))
    return (BOM + file.getvalue()).encode()
