"""Which browser a clerk works from: one person in two windows is still one person at one counter."""

from collections.abc import Callable

from queue_server.core.board import Counter
from queue_server.core.ids import CounterNumber
from queue_server.people.directory import Principal


class Seats:
    """The session at each counter.

    Lifetime: of the application; after a restart the first session that acts has the seat.
    Concurrency: the loop's thread. Holds at most one entry for each counter of the hall.
    """

    def __init__(self, stands: Callable[[Principal], bool]) -> None:
        self._stands = stands
        self._at: dict[CounterNumber, Principal] = {}

    def is_elsewhere(self, counter: Counter, principal: Principal | None) -> bool:
        """Whether the same person works at this counter from another session, which is still signed in."""
        if principal is None or principal.kind != "session" or counter.clerk != principal.actor:
            return False
        sitting = self._at.get(counter.rules.number)
        if sitting is None or sitting.session == principal.session or sitting.actor != principal.actor:
            return False
        return self._stands(sitting)

    def sit(self, counter: CounterNumber, principal: Principal | None) -> None:
        """The counter is worked from this session now."""
        if principal is not None and principal.kind == "session":
            self._at[counter] = principal
