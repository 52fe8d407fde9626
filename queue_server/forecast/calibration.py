"""Promises held against what came true, and corrected over night, band by band.

An outcome is known only when a ticket is called; correcting at once would learn from short waits first and promise
too little. So scores are collected all day and put into force when the next day opens.
"""

from bisect import bisect_right
from datetime import datetime

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from queue_server.core.events import (
    AnyEvent,
    DayOpened,
    TicketCalled,
    TicketCancelled,
    TicketExpired,
    TicketMoved,
    TicketReturned,
    TomorrowPromised,
)
from queue_server.core.ids import TicketId
from queue_server.forecast.fast_forward import Forecast
from queue_server.forecast.rollouts import Forecasts

BANDS_S = (120, 300, 600, 1200, 2100)
"""Promises of different lengths go wrong in different ways; these divide them."""
SCORES_KEPT = 400
"""Outcomes of each band."""
SCORES_ASSUMED = 40
"""So many outcomes as forecast are assumed beside the known ones."""
OFFSET_S = 60
"""Added to both sides of a comparison, so that a promise of nothing can be missed by little."""
FACTOR_MIN, FACTOR_MAX = 0.6, 2.0
SHARE = 0.9
AS_FORECAST = (1.0,) * (len(BANDS_S) + 1)


class Promise(Struct, frozen=True):
    """The first forecast that was made for a ticket, uncorrected."""

    made_at: datetime
    wait_p90_s: int


class Calibration(Struct, frozen=True):
    """How much longer or shorter than forecast the promise must be that nine in ten do not exceed."""

    promises: Map[TicketId, Promise] = Map()
    scores: tuple[tuple[float, ...], ...] = ((),) * (len(BANDS_S) + 1)
    """Of each band: what came true over what was promised, oldest first."""
    factors: tuple[float, ...] = AS_FORECAST


def corrected(calibration: Calibration, forecasts: Forecasts) -> Forecasts:
    """The forecasts with the promises that are to be told."""
    return replace(
        forecasts,
        by_service={one: _corrected(calibration, told) for one, told in forecasts.by_service.items()},
        by_ticket={one: _corrected(calibration, told) for one, told in forecasts.by_ticket.items()},
    )


def remember(calibration: Calibration, forecasts: Forecasts) -> Calibration:
    """Keep the first forecast of each ticket, uncorrected, until it is called."""
    promises = calibration.promises
    for ticket, told in forecasts.by_ticket.items():
        if ticket not in promises and told.wait_p90_s is not None:
            promises = promises.set(ticket, Promise(told.made_at, told.wait_p90_s))
    return replace(calibration, promises=promises)


def compare(calibration: Calibration, event: AnyEvent, at: datetime) -> Calibration:
    """The calibration after one more event."""
    match event:
        case DayOpened():
            return Calibration(scores=calibration.scores, factors=tuple(map(_factor, calibration.scores)))
        case TicketCalled():
            promise = calibration.promises.get(event.ticket)
            if promise is None:
                return calibration
            return _without(_scored(calibration, promise, at), event.ticket)
        case TicketMoved() | TicketReturned() | TicketCancelled() | TicketExpired() | TomorrowPromised():
            return _without(calibration, event.ticket)
        case _:
            return calibration


def _corrected(calibration: Calibration, told: Forecast) -> Forecast:
    if told.wait_s is None or told.wait_p90_s is None:
        return told
    factor = calibration.factors[bisect_right(BANDS_S, told.wait_p90_s)]
    promise = max(told.wait_s, round((told.wait_p90_s + OFFSET_S) * factor) - OFFSET_S)
    return replace(told, wait_p90_s=promise)


def _scored(calibration: Calibration, promise: Promise, at: datetime) -> Calibration:
    waited = (at - promise.made_at).total_seconds()
    band = bisect_right(BANDS_S, promise.wait_p90_s)
    scores = list(calibration.scores)
    scores[band] = (*scores[band], (waited + OFFSET_S) / (promise.wait_p90_s + OFFSET_S))[-SCORES_KEPT:]
    return replace(calibration, scores=tuple(scores))


def _factor(scores: tuple[float, ...]) -> float:
    """The score that nine in ten did not exceed, drawn to 1 while there are few."""
    if not scores:
        return 1.0
    found = sorted(scores)[min(int(SHARE * (len(scores) + 1)), len(scores) - 1)]
    drawn = (found * len(scores) + SCORES_ASSUMED) / (len(scores) + SCORES_ASSUMED)
    return min(max(drawn, FACTOR_MIN), FACTOR_MAX)


def _without(calibration: Calibration, ticket: TicketId) -> Calibration:
    if ticket not in calibration.promises:
        return calibration
    return replace(calibration, promises=calibration.promises.delete(ticket))
