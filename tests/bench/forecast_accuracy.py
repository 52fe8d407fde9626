"""How far expected waits are from true ones, beside the methods that others use.

`python -m tests.bench.forecast_accuracy [LOG]` prints the tables for a made-up centre and for the bank's call log.

Strictly causal: a ticket is forecast from the board on which it was issued and from what was learned before; its
outcome is learned when it is called. The first days are for learning and are not scored.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import sqrt
from pathlib import Path
from statistics import fmean
from time import perf_counter

from msgspec import Struct

from queue_server.core import lanes, place
from queue_server.core.board import Board, Ticket, lanes_of
from queue_server.core.events import AnyEvent, DayOpened, TicketAbsent, TicketCalled, TicketIssued
from queue_server.core.ids import ServiceId, TicketId  # noqa: TC001  # Annotations name them; nothing is gained.
from queue_server.forecast.calibration import Calibration, compare, corrected, remember
from queue_server.forecast.estimates import Estimates, learn
from queue_server.forecast.fast_forward import Forecast, take
from queue_server.forecast.rollouts import forecast
from tests.bench import forecast_bank, forecast_centre
from tests.bench.forecast_centre import Happened

OURS, RAW, EXPECTED, CLASSIC = "rollouts", "rollouts, uncorrected", "fast-forward, expected times", "position x mean"
POINTS = (OURS, EXPECTED, CLASSIC, "HOL", "LES", "rolling mean of 10")
BANDS_S = ((0, 120), (120, 300), (300, 600), (600, 1200), (1200, 2100), (2100, 1 << 30))
LAST_WAITS = 10


class Told(Struct, frozen=True):
    """What was told of one ticket, in seconds, by method."""

    day: int
    middle: dict[str, float]
    nine_in_ten: dict[str, float]


class Scored(Struct, frozen=True):
    """What was told, and what came true."""

    told: Told
    waited: float


class Trial:
    """Learns from events as they come and forecasts every so many tickets. Lifetime: one data set."""

    def __init__(self, *, every: int, forecast_from: int, absent_count: bool) -> None:
        self._every, self._from, self._absent_count = every, forecast_from, absent_count
        self._estimates, self._calibration, self._before = Estimates(), Calibration(), Board()
        self._waits: dict[ServiceId, deque[float]] = {}
        self._issued: dict[TicketId, datetime] = {}
        self._told: dict[TicketId, Told] = {}
        self._called: dict[TicketId, Scored] = {}
        self._day, self._count = 0, 0
        self.scored: list[Scored] = []
        self.seconds: list[float] = []
        """What each forecast took."""

    def run(self, days: Iterable[Happened]) -> None:
        """Go through all days."""
        for board, event, at in days:
            self._learn(board, event, at)
            if isinstance(event, TicketIssued):
                self._issued[event.ticket] = at
                self._count += 1
                if self._day >= self._from and self._count % self._every == 0:
                    self._told[event.ticket] = self._tell(board, board.tickets[event.ticket], at)
            self._before = board
        self._day_over()

    def _learn(self, board: Board, event: AnyEvent, at: datetime) -> None:
        self._estimates = learn(self._estimates, event, at)
        self._calibration = compare(self._calibration, event, at)
        match event:
            case DayOpened():
                self._day_over()
                self._day += 1
            case TicketCalled():
                waited = (at - self._issued[event.ticket]).total_seconds()
                service = board.tickets[event.ticket].service
                self._waits.setdefault(service, deque(maxlen=LAST_WAITS)).append(waited)
                told = self._told.pop(event.ticket, None)
                if told is not None:
                    self._called[event.ticket] = Scored(told, waited)
            case TicketAbsent() if not self._absent_count:
                self._called.pop(event.ticket, None)
                self._waits[board.tickets[event.ticket].service].pop()
            case _:
                pass

    def _day_over(self) -> None:
        self.scored += self._called.values()
        self._called, self._told, self._waits = {}, {}, {}

    def _tell(self, board: Board, ticket: Ticket, at: datetime) -> Told:
        before = perf_counter()
        raw = forecast(board, self._estimates, at, self._day)
        self.seconds.append(perf_counter() - before)
        told = corrected(self._calibration, raw)
        self._calibration = remember(self._calibration, raw)
        nothing = Forecast(at, None)
        ours = told.by_ticket.get(ticket.id, nothing)
        uncorrected = raw.by_ticket.get(ticket.id, nothing)
        expected = take(self._before, self._estimates, at).get(ticket.service, nothing).wait_s
        waits = self._waits.get(ticket.service, deque())
        ages = [
            (at - board.tickets[one.ticket].issued_at).total_seconds()
            for _, lane in lanes_of(board, ticket.service)
            for one in lanes.places(lane)
        ]
        classic = self._classic(board, ticket, at)
        middle = {
            OURS: classic if ours.wait_s is None else ours.wait_s,
            EXPECTED: classic if expected is None else expected,
            CLASSIC: classic,
            "HOL": max(ages, default=0.0),
            "LES": waits[-1] if waits else 0.0,
            "rolling mean of 10": fmean(waits) if waits else 0.0,
        }
        nine = {
            OURS: classic if ours.wait_p90_s is None else ours.wait_p90_s,
            RAW: classic if uncorrected.wait_p90_s is None else uncorrected.wait_p90_s,
            CLASSIC: classic,
        }
        return Told(
            self._day, {name: float(value) for name, value in middle.items()}, {k: float(v) for k, v in nine.items()}
        )

    def _classic(self, board: Board, ticket: Ticket, at: datetime) -> float:
        ahead = place.ahead(board, ticket, at) or 0
        serving = sum(
            one.is_open and not one.is_paused and ticket.service in one.services for one in board.counters.values()
        )
        return ahead * self._estimates.milliseconds(ticket.service) / 1000 / max(serving, 1)


def run(path: Path | None, *, days: int = 25, seed: int = 7) -> str:
    """The tables for the made-up centre and, given its path, for the bank's log."""
    learned, parts = 10, []
    for name, visitors in (("Made-up centre", 480.0), ("The same, busy", 520.0)):
        centre = Trial(every=4, forecast_from=2, absent_count=True)
        centre.run(forecast_centre.days(days, seed=seed, visitors=visitors))
        parts.append(_report(f"{name}, {days - learned} days after {learned} for learning", centre, learned))
    if path is not None:
        dirt = forecast_bank.Dirt()
        bank = Trial(every=6, forecast_from=2, absent_count=False)
        bank.run(forecast_bank.days(path, dirt))
        parts.append(_report(f"Bank log {path.stem}, days 8 on", bank, 7))
        parts.append("Rows left out: " + ", ".join(f"{why} {count}" for why, count in sorted(dirt.rows.items())) + ".")
    return "\n\n".join(parts)


def _report(title: str, trial: Trial, learned: int) -> str:
    trained = [one for one in trial.scored if one.told.day <= learned]
    scored = [one for one in trial.scored if one.told.day > learned]
    waited = [one for one in scored if one.waited > 0]
    stretch = _stretch(trained)
    took = sorted(trial.seconds)
    lines = [
        f"**{title}**: {len(scored)} tickets scored, {len(waited)} of them waited, "
        f"{fmean(one.waited for one in waited) / 60:.1f} min on average. "
        f"A forecast of everybody took {took[len(took) // 2] * 1000:.0f} ms in the middle, "
        f"{took[len(took) * 99 // 100] * 1000:.0f} ms in 99 of 100.",
        "",
        "| Method | MAE all | MAE waits > 0 | RMSE > 0 | bias > 0 | under by > 5 min, > 0 | pinball .5 all |",
        "|---|---|---|---|---|---|---|",
        *(_point_row(name, scored, waited) for name in POINTS),
        "",
        "| Nine in ten | pinball .9 all | coverage all | worst day | waits > 0 | "
        + " | ".join(map(_band_name, BANDS_S))
        + " | mean |",
        "|---|---|---|---|---|" + "---|" * len(BANDS_S) + "---|",
        _promise_row(OURS, scored, lambda told: told.nine_in_ten[OURS]),
        _promise_row(RAW, scored, lambda told: told.nine_in_ten[RAW]),
        _promise_row(f"{CLASSIC}, stretched by {stretch:.2f}", scored, lambda told: _stretched(told, stretch)),
    ]
    return "\n".join(lines)


def _stretched(told: Told, stretch: float) -> float:
    return (told.nine_in_ten[CLASSIC] + 60) * stretch - 60


def _stretch(trained: Sequence[Scored]) -> float:
    """The one factor that would have made the classic cover nine in ten of the days for learning."""
    ratios = sorted((one.waited + 60) / (one.told.nine_in_ten[CLASSIC] + 60) for one in trained)
    return ratios[int(0.9 * len(ratios))] if ratios else 1.0


def _point_row(name: str, scored: Sequence[Scored], waited: Sequence[Scored]) -> str:
    errors = [(one.told.middle[name] - one.waited) / 60 for one in scored]
    late = [(one.told.middle[name] - one.waited) / 60 for one in waited]
    cells = (
        f"{fmean(map(abs, errors)):.2f}",
        f"{fmean(map(abs, late)):.2f}",
        f"{sqrt(fmean(error * error for error in late)):.2f}",
        f"{fmean(late):+.2f}",
        f"{fmean(error < -5 for error in late):.1%}",
        f"{fmean(_pinball(-error, 0.5) for error in errors):.3f}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def _promise_row(name: str, scored: Sequence[Scored], promise: Callable[[Told], float]) -> str:
    pairs = [(promise(one.told), one.waited) for one in scored]
    cells = [
        f"{fmean(_pinball((waited - told) / 60, 0.9) for told, waited in pairs):.3f}",
        _covered(pairs),
        f"{min(_shares_by_day(scored, promise)):.0%}",
        _covered([pair for pair in pairs if pair[1] > 0]),
        *(_covered([pair for pair in pairs if low <= pair[0] < high]) for low, high in BANDS_S),
        f"{fmean(told for told, _ in pairs) / 60:.1f} min",
    ]
    return f"| {name} | " + " | ".join(cells) + " |"


def _shares_by_day(scored: Sequence[Scored], promise: Callable[[Told], float]) -> list[float]:
    """Of each day with enough tickets, the share that did not wait longer than promised."""
    by_day: dict[int, list[bool]] = {}
    for one in scored:
        by_day.setdefault(one.told.day, []).append(one.waited <= promise(one.told))
    return [fmean(kept) for kept in by_day.values() if len(kept) >= 20]


def _covered(pairs: Sequence[tuple[float, float]]) -> str:
    if len(pairs) < 20:
        return "–"
    return f"{fmean(waited <= told for told, waited in pairs):.0%} ({len(pairs)})"


def _pinball(error: float, share: float) -> float:
    return max(share * error, (share - 1) * error)


def _band_name(band: tuple[int, int]) -> str:
    low, high = band
    return f"{low // 60}–{high // 60} min" if high < 1 << 20 else f"over {low // 60} min"


if __name__ == "__main__":
    print(run(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
