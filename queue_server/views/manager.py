"""The whole hall as its manager sees it. It names clerks and numbers, never groups or words of citizens."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from queue_server.core import lanes
from queue_server.core.board import Board, Counter, Service, Ticket, lanes_of
from queue_server.core.ids import Actor, ServiceId
from queue_server.presenting.phrases import reason_text
from queue_server.presenting.texts import Texts
from queue_server.views.counters import counter_state
from queue_server.views.guide import standing_alerts
from queue_server.views.lately import Lately
from queue_server.views.names import bilingual
from queue_server.views.opening import hall_opens_at, is_open, service_state
from queue_server.views.tickets import shown
from queue_server.views.waits import Waits, wait_left
from queue_server.wire import screens
from queue_server.wire.fields import Bilingual
from queue_server.wire.manager import GOAL_S, Alert, AlertCode, Day, ManagerCounter, ManagerService, ManagerView

VISIT_LONG_S = 45 * 60
VISIT_LONG_FACTOR = 3
"""A visit beyond both, the second times what its service usually takes, was perhaps never ended."""
UNATTENDED_MANY = 4
HELD_LONG = timedelta(minutes=60)
FORECAST_STALE = timedelta(seconds=90)
"""The forecaster looks at least every ten seconds; after this somebody must be told."""


class Seen(Struct, frozen=True, kw_only=True):
    """What the view is made of beside the board."""

    waits: Waits
    lately: Lately
    names: Mapping[Actor, str]
    """Of the clerks at work."""
    day: Day | None
    calls: tuple[screens.Alert, ...] = ()
    """Who calls for help."""
    problems: tuple[str, ...] = ()
    """Mistakes in the files of the hall, which are therefore not in force."""
    is_behind: bool = False
    """Whether the figures could not be brought up to this board."""


def manager_view(board: Board, seen: Seen, *, at: datetime, texts: Texts) -> ManagerView:
    """The hall now. One pass over the counters and over those who wait; nothing else of the day is looked at."""
    lines = {service: _Line() for service in board.services}
    for ticket in _waiting(board):
        lines[ticket.service].add(board, ticket, _since(ticket, seen.lately), at)
    counters = tuple(_counter(board, one, seen, at, texts) for one in board.counters.values())
    services = tuple(_service(board, one, lines[one.rules.id], seen.waits, at) for one in board.services.values())
    longest = [one.longest_wait_s for one in services if one.longest_wait_s is not None]
    return ManagerView(
        name=Bilingual(vi="", en="") if board.rules is None else bilingual(board.rules.name),
        at=at,
        open=is_open(board, at),
        opens_at=hall_opens_at(board, at),
        closes_at=board.closes_at,
        goal_s=GOAL_S,
        waiting=sum(one.waiting for one in services),
        longest_wait_s=max(longest, default=None),
        services=services,
        counters=counters,
        alerts=tuple(sorted(_alerts(board, seen, services, counters, lines, at), key=lambda one: not one.is_urgent)),
        day=seen.day,
    )


# Who waits


class _Line:
    """Who waits for one service, while they are counted."""

    def __init__(self) -> None:
        self.waiting = self.late = 0
        self.longest_s: int | None = None
        self.longest = ""

    def add(self, board: Board, ticket: Ticket, since: datetime, at: datetime) -> None:
        waited = max(0, round((at - since).total_seconds()))
        self.waiting += 1
        self.late += waited > GOAL_S
        if self.longest_s is None or waited > self.longest_s:
            self.longest_s, self.longest = waited, shown(board, ticket)


def _waiting(board: Board) -> Iterator[Ticket]:
    for service in board.services:
        for _, lane in lanes_of(board, service):
            yield from (board.tickets[place.ticket] for place in lanes.places(lane))
    for counter in board.counters.values():
        yield from (board.tickets[place.ticket] for place in lanes.places(counter.directed))


def _since(ticket: Ticket, lately: Lately) -> datetime:
    """Where the wait begins that it is in: the main one, or that after a transfer or a return."""
    return lately.again.get(ticket.id, ticket.waits_from)


def _service(board: Board, service: Service, line: _Line, waits: Waits, at: datetime) -> ManagerService:
    identity = service.rules.id
    wait = wait_left(waits, identity, at)
    return ManagerService(
        id=identity,
        name=bilingual(service.rules.name),
        state=service_state(board, service, at),
        paused=service.is_paused,
        waiting=line.waiting,
        late=line.late,
        longest_wait_s=line.longest_s,
        expected_wait_s=None if wait is None else wait[0],
        wait_p90_s=None if wait is None else wait[1],
        counters=tuple(
            one.rules.number
            for one in board.counters.values()
            if one.is_open and not one.is_paused and identity in one.services
        ),
    )


# Counters


def _counter(board: Board, counter: Counter, seen: Seen, at: datetime, texts: Texts) -> ManagerCounter:
    number = counter.rules.number
    ticket = None if counter.ticket is None else board.tickets[counter.ticket]
    since = seen.lately.since.get(number) if ticket is None else ticket.started_at or ticket.called_at
    pause = seen.lately.pauses.get(number) if counter.is_paused else None
    return ManagerCounter(
        number=number,
        label=counter.rules.label,
        zone=counter.rules.zone,
        state=counter_state(board, counter),
        paused=counter.is_paused,
        clerk=None if counter.clerk is None else seen.names.get(counter.clerk),
        services=counter.services,
        ticket=None if ticket is None else shown(board, ticket),
        since=since,
        pause=None if pause is None else _reason(texts, pause),
        held=len(counter.held),
        is_long=ticket is not None and since is not None and _is_long(board, ticket, at - since),
    )


def _reason(texts: Texts, code: str) -> Bilingual:
    return Bilingual(vi=reason_text(texts, "vi", code), en=reason_text(texts, "en", code))


def _is_long(board: Board, ticket: Ticket, lasted: timedelta) -> bool:
    usual = board.services[ticket.service].rules.expected_service_s
    return lasted.total_seconds() > max(VISIT_LONG_S, VISIT_LONG_FACTOR * usual)


# What needs somebody


def _alerts(
    board: Board,
    seen: Seen,
    services: tuple[ManagerService, ...],
    counters: tuple[ManagerCounter, ...],
    lines: Mapping[ServiceId, _Line],
    at: datetime,
) -> Iterator[Alert]:
    """All of them, each kind in the order of counters and services."""
    yield from _helps(seen, at)
    yield from _unattended(board)
    for one in services:
        yield from _service_alerts(board, one, lines[ServiceId(one.id)], at)
    yield from (
        Alert(id=f"forgotten-{one.number}-{one.ticket}", code="forgotten", is_urgent=False, counter=one.number,
              number=one.ticket, since=one.since)
        for one in counters if one.is_long
    )  # fmt: skip
    yield from _forgotten_held(board, at)
    yield from _stale(seen, board, at)


def _helps(seen: Seen, at: datetime) -> Iterator[Alert]:
    for call in standing_alerts(seen.calls, at):
        code: AlertCode = "help" if call.kind == "counter" else "help-kiosk"
        yield Alert(id=call.id, code=code, is_urgent=True, counter=call.counter, since=call.since, text=call.label)


def _unattended(board: Board) -> Iterator[Alert]:
    """Counters that stand open without a clerk; those of halls without sign-in are meant to.

    From `UNATTENDED_MANY` on they are one matter, or they would bury all others.
    """
    alone = [
        number
        for number, counter in board.counters.items()
        if counter.is_open and counter.clerk is None and not counter.rules.opens_with_hall
    ]
    if len(alone) >= UNATTENDED_MANY:
        yield Alert(id="no-clerk-many", code="no-clerk-many", is_urgent=False, count=len(alone))
        return
    for number in alone:
        yield Alert(id=f"no-clerk-{number}", code="no-clerk", is_urgent=False, counter=number)


def _service_alerts(board: Board, service: ManagerService, line: _Line, at: datetime) -> Iterator[Alert]:
    if line.late:
        yield Alert(
            id=f"long-wait-{service.id}", code="long-wait", is_urgent=True, service=service.id, count=line.late,
            seconds=line.longest_s, number=line.longest,
        )  # fmt: skip
    if service.state == "no-numbers":
        yield Alert(id=f"no-numbers-{service.id}", code="no-numbers", is_urgent=False, service=service.id)
    past = _past_closing(board, service, at)
    if past > 0 and service.state == "open":
        yield Alert(
            id=f"past-closing-{service.id}", code="past-closing", is_urgent=False, service=service.id, seconds=past
        )


def _past_closing(board: Board, service: ManagerService, at: datetime) -> int:
    """How far past the desks' closing somebody who comes now may be called, by nine chances in ten; else 0 or less."""
    wait = service.expected_wait_s if service.wait_p90_s is None else service.wait_p90_s
    if wait is None or board.closes_at is None:
        return 0
    return round((at + timedelta(seconds=wait) - board.closes_at).total_seconds())


def _forgotten_held(board: Board, at: datetime) -> Iterator[Alert]:
    for number, counter in board.counters.items():
        for ticket in (board.tickets[one] for one in counter.held):
            if ticket.left_at is not None and at - ticket.left_at > HELD_LONG:
                yield Alert(
                    id=f"forgotten-held-{ticket.number}", code="forgotten-held", is_urgent=False, counter=number,
                    number=shown(board, ticket), since=ticket.left_at,
                )  # fmt: skip


def _stale(seen: Seen, board: Board, at: datetime) -> Iterator[Alert]:
    for position, text in enumerate(seen.problems):
        key = f"settings-refused-{position}"
        yield Alert(id=key, code="settings-refused", is_urgent=False, text=text)
    made_at = max((told[0] for told in seen.waits.values()), default=None)
    if made_at is not None and at - made_at > FORECAST_STALE and board.day == at.date():
        yield Alert(id="forecast-stale", code="forecast-stale", is_urgent=False, since=made_at)
    if seen.is_behind:
        yield Alert(id="figures-stale", code="figures-stale", is_urgent=False)


def clerks_of(board: Board) -> set[Actor]:
    """Whose names the view needs."""
    return {one.clerk for one in board.counters.values() if one.clerk is not None}


__all__ = ["Seen", "clerks_of", "manager_view"]
