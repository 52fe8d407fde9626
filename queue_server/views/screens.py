"""Views of the public screens. They hold numbers and places, never groups, reasons in full or words of persons.

The kiosk's view alone names the priority groups: it is given to kiosks that have signed in, for their own buttons.
"""

from datetime import date, datetime
from itertools import islice

from queue_server.core.board import Board, Call, Counter, Service, State, waiting_count
from queue_server.core.calendar import ALL_DAY
from queue_server.core.place import call_order
from queue_server.core.rules import HallRules, Settings
from queue_server.presenting.texts import Texts
from queue_server.views.counters import counter_state
from queue_server.views.names import bilingual, bilingual_or_none, label_of
from queue_server.views.opening import (
    gives_tickets,
    hall_opens_at,
    is_open,
    notices,
    service_notice,
    service_opens_at,
    service_state,
)
from queue_server.views.tickets import shown
from queue_server.views.waits import Waits, wait_left
from queue_server.wire import screens
from queue_server.wire.fields import Bilingual

LOBBY_CALLS = 12
"""Last calls on the lobby screen; older ones nobody looks for."""
LOBBY_NEXT = 2
"""Next numbers of a service; who stands further back reads the wait."""
NO_NAME = Bilingual(vi="", en="")


def lobby_view(
    board: Board, *, at: datetime, waits: Waits, texts: Texts, zone: str = "", mean_wait_s: int | None = None
) -> screens.LobbyView:
    """What everybody may see; with a zone only its counters and their calls. `mean_wait_s` is today's, if known."""
    counters = [one for one in board.counters.values() if not zone or one.rules.zone == zone]
    numbers = {one.rules.number for one in counters}
    return screens.LobbyView(
        name=_hall_name(board.rules),
        at=at,
        open=is_open(board, at),
        opens_at=hall_opens_at(board, at),
        calls=tuple(_lobby_call(board, call) for call in _last_calls(board) if call.counter in numbers)[:LOBBY_CALLS],
        counters=tuple(_lobby_counter(board, one) for one in counters),
        services=tuple(_lobby_service(board, one, at, waits) for one in board.services.values()),
        notices=notices(board, at, texts),
        hours=_hours(board),
        wait_mean_s=mean_wait_s,
    )


def _hours(board: Board) -> tuple[screens.LobbyHours, ...]:
    sessions = [(one.desk_from, one.desk_to) for one in board.sessions]
    if sessions == [(ALL_DAY.desk_from, ALL_DAY.desk_to)]:
        return ()
    return tuple(screens.LobbyHours(_clock(opens), _clock(closes)) for opens, closes in sessions)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _hall_name(rules: HallRules | None) -> Bilingual:
    return NO_NAME if rules is None else bilingual(rules.name)


def _last_calls(board: Board) -> list[Call]:
    newest: dict[str, Call] = {}
    for call in reversed(board.calls):
        newest.setdefault(call.ticket, call)
    return list(newest.values())


def _lobby_call(board: Board, call: Call) -> screens.LobbyCall:
    ticket = board.tickets[call.ticket]
    return screens.LobbyCall(
        sequence=call.sequence,
        number=call.number,
        shown=shown(board, ticket),
        counter=call.counter,
        label=label_of(board, call.counter),
        at=call.at,
        calling=ticket.state is State.CALLED and ticket.counter == call.counter,
    )


def _lobby_counter(board: Board, counter: Counter) -> screens.LobbyCounter:
    ticket = None if counter.ticket is None else board.tickets[counter.ticket]
    return screens.LobbyCounter(
        number=counter.rules.number,
        label=counter.rules.label,
        state=counter_state(board, counter),
        ticket=None if ticket is None else ticket.number,
        shown=None if ticket is None else shown(board, ticket),
    )


def _lobby_service(board: Board, service: Service, at: datetime, waits: Waits) -> screens.LobbyService:
    wait = wait_left(waits, service.rules.id, at)
    return screens.LobbyService(
        id=service.rules.id,
        name=bilingual(service.rules.name),
        waiting=waiting_count(board, service.rules.id),
        expected_wait_s=None if wait is None else wait[0],
        wait_p90_s=None if wait is None else wait[1],
        next=() if board.rules is None else _next_numbers(board, service, at),
    )


def _next_numbers(board: Board, service: Service, at: datetime) -> tuple[str, ...]:
    line = islice(call_order(board, service.rules.id, at), LOBBY_NEXT)
    return tuple(shown(board, board.tickets[nominee.place.ticket]) for nominee in line)


def kiosk_view(board: Board, *, at: datetime, waits: Waits, texts: Texts) -> screens.KioskView:
    """What a kiosk offers at this instant."""
    rules = board.rules
    settings = Settings() if rules is None else rules.settings
    return screens.KioskView(
        name=_hall_name(rules),
        at=at,
        open=gives_tickets(board, at),
        opens_at=hall_opens_at(board, at),
        services=tuple(service_tile(board, one, at, waits, texts) for one in board.services.values()),
        priority=() if rules is None else _priority(rules, at.date()),
        languages=("vi", "en") if rules is None else rules.languages,
        bulk_from=0 if rules is None else rules.policy.bulk_from,
        cancel_s=settings.kiosk_cancel_s,
        notices=notices(board, at, texts),
    )


def service_tile(board: Board, service: Service, at: datetime, waits: Waits, texts: Texts) -> screens.KioskService:
    """One service as somebody who would take a number of it sees it."""
    state = service_state(board, service, at)
    opens = service_opens_at(board, service, state, at)
    wait = wait_left(waits, service.rules.id, at)
    return screens.KioskService(
        id=service.rules.id,
        name=bilingual(service.rules.name),
        prefix=service.rules.prefix,
        state=state,
        opens_at=opens,
        waiting=waiting_count(board, service.rules.id),
        expected_wait_s=None if wait is None else wait[0],
        wait_p90_s=None if wait is None else wait[1],
        elsewhere=bilingual_or_none(service.rules.elsewhere),
        notice=service_notice(state, opens, at, texts),
    )


def _priority(rules: HallRules, day: date) -> tuple[screens.KioskPriority, ...]:
    return tuple(
        screens.KioskPriority(
            group=row.group, label=bilingual(row.label), proof=bilingual(row.proof), legal_basis=row.legal_basis
        )
        for row in rules.priority
        if row.from_day <= day <= row.to_day
    )
