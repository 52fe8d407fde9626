"""What the board does not keep because no rule asks for it: since when a counter rests or somebody waits again."""

from datetime import datetime
from typing import TYPE_CHECKING

from queue_server.core.events import (
    AnyEvent,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    TicketAbsent,
    TicketCalled,
    TicketFinished,
    TicketHeld,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
)

if TYPE_CHECKING:
    from queue_server.core.ids import CounterNumber, TicketId


class Lately:
    """Today's marks, by counter and ticket.

    Lifetime: one day. Concurrency: none; one fold owns it.
    """

    def __init__(self) -> None:
        self.since: dict[CounterNumber, datetime] = {}
        """When the counter was last opened, closed, paused, resumed, or became free."""
        self.pauses: dict[CounterNumber, str] = {}
        """Why it rests: the code in the event."""
        self.again: dict[TicketId, datetime] = {}
        """Since when a transferred or returned ticket waits; its wait is counted from there."""

    def follow(self, event: AnyEvent, at: datetime) -> None:
        """Take in one event; most change nothing here."""
        match event:
            case CounterOpened() | CounterResumed() | CounterClosed():
                self.since[event.counter] = at
                self.pauses.pop(event.counter, None)
            case CounterPaused():
                self.since[event.counter] = at
                self.pauses[event.counter] = event.reason
            case TicketFinished() | TicketAbsent() | TicketHeld() | TicketSentAway():
                self.since[event.counter] = at
            case TicketTransferred():
                self.since[event.from_counter] = at
                self.again[event.ticket] = at
            case TicketReturned():
                self.again[event.ticket] = at
            case TicketCalled():
                self.again.pop(event.ticket, None)
            case _:
                pass
