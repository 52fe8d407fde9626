"""Hall files for tests, in one call."""

from queue_server.config import ConfigError, ConfigErrors, HallConfig, HallFiles, check

KEY = b"ab" * 32

HALL = """
[hall]
id = "xa-thu"
name = "Xã Thử"

[[calendar.session]]
days = ["mon", "tue"]
ticket_from = "07:00"
ticket_to = "11:15"
desk_from = "07:30"
desk_to = "11:30"

[[service]]
id = "ho-tich"
name = { vi = "Hộ tịch", en = "Civil status" }
numbers = "1001-1999"

[[service]]
id = "dat-dai"
name = "Đất đai"
numbers = ["2001-2999", "6001-6999"]

[[counter]]
number = 1
services = ["ho-tich"]

[[counter]]
number = 2
label = "2A"
services = ["dat-dai", "ho-tich"]

[[priority]]
group = "nguoi-cao-tuoi"
label = "Người cao tuổi"
rank = 2
from = "2026-01-01"
to = "2026-12-31"
"""

HOLIDAYS = """
[[holiday]]
day = "2026-01-01"
name = "Tết Dương lịch"

[[swapped]]
day = "2026-01-10"
works_as = "fri"
"""


def hall_files(hall: str = HALL, holidays: str = HOLIDAYS, key: bytes = KEY) -> HallFiles:
    """Files of a small correct hall."""
    return HallFiles(hall=hall.encode(), holidays=holidays.encode(), key=key)


def a_hall(hall: str = HALL, holidays: str = HOLIDAYS) -> HallConfig:
    """The configuration of these texts."""
    return check(hall_files(hall, holidays))


def mistakes(hall: str = HALL, holidays: str = HOLIDAYS, key: bytes = KEY) -> tuple[ConfigError, ...]:
    """Everything wrong with these texts, nothing for a correct hall."""
    try:
        check(hall_files(hall, holidays, key))
    except ConfigErrors as errors:
        return errors.errors
    return ()


def codes(hall: str = HALL, holidays: str = HOLIDAYS) -> list[tuple[str, str]]:
    """The key and the kind of each mistake."""
    return [(error.key, error.code) for error in mistakes(hall, holidays)]
