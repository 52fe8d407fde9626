"""Expected waits with their chances: the hall run ahead of the clock some eighty times, each time other visits."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from queue_server.core.board import Board
from queue_server.core.ids import ServiceId, TicketId
from queue_server.forecast.chance import STRATA
from queue_server.forecast.estimates import Estimates
from queue_server.forecast.fast_forward import CALLS_MAX, Ahead, Forecast, guest_sets, services_served
from queue_server.forecast.odds import Sampled

RUNS_MIN = 31
CALLS_BUDGET = 16_000
"""Runs become fewer where so many calls in all would be passed: a full hall is told with a little less precision."""
SETS_IN_FULL = 3
"""Where more than two services have a bulk line, newcomers to them are told from `RUNS_MIN` runs."""
RUNS_A_PART = 8


class Forecasts(Struct, frozen=True):
    """What newcomers and those who wait may be told."""

    made_at: datetime
    by_service: Mapping[ServiceId, Forecast]
    """Of somebody who takes a ticket now; every service of the hall."""
    by_ticket: Mapping[TicketId, Forecast]
    """Of those who wait, as far as they are among the next `CALLS_MAX` calls; nobody else is in it."""


def forecast(board: Board, estimates: Estimates, at: datetime, seed: int) -> Forecasts:
    """Everybody's forecast. The same arguments give the same answer; `seed` should stay the same all day."""
    *_, last = forecast_in_parts(board, estimates, at, seed)
    assert last is not None, "the last part is the answer"
    return last


def forecast_in_parts(board: Board, estimates: Estimates, at: datetime, seed: int) -> Iterator[Forecasts | None]:
    """The same a few runs at a time, so that whoever shares a thread may give way; the last part is the answer."""
    served, runs = services_served(board), runs_for(board)
    by_service = {one: Forecast(made_at=at, wait_s=None) for one in board.services if one not in served}
    by_ticket: dict[TicketId, Forecast] = {}
    ahead = Ahead(board, at, Sampled(board, estimates, at, seed), served)
    sets = guest_sets(board, served)
    for number, guests in enumerate(sets):
        ahead.invite(guests)
        for run in range(runs if len(sets) <= SETS_IN_FULL or number == 0 else RUNS_MIN):
            ahead.run(run, everybody=number == 0)
            if run % RUNS_A_PART == RUNS_A_PART - 1:
                yield None
        by_service |= {service: _told(guest.called, at) for service, guest in ahead.guests()}
        if number == 0:
            by_ticket = {
                one: _told(visitor.called, at) for one, visitor in ahead.tickets() if len(visitor.called) == runs
            }
    yield Forecasts(made_at=at, by_service=by_service, by_ticket=by_ticket)


def runs_for(board: Board) -> int:
    """How many runs a hall with so many people waiting is given."""
    waiting = sum(lane.size for lines in board.lanes.values() for lane in lines.values())
    return max(RUNS_MIN, min(STRATA, CALLS_BUDGET // max(min(waiting, CALLS_MAX), 1)))


def _told(calls: list[float], at: datetime) -> Forecast:
    waits = sorted(calls)
    middle, nine_in_ten = (max(round(share * (len(waits) + 1)) - 1, 0) for share in (0.5, 0.9))
    return Forecast(made_at=at, wait_s=int(waits[middle]) // 1000, wait_p90_s=int(waits[nine_in_ten]) // 1000)
