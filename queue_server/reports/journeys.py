"""What became of each ticket of one day: its visits to desks, its waits and its ratings, as the events tell.

A journey is one ticket. A visit is one wait for a desk and the stay at it; hold, away, transfer and finish end a visit,
absence does not. Times are whole milliseconds since 1970.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

from queue_server.core.ids import CounterNumber, ServiceId

End = Literal["open", "served", "absent", "cancelled", "expired"]
Answer = Literal["", "satisfied", "neutral", "dissatisfied"]


class Visit(Struct, kw_only=True):
    """One wait for a desk and the stay at it. It grows while its day is folded."""

    service: ServiceId
    counter: CounterNumber | None = None
    """The desk of the last call; None when it was never called."""
    clerk: str = ""
    """Who was signed in there at that call; empty when nobody was."""
    first_from: int | None = None
    """Where the main wait begins, for the first visit of a journey."""
    second_from: int | None = None
    """The transfer, for a visit that began with one."""
    return_from: int | None = None
    """The return, for a visit that began with one or was taken up again after absence."""
    called: int | None = None
    """The first announcement of the call in force."""
    started: int | None = None
    waited_until: int | None = None
    """The start of service or, where start was not pressed, the call that led to it."""
    left: int | None = None
    """The end of the stay."""
    end: End = "open"
    open_hours: int = 0
    """The open hours in the main wait."""
    crosses_break: bool = False
    is_doubtful: bool = False
    is_inaccurate: bool = False
    is_asked: bool = False
    is_rated: bool = False
    answer: Answer = ""
    """What the rating counts as; empty too when its scale does not know the score."""
    dossiers: list[str] = []
    """The procedure of each dossier named here, empty where none was given."""

    def stay(self) -> int | None:
        """The service time: from the start of service, else from the call, to the end; None when it is not known."""
        begin = self.called if self.started is None else self.started
        return None if begin is None or self.left is None else max(0, self.left - begin)


class Journey(Struct, kw_only=True):
    """One ticket of the day."""

    day: date
    hour: int
    """The hour of issue by the hall's clock; for a promised place the hour of opening."""
    before_opening: int
    """From issue to the opening of the desks; 0 when they were open, and for a promised place."""
    visits: list[Visit]
    end: End = "open"
    is_at_desk: bool = False
    """Whether the last visit is a call or a stay in progress."""
    is_offline: bool = False
    has_claimed: bool = False
    is_confirmed: bool = False
    asked_for: tuple[str, ...] = ()
    """The procedures chosen when the ticket was issued."""
    brought: int = 0
    """The dossiers named when the ticket was issued."""
    done: list[str] = []
    """The procedures that desks named, each once."""

    def procedures(self) -> tuple[str, ...]:
        """The procedures desks named, else those chosen at issue, else one empty name."""
        return tuple(self.done) or tuple(dict.fromkeys(self.asked_for)) or ("",)
