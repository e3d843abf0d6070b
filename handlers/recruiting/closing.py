"""A call closes: those whose turn it is hear how many came, and until when to assess them."""

from __future__ import annotations

from bot.chat.messages import Button
from bot.domain.assessment import assessed_by, deciding, rating
from bot.domain.mandate import Mandate
from bot.engine.errand import Errand
from bot.engine.router import Router
from bot.text import Day, Words, _, n_
from storage import calls, committees, people, ratings

router = Router()


@router.due("callends")
def closed(errand: Errand, committee_id: int) -> None:
    """Tell those who assess, or those who decide where nobody assesses; not where the dates have moved since."""
    mandate = committees.mandate(errand.tx, committee_id)
    if errand.now < mandate.call.closes:
        return
    errand.about(committee_id)
    count = len(ratings.of_call(errand.tx, committee_id, calls.number(errand.tx, committee_id)))
    rated = mandate.selection.rated
    errand.tell_each(
        people.holding(errand.tx, committee_id, rating(mandate) if rated else deciding(mandate)),
        words(mandate, count),
        Button(_("Assess applications"), "assess", committee_id)
        if rated and count
        else Button(_("All applications"), "overview", committee_id, 0),
        notice=_("the call has closed"),
        dedupe=f"callends:{committee_id}:{mandate.call.closes.isoformat()}",
    )


def words(mandate: Mandate, count: int) -> Words:
    """How many came, and what is to be done until when."""
    call, topic = mandate.call, mandate.title
    if not count:
        return _("The call for the committee on {topic} has closed, and nobody has applied for a seat.", topic=topic)
    if not mandate.selection.rated:
        return n_(
            "The call for the committee on {topic} has closed, and {count} person has applied for a seat. Everybody is "
            "answered {when}.",
            "The call for the committee on {topic} has closed, and {count} people have applied for a seat. Everybody "
            "is answered {when}.",
            count,
            topic=topic,
            when=call.answered,
        )
    return n_(
        "The call for the committee on {topic} has closed, and {count} person has applied for a seat. Please assess "
        "the application by {by}: then there is time to draw and to decide before everybody is answered {when}.",
        "The call for the committee on {topic} has closed, and {count} people have applied for a seat. Please assess "
        "the applications by {by}: then there is time to draw and to decide before everybody is answered {when}.",
        count,
        topic=topic,
        by=Day(assessed_by(call.closes, call.answered)),
        when=call.answered,
    )
