"""Why a desk does not call although people wait: the breath between two visits, and pauses, by hour of the day."""

from datetime import datetime, timedelta
from typing import NamedTuple

from immutables import Map
from msgspec import Struct
from msgspec.structs import replace

from queue_server.core.ids import CounterNumber

GAPS_KEPT = 128
PAUSES_KEPT = 48
"""For each hour."""
GAP_MAX_MS = 15 * 60_000
PAUSE_MAX_MS = 4 * 3_600_000
HOUR_VISITS = 30
"""An hour is taken for an average one until about so many visits."""


class Hour(NamedTuple):
    """One hour of the day, on all days together."""

    visits: int = 0
    pauses: int = 0
    lengths: tuple[int, ...] = ()
    """Of the last pauses that began in it."""


class Desks(Struct, frozen=True):
    """When desks became free or paused today, and what such times came to so far. Milliseconds."""

    free_since: Map[CounterNumber, int] = Map()
    paused_since: Map[CounterNumber, int] = Map()
    gaps: tuple[int, ...] = ()
    """From free to the next call, where somebody waited all the time; oldest first."""
    hours: Map[int, Hour] = Map()

    def freed(self, counter: CounterNumber, now: int) -> "Desks":
        """The counter may call from now on."""
        return replace(self, free_since=self.free_since.set(counter, now), paused_since=_without(self, counter))

    def visited(self, at: datetime) -> "Desks":
        """A visit ended."""
        hour = self.hours.get(at.hour, Hour())
        return replace(self, hours=self.hours.set(at.hour, hour._replace(visits=hour.visits + 1)))

    def called(self, counter: CounterNumber, waited_since: int, now: int) -> "Desks":
        """The counter calls somebody who could have been called since then."""
        free = self.free_since.get(counter)
        if free is None:
            return self
        known = replace(self, free_since=self.free_since.delete(counter))
        if waited_since > free:
            return known
        return replace(known, gaps=(*known.gaps, min(now - free, GAP_MAX_MS))[-GAPS_KEPT:])

    def paused(self, counter: CounterNumber, at: datetime, now: int) -> "Desks":
        """The counter makes a pause."""
        hour = self.hours.get(at.hour, Hour())
        hours = self.hours.set(at.hour, hour._replace(pauses=hour.pauses + 1))
        known = replace(self, paused_since=self.paused_since.set(counter, now), hours=hours)
        return replace(known, free_since=_free_without(known, counter))

    def resumed(self, counter: CounterNumber, at: datetime, now: int) -> "Desks":
        """The pause is over; its length is told of the hour in which it began."""
        since = self.paused_since.get(counter)
        known = self.freed(counter, now)
        if since is None:
            return known
        began = (at - timedelta(milliseconds=now - since)).hour
        hour = known.hours.get(began, Hour())
        lengths = (*hour.lengths, min(now - since, PAUSE_MAX_MS))[-PAUSES_KEPT:]
        return replace(known, hours=known.hours.set(began, hour._replace(lengths=lengths)))

    def closed(self, counter: CounterNumber) -> "Desks":
        """The counter does not call any more."""
        return replace(self, free_since=_free_without(self, counter), paused_since=_without(self, counter))

    def next_day(self) -> "Desks":
        """Nobody sits at a desk over night; what was learned stays."""
        return replace(self, free_since=Map(), paused_since=Map())

    def after(self, past: "Desks") -> "Desks":
        """The same with what earlier days taught put before it."""
        hours = {
            number: _sum(past.hours.get(number, Hour()), self.hours.get(number, Hour()))
            for number in {*past.hours, *self.hours}
        }
        return replace(self, gaps=(past.gaps + self.gaps)[-GAPS_KEPT:], hours=Map(hours))

    def pause_share(self, hour: int) -> float:
        """After how many visits of this hour a pause begins."""
        visits = sum(one.visits for one in self.hours.values())
        share = sum(one.pauses for one in self.hours.values()) / (visits + HOUR_VISITS)
        own = self.hours.get(hour, Hour())
        return min((own.pauses + HOUR_VISITS * share) / (own.visits + HOUR_VISITS), 1.0)

    def pause_lengths(self, hour: int) -> tuple[int, ...]:
        """How long pauses take that begin in this hour; all pauses where it has seen few."""
        own = self.hours.get(hour, Hour()).lengths
        return own if len(own) >= 4 else tuple(length for one in self.hours.values() for length in one.lengths)


NO_DESKS = Desks()


def _without(desks: Desks, counter: CounterNumber) -> Map[CounterNumber, int]:
    since = desks.paused_since
    return since.delete(counter) if counter in since else since


def _free_without(desks: Desks, counter: CounterNumber) -> Map[CounterNumber, int]:
    since = desks.free_since
    return since.delete(counter) if counter in since else since


def _sum(past: Hour, present: Hour) -> Hour:
    lengths = (past.lengths + present.lengths)[-PAUSES_KEPT:]
    return Hour(past.visits + present.visits, past.pauses + present.pauses, lengths)
