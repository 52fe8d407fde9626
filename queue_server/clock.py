"""The hall's clock: wall time at start plus time since, so that it never runs back while the hall is open."""

import time
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts on while the machine sleeps, where the system has such a clock."""


def _elapsed() -> float:
    return time.clock_gettime(_SINCE_BOOT)


class HallClock:
    """Instants in the hall's local time, in whole milliseconds, never earlier than the one before.

    Lifetime: of the server. Concurrency: of the event loop.
    """

    def __init__(self, zone: ZoneInfo, *, wall: datetime | None = None) -> None:
        """Start from the machine's wall clock, or from `wall` in replays and tests."""
        self._zone = zone
        self._start_wall = (wall or datetime.now(UTC)).astimezone(UTC)
        self._start = _elapsed()
        self._last = self._start_wall - timedelta(seconds=1)
        self._offset = timezone(timedelta(0))
        self._offset_until = self._last

    def now(self) -> datetime:
        """The present instant, with the hall's offset of this hour."""
        instant = self._start_wall + timedelta(seconds=_elapsed() - self._start)
        self._last = max(self._last, instant.replace(microsecond=instant.microsecond // 1000 * 1000))
        if self._last >= self._offset_until:
            # A fixed offset compares and prints faster than a zone; zones change theirs on the quarter hour at most.
            self._offset = timezone(self._last.astimezone(self._zone).utcoffset() or timedelta(0))
            self._offset_until = self._last.replace(minute=self._last.minute // 15 * 15, second=0, microsecond=0)
            self._offset_until += timedelta(minutes=15)
        return self._last.astimezone(self._offset)

    def not_before(self, instant: datetime) -> None:
        """Go on from `instant` where the wall clock is behind it; used at start, against the journal's last event."""
        behind = instant - self.now()
        if behind > timedelta(0):
            self._start_wall += behind
            self._last = max(self._last, instant.astimezone(UTC))
