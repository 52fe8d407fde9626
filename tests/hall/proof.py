"""The proof that a hall kept its word: the history of the doors held against the exported journal.

The journal's order is taken as the order in which things happened. Then every answer must be true at one moment between
its request and itself, and every call must be the one that the policy makes on the board just before it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import inf
from pathlib import Path

from queue_server.core.board import Board
from queue_server.core.events import TicketCalled, TicketRecalled
from queue_server.core.evolve import evolve
from queue_server.core.ids import CounterNumber
from queue_server.core.policy import Pick, pick
from queue_server.journal.port import Row
from queue_server.journal.stored import stored_rows
from queue_server.journal.verify import verify
from queue_server.restoring import BoardWalk
from tests.hall.facts import Fact, facts_of
from tests.hall.history import Entry, History, Seen
from tests.hall.operations import Ledger, Operation, Order, key_faults, operations_of
from tests.hall.violation import Violation
from tests.hall.witness import Witness

SLACK_SECONDS = 0.5
"""How far the wall clocks of this process and of a restarted server may be apart."""


def exported(file: Path) -> list[Row]:
    """The rows of an exported journal, or of a hall folder."""
    with stored_rows(file) as rows:
        return list(rows)


def violations(history: History, rows: Sequence[Row], slack_s: float = SLACK_SECONDS) -> list[Violation]:
    """Everything that is wrong; an empty list is the proof. A broken chain is told alone: nothing else can be known."""
    report = verify(rows, None, BoardWalk())
    if report.problem is not None:
        return [Violation("chain", report.problem)]
    facts = facts_of(rows)
    operations = operations_of(history)
    slack = timedelta(seconds=slack_s)
    ledger = Ledger(facts, history, slack)
    found = [*key_faults(operations)]
    for operation in operations:
        found += ledger.settle(operation)
        for entry, seen in _views(operation):
            operation.ended = min(operation.ended, entry.ended)
            operation.span(seen.sequence, seen.sequence)
    found += ledger.unexplained(operations)
    order = Order(operations)
    found += order.faults(operations)
    found += _intervals(ledger, facts, history, slack)
    found += _heads(operations, facts)
    found += _walk(facts, operations, order)
    found += _announcements(history, facts, slack)
    return found


def _intervals(ledger: Ledger, facts: Sequence[Fact], history: History, slack: timedelta) -> Iterator[Violation]:
    for sequence, operation in ledger.owner.items():
        if operation.asked.may_share:
            continue
        at = facts[sequence - 1].at
        # The journal cuts instants to milliseconds, so they may be a little earlier than the request.
        is_too_early = at < history.wall(operation.started) - slack
        if is_too_early or (operation.ended < inf and at > history.wall(operation.ended) + slack):
            words = f"event {sequence} is of {at}, but {operation} was asked at {history.wall(operation.started)}"
            yield Violation("outside-interval", words)


def _heads(operations: Sequence[Operation], facts: Sequence[Fact]) -> Iterator[Violation]:
    """A head that was answered is in the journal, at the operation's own event or later."""
    by_start = {fact.hash[:12]: fact.sequence for fact in facts}
    for operation in operations:
        for _, answer in operation.done:
            if not answer.head:
                continue
            sequence = by_start.get(answer.head[:12])
            if sequence is None:
                yield Violation("head-unknown", f"{operation} named the head {answer.head}")
            elif operation.high is not None and sequence < operation.high:
                words = f"{operation} named head {sequence}, before its own event {operation.high}"
                yield Violation("head-unknown", words)


class _Window:
    """A claim that must be true at one event at least between two."""

    def __init__(self, operation: Operation, counter: CounterNumber, first: int, last: int) -> None:
        self.operation = operation
        self.counter = counter
        self.first = first
        self.last = last
        self.is_true = False


def _walk(facts: Sequence[Fact], operations: Sequence[Operation], order: Order) -> Iterator[Violation]:
    """Rebuild the board event by event and hold calls, empty answers and views against it."""
    windows = _windows(operations, order, len(facts))
    opening = defaultdict(list)
    for window in windows:
        opening[window.first].append(window)
    views: dict[int, list[tuple[Operation, Seen]]] = defaultdict(list)
    for operation in operations:
        for _, seen in _views(operation):
            views[seen.sequence].append((operation, seen))
    witness, board = Witness(), Board()
    active: list[_Window] = []
    for fact in facts:
        yield from witness.watch(fact)
        yield from _lawful(board, fact)
        board = evolve(board, fact.event, fact.at)
        active = [one for one in (*active, *opening[fact.sequence]) if not one.is_true and one.last >= fact.sequence]
        for one in active:
            one.is_true = _nobody_waits(board, one.counter)
        for operation, seen in views[fact.sequence]:
            yield from _true_view(board, operation, seen)
    for window in windows:
        if not window.is_true:
            words = f"{window.operation} heard that nobody waits, untrue from event {window.first} to {window.last}"
            yield Violation("somebody-waits", words)


def _views(operation: Operation) -> list[tuple[Entry, Seen]]:
    return [(entry, answer.seen) for entry, answer in operation.answers if answer.seen is not None]


def _windows(operations: Sequence[Operation], order: Order, last: int) -> list[_Window]:
    return [
        _Window(
            one,
            CounterNumber(answer.nobody_waits_at),
            max(order.earliest(one.started), 1),
            order.latest(entry.ended, last),
        )
        for one in operations
        for entry, answer in one.answers
        if answer.nobody_waits_at is not None
    ]


def _lawful(board: Board, fact: Fact) -> Iterator[Violation]:
    event = fact.event
    if not isinstance(event, TicketCalled) or event.reason.code == "by-number":
        return
    choice = pick(board, board.counters[event.counter], fact.at)
    if choice != Pick(event.ticket, event.reason):
        words = f"event {fact.sequence} calls {event.ticket} for {event.reason}; the policy picks {choice}"
        yield Violation("unlawful-call", words)


def _nobody_waits(board: Board, number: CounterNumber) -> bool:
    counter = board.counters.get(number)
    if counter is None or board.at is None or counter.ticket is not None:
        return False
    return pick(board, counter, board.at) is None


def _true_view(board: Board, operation: Operation, seen: Seen) -> Iterator[Violation]:
    for number, shown in seen.number_at.items():
        counter = board.counters.get(CounterNumber(number))
        stands = None if counter is None or counter.ticket is None else board.tickets[counter.ticket].number
        if stands != shown:
            words = f"{operation} saw {shown} at counter {number} as of event {board.sequence}; it was {stands}"
            yield Violation("untrue-view", words)


def _announcements(history: History, facts: Sequence[Fact], slack: timedelta) -> Iterator[Violation]:
    """A screen says only what happened, and each of it once."""
    numbers = {fact.ticket: fact.number for fact in facts if fact.number is not None}
    said: set[tuple[str, int]] = set()
    for heard in history.heard:
        fact = facts[heard.sequence - 1] if 0 < heard.sequence <= len(facts) else None
        if (
            fact is None
            or not isinstance(fact.event, TicketCalled | TicketRecalled)
            or (numbers[fact.ticket], fact.counter) != (heard.number, heard.counter)
            or fact.at > history.wall(heard.at) + slack
        ):
            yield Violation("announcement", f"{heard} is no call of the journal")
        if (heard.screen, heard.sequence) in said:
            yield Violation("announcement", f"{heard.screen} heard event {heard.sequence} twice")
        said.add((heard.screen, heard.sequence))
