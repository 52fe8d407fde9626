"""The index must be recomputable by somebody else: this file does it anew from the definitions alone.

It shares no code with the fold: it looks at each ticket's events as a list, cuts the list into visits, and measures.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct, to_builtins

from queue_server.core import events as e
from queue_server.reports.figures import Row
from queue_server.reports.service_index import By, service_index
from tests.reports.generated import a_day
from tests.reports.stories import DEFINITIONS, MONDAY, clock

Told = list[tuple[e.AnyEvent, datetime]]
ENDS_VISIT = (e.TicketTransferred, e.TicketHeld, e.TicketSentAway, e.TicketFinished, e.TicketCaughtUp)
GIVES_UP = (e.TicketCancelled, e.TicketExpired, e.TomorrowPromised)
NO_JOURNEY = (e.RatingGiven, e.RatingOffered, e.TicketHandedLate)
DESKS = (("7:30", "11:30"), ("13:00", "17:00"))


class Seen(Struct):
    """What a ticket or a visit comes to."""

    group: str
    end: str
    inaccurate: bool = False
    doubtful: bool = False
    wait: timedelta | None = None
    by_start: bool = False
    open_hours: timedelta = timedelta()
    early: timedelta = timedelta()
    second: list[timedelta] = []
    back: list[timedelta] = []
    stay: timedelta | None = None


def _cut(told: Told) -> list[Told]:
    visits: list[Told] = [[]]
    for event, at in told:
        visits[-1].append((event, at))
        if isinstance(event, ENDS_VISIT):
            visits.append([])
    if not any(isinstance(event, (e.TicketReturned, e.TicketCalled)) for event, _ in visits[-1]):
        after_transfer = len(visits) > 1 and isinstance(visits[-2][-1][0], e.TicketTransferred)
        if len(visits) > 1 and not after_transfer:
            visits.pop()
    return visits


def _last(visit: Told, kind: type[e.Event] | tuple[type[e.Event], ...]) -> int | None:
    return max((index for index, (event, _) in enumerate(visit) if isinstance(event, kind)), default=None)


def _contact(visit: Told) -> tuple[datetime, datetime | None, datetime] | None:
    call = _last(visit, e.TicketCalled)
    last = visit[-1][0] if visit else None
    if call is None or not isinstance(last, ENDS_VISIT) or isinstance(last, e.TicketCaughtUp):
        return None
    starts = [at for event, at in visit[call:] if isinstance(event, e.ServiceStarted)]
    return visit[call][1], starts[0] if starts else None, visit[-1][1]


def _end(visit: Told) -> str:
    decisive = [
        event
        for event, _ in visit
        if isinstance(event, (*ENDS_VISIT, *GIVES_UP, e.TicketAbsent, e.TicketReturned, e.TicketCalled))
    ]
    match decisive[-1] if decisive else None:
        case e.TicketCancelled():
            return "cancelled"
        case e.TicketExpired() | e.TomorrowPromised():
            return "expired"
        case e.TicketAbsent():
            return "absent"
        case None | e.TicketReturned() | e.TicketCalled():
            return "open"
        case _:
            return "served"


def _open_part(begin: datetime, end: datetime) -> timedelta:
    parts = (min(end, clock(closes)) - max(begin, clock(opens)) for opens, closes in DESKS)
    return sum((max(part, timedelta()) for part in parts), timedelta())


def _return_wait(visit: Told, previous: Told | None, until: datetime) -> timedelta | None:
    is_after_desk = previous is not None and not isinstance(previous[-1][0], e.TicketTransferred)
    returns: list[datetime] = []
    for index, (event, at) in enumerate(visit):
        before = _last(visit[:index], (e.TicketAbsent, e.TicketCalled, e.TicketReturned))
        was_gone = is_after_desk if before is None else isinstance(visit[before][0], e.TicketAbsent)
        if isinstance(event, e.TicketReturned) and was_gone:
            returns.append(at)
    return until - returns[-1] if returns else None


def _visits(told: Told, group_by: By) -> list[Seen]:
    issued, issued_at = told[0]
    assert isinstance(issued, e.TicketIssued)
    came = issued.issued_at or issued_at
    opening = max(came, clock(DESKS[issued.session][0]))
    waits_from = max(opening, issued.booked_at or opening)
    seen, service, previous = [], str(issued.service), None
    for visit in _cut(told):
        moves = [event.service for event, _ in visit if isinstance(event, e.TicketMoved)]
        service = str(moves[-1]) if moves else service
        calls = [event.counter for event, _ in visit if isinstance(event, e.TicketCalled)]
        groups = {"service": service, "counter": str(calls[-1]) if calls else "", "": ""}
        one = Seen(group=groups[group_by], end=_end(visit))
        last = visit[-1][0] if visit else None
        one.inaccurate = isinstance(last, e.TicketCaughtUp) or getattr(last, "inaccurate", 0) == 1
        one.doubtful = getattr(last, "doubtful", 0) == 1
        contact = _contact(visit)
        if contact is not None:
            called, started, left = contact
            until = started or called
            one.by_start, one.stay = started is not None, left - until
            if previous is None:
                one.wait, one.early = max(until - waits_from, timedelta()), opening - came
                one.open_hours = _open_part(waits_from, until) if until > waits_from else timedelta()
            elif isinstance(previous[-1][0], e.TicketTransferred):
                one.second.append(until - previous[-1][1])
            back = _return_wait(visit, previous, until)
            if back is not None:
                one.back.append(back)
        seen.append(one)
        if isinstance(last, e.TicketTransferred):
            service = str(last.service)
        previous = visit
    return seen


def _whole(told: Told) -> Seen:
    visits = _visits(told, "")
    last = _last(told, (*ENDS_VISIT, *GIVES_UP, e.TicketAbsent, e.TicketReturned, e.TicketCalled))
    is_between = last is not None and isinstance(told[last][0], (e.TicketTransferred, e.TicketHeld, e.TicketSentAway))
    end = "open" if is_between else _end(told)
    stays = [visit.stay for visit in visits if visit.stay is not None]
    return Seen(
        group="",
        end=end,
        inaccurate=any(visit.inaccurate for visit in visits),
        doubtful=any(visit.doubtful for visit in visits),
        wait=visits[0].wait,
        by_start=visits[0].by_start,
        open_hours=visits[0].open_hours,
        early=visits[0].early,
        second=[wait for visit in visits for wait in visit.second],
        back=[wait for visit in visits for wait in visit.back],
        stay=sum(stays, timedelta()) if stays else None,
    )


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _exact(value: timedelta) -> Fraction:
    return Fraction(value // timedelta(milliseconds=1), 1000)


def _mean(values: Iterable[timedelta]) -> int | None:
    exact = [_exact(value) for value in values]
    return _rounded(sum(exact, Fraction()) / len(exact)) if exact else None


def _at_share(values: list[timedelta], share: Fraction) -> int | None:
    ordered = sorted(values)
    return _rounded(_exact(ordered[math.ceil(share * len(ordered)) - 1])) if ordered else None


def _figures(seen: list[Seen]) -> dict[str, int | float | None]:
    counts = [one for one in seen if one.end == "served" and not one.inaccurate]
    waits = [one for one in counts if one.wait is not None]
    lengths = [one.wait for one in waits if one.wait is not None]
    stays = [one.stay for one in counts if one.stay is not None and not one.doubtful]
    second = [wait for one in counts for wait in one.second]
    return {
        "tickets": len(seen),
        **{end: sum(one.end == end for one in seen) for end in ("served", "absent", "cancelled", "expired", "open")},
        "inaccurate": sum(one.inaccurate for one in seen),
        "doubtful": sum(one.doubtful for one in seen),
        "wait_n": len(waits),
        "wait_mean_s": _mean(lengths),
        "wait_p50_s": _at_share(lengths, Fraction(1, 2)),
        "wait_p90_s": _at_share(lengths, Fraction(9, 10)),
        "wait_max_s": _at_share(lengths, Fraction(1)),
        "wait_open_hours_mean_s": _mean(one.open_hours for one in waits),
        "before_opening_mean_s": _mean(one.early for one in waits if one.early),
        "second_wait_n": len(second),
        "second_wait_mean_s": _mean(second),
        "return_wait_mean_s": _mean(wait for one in counts for wait in one.back),
        "service_n": len(stays),
        "service_mean_s": _mean(stays),
        "service_p90_s": _at_share(stays, Fraction(9, 10)),
    }


def _recomputed(day: list[tuple[e.AnyEvent, datetime, int]], by: By) -> dict[str, dict[str, int | float | None]]:
    told: dict[str, Told] = defaultdict(list)
    for event, at, _ in day:
        ticket = getattr(event, "ticket", None)
        if isinstance(ticket, str) and not isinstance(event, NO_JOURNEY):
            told[ticket].append((event, at))
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in told.values():
        for seen in [_whole(one)] if by == "" else _visits(one, by):
            groups[seen.group].append(seen)
    return {group: _figures(seen) for group, seen in groups.items()}


def _total(day: list[tuple[e.AnyEvent, datetime, int]]) -> Row:
    return service_index(day, first_day=MONDAY, last_day=MONDAY, by="", definitions=DEFINITIONS).rows[0]


def _compare(day: list[tuple[e.AnyEvent, datetime, int]], by: By) -> None:
    index = service_index(day, first_day=MONDAY, last_day=MONDAY, by=by, definitions=DEFINITIONS)
    rows = {row.group: to_builtins(row) for row in index.rows if row.tickets}
    expected = _recomputed(day, by)
    assert rows.keys() == expected.keys()
    for group, figures in expected.items():
        assert {key: rows[group][key] for key in figures} == figures, f"group {group!r}"


@pytest.mark.parametrize("by", ["", "service", "counter"])
@given(seed=st.integers(0, 1_000_000))
@settings(max_examples=12, deadline=None)
def test_an_auditor_finds_the_same_second(by: By, seed: int) -> None:
    """A figure that nobody can compute again is an opinion."""
    _compare(a_day(seed), by)


def test_the_index_of_an_unfinished_day_is_recomputable_too() -> None:
    """Managers look at noon."""
    day = a_day(7)
    _compare(day[: len(day) // 2], "")


def test_the_generated_day_holds_the_odd_cases() -> None:
    """An equality over plain days would prove little."""
    seen = {type(event) for seed in range(4) for event, _, _ in a_day(seed)}
    odd = {e.TicketRecalled, e.TicketAbsent, e.TicketReturned, e.TicketTransferred, e.TicketCaughtUp, e.TicketHeld}
    assert odd | {e.TicketSentAway, e.TicketMoved, e.TomorrowPromised, e.RatingGiven, e.TicketCancelled} <= seen
    rows = [_total(a_day(seed)) for seed in range(4)]
    for figure in ("inaccurate", "doubtful", "offline", "lunch_crossing", "second_wait_n", "refused_no_numbers"):
        assert any(getattr(row, figure) for row in rows), figure
