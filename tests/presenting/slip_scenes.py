"""Slips for tests: one ordinary slip, of which a test changes what matters to it."""

from datetime import datetime, timedelta, timezone

import msgspec

from queue_server.presenting.slip_facts import FirstNextTime, SlipFacts, Waiting, WaitingOffline
from queue_server.presenting.slips import Layout, PaperName
from queue_server.wire.fields import Bilingual

HANOI = timezone(timedelta(hours=7))
STACKED = "NGUYỄN ẴỄẶ ựữ"
LAYOUTS: tuple[tuple[PaperName, Layout], ...] = (("80", "full"), ("80", "lean"), ("58", "full"), ("58", "lean"))


def at(hour: int, minute: int, second: int = 0, *, day: int = 19) -> datetime:
    """An instant of November 2026; the 19th is a Thursday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=HANOI)


def named(vi: str, en: str = "") -> Bilingual:
    """A name; the English one is the Vietnamese where the test does not care."""
    return Bilingual(vi=vi, en=en or vi)


ORDINARY = SlipFacts(
    hall=named("Trung tâm Phục vụ hành chính công phường An Hòa", "An Hoa Ward Public Administration Service Centre"),
    shown="1005",
    services=(named("Hộ tịch – Chứng thực", "Civil status – certification"),),
    issued_at=at(8, 52, 7),
    standing=Waiting(ahead=12, expected=at(9, 6), bound=at(9, 15)),
    counters=("1", "2", "4"),
    bring=(
        named("Bản chính giấy tờ cần chứng thực", "The original of the paper to certify"),
        named("Bản sao của giấy tờ đó", "A copy of that paper"),
    ),
    follow="https://hangcho.anhoa.example/t/0f3c2a91b7?key=Jk3nY8aQz1Rw5tLb",
    hotline="1900 0000",
    head="9f2c71ab04de",
    given_by="Kiosk 1",
)
LONGEST = " ".join(
    [STACKED, *["thủ tục đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới"] * 13, "và hết tên này."]
)[:919]


def a_slip(**changed: object) -> SlipFacts:
    """The ordinary slip with these facts instead."""
    return msgspec.structs.replace(ORDINARY, **changed)


SCENES: dict[str, SlipFacts] = {
    "ordinary": ORDINARY,
    "offline": a_slip(standing=WaitingOffline(), head="", shown="1042", follow=None),
    "first-next-time": a_slip(standing=FirstNextTime(at(7, 30, day=20)), shown="7"),
    "two-languages-again": a_slip(languages=("vi", "en"), copy=2),
    "english": a_slip(languages=("en",), shown="B-12"),
    "longest": a_slip(
        hall=named(LONGEST),
        services=(named(LONGEST), named("Đất đai")),
        bring=tuple(named(f"{place}. {LONGEST}") for place in range(3)),
        counters=tuple(f"{place}A" for place in range(1, 30)),
        shown="999999",
    ),
    "barest": a_slip(standing=Waiting(), counters=(), bring=(), follow=None, hotline="", head="", given_by=""),
}
GOLDEN: tuple[tuple[str, PaperName, Layout], ...] = (
    *(("ordinary", paper, layout) for paper, layout in LAYOUTS),
    *((name, "80", "full") for name in SCENES if name != "ordinary"),
    ("longest", "58", "lean"),
)
