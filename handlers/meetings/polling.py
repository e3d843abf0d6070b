"""Finding a date: members tick all that fit, the facilitator sees who, and picks one, which becomes a draft meeting."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.messages import Button, Message, Ticks
from bot.domain.errors import Refusal
from bot.domain.forms import Form
from bot.domain.people import facilitator, member
from bot.domain.questions import Answers, Moment, moment_of, said
from bot.engine.chat import Chat
from bot.engine.router import Router, Ticked, not_here
from bot.text import Lines, Many, Words, _, n_
from storage import audit, committees, meetings, people, polls
from storage.committees import Committee
from storage.polls import DatePoll

router = Router()
LEAST, MOST = 2, 6


@router.command("dates", who=facilitator, words=("find a date", "find en dato", "finn en dato", "finn ein dato"))
def begin(chat: Chat, argument: str) -> None:
    """Ask members which dates fit; where they are asked already, how it stands."""
    assert chat.committee is not None
    for poll in polls.running(chat.tx, chat.committee.id):
        show(chat, poll)
        return
    chat.begin("datepoll", chat.committee.id)


def poll_form(chat: Chat, committee: Committee) -> Form:
    """Two to six moments."""
    zone = committees.mandate(chat.tx, committee.id).municipality.zone

    def after(place: int) -> Callable[[Answers], bool]:
        return lambda answers: place <= LEAST or answers.get(f"m{place - 1}") is not None

    fields = tuple(
        Moment(
            key=f"m{place}",
            text=_("Which date could it be? Number {number} of at most {most}.", number=place, most=MOST),
            zone=zone,
            now=chat.now,
            optional=place > LEAST,
            when=after(place),
        )
        for place in range(1, MOST + 1)
    )
    return Form("datepoll", fields, title=_("Find a date"))


@router.form("datepoll", Committee, poll_form, who=facilitator)
def drafted(chat: Chat, committee: Committee, answers: Answers) -> None:
    """Keep the dates and show them, the earliest first."""
    zone = committees.mandate(chat.tx, committee.id).municipality.zone
    found = sorted({moment_of(value, zone) for value in answers.values() if value is not None})
    if len(found) < LEAST:
        raise Refusal(_("Those are the same date. Please write another one, or write /back."))
    poll = polls.add(chat.tx, committee.id, found, chat.person.id, chat.now)
    count = len(people.members(chat.tx, committee.id))
    preview = n_("{count} member is asked which of these fit:", "{count} members are asked which of these fit:", count)
    dates = Lines(tuple(said(one) for one in found), "\n")
    chat.say(Lines((preview, dates)), Button(_("Ask the members"), "askdates", poll.id))


@router.button("askdates", DatePoll, who=facilitator)
def send(chat: Chat, poll: DatePoll) -> None:
    """Ask every member; a second press asks nobody again."""
    if not polls.enter(chat.tx, poll.id, "open", "draft"):
        raise Refusal(_("The members are asked already. Write /dates to see what fits."))
    members = people.members(chat.tx, poll.committee_id)
    for one in members:
        chat.tell(
            one,
            question(),
            ticks=boxes(poll, 0),
            notice=_("a question for you"),
            dedupe=f"dates:{poll.id}:person:{one.id}",
            expires_at=polls.moments(poll)[-1],
            path="/talk",
        )
    audit.log(chat.tx, chat.now, chat.person.id, poll.committee_id, "dates asked", f"datepoll:{poll.id}")
    row = Button(_("What fits?"), "datesnow", poll.id)
    chat.say(n_("{count} member is asked.", "{count} members are asked.", len(members)), row, instead=True)


def question() -> Words:
    """What is asked."""
    return _(
        "We are looking for a date for a meeting. Tick all that fit you. Only your contact person sees your answer."
    )


def boxes(poll: DatePoll, ticked: int) -> Ticks:
    """The dates to tick."""
    labels = tuple(said(one) for one in polls.moments(poll))
    return Ticks("fits", "fit", (str(poll.id),), labels, _("Send"), ticked)


def require_open(poll: DatePoll, ticked: int = 0) -> None:
    """Dates can be ticked until one is chosen. Raises Refusal."""
    if poll.state != "open":
        raise Refusal(_("A date is chosen already, so this is closed. You hear of it as a meeting."))
    if ticked >> len(poll.moments):
        raise not_here()


@router.view("fits", DatePoll, Ticked, who=member)
def redraw(chat: Chat, poll: DatePoll, ticked: Ticked) -> Message:
    """The dates with other boxes ticked. Nothing is written."""
    require_open(poll, ticked)
    return Message(question(), ticks=boxes(poll, ticked))


@router.button("fit", DatePoll, Ticked, who=member)
def save(chat: Chat, poll: DatePoll, ticked: Ticked) -> None:
    """Keep what fits; none at all is an answer, too."""
    require_open(poll, ticked)
    polls.tick(chat.tx, poll.id, chat.person.id, ticked)
    chosen = tuple(said(one) for place, one in enumerate(polls.moments(poll)) if ticked >> place & 1)
    text = _("Thank you. None of them fits you.")
    if chosen:
        text = _("Thank you. These fit you: {dates}", dates=Many(chosen))
    chat.say(text, Button(_("Change my answer"), "refit", poll.id), instead=True)


@router.button("refit", DatePoll, who=member)
def again(chat: Chat, poll: DatePoll) -> None:
    """The dates once more, ticked as they were sent."""
    require_open(poll)
    chat.say(question(), ticks=boxes(poll, polls.own(chat.tx, poll.id, chat.person.id)))


@router.button("datesnow", DatePoll, who=facilitator)
def show(chat: Chat, poll: DatePoll) -> None:
    """How many each date fits, and whom: for the facilitator alone."""
    if poll.state != "open":
        raise not_here()
    members = {one.id: one.name or _("Somebody") for one in people.members(chat.tx, poll.committee_id)}
    given = {number: bits for number, bits in polls.ticks(chat.tx, poll.id).items() if number in members}
    lines: list[Words] = [_("{answered} of {asked} have answered.", answered=len(given), asked=len(members))]
    rows: list[Button] = []
    for place, moment in enumerate(polls.moments(poll)):
        whom = tuple(members[number] for number, bits in sorted(given.items()) if bits >> place & 1)
        names: Words = Many(whom) if whom else _("nobody")
        lines.append(_("{when} fits {count}: {names}", when=moment, count=len(whom), names=names))
        rows.append(Button(_("Choose {when}", when=moment), "pickdate", poll.id, place))
    rows.append(Button(_("Give it up"), "nodates", poll.id))
    chat.say(Lines(tuple(lines), "\n"), *rows)


@router.button("pickdate", DatePoll, int, who=facilitator)
def pick(chat: Chat, poll: DatePoll, place: int) -> None:
    """A draft meeting at that date; members hear of it when it is announced."""
    found = polls.moments(poll)
    if not 0 <= place < len(found):
        raise not_here()
    if found[place] <= chat.now:
        raise Refusal(_("That moment has passed. Choose another one, or give it up and ask anew by /dates."))
    if not polls.enter(chat.tx, poll.id, "chosen", "open"):
        raise Refusal(_("A date is chosen already. Write /meetings to see it."))
    meeting = meetings.add(chat.tx, poll.committee_id, found[place], {}, {}, chat.person.id, chat.now)
    audit.log(chat.tx, chat.now, chat.person.id, poll.committee_id, "date chosen", f"meeting:{meeting.id}")
    chat.say(_("The meeting is planned for {when}. Now place and agenda.", when=found[place]), instead=True)
    chat.begin("remeet", meeting.id)


@router.button("nodates", DatePoll, who=facilitator)
def give_up(chat: Chat, poll: DatePoll) -> None:
    """Close it without a date."""
    if not polls.enter(chat.tx, poll.id, "cancelled", "draft", "open"):
        raise not_here()
    chat.say(_("It is given up. Ask anew by /dates."), instead=True)
