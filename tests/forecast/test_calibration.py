from datetime import timedelta

from queue_server.core.events import DayOpened
from queue_server.core.ids import ServiceId, TicketId
from queue_server.forecast.calibration import FACTOR_MAX, Calibration, compare, corrected, remember
from queue_server.forecast.fast_forward import Forecast
from queue_server.forecast.rollouts import Forecasts
from tests.forecast.halls import EIGHT
from tests.reports.stories import MONDAY, called, clock, issued

LONG = Forecast(made_at=EIGHT, wait_s=500, wait_p90_s=900)
SERVICE = ServiceId("a")


def told(ticket: str, forecast: Forecast = LONG) -> Forecasts:
    """A forecast for one ticket and for a newcomer."""
    return Forecasts(made_at=EIGHT, by_service={SERVICE: forecast}, by_ticket={TicketId(ticket): forecast})


def after(waits: list[int]) -> Calibration:
    """What is known after tickets that were promised fifteen minutes waited so long."""
    calibration = Calibration()
    for number, seconds in enumerate(waits):
        calibration = remember(calibration, told(f"t{number}"))
        calibration = compare(calibration, called(f"t{number}"), EIGHT + timedelta(seconds=seconds))
    return calibration


def over_night(calibration: Calibration) -> Calibration:
    """The next day opens."""
    tuesday = MONDAY + timedelta(days=1)
    return compare(calibration, DayOpened(day=tuesday), clock("6:00", tuesday))


def promise(calibration: Calibration, forecast: Forecast = LONG) -> int | None:
    """What would be told to a newcomer."""
    return corrected(calibration, told("x", forecast)).by_service[SERVICE].wait_p90_s


def test_nothing_changes_before_the_next_day() -> None:
    """Short waits are known first; learning from them at once would promise too little all morning."""
    calibration = after([2000] * 200)
    assert promise(calibration) == 900
    assert (promise(over_night(calibration)) or 0) > 1500


def test_promises_that_were_too_long_become_shorter_and_never_less_than_the_middle() -> None:
    """Nine in ten is not ten in ten; and the range must not turn over."""
    shorter = promise(over_night(after([100] * 400)))
    assert shorter is not None
    assert 500 <= shorter < 700


def test_only_the_band_that_was_wrong_is_corrected_and_only_so_far() -> None:
    """A bad day for long waits says nothing of short ones, and no day may double a promise twice."""
    calibration = over_night(after([100_000] * 400))
    short = Forecast(made_at=EIGHT, wait_s=10, wait_p90_s=60)
    assert promise(calibration, short) == 60
    assert promise(calibration) == round((900 + 60) * FACTOR_MAX) - 60


def test_a_service_without_a_forecast_stays_without() -> None:
    """There is nothing to correct."""
    assert promise(Calibration(), Forecast(made_at=EIGHT, wait_s=None)) is None


def test_tickets_nobody_was_promised_anything_teach_nothing() -> None:
    """Events come for every ticket, forecasts once a second."""
    calibration = compare(compare(Calibration(), issued("u"), EIGHT), called("u"), EIGHT)
    assert calibration == Calibration()


def test_a_promise_is_the_first_one_and_is_forgotten_when_it_came_true() -> None:
    """The citizen remembers what the slip said; memory stays as large as the line."""
    later = Forecast(made_at=EIGHT + timedelta(minutes=5), wait_s=1, wait_p90_s=2)
    calibration = remember(remember(Calibration(), told("t")), told("t", later))
    assert calibration.promises[TicketId("t")].wait_p90_s == 900
    assert len(compare(calibration, called("t"), EIGHT).promises) == 0
