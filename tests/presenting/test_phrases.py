"""Sentences that people hear and read."""

from datetime import date, datetime, timedelta, timezone

import pytest

from queue_server.presenting import phrases
from queue_server.presenting.texts import Texts, load
from queue_server.wire.fields import Bilingual

HANOI = timezone(timedelta(hours=7))
CIVIL = Bilingual("Hộ tịch", "Civil status")
LAND = Bilingual("Đất đai", "Land")


@pytest.fixture(scope="module")
def texts() -> Texts:
    """All texts, read once."""
    return load()


def test_a_call_says_the_number_digit_by_digit_and_the_counter_as_a_whole(texts: Texts) -> None:
    """The wording of the design, word for word."""
    said = phrases.announcement(texts, prefix="", number=1005, label="4", repeat=False)
    assert said.vi == "Mời số, một, không, không, năm, đến quầy, bốn."
    assert said.en == "Number one, zero, zero, five, please go to counter four."


def test_a_recall_begins_otherwise(texts: Texts) -> None:
    """Who missed the first call hears that it is the second."""
    said = phrases.announcement(texts, prefix="", number=2013, label="12", repeat=True)
    assert said.vi == "Mời lại số, hai, không, một, ba, đến quầy, mười hai."
    assert said.en.startswith("Calling again: number two, zero, one, three")


def test_a_prefix_is_said_letter_by_letter_and_a_named_counter_by_its_name(texts: Texts) -> None:
    """The label of a counter is what is shown and spoken."""
    said = phrases.announcement(texts, prefix="AB-", number=7, label="Tiếp dân", repeat=False)
    assert said.vi == "Mời số, A, B, bảy, đến quầy, Tiếp dân."


@pytest.mark.parametrize(
    ("code", "figures", "vietnamese"),
    [
        ("longest-wait", {}, "Chờ lâu nhất trong Hộ tịch, Đất đai"),
        ("longest-wait", {"rank": 2}, "Chờ lâu nhất trong Hộ tịch, Đất đai, diện ưu tiên hạng 2"),
        ("priority-turn", {"ratio": 5, "rank": 1}, "Lượt ưu tiên 1:5, hạng 1, trong Hộ tịch, Đất đai"),
        (
            "priority-first",
            {"ratio": 5, "rank": 1},
            "Ưu tiên đi trước, hạng 1, nhiều nhất 5 lượt liền, trong Hộ tịch, Đất đai",
        ),
        ("bulk-turn", {"ratio": 4}, "Lượt nhiều hồ sơ 1:4, trong Hộ tịch, Đất đai"),
        ("escalated", {"ratio": 2700}, "Chờ quá 45 phút, gọi trước, trong Hộ tịch, Đất đai"),
        ("returned", {}, "Vắng mặt đã quay lại, trong Hộ tịch, Đất đai"),
        ("directed", {}, "Chờ riêng quầy này"),
    ],
)
def test_a_reason_carries_the_figures_that_the_rule_used(
    texts: Texts, code: str, figures: dict[str, int], vietnamese: str
) -> None:
    """Anybody who doubts a call can check it."""
    said = phrases.call_reason(
        texts, code, services=(CIVIL, LAND), ratio=figures.get("ratio", 0), rank=figures.get("rank", 0)
    )
    assert said.vi == vietnamese


def test_a_call_by_number_says_why(texts: Texts) -> None:
    """Calls out of order are the ones that people ask about."""
    said = phrases.call_reason(texts, "by-number", services=(CIVIL,), why="keypad")
    assert said == Bilingual("Gọi đích danh: gọi bằng bàn phím quầy", "Called by number: called by keypad")


@pytest.mark.parametrize(
    "code",
    ["longest-wait", "priority-turn", "priority-first", "bulk-turn", "escalated", "returned", "directed", "by-number"],
)
def test_the_public_reads_no_figures_and_no_group(texts: Texts, code: str) -> None:
    """A lobby must not learn who is pregnant, old or disabled."""
    assert phrases.public_reason(texts, code).vi in {"theo thứ tự", "ưu tiên theo quy định", "theo quy định"}


def test_an_opening_is_told_as_people_tell_it(texts: Texts) -> None:
    """Today the hour is enough; tomorrow has a name; later days need a date."""
    now = datetime(2026, 11, 19, 16, 45, tzinfo=HANOI)

    def told(day: int, hour: int) -> str:
        opens = datetime(2026, 11, day, hour, 30, tzinfo=HANOI)
        return phrases.opening(texts, "vi", now=now, opens=opens)

    assert told(19, 17) == "17:30"
    assert told(20, 7) == "07:30 sáng mai, thứ Sáu 20/11/2026"
    assert told(20, 13) == "13:30 chiều mai, thứ Sáu 20/11/2026"
    assert told(23, 7) == "07:30 thứ Hai 23/11/2026"


def test_days_have_their_names(texts: Texts) -> None:
    """Monday is "thứ Hai", the second: counting from Sunday is where translations go wrong."""
    assert phrases.day(texts, "vi", date(2026, 11, 22)) == "Chủ nhật 22/11/2026"
    assert phrases.day(texts, "en", date(2026, 11, 23)) == "Monday 23/11/2026"
