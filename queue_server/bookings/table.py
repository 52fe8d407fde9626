"""A table of bookings as text: `code,service,at`, one booking a line. Pure.

The cells may also be parted by semicolons, as a Vietnamese Excel writes CSV, or by tabs, as cells are copied; the
header line tells by which.
"""

import csv
import re
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from queue_server.core.ids import ServiceId

COLUMNS = ("code", "service", "at")
SEPARATORS = (",", ";", "\t")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


class Booking(Struct, frozen=True):
    """One appointment."""

    code: str
    service: ServiceId
    at: datetime


class Refused(Struct, frozen=True):
    """A line that is not taken; the first line after the header is 2."""

    row: int
    code: str
    detail: dict[str, str | int]


class NoTable(Exception):
    """The text is no table of bookings; the message says why."""


def code_key(code: str) -> str:
    """What is the same booking, however it is typed."""
    return code.strip().upper()


def separator_of(text: str) -> str:
    """What parts the cells, by the header line; raise NoTable for another header."""
    header = text.splitlines()[:1]
    for separator in SEPARATORS:
        try:
            names = _names(next(csv.reader(header, delimiter=separator), []))
        except csv.Error as fault:
            raise NoTable(str(fault)) from fault
        if sorted(names) == sorted(COLUMNS):
            return separator
    raise NoTable(f"Expected a header line of {', '.join(COLUMNS)}, parted by commas, semicolons or tabs")


def _names(header: list[str]) -> list[str]:
    return [name.strip().lower() for name in header]


def parse(text: str, services: Collection[ServiceId], now: datetime) -> tuple[tuple[Booking, ...], tuple[Refused, ...]]:
    """Bookings and refused lines, or raise NoTable. A time without an offset is the hall's own."""
    rows = csv.reader(text.splitlines(), delimiter=separator_of(text), strict=True)
    try:
        header = _names(next(rows))
        taken: dict[str, Booking] = {}
        refused: list[Refused] = []
        for number, cells in enumerate(rows, start=2):
            if not cells:
                continue
            read = _line(dict(zip(header, cells, strict=False)), services, now)
            if isinstance(read, Booking) and read.code in taken:
                read = ("booking-repeated", {"value": read.code})
            if isinstance(read, Booking):
                taken[read.code] = read
            else:
                refused.append(Refused(number, *read))
    except csv.Error as fault:
        raise NoTable(str(fault)) from fault
    return tuple(taken.values()), tuple(refused)


def _line(
    cells: dict[str, str], services: Collection[ServiceId], now: datetime
) -> Booking | tuple[str, dict[str, str | int]]:
    code, service, at = (cells.get(name, "").strip() for name in COLUMNS)
    if not _CODE.fullmatch(code):
        return "booking-code", {"value": code[:64]}
    if service not in services:
        return "unknown-service", {"service": service[:64]}
    try:
        instant = datetime.fromisoformat(at)
        instant = instant.replace(tzinfo=now.tzinfo) if instant.tzinfo is None else instant.astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return "booking-time", {"value": at[:64]}
    if instant.date() < now.date():
        return "booking-past", {"value": at[:64]}
    return Booking(code_key(code), ServiceId(service), instant.replace(microsecond=0))
