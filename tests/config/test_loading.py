from datetime import date
from pathlib import Path

import pytest

from queue_server.config import ConfigErrors, HallFiles, check, load, width_warnings
from queue_server.core.rules import HallRules, Holiday, Name, NumberRange, Session, SwappedDay
from tests.config.halls import HALL, HOLIDAYS, KEY, a_hall, codes, hall_files, mistakes


def test_a_correct_hall_becomes_the_rules_it_says() -> None:
    """The journal stores these values as the rules in force; a misread number would be given twice."""
    rules = a_hall().rules
    assert rules.hall == "xa-thu"
    assert rules.services[0].name == Name("Hộ tịch", "Civil status")
    assert rules.services[1].ranges == (NumberRange(2001, 2999), NumberRange(6001, 6999))
    assert [(counter.number, counter.label) for counter in rules.counters] == [(1, "1"), (2, "2A")]
    assert rules.calendar.sessions[1] == Session(weekday=2, ticket_from=420, ticket_to=675, desk_from=450, desk_to=690)
    assert rules.calendar.holidays == (Holiday(day=date(2026, 1, 1), name="Tết Dương lịch"),)
    assert rules.calendar.swapped == (SwappedDay(day=date(2026, 1, 10), weekday=5),)
    assert (rules.priority[0].rank, rules.priority[0].to_day) == (2, date(2026, 12, 31))
    assert a_hall().warnings == ()


WRONG = [
    ('name = "Đất đai"', 'nmae = "Đất đai"', [("service[2].name", "missing"), ("service[2].nmae", "unknown-key")]),
    ("number = 1\n", 'number = "1"\n', [("counter[1].number", "want-whole")]),
    ("number = 1\n", "number = 0\n", [("counter[1].number", "out-of-bounds")]),
    ("number = 2\n", "number = 1\n", [("counter[2].number", "duplicate")]),
    ("number = 1\n", "number = true\n", [("counter[1].number", "want-whole")]),
    ('id = "dat-dai"', 'id = "ho-tich"', [("service[2].id", "duplicate"), ("counter[2].services", "unknown-service")]),
    ('services = ["ho-tich"]', 'services = ["ho-tihc"]', [("counter[1].services", "unknown-service")]),
    ('services = ["ho-tich"]', "services = []", [("counter[1].services", "too-few")]),
    ('services = ["ho-tich"]', 'services = "ho-tich"', [("counter[1].services", "want-list")]),
    ('services = ["ho-tich"]', 'services = ["ho-tich", "ho-tich"]', [("counter[1].services[2]", "duplicate")]),
    ('numbers = "1001-1999"', 'numbers = "1001-2001"', [("service[2].numbers", "range-overlap")]),
    ('"6001-6999"', '"2999-6999"', [("service[2].numbers", "range-overlap")]),
    ('numbers = "1001-1999"', 'numbers = "1999-1001"', [("service[1].numbers", "range-reversed")]),
    ('numbers = "1001-1999"', "numbers = 1001", [("service[1].numbers", "bad-range")]),
    ('numbers = "1001-1999"', 'numbers = "0-1999"', [("service[1].numbers", "bad-range")]),
    ('numbers = "1001-1999"', 'numbers = "1001-1000000"', [("service[1].numbers", "bad-range")]),
    (
        'numbers = "1001-1999"',
        'numbers = "1001-1010"\nlease_reserve = 11',
        [("service[1].lease_reserve", "reserve-large")],
    ),
    ('numbers = "1001-1999"', 'numbers = "1001-1999"\nprefix = "ab"', [("service[1].prefix", "bad-prefix")]),
    ('"tue"]', '"teu"]', [("calendar.session[1].days", "not-one-of-near")]),
    ('"07:00"', '"11:20"', [("calendar.session[1].ticket_from", "reversed")]),
    ('"07:30"', '"7:30"', [("calendar.session[1].desk_from", "bad-time")]),
    ('"07:30"', '"25:30"', [("calendar.session[1].desk_from", "bad-time")]),
    ('"11:15"', '"11:45"', [("calendar.session[1].ticket_to", "tickets-late")]),
    ("rank = 2", "rank = 10", [("priority[1].rank", "out-of-bounds")]),
    ("rank = 2", "", [("priority[1].rank", "missing")]),
    ('to = "2026-12-31"', 'to = "2025-12-31"', [("priority[1].to", "not-after")]),
    ('to = "2026-12-31"', 'to = "2026-02-31"', [("priority[1].to", "bad-day")]),
    ("[hall]", '[hall]\ntimezone = "Asia/Ho_Chi_Min"', [("hall.timezone", "unknown-zone")]),
    ("[hall]", '[hall]\ntimezone = "../etc/passwd"', [("hall.timezone", "unknown-zone")]),
    ("[hall]", '[hall]\ntimezone = "Asia"', [("hall.timezone", "unknown-zone")]),
    ("[hall]", '[hall]\nlanguages = ["en", "vi"]', [("hall.languages", "vietnamese-first")]),
    ('id = "xa-thu"', 'id = "Xã Thử"', [("hall.id", "bad-id")]),
    ('id = "xa-thu"', 'id = "a|b"', [("hall.id", "bad-id")]),
    ("[hall]", '[policy]\npriority = "strikt"\n[hall]', [("policy.priority", "not-one-of-near")]),
    ("[hall]", "[policy]\ncarry_over = 1\n[hall]", [("policy.carry_over", "want-yes-no")]),
    ("[hall]", "[tickets]\nmin_service_s = -1\n[hall]", [("tickets.min_service_s", "out-of-bounds")]),
    ("[hall]", '[tickets]\ndefault_transfer = "thue"\n[hall]', [("tickets.default_transfer", "unknown-service")]),
    ("[hall]", "server = 8080\n[hall]", [("server", "want-table")]),
    ("[hall]", '[server]\nhost = "a b"\n[hall]', [("server.host", "bad-host")]),
    ("[hall]", '[server]\npublic_url = "javascript:x"\n[hall]', [("server.public_url", "bad-url")]),
    ("[hall]", "[serevr]\nport = 80\n[hall]", [("serevr", "unknown-key")]),
    ("[hall]", "[zzz]\n[hall]", [("zzz", "unknown-key-here")]),
]


@pytest.mark.parametrize(("right", "wrong", "expected"), WRONG, ids=[wrong for _, wrong, _ in WRONG])
def test_a_mistake_is_named_by_its_key(right: str, wrong: str, expected: list[tuple[str, str]]) -> None:
    """A person without IT training finds the place only if the message names it."""
    assert right in HALL
    assert codes(HALL.replace(right, wrong, 1)) == expected


WRONG_DAYS = [
    ('"2026-01-01"', '"2026-02-31"', [("holiday[1].day", "bad-day")]),
    ('"2026-01-01"', '"2026-01-10"', [("swapped[1].day", "holiday-and-swapped")]),
    ('"fri"', '"friday"', [("swapped[1].works_as", "not-one-of-near")]),
    ("[[swapped]]", '[[holiday]]\nday = 2026-01-01\nname = "x"\n[[swapped]]', [("holiday[2].day", "duplicate")]),
]


@pytest.mark.parametrize(("right", "wrong", "expected"), WRONG_DAYS, ids=[wrong for _, wrong, _ in WRONG_DAYS])
def test_a_wrong_day_is_named(right: str, wrong: str, expected: list[tuple[str, str]]) -> None:
    """A hall that opens at Tết, or stays closed on a working day, sends people home."""
    assert codes(holidays=HOLIDAYS.replace(right, wrong, 1)) == expected


def test_all_mistakes_are_listed_together() -> None:
    """A person who corrects one mistake after another gives up at the third."""
    hall = HALL.replace("number = 1\n", "number = 1000\n").replace('"07:30"', '"x"').replace("rank = 2", "rank = 0")
    found = codes(hall, HOLIDAYS.replace("2026-01-01", "2026-13-01"))
    assert {key for key, _ in found} == {
        "counter[1].number", "calendar.session[1].desk_from", "priority[1].rank", "holiday[1].day"
    }  # fmt: skip


def test_a_mistake_names_its_line_value_and_remedy_in_both_languages() -> None:
    """The message is all that the person has."""
    (error,) = mistakes(HALL.replace('"2001-2999"', '"2001-299"'))
    assert (error.file, error.key, error.value) == ("hall.toml", "service[2].numbers", '"2001-299"')
    assert HALL.split("\n")[error.line - 1].startswith('numbers = ["2001-2999"')
    assert "số đầu lớn hơn" in error.remedy
    assert "larger" in error.remedy_en
    assert str(error).startswith(f"hall.toml:{error.line}  service[2].numbers")


def test_a_misspelt_key_is_told_the_nearest_real_one() -> None:
    """A setting that is silently ignored is worse than none."""
    (error,) = mistakes(HALL + "\n[tickets]\nabsent_return_minute = 20\n")
    assert "`absent_return_minutes`" in error.remedy


def test_sessions_of_one_day_do_not_overlap() -> None:
    """A ticket belongs to one session; with two it would be counted in the wrong one."""
    hours = 'ticket_from = "11:00"\nticket_to = "12:00"\ndesk_from = "11:30"\ndesk_to = "12:00"\n'
    more = '\n[[calendar.session]]\ndays = ["tue"]\n' + hours
    assert codes(HALL + more) == [("calendar.session[2].ticket_from", "sessions-overlap")]
    assert codes(HALL + more.replace('"tue"', '"wed"')) == []


def test_a_group_stands_once_for_any_day() -> None:
    """Two ranks for one visitor on one day would make the order a matter of chance."""
    more = '\n[[priority]]\ngroup = "nguoi-cao-tuoi"\nlabel = "75"\nrank = 1\nfrom = "2026-12-31"\n'
    assert codes(HALL + more) == [("priority[2].group", "rows-overlap")]
    assert codes(HALL + more.replace("2026-12-31", "2027-01-01")) == []
    assert codes(HALL + more + "enabled = false\n") == []


def test_limits_of_lists_are_kept() -> None:
    """A file gone wild must not take the server's memory."""
    counters = "".join(f'[[counter]]\nnumber = {n}\nservices = ["ho-tich"]\n' for n in range(3, 202))
    assert codes(HALL + counters) == [("counter", "too-many")]


def test_whole_files_that_cannot_be_read_are_said_so() -> None:
    """Each way a file goes bad has its own remedy."""
    for content, code in [
        (b"\xff\xfe", "not-utf8"),
        (b"a = ", "not-toml"),
        (b"a = 2026-02-31", "not-toml"),
        (b"a = " + b"9" * 5000, "not-toml"),
        (b"a = " + b"[" * 100_000, "not-toml"),
        (b"#" * 262_145, "file-too-large"),
    ]:
        with pytest.raises(ConfigErrors) as refused:
            check(HallFiles(hall=content, holidays=b"", key=KEY))
        assert [error.code for error in refused.value.errors] == [code]


def test_a_missing_folder_is_an_answer_and_no_traceback(tmp_path: Path) -> None:
    """The commands print what is missing and exit 2."""
    with pytest.raises(ConfigErrors) as refused:
        load(tmp_path / "nowhere")
    assert {(error.file, error.code) for error in refused.value.errors} == {
        ("hall.toml", "file-missing"),
        ("keys/hall.key", "file-missing"),
    }


def test_the_secret_is_never_shown() -> None:
    """Logs and error reports are read by many."""
    assert "ab" * 32 not in repr(a_hall())
    assert "***" in repr(a_hall())
    assert repr(hall_files()) == "HallFiles(***)"
    (error,) = mistakes(key=b"not the key but nearly")
    assert error.value == ""
    assert "nearly" not in str(error)


def test_what_is_allowed_but_unlikely_is_a_warning() -> None:
    """A warning never keeps a hall from opening."""
    hall = (
        HALL.replace('"dat-dai", "ho-tich"', '"dat-dai"')
        .replace('["ho-tich"]', '["dat-dai"]')
        .replace('"6001-6999"', '"10000-10999"')
        .replace('"2A"', '"1"')
    )
    config = a_hall(hall + "\n[devices]\ndigits_max = 4\n", holidays="")
    assert len(config.warnings) == 4
    for word, said in zip(("“1”", "no counter", "Tết", "10999"), config.warnings, strict=True):
        assert word in said


def test_wide_numbers_are_warned_about_for_each_narrow_device() -> None:
    """Number 10001 on a board of four digits reads 0001, and somebody else gets up."""
    rules: HallRules = a_hall(HALL.replace("6001-6999", "10000-10999")).rules
    (said,) = width_warnings(rules, {"board-1": 4, "screen": 6, "rating": 0})
    assert "board-1" in said
    assert "service[2].numbers" in said


@pytest.mark.parametrize(
    ("text", "code_point"),
    [
        ("Hộ\u200btịch", "U+200B ZERO WIDTH SPACE"),
        ("Hộ\u202etịch", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Hộ\\u0007tịch", "U+0007"),
        ("Hộ tịch\ufeff", "U+FEFF"),
        ("Ho\u0323\u0302 ti\u0323ch", "U+0323 COMBINING DOT BELOW"),
    ],
)
def test_texts_hide_nothing(text: str, code_point: str) -> None:
    """Two names that look the same and differ would be two services to the software and one to people."""
    (error,) = mistakes(HALL.replace('vi = "Hộ tịch"', f'vi = "{text}"'))
    assert error.key == "service[1].name.vi"
    assert code_point in error.remedy
    assert error.value.isprintable()


def test_names_have_a_length() -> None:
    """A kiosk button holds four lines."""
    assert codes(HALL.replace("Đất đai", "Đ" * 120)) == []
    assert codes(HALL.replace("Đất đai", "Đ" * 121)) == [("service[2].name", "text-long")]
    assert codes(HALL.replace("Đất đai", " Đất")) == [("service[2].name", "text-edge")]
    assert codes(HALL.replace("Đất đai", "")) == [("service[2].name", "text-empty")]


def test_a_byte_order_mark_is_no_mistake() -> None:
    """Editors on Windows write one."""
    assert a_hall("\ufeff" + HALL) == a_hall()
