"""Ticket numbers: positions in a service's ranges, the tail of which is kept for leases."""

from queue_server.core.rules import NumberRange, ServiceRules


def total(ranges: tuple[NumberRange, ...]) -> int:
    """How many numbers the ranges hold."""
    return sum(one.last - one.first + 1 for one in ranges)


def number_at(ranges: tuple[NumberRange, ...], index: int) -> int:
    """The number at a position counted from 0 through all ranges, or IndexError."""
    for one in ranges:
        length = one.last - one.first + 1
        if index < length:
            return one.first + index
        index -= length
    raise IndexError(f"no number at position {index} beyond the ranges {ranges}")


def index_of(ranges: tuple[NumberRange, ...], number: int) -> int | None:
    """The position of a number, or None when it is in no range."""
    passed = 0
    for one in ranges:
        if one.first <= number <= one.last:
            return passed + number - one.first
        passed += one.last - one.first + 1
    return None


def desk_numbers(rules: ServiceRules) -> int:
    """How many numbers may be given directly; the rest is the tail for leases."""
    return total(rules.ranges) - rules.lease_reserve
