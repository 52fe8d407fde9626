"""Services, counters and the priority table, each entry by itself and then all together."""

import re
from collections.abc import Sequence

from queue_server.config.table import Table, nearest
from queue_server.core.ids import CounterNumber, ServiceId
from queue_server.core.rules import CounterRules, Name, NumberRange, PriorityGroup, ServiceRules

SERVICES_MAX = 60
COUNTERS_MAX = 200
RANGES_MAX = 8
"""Ranges of one service."""
PRIORITY_ROWS_MAX = 60
NUMBER_MAX = 999_999
"""Six digits: more can be neither remembered nor called."""
COUNTER_NUMBER_MAX = 999
LABEL_LENGTH_MAX = 12
ZONE_LENGTH_MAX = 40

_RANGE = re.compile(r"\s*([0-9]{1,6})\s*[-–]\s*([0-9]{1,6})\s*")
_PREFIX = re.compile(r"[A-Z0-9]{0,3}")
_NOBODY = Name("")


def services(root: Table) -> tuple[ServiceRules, ...]:
    """All services; ids are unique and no number belongs to two of them."""
    found: list[ServiceRules] = []
    id_at: dict[str, str] = {}
    ranges: list[tuple[int, int, str, Table]] = []
    for table in root.tables("service", SERVICES_MAX, needed=True):
        service = _service(table)
        if service.id in id_at:
            table.error("id", service.id, "duplicate", other=id_at[service.id])
        elif service.id:
            id_at[service.id] = table.place("id")
        ranges += [(numbers.first, numbers.last, table.place("numbers"), table) for numbers in service.ranges]
        found.append(service)
    _no_shared_numbers(ranges)
    return tuple(found)


def _service(table: Table) -> ServiceRules:
    default = ServiceRules(id=ServiceId(""), name=_NOBODY, ranges=())
    prefix = table.word("prefix", default.prefix)
    if not _PREFIX.fullmatch(prefix):
        table.error("prefix", prefix, "bad-prefix")
    ranges = _ranges(table)
    service = ServiceRules(
        id=ServiceId(table.id("id") or ""),
        name=table.name("name", None) or _NOBODY,
        ranges=ranges,
        prefix=prefix,
        lease_reserve=table.number("lease_reserve", 0, NUMBER_MAX, default.lease_reserve),
        daily_limit=table.number("daily_limit", 0, NUMBER_MAX, default.daily_limit),
        session_limit=table.number("session_limit", 0, NUMBER_MAX, default.session_limit),
        expected_service_s=table.number("expected_service_s", 10, 14_400, default.expected_service_s),
        elsewhere=table.name("elsewhere", default.elsewhere, limit=300) or _NOBODY,
    )
    table.done()
    capacity = sum(numbers.last - numbers.first + 1 for numbers in ranges)
    if ranges and service.lease_reserve > capacity:
        table.error("lease_reserve", service.lease_reserve, "reserve-large", capacity=capacity)
    elif ranges and service.lease_reserve == capacity:
        table.warn("lease_reserve", "reserve-all")
    return service


def _ranges(table: Table) -> tuple[NumberRange, ...]:
    value = table.raw("numbers")
    if value is None:
        table.missing("numbers")
        return ()
    entries = value if isinstance(value, list) else [value]
    if not entries:
        table.error("numbers", value, "too-few")
    if len(entries) > RANGES_MAX:
        table.error("numbers", value, "too-many", limit=RANGES_MAX)
    return tuple(found for entry in entries[:RANGES_MAX] if (found := _range(table, entry)) is not None)


def _range(table: Table, value: object) -> NumberRange | None:
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        table.error("numbers", value, "bad-range", high=NUMBER_MAX)
        return None
    if int(found[1]) > int(found[2]):
        table.error("numbers", value, "range-reversed")
        return None
    return NumberRange(int(found[1]), int(found[2]))


def _no_shared_numbers(ranges: Sequence[tuple[int, int, str, Table]]) -> None:
    widest: tuple[int, int, str, Table] | None = None
    for entry in sorted(ranges, key=lambda entry: entry[:3]):
        first, last, _, table = entry
        if widest is not None and first <= widest[1]:
            numbers = f"{first}-{min(last, widest[1])}"
            table.error("numbers", f"{first}-{last}", "range-overlap", other=widest[2], numbers=numbers)
        if widest is None or last > widest[1]:
            widest = entry


def counters(root: Table, services: Sequence[ServiceRules]) -> tuple[CounterRules, ...]:
    """All counters; numbers are unique and every service they name exists."""
    ids = [service.id for service in services if service.id]
    found: list[CounterRules] = []
    number_at: dict[int, str] = {}
    label_at: dict[str, str] = {}
    for table in root.tables("counter", COUNTERS_MAX, needed=True):
        counter = _counter(table, ids)
        if counter.number in number_at:
            table.error("number", counter.number, "duplicate", other=number_at[counter.number])
        elif counter.number:
            number_at[counter.number] = table.place("number")
        if counter.label in label_at:
            table.warn("label", "same-label", label=counter.label)
        elif counter.label:
            label_at[counter.label] = table.place("label")
        found.append(counter)
    served = {service for counter in found for service in counter.services}
    for position, service in enumerate(services):
        if service.id and service.id not in served:
            root.findings.warn(root.file, ("service", position, "id"), "unserved")
    return tuple(found)


def _counter(table: Table, ids: Sequence[str]) -> CounterRules:
    number = table.whole("number", 1, COUNTER_NUMBER_MAX, None) or 0
    counter = CounterRules(
        number=CounterNumber(number),
        label=table.word("label", "", LABEL_LENGTH_MAX) or (str(number) if number else ""),
        services=tuple(ServiceId(service) for service in table.words("services", None, SERVICES_MAX)),
        zone=table.word("zone", "", ZONE_LENGTH_MAX),
        opens_with_hall=1 if table.yes_no("opens_with_hall", False) else 0,
    )
    table.done()
    if table.raw("services") == []:
        table.error("services", [], "too-few")
    for service in counter.services:
        if ids and service not in ids:  # Without any services there is one mistake, not one for each counter.
            known = ", ".join(ids)
            table.error("services", service, "unknown-service", nearest=nearest(service, ids) or "?", known=known)
    return counter


def priority(root: Table) -> tuple[PriorityGroup, ...]:
    """The rows that are switched on; the same group stands at most once for any day."""
    found: list[tuple[PriorityGroup, Table]] = []
    for table in root.tables("priority", PRIORITY_ROWS_MAX):
        row, enabled = _priority_row(table)
        if not enabled:
            continue
        for other, its in found:
            if row.group and row.group == other.group and _share_a_day(row, other):
                table.error("group", row.group, "rows-overlap", other=its.place())
        found.append((row, table))
    return tuple(row for row, _ in found)


def _priority_row(table: Table) -> tuple[PriorityGroup, bool]:
    default = PriorityGroup(group="", label=_NOBODY, rank=9)
    row = PriorityGroup(
        group=table.id("group") or "",
        label=table.name("label", None) or _NOBODY,
        rank=table.whole("rank", 1, 9, None) or default.rank,
        proof=table.name("proof", default.proof, limit=300) or _NOBODY,
        from_day=table.day("from", default.from_day) or default.from_day,
        to_day=table.day("to", default.to_day) or default.to_day,
        legal_basis=table.word("legal_basis", default.legal_basis),
    )
    enabled = table.yes_no("enabled", True)
    table.done()
    if row.from_day > row.to_day:
        table.error("to", row.to_day.isoformat(), "not-after", other="from", limit=row.from_day.isoformat())
    return row, enabled


def _share_a_day(one: PriorityGroup, other: PriorityGroup) -> bool:
    return max(one.from_day, other.from_day) <= min(one.to_day, other.to_day)
