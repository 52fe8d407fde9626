"""The small halls that the machine drives: rules, their changes in mid-day, and what is drawn at random."""

import hypothesis.strategies as st
from msgspec.structs import replace

from queue_server.core.ids import CounterNumber, ServiceId
from queue_server.core.rules import HallRules, NumberRange, PolicyRules
from tests.factories import (
    BOX,
    CARER,
    LAN,
    MINH,
    a_calendar,
    a_counter,
    a_group,
    a_hall_rules,
    a_service,
    changed,
)

A, B, C = ServiceId("a"), ServiceId("b"), ServiceId("c")
PICK = st.integers(0, 999)
SERVICE = st.sampled_from((A, B, C))
COUNTER = st.sampled_from([CounterNumber(number) for number in (1, 2, 3, 4)])
CHANNEL = st.sampled_from(("page", "page", "device"))
CALLER = st.sampled_from((BOX, BOX, BOX, LAN, MINH))
SMALL = {"next_guard_ms": 1500, "absent_return_minutes": 30, "first_tomorrow": 1, "person_daily_limit": 0}
JUMPS_S = (1, 1, 2, 15, 30, 120, 600, 600, 910, 1800, 2400, 5400)
POLICY = st.builds(
    PolicyRules,
    order=st.sampled_from(("first-come", "service-order")),
    priority=st.sampled_from(("none", "strict", "interleaved", "interleaved")),
    ordinary_per_priority=st.integers(1, 3),
    priority_in_row_max=st.integers(1, 3),
    priority_counts=st.sampled_from(("claimed", "claimed", "confirmed")),
    bulk_from=st.sampled_from((0, 3, 3)),
    others_per_bulk=st.integers(1, 3),
    escalate_after_s=st.sampled_from((0, 0, 0, 1800)),
    carry_over=st.sampled_from((0, 1)),
)


def small_rules(policy: PolicyRules) -> HallRules:
    """Few numbers, so that ranges, reserves and limits are reached within a day."""
    return a_hall_rules(
        services=(
            a_service(A, 1, 20, ranges=(NumberRange(61, 90), NumberRange(1, 20)), lease_reserve=8),
            a_service(B, 101, 130, lease_reserve=6, daily_limit=25),
            a_service(C, 31, 60, lease_reserve=4, session_limit=12),
        ),
        counters=(
            a_counter(1, (A, B)),
            a_counter(2, (B, C)),
            a_counter(3, (A, B, C)),
            a_counter(4, (A,), opens_with_hall=1),
        ),
        calendar=a_calendar(),
        policy=policy,
        settings=changed(a_hall_rules(), **SMALL).settings,
    )


def reconfigured(rules: HallRules, kind: str, policy: PolicyRules) -> HallRules:
    """The rules that a manager may put in force in the middle of a day."""
    first, second, *rest = rules.services
    match kind:
        case "policy":
            return replace(rules, policy=policy)
        case "swap-ranges":
            swapped = (replace(first, ranges=second.ranges), replace(second, ranges=first.ranges))
            return replace(rules, services=(*swapped, *rest))
        case "reserve":
            return replace(rules, services=(replace(first, lease_reserve=2), *rules.services[1:]))
        case "no-c":
            without = tuple(one for one in rules.services if one.id != C)
            served = tuple(replace(one, services=tuple({*one.services} & {A, B})) for one in rules.counters)
            sorted_ = tuple(replace(one, services=tuple(sorted(one.services))) for one in served)
            return replace(rules, services=without, counters=sorted_)
        case "no-counter":
            return replace(rules, counters=rules.counters[:-1] or rules.counters)
        case "no-priority":
            return replace(rules, priority=(a_group(CARER, rank=3),))
        case "closed-days":
            return replace(rules, calendar=a_calendar(sessions=rules.calendar.sessions[:3]))
        case _:
            return small_rules(policy)
