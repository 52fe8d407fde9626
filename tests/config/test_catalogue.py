"""A hall's own catalogue: taken in wholly or not at all, the one before it kept, and a broken file named."""

from datetime import date
from pathlib import Path

import pytest

from queue_server.config.catalogue import (
    CATALOGUE_FILE,
    PREVIOUS_FILE,
    CatalogueRefused,
    import_file,
    load_catalogue,
    undo,
)
from queue_server.config.watch import catalogue_state
from queue_server.procedures import load as load_sample

TODAY = date(2026, 11, 22)
DAY = date(2026, 7, 20)
HEAD = "ma_thu_tuc\tten_thu_tuc\tlinh_vuc\tcap_thuc_hien\tdoi_tuong\tso_quyet_dinh\tcach_thuc_300\tbo\tdetail_url"
LONG = ("Cấp giấy xác nhận " * 60)[:919]


def a_table(folder: Path, *rows: tuple[str, str], name: str = "procedures-2026-07-20.tsv") -> Path:
    """A snapshot of these codes and names."""
    file = folder / name
    lines = [f"{code}\t{words}\tHộ tịch\tCấp xã\t\t1/QĐ\t\tbo-tu-phap\t" for code, words in rows]
    file.write_text("\n".join((HEAD, *lines)), "utf-8")
    return file


def bring(folder: Path, file: Path, *, leaves_out: bool = False) -> bool:
    """Import it; whether the catalogue is another one now."""
    return import_file(folder, file, day=None, source="", today=TODAY, leaves_out=leaves_out).is_new


def codes(folder: Path) -> list[str]:
    """What the hall has, in order."""
    return [one.code for one in load_catalogue(folder).procedures]


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A hall's folder, apart from where tables lie."""
    folder = tmp_path / "hall"
    folder.mkdir()
    return folder


def test_a_hall_without_its_own_has_the_sample(hall: Path) -> None:
    """Names stand in place of codes from the first day."""
    assert load_catalogue(hall) == load_sample()


def test_what_is_imported_is_read_back_whole(hall: Path, tmp_path: Path) -> None:
    """Long names, quotes and all facts come through the file as they went in."""
    table = a_table(tmp_path, ("1.001193", "Thủ tục đăng ký khai sinh"), ("2.000001", LONG), ("2.000002", 'A "b" \\ c'))
    brought = import_file(hall, table, day=None, source="Cổng DVC", today=TODAY)
    assert load_catalogue(hall) == brought.imported.catalogue
    assert (brought.imported.catalogue.source, brought.imported.catalogue.snapshot_date) == ("Cổng DVC", DAY)
    assert LONG.strip() in [one.name for one in load_catalogue(hall).procedures]
    assert load_catalogue(hall).sayings == load_sample().sayings


def test_a_bad_row_stops_the_import_and_every_one_is_named(hall: Path, tmp_path: Path) -> None:
    """Half a catalogue is worse than an old one: what is missing in it is never missed by anybody."""
    bring(hall, a_table(tmp_path, ("1.000001", "Một")))
    before = {path.name: path.read_bytes() for path in hall.iterdir()}
    bad = a_table(tmp_path, ("1.1", "Hai"), ("1.000003", ""), ("1.000004", "Bốn"))
    with pytest.raises(CatalogueRefused) as refused:
        bring(hall, bad)
    words = str(refused.value)
    assert "line 2: ma_thu_tuc = 1.1" in words
    assert "line 3: ten_thu_tuc = " in words
    assert "A code is like 1.001193" in words
    assert "2 rows of 3 cannot be taken; nothing was changed" in words
    assert {path.name: path.read_bytes() for path in hall.iterdir()} == before
    assert bring(hall, bad, leaves_out=True)
    assert codes(hall) == ["1.000004"]


def test_a_table_without_any_procedure_is_refused(hall: Path, tmp_path: Path) -> None:
    """The wrong file, even with permission to leave rows out, must not empty the catalogue."""
    wrong = tmp_path / "wrong-2026-07-20.tsv"
    for content in (b"", b"\x89PNG\r\n\x1a\n" * 50, HEAD.encode(), b"a\tb\n1\t2\n"):
        wrong.write_bytes(content)
        with pytest.raises(CatalogueRefused):
            bring(hall, wrong, leaves_out=True)
    assert not (hall / CATALOGUE_FILE).exists()


def test_the_day_is_asked_for_where_the_name_does_not_say_it(hall: Path, tmp_path: Path) -> None:
    """A snapshot without its day would look fresh for ever."""
    for name in ("procedures.tsv", "2026-07-20-to-2026-07-21.tsv", "20261399.tsv"):
        with pytest.raises(CatalogueRefused, match="--date"):
            bring(hall, a_table(tmp_path, ("1.000001", "Một"), name=name))
    with pytest.raises(CatalogueRefused, match="today is"):
        bring(hall, a_table(tmp_path, ("1.000001", "Một"), name="2027-01-01.tsv"))
    for name in ("20260720.tsv", "p_2026.07.20.tsv"):
        bring(hall, a_table(tmp_path, ("1.000001", "Một"), name=name))
        assert load_catalogue(hall).snapshot_date == DAY


def test_the_one_before_is_kept_and_comes_back(hall: Path, tmp_path: Path) -> None:
    """A wrong snapshot on a busy morning is taken back with one command, and so is taking it back."""
    with pytest.raises(CatalogueRefused, match="no earlier catalogue"):
        undo(hall)
    first, second = ("1.000001", "Một"), ("1.000002", "Hai")
    bring(hall, a_table(tmp_path, first))
    state = catalogue_state(hall)
    assert not bring(hall, a_table(tmp_path, first))  # The same again changes nothing, and keeps what was before.
    assert catalogue_state(hall) == state
    bring(hall, a_table(tmp_path, second))
    assert catalogue_state(hall) != state
    undo(hall)
    assert codes(hall) == ["1.000001"]
    undo(hall)
    assert codes(hall) == ["1.000002"]
    assert {path.name for path in hall.iterdir()} == {CATALOGUE_FILE, PREVIOUS_FILE}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.splitlines()[0],
        lambda raw: raw + raw.splitlines()[1],
        lambda raw: raw.replace(b'"format":1', b'"format":2'),
        lambda raw: raw.replace(b'"code":"', b'"code":7,"x":"', 1),
        lambda raw: raw + b"\xff\n",
    ],
    ids=["empty", "cut", "head alone", "twice", "newer", "another type", "no text"],
)
def test_a_file_that_was_touched_is_named_with_the_remedy(hall: Path, tmp_path: Path, spoil: object) -> None:
    """It is never half read."""
    assert callable(spoil)
    bring(hall, a_table(tmp_path, ("1.000001", "Một"), ("1.000002", "Hai")))
    file = hall / CATALOGUE_FILE
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(CatalogueRefused, match=r"procedures\.ndjson.*import the snapshot again"):
        load_catalogue(hall)
