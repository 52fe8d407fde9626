"""The figures of the service index, each defined beside its field.

Times are kept as whole milliseconds and shown as whole seconds, halves rounded up. A percentile is a value that was
measured: the smallest that at least that share of all values does not exceed. Shares are rounded to four decimals,
halves up. A figure without any value behind it is null.
"""

from array import array

from msgspec import Struct

from queue_server.reports.journeys import Answer, End

WITHIN_MS = 15 * 60_000
"""The bound in `wait_within_15min_share`."""


class Row(Struct, frozen=True, kw_only=True):
    """One group of tickets or, by service, counter and clerk, one group of visits to desks.

    Each mean, percentile and share of waits and service times is over what was served, without what is inaccurate.
    """

    group: str
    """The service, procedure, counter or clerk (empty: none known), the hour 00-23, the ISO weekday 1-7, or the period
    as 2026-11-23, 2026-11, 2026-Q4, 2026."""
    tickets: int
    """served + absent + cancelled + expired + open."""
    served: int
    """Finished, or caught up. A visit is served too when it ended in hold, away or transfer."""
    absent: int
    """Called, did not come, and did not come back. Absent, returned and served counts as served alone."""
    cancelled: int
    expired: int
    """Not served when the day ended, a promise for the next opening included."""
    open: int
    """Waiting, called, at a desk, held or away at this moment; 0 for a day that is over."""
    inaccurate: int
    """Served with times that are not known: caught up, or still at the desk when the day ended. In no mean."""
    doubtful: int
    """Called, never started, and ended by the next call too soon to have been served. Left out of service times."""
    offline: int
    """Issued by a kiosk from its lease."""
    refused_no_numbers: int
    """Times a citizen got no ticket because the numbers or the limit of the day or session were used up."""
    wait_n: int
    """Tickets with a main wait: from issue, booked time or the desks' opening, whichever is latest, to the start of
    service or, where start was not pressed, to the first announcement of the call that led to service. By service,
    counter and clerk it stands with the first visit."""
    wait_mean_s: int | None
    """Lunch included."""
    wait_p50_s: int | None
    wait_p90_s: int | None
    wait_max_s: int | None
    wait_within_15min_share: float | None
    """Main waits of at most 15 minutes, of wait_n."""
    wait_ended_by_start_share: float | None
    """Main waits that end at a pressed start, of wait_n; the others end at the call."""
    wait_open_hours_mean_s: int | None
    """The mean main wait with closed hours left out."""
    before_opening_mean_s: int | None
    """From issue to the desks' opening, over the tickets of wait_n that were issued before it. No part of the wait."""
    second_wait_n: int
    """Waits after a transfer; a ticket may have several."""
    second_wait_mean_s: int | None
    """From the transfer to the start of service or the call that led to it."""
    return_wait_mean_s: int | None
    """From the last return of a held, away or absent citizen to the start of service or the call that led to it."""
    lunch_crossing: int
    """Tickets of wait_n that waited through any part of a break between two sessions."""
    service_n: int
    """Tickets with a service time: the sum of the stays at desks, each from start, else from the call, to its end.
    A ticket with a doubtful visit has none."""
    service_mean_s: int | None
    service_p90_s: int | None
    ratings_asked: int
    """Tickets whose citizen was asked to rate. By service, counter and clerk it stands with the visit asked about."""
    ratings: int
    """Tickets that were rated."""
    rating_response_share: float | None
    """ratings of ratings_asked."""
    satisfied: int
    """Ratings whose score counts so by the hall's scale; a score the scale does not know is none of the three."""
    neutral: int
    dissatisfied: int
    satisfaction_share: float | None
    """satisfied of ratings."""
    dossiers: int
    """Dossiers named at desks or, where desks named none, when the ticket was issued. By procedure: those of it, and
    those named without a procedure."""
    dossiers_dissatisfied: int
    """Those of tickets that were rated dissatisfied."""
    priority_claimed: int
    """Tickets issued with a claim to priority."""
    priority_confirmed: int
    """Of these, the ones a desk last confirmed."""


class Case(Struct, frozen=True, kw_only=True):
    """What one ticket or one visit adds to its group. Times are None or left out where they do not count."""

    end: End
    is_inaccurate: bool = False
    is_doubtful: bool = False
    is_offline: bool = False
    wait: int | None = None
    open_hours: int = 0
    before_opening: int = 0
    is_ended_by_start: bool = False
    crosses_break: bool = False
    second_waits: tuple[int, ...] = ()
    return_waits: tuple[int, ...] = ()
    service: int | None = None
    is_asked: bool = False
    is_rated: bool = False
    answer: Answer = ""
    dossiers: int = 0
    has_claimed: bool = False
    is_confirmed: bool = False


class Sum(Struct):
    """How many, and how much together."""

    n: int = 0
    total: int = 0

    def add(self, value: int) -> None:
        """Count one more value."""
        self.n += 1
        self.total += value

    def mean_s(self) -> int | None:
        """The mean in whole seconds, or None without values."""
        return None if self.n == 0 else seconds(self.total, self.n)


class Tally:
    """The figures of one group while they grow; eight bytes are kept for each wait and each service time.

    Lifetime: one fold. Concurrency: none; one fold owns it.
    """

    def __init__(self) -> None:
        self._ends: dict[End, int] = dict.fromkeys(("open", "served", "absent", "cancelled", "expired"), 0)
        self._answers: dict[Answer, int] = dict.fromkeys(("", "satisfied", "neutral", "dissatisfied"), 0)
        self._waits, self._services = array("q"), array("q")
        self._open_hours, self._before_opening, self._second, self._return = Sum(), Sum(), Sum(), Sum()
        self._inaccurate = self._doubtful = self._offline = self._refused = 0
        self._within = self._by_start = self._breaks = 0
        self._asked = self._rated = self._dossiers = self._dossiers_dissatisfied = 0
        self._claimed = self._confirmed = 0

    def refuse(self) -> None:
        """Count one refusal for want of numbers."""
        self._refused += 1

    def add(self, case: Case) -> None:
        """Count one ticket or one visit."""
        self._ends[case.end] += 1
        self._inaccurate += case.is_inaccurate
        self._doubtful += case.is_doubtful
        self._offline += case.is_offline
        self._claimed += case.has_claimed
        self._confirmed += case.is_confirmed
        self._asked += case.is_asked
        self._dossiers += case.dossiers
        if case.is_rated:
            self._rated += 1
            self._answers[case.answer] += 1
            self._dossiers_dissatisfied += case.dossiers if case.answer == "dissatisfied" else 0
        self._add_times(case)

    def _add_times(self, case: Case) -> None:
        if case.wait is not None:
            self._waits.append(case.wait)
            self._within += case.wait <= WITHIN_MS
            self._by_start += case.is_ended_by_start
            self._breaks += case.crosses_break
            self._open_hours.add(case.open_hours)
            if case.before_opening:
                self._before_opening.add(case.before_opening)
        for wait in case.second_waits:
            self._second.add(wait)
        for wait in case.return_waits:
            self._return.add(wait)
        if case.service is not None:
            self._services.append(case.service)

    def row(self, group: str) -> Row:
        """The figures so far."""
        waits, services = sorted(self._waits), sorted(self._services)
        return Row(
            group=group,
            tickets=sum(self._ends.values()),
            served=self._ends["served"],
            absent=self._ends["absent"],
            cancelled=self._ends["cancelled"],
            expired=self._ends["expired"],
            open=self._ends["open"],
            inaccurate=self._inaccurate,
            doubtful=self._doubtful,
            offline=self._offline,
            refused_no_numbers=self._refused,
            wait_n=len(waits),
            wait_mean_s=mean_s(waits),
            wait_p50_s=percentile_s(waits, 50),
            wait_p90_s=percentile_s(waits, 90),
            wait_max_s=percentile_s(waits, 100),
            wait_within_15min_share=share(self._within, len(waits)),
            wait_ended_by_start_share=share(self._by_start, len(waits)),
            wait_open_hours_mean_s=self._open_hours.mean_s(),
            before_opening_mean_s=self._before_opening.mean_s(),
            second_wait_n=self._second.n,
            second_wait_mean_s=self._second.mean_s(),
            return_wait_mean_s=self._return.mean_s(),
            lunch_crossing=self._breaks,
            service_n=len(services),
            service_mean_s=mean_s(services),
            service_p90_s=percentile_s(services, 90),
            ratings_asked=self._asked,
            ratings=self._rated,
            rating_response_share=share(self._rated, self._asked),
            satisfied=self._answers["satisfied"],
            neutral=self._answers["neutral"],
            dissatisfied=self._answers["dissatisfied"],
            satisfaction_share=share(self._answers["satisfied"], self._rated),
            dossiers=self._dossiers,
            dossiers_dissatisfied=self._dossiers_dissatisfied,
            priority_claimed=self._claimed,
            priority_confirmed=self._confirmed,
        )


def seconds(milliseconds: int, n: int = 1) -> int:
    """The mean of `n` times that add up to so many milliseconds, in whole seconds."""
    return (2 * milliseconds + 1000 * n) // (2000 * n)


def mean_s(values: list[int]) -> int | None:
    """The mean of times in milliseconds, in whole seconds."""
    return seconds(sum(values), len(values)) if values else None


def percentile_s(ordered: list[int], percent: int) -> int | None:
    """The smallest of these ordered milliseconds that at least `percent` of them do not exceed, in whole seconds."""
    return seconds(ordered[-(-len(ordered) * percent // 100) - 1]) if ordered else None


def share(part: int, whole: int) -> float | None:
    """A part of a whole, to four decimals; None of nothing."""
    return (20_000 * part + whole) // (2 * whole) / 10_000 if whole else None
