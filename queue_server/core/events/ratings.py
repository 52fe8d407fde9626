"""How a visit was, in the citizen's own answer."""

from datetime import datetime
from typing import Literal

from queue_server.core.events.base import Event
from queue_server.core.ids import Actor, AskId, CounterNumber, TicketId


class RatingOffered(Event, frozen=True, kw_only=True):
    """A citizen is asked how the visit was."""

    KIND = "rating-offered"
    ask: AskId
    ticket: TicketId
    counter: CounterNumber
    scale: str
    scale_version: int
    expires_at: datetime


class RatingGiven(Event, frozen=True, kw_only=True):
    """A citizen answered, once."""

    KIND = "rating-given"
    ask: AskId
    ticket: TicketId
    score: int
    reasons: tuple[str, ...] = ()
    by: Actor


class RatingRefused(Event, frozen=True, kw_only=True):
    """An answer that could not count, counted."""

    KIND = "rating-refused"
    why: Literal["late", "repeated", "unasked"]
    by: Actor
