"""What the citizen's own page draws: one ticket, whole, with nothing personal and nothing of anybody else.

Fields are only ever added, each with a default.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from queue_server.wire.fields import Bilingual, CounterState, TicketState

NoteCode = Literal["lunch", "not-yet-open", "desks-closed", "last-call", "may-pass-closing", "paused", "no-counter"]


class CitizenNote(Struct, frozen=True, kw_only=True, gc=False):
    """A change of the session that touches this ticket; the page has the words."""

    code: NoteCode
    at: datetime | None = None
    """Until when, or from when on, where it is known."""


class CitizenCounter(Struct, frozen=True, kw_only=True, gc=False):
    """A counter that may call this ticket."""

    label: str
    state: CounterState


class CitizenLevel(Struct, frozen=True, kw_only=True, gc=False):
    """One face of the hall's scale."""

    score: int
    label: Bilingual
    counts_as: Literal["satisfied", "neutral", "dissatisfied"]


class CitizenAsk(Struct, frozen=True, kw_only=True):
    """The open question how the visit was."""

    levels: tuple[CitizenLevel, ...]
    """In the hall's order."""
    reasons: tuple[str, ...]
    """Codes to choose from after an unhappy face."""
    expires_at: datetime


class CitizenTicket(Struct, frozen=True, kw_only=True):
    """Where the holder of a ticket stands."""

    at: datetime
    hall: Bilingual
    id: str
    shown: str
    """The number as it stands on paper."""
    service: Bilingual
    state: TicketState
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    counter: str | None
    """The label of the counter that calls, serves or keeps this ticket, or that alone will call it."""
    call: int
    """The sequence of its last announcement: a higher one is another call of the same number."""
    ahead: int | None
    expected_at: datetime | None
    """When it is called by the last forecast, to the minute; null when nobody knows."""
    late_at: datetime | None
    """Nine in ten are called before this."""
    because: Bilingual | None
    counters: tuple[CitizenCounter, ...]
    """The open ones that serve it, those in a pause included."""
    notes: tuple[CitizenNote, ...]
    return_until: datetime | None
    """Until when somebody who missed the call may come back; null where that is over, or was never missed."""
    may_cancel: bool
    ask: CitizenAsk | None
    is_rated: bool
    again_s: int
    """After so many seconds the page asks again; 0: nothing can change any more."""
