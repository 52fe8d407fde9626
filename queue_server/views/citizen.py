"""One ticket as the person who holds it follows it on a telephone. Pure; nothing of anybody else is in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from queue_server.core.board import FINAL, Board, Counter, State, Ticket, rules_of
from queue_server.core.calendar import desk_is_open, ticket_session
from queue_server.core.deciding.tickets import CANCELLABLE
from queue_server.views.counters import counter_state
from queue_server.views.names import bilingual, label_of
from queue_server.views.tickets import STATE_NAMES, shown
from queue_server.views.waits import Wait
from queue_server.wire.citizen import CitizenAsk, CitizenCounter, CitizenLevel, CitizenNote, CitizenTicket
from queue_server.wire.fields import Bilingual

NEAR_AHEAD = 3
"""With so few before it a call may come any moment."""
NEAR_AGAIN_S = 2
AGAIN_S = 6  # With the page's own patience a dead link is seen, and said, within ten seconds.
MINUTE = timedelta(minutes=1)
NOBODY_CALLS = frozenset({"desks-closed", "no-counter"})
REOPENS = frozenset({"lunch", "not-yet-open"})


def citizen_view(
    board: Board, ticket: Ticket, *, at: datetime, ahead: int | None, wait: Wait | None, because: Bilingual | None
) -> CitizenTicket:
    """Where this ticket stands. Times that are forecast are to the minute, so that a view changes seldom."""
    ask = _ask(board, ticket, at)
    expected = None if wait is None else _minute(at + timedelta(seconds=wait[0]) + MINUTE / 2)
    late = None if wait is None or wait[1] is None else _minute(at + timedelta(seconds=wait[1]) + MINUTE)
    notes = tuple(_notes(board, ticket, at, late))
    if _nobody_calls_before(notes, expected):
        expected = late = because = None
    return CitizenTicket(
        at=at,
        hall=bilingual(rules_of(board).name),
        id=ticket.id,
        shown=shown(board, ticket),
        service=bilingual(board.services[ticket.service].rules.name),
        state=STATE_NAMES[ticket.state],
        issued_at=ticket.issued_at,
        called_at=ticket.called_at,
        started_at=ticket.started_at,
        ended_at=ticket.ended_at,
        counter=None if ticket.counter is None else label_of(board, ticket.counter),
        call=ticket.call_sequence,
        ahead=ahead,
        expected_at=expected,
        late_at=late,
        because=because,
        counters=tuple(
            CitizenCounter(label=one.rules.label, state=counter_state(board, one)) for one in _serving(board, ticket)
        ),
        notes=notes,
        return_until=_return_until(board, ticket, at),
        may_cancel=ticket.state in CANCELLABLE,
        ask=ask,
        is_rated=_is_rated(board, ticket),
        again_s=_again(ticket, ahead, has_ask=ask is not None),
    )


def _nobody_calls_before(notes: tuple[CitizenNote, ...], expected: datetime | None) -> bool:
    """Whether the hall itself says that nobody calls at `expected`: no hour is better than one that cannot be kept."""
    return any(
        one.code in NOBODY_CALLS
        or (one.code in REOPENS and one.at is not None and expected is not None and expected < one.at)
        for one in notes
    )


def _minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)


def _serving(board: Board, ticket: Ticket) -> Iterator[Counter]:
    """The open counters that may call it; none once it has been called."""
    if ticket.state is not State.WAITING:
        return
    only = ticket.counter
    for one in board.counters.values():
        if one.is_open and (ticket.service in one.services if only is None else one.rules.number == only):
            yield one


def _again(ticket: Ticket, ahead: int | None, *, has_ask: bool) -> int:
    if ticket.state is State.CALLED or (ahead is not None and ahead <= NEAR_AHEAD):
        return NEAR_AGAIN_S
    is_over = ticket.state in FINAL and ticket.state is not State.ABSENT
    return 0 if is_over and not has_ask else AGAIN_S


# What the session means for this ticket


def _notes(board: Board, ticket: Ticket, at: datetime, late: datetime | None) -> Iterator[CitizenNote]:
    if ticket.state is not State.WAITING:
        return
    session = _session_note(board, at)
    if session is not None:
        yield session
    elif not any(not one.is_paused for one in _serving(board, ticket)):
        yield CitizenNote(code="no-counter")
    if board.services[ticket.service].is_paused:
        yield CitizenNote(code="paused")
    if board.closes_at is not None and late is not None and late > board.closes_at > at:
        yield CitizenNote(code="may-pass-closing", at=board.closes_at)


def _session_note(board: Board, at: datetime) -> CitizenNote | None:
    """Why nobody is called now, or that today's last hour has come; None while all is as usual."""
    minute = at.hour * 60 + at.minute
    if board.is_sealed or board.day != at.date():
        return CitizenNote(code="desks-closed")
    if not desk_is_open(board.sessions, at):
        later = [one.desk_from for one in board.sessions if one.desk_from > minute]
        if not later:
            return CitizenNote(code="desks-closed")
        opens = at.replace(hour=min(later) // 60, minute=min(later) % 60, second=0, microsecond=0)
        is_lunch = any(one.desk_to <= minute for one in board.sessions)
        return CitizenNote(code="lunch" if is_lunch else "not-yet-open", at=opens)
    is_last = ticket_session(board.sessions, at) is None and not any(one.ticket_from > minute for one in board.sessions)
    return CitizenNote(code="last-call", at=board.closes_at) if is_last else None


def _return_until(board: Board, ticket: Ticket, at: datetime) -> datetime | None:
    if ticket.state is not State.ABSENT or ticket.absent_at is None:
        return None
    until = ticket.absent_at + timedelta(minutes=rules_of(board).settings.absent_return_minutes)
    return until if until >= at else None


# The question afterwards


def _ask(board: Board, ticket: Ticket, at: datetime) -> CitizenAsk | None:
    """The question, while it is open."""
    ask = None if ticket.ask is None else board.asks.get(ticket.ask)
    if ask is None or ask.is_answered or ask.expires_at <= at:
        return None
    scale = rules_of(board).scale
    levels = tuple(
        CitizenLevel(score=one.score, label=bilingual(one.label), counts_as=one.counts_as) for one in scale.levels
    )
    return CitizenAsk(levels=levels, reasons=scale.reasons, expires_at=ask.expires_at)


def _is_rated(board: Board, ticket: Ticket) -> bool:
    ask = None if ticket.ask is None else board.asks.get(ticket.ask)
    return ask is not None and ask.is_answered
