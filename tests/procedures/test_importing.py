import unicodedata
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from queue_server.procedures import index, load, search
from queue_server.procedures.importing import MISTAKES_MAX, NAME_LENGTH_MAX, ROWS_MAX, Imported, import_snapshot
from queue_server.procedures.manners import Manners, manners
from queue_server.procedures.shortening import SHORT_NAME_MAX, short_name

HEAD = "ma_thu_tuc\tten_thu_tuc\tlinh_vuc\tcap_thuc_hien\tdoi_tuong\tso_quyet_dinh\tcach_thuc_300\tbo\tdetail_url"
DAY = date(2026, 7, 20)
TABLE = "Hình thức nộpThời gianPhí, lệ phíMô tả"


def a_row(code: str = "1.001193", name: str = "Thủ tục đăng ký khai sinh", decision: str = "163/QĐ-BTP") -> str:
    """One line of a snapshot."""
    return f"{code}\t{name}\tHộ tịch\tCấp xã\tCông dân Việt Nam\t{decision}\t\tbo-tu-phap\t"


def imported(*rows: str, head: str = HEAD, by_hand: bool = False) -> Imported:
    """What comes of a snapshot of these lines."""
    data = "\n".join((head, *rows)).encode()
    return import_snapshot(data, source="test", snapshot_date=DAY, handmade=load() if by_hand else None)


def test_a_clean_snapshot_comes_in_whole() -> None:
    """The report is what the person who imports reads; it must not cry wolf."""
    result = imported(a_row(), a_row("2.000815", "Chứng thực bản sao"))
    assert [one.code for one in result.catalogue.procedures] == ["1.001193", "2.000815"]
    assert (result.catalogue.source, result.catalogue.snapshot_date) == ("test", DAY)
    report = result.report
    assert (report.rows, report.taken, report.repeated, report.missing_columns, report.mistakes) == (2, 2, 0, (), ())
    assert result.catalogue.procedures[0].short_name.vi == "Đăng ký khai sinh"


def test_dirt_is_mended_where_its_meaning_is_plain() -> None:
    """Tables come out of spreadsheets and pages: decomposed, quoted, with other line ends and spaces."""
    dirty = unicodedata.normalize("NFD", a_row("1,001193 ", '"Đăng ký  ""khai sinh"""'))
    data = f"\ufeff{HEAD}\r\n{dirty}\r\n\r\n".encode()
    result = import_snapshot(data, source="test", snapshot_date=DAY)
    assert [(one.code, one.name) for one in result.catalogue.procedures] == [("1.001193", 'Đăng ký "khai sinh"')]
    (mistake,) = result.report.mistakes
    assert (mistake.line, mistake.column, mistake.is_skipped) == (2, "ma_thu_tuc", False)


def test_every_mistake_names_line_column_value_and_remedy() -> None:
    """They are mended all at once, in the file, by somebody who sees line numbers."""
    result = imported(a_row("1.1"), a_row(name=""), a_row(), a_row("1.00119"), a_row("2.000001", "x" * 2001), "1.2")
    found = {(one.line, one.column): one for one in result.report.mistakes}
    assert {(2, "ma_thu_tuc"), (3, "ten_thu_tuc"), (5, "ma_thu_tuc"), (6, "ten_thu_tuc"), (7, "")} <= found.keys()
    assert found[2, "ma_thu_tuc"].value == "1.1"
    assert all(one.remedy.vi and one.remedy.en and len(one.value) <= 60 for one in result.report.mistakes)
    assert [one.code for one in result.catalogue.procedures] == ["1.001193"]


def test_a_repeated_row_is_dropped_and_a_contradicting_one_is_named() -> None:
    """The first is harmless, the second means that the file was put together from two."""
    result = imported(a_row(), a_row(), a_row(name="Đăng ký khác"))
    assert (result.report.taken, result.report.repeated) == (1, 1)
    assert [(one.line, one.is_skipped) for one in result.report.mistakes] == [(4, True)]
    assert result.catalogue.procedures[0].name == "Thủ tục đăng ký khai sinh"


def test_missing_columns_are_named() -> None:
    """Without codes and names there is no catalogue; without the others there is a poorer one."""
    poorer = imported("1.001193\tĐăng ký khai sinh", head="ma_thu_tuc\tten_thu_tuc")
    assert poorer.report.taken == 1
    assert "so_quyet_dinh" in poorer.report.missing_columns
    none = imported("a\tb", head="x\ty")
    assert none.report.taken == 0
    assert {one.column for one in none.report.mistakes} == {"ma_thu_tuc", "ten_thu_tuc"}


def test_long_legal_names_are_kept_whole() -> None:
    """The longest commune name has 919 characters, and a legal name that was cut is another one."""
    name = ("Đăng ký biến động " * 60)[:919].strip()
    assert imported(a_row(name=name)).catalogue.procedures[0].name == name
    assert imported(a_row(name="đ" * NAME_LENGTH_MAX)).report.taken == 1


def test_too_many_rows_are_not_read_and_that_is_said() -> None:
    """A wrong file must not fill the memory of a small computer."""
    result = imported(*(a_row(f"1.{number:06d}") for number in range(ROWS_MAX + 5)))
    assert result.report.rows == result.report.taken == ROWS_MAX
    assert [one.line for one in result.report.mistakes] == [ROWS_MAX + 2]


def test_mistakes_beyond_the_limit_are_counted() -> None:
    """Thousands of lines would hide what they have in common."""
    result = imported(*(a_row("x") for _ in range(MISTAKES_MAX + 7)))
    assert (len(result.report.mistakes), result.report.mistakes_unlisted) == (MISTAKES_MAX, 7)


def test_columns_of_a_person_are_taken() -> None:
    """A hall may write short names and synonyms of its own beside the snapshot."""
    head = "ma_thu_tuc\tten_thu_tuc\tten_ngan\ttu_khoa\tgiay_to\ttruc_tuyen\tngay_quyet_dinh\ttra_truoc"
    facts = "Tờ khai;Giấy chứng sinh\tcó\t20/7/2026\t15:00"
    row = f"1.001193\tThủ tục đăng ký khai sinh\tKhai sinh\tđẻ con; sinh con\t{facts}"
    (one,) = imported(row, head=head).catalogue.procedures
    assert (one.short_name.vi, one.synonyms, one.papers) == (
        *("Khai sinh", ("đẻ con", "sinh con"), ("Tờ khai", "Giấy chứng sinh")),
    )
    assert (one.is_online, one.decision_date, one.same_day_cutoff) == (True, DAY, time(15))
    assert len(imported(row.replace("15:00", "25h").replace("20/7", "31/2"), head=head).report.mistakes) == 2


def test_words_written_by_hand_come_along_and_facts_only_with_their_decision() -> None:
    """A new decision may have changed the fee; the short name stays good."""
    same, changed = (imported(a_row(decision=number), by_hand=True) for number in ("163/QĐ-BTP", "999/QĐ-BTP"))
    for result in (same, changed):
        assert result.catalogue.procedures[0].short_name.en == "Birth registration"
        assert search(index(result.catalogue), "đẻ con")
    assert same.catalogue.procedures[0].papers
    assert not changed.catalogue.procedures[0].papers
    assert not changed.catalogue.procedures[0].fee


def test_what_was_written_by_hand_stands_first_then_what_communes_do() -> None:
    """The order is what an empty search shows."""
    rows = (a_row("9.000001").replace("Cấp xã", "Cấp tỉnh"), a_row("9.000002"), a_row("1.001193"), a_row("2.000815"))
    order = [one.code for one in imported(*rows, by_hand=True).catalogue.procedures]
    assert order == ["2.000815", "1.001193", "9.000002", "9.000001"]


def test_only_plain_fees_and_times_are_read_from_the_flattened_table() -> None:
    """A fee with conditions, shown without them, is a wrong fee."""
    assert manners(f"{TABLE}Trực tuyến3 Ngày làm việcMiễn phíTrực tiếp5 Ngày làm việcMiễn phí") == Manners(
        is_online=True, fee="Miễn phí", time_limit="5 ngày làm việc"
    )
    assert manners(f"{TABLE}Trực tiếp2 Ngày10,000 Việt Nam Đồng(/trường hợp)") == Manners(
        fee="10.000 đồng/trường hợp", time_limit="2 ngày"
    )
    conditions = manners(f"{TABLE}Trực tiếp1Miễn phí(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định)")
    assert conditions == Manners()
    assert manners(f"{TABLE}Trực tiếp3 NgàyMiễn phí".ljust(300, ".")).fee == ""


def test_short_names_are_clauses_of_whole_words() -> None:
    """A name that stops within a word, or in "của", looks broken on a key."""
    assert short_name("Thủ tục đăng ký khai sinh") == "Đăng ký khai sinh"
    assert short_name("Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho cả …)") == "Chứng thực chữ ký"
    assert (
        short_name("Thủ tục hải quan đối với hàng hóa nhập khẩu bán tại cửa hàng")
        == "Hải quan đối với hàng hóa nhập khẩu bán"
    )


@given(name=st.text(min_size=1, max_size=300).map(lambda text: " ".join(text.split())).filter(bool))
def test_any_name_gets_a_short_one_of_its_own_words(name: str) -> None:
    """The longest word list cannot foresee what comes."""
    short = short_name(name)
    assert len(short) <= SHORT_NAME_MAX or " " not in short
    assert "…" in name or "…" not in short


@given(data=st.binary(max_size=400))
def test_any_bytes_give_a_report(data: bytes) -> None:
    """People choose wrong files: pictures, archives, other tables."""
    result = import_snapshot(data, source="test", snapshot_date=DAY)
    assert result.report.taken == len(result.catalogue.procedures)


cells = st.text(max_size=30) | st.sampled_from(
    ["1.001193", "2.000815", "", '"', "Trực tiếp1", "\x00", "\u2028", "e\u0301"]
)


@given(rows=st.lists(st.lists(cells, max_size=11), max_size=12), by_hand=st.booleans())
def test_any_dirt_below_the_head_gives_a_catalogue_that_can_be_searched(rows: list[list[str]], by_hand: bool) -> None:
    """Nothing that got in may break a search later, before a citizen's eyes."""
    result = imported(*("\t".join(row) for row in rows), by_hand=by_hand)
    ready = index(result.catalogue)
    for one in result.catalogue.procedures:
        assert search(ready, one.code)
        assert one.name == unicodedata.normalize("NFC", one.name)
    report = result.report
    skipped = sum(one.is_skipped for one in report.mistakes)
    assert report.taken + report.repeated <= report.rows <= report.taken + report.repeated + skipped
