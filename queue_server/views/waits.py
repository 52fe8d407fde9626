"""Expected waits, from the last forecast to this answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from queue_server.core.ids import ServiceId, TicketId

Told = tuple[datetime, int, int | None]
"""When a forecast was made, and the wait by it in seconds: median, nine in ten."""
Waits = Mapping[ServiceId, Told]
"""Of somebody who comes now, by service."""
TicketWaits = Mapping[TicketId, Told]
"""Of those who wait already."""
Key = TypeVar("Key")
Wait = tuple[int, int | None]
"""Seconds left: median, nine in ten; the second is None where the forecast gives no bound."""


def wait_left(waits: Mapping[Key, Told], key: Key, at: datetime) -> Wait | None:
    """Seconds left from `at`, never below 0; None where nothing was forecast."""
    forecast = waits.get(key)
    if forecast is None:
        return None
    made_at, p50_s, p90_s = forecast
    passed = round((at - made_at).total_seconds())
    return max(p50_s - passed, 0), None if p90_s is None else max(p90_s - passed, 0)
