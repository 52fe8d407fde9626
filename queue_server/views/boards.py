"""The whole board for signed-in askers, and announcements."""

from datetime import datetime

from queue_server.core.board import Board, Call, Counter, Service, waiting_count
from queue_server.core.effects import AnnounceTicket
from queue_server.presenting import phrases
from queue_server.presenting.texts import Texts
from queue_server.views.counters import counter_state
from queue_server.views.names import bilingual, full_reason, label_of
from queue_server.views.opening import is_open, service_state
from queue_server.views.tickets import prefix_of
from queue_server.views.waits import Waits, wait_left
from queue_server.wire import answers
from queue_server.wire.messages import Announce, Audio

NO_VOICE = Audio()


def board_view(board: Board, *, at: datetime, waits: Waits, texts: Texts, is_full: bool) -> answers.Board:
    """The hall; with `is_full` the calls carry their full reasons, else what everybody may know."""
    return answers.Board(
        sequence=board.sequence,
        at=at,
        open=is_open(board, at),
        services=tuple(_service(board, one, at, waits) for one in board.services.values()),
        counters=tuple(_counter(board, one) for one in board.counters.values()),
        calls=tuple(_call(board, one, texts, is_full=is_full) for one in reversed(board.calls) if not one.repeat),
    )


def _service(board: Board, service: Service, at: datetime, waits: Waits) -> answers.BoardService:
    identity = service.rules.id
    wait = wait_left(waits, identity, at)
    return answers.BoardService(
        id=identity,
        name=bilingual(service.rules.name),
        open=service_state(board, service, at) == "open",
        waiting=waiting_count(board, identity),
        expected_wait_s=None if wait is None else wait[0],
        wait_p90_s=None if wait is None else wait[1],
    )


def _counter(board: Board, counter: Counter) -> answers.BoardCounter:
    return answers.BoardCounter(
        number=counter.rules.number,
        label=counter.rules.label,
        state=counter_state(board, counter),
        services=counter.services,
        ticket=None if counter.ticket is None else board.tickets[counter.ticket].number,
    )


def _call(board: Board, call: Call, texts: Texts, *, is_full: bool) -> answers.BoardCall:
    reason = full_reason(board, call.reason, texts) if is_full else phrases.public_reason(texts, call.reason.code)
    return answers.BoardCall(number=call.number, counter=call.counter, at=call.at, reason=reason)


def announce_view(board: Board, call: AnnounceTicket, texts: Texts, audio: Audio = NO_VOICE) -> Announce:
    """What screens show and speak for one announcement."""
    prefix = prefix_of(board, board.tickets[call.ticket].service, call.number)
    label = label_of(board, call.counter)
    return Announce(
        sequence=call.sequence,
        number=call.number,
        shown=f"{prefix}{call.number}",
        counter=call.counter,
        label=label,
        repeat=call.repeat,
        text=phrases.announcement(texts, prefix=prefix, number=call.number, label=label, repeat=call.repeat),
        audio=audio,
    )
