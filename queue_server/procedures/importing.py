"""Bringing in a dated snapshot: a table with tabs, its columns named in the first line, as dirty as such tables are.

Nothing is refused but single rows: each mistake names its line, its column, the value and the remedy, and the catalogue
holds what is left. Who asked for the import decides whether that is enough.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time

import msgspec
from msgspec import Struct

from queue_server.procedures.catalogue import Catalogue, Procedure, Words
from queue_server.procedures.manners import manners
from queue_server.procedures.shortening import short_name

ROWS_MAX = 20_000
"""More rows than the country has procedures; those behind them are not read, and that is said."""
NAME_LENGTH_MAX = 2_000
"""The longest legal name known has 1,094 characters; what is longer is another column's text."""
TEXT_LENGTH_MAX = 2_000
"""Characters kept of any other text."""
SYNONYMS_MAX = 30
PAPERS_MAX = 60
MISTAKES_MAX = 500
"""Mistakes that are listed one by one; the others are counted."""
VALUE_SHOWN_MAX = 60

CODE, NAME = "ma_thu_tuc", "ten_thu_tuc"
EXPECTED = (CODE, NAME, "linh_vuc", "cap_thuc_hien", "doi_tuong", "so_quyet_dinh", "cach_thuc_300", "bo", "detail_url")
"""The columns of a snapshot, in any order; only the first two must be there."""
WELCOME = (
    "ten_ngan", "ten_ngan_en", "tu_khoa", "giay_to", "le_phi", "thoi_han", "truc_tuyen", "ngay_quyet_dinh", "tra_truoc",
)  # fmt: skip
"""Columns that a person may add: short names, synonyms and papers (several with `;` between), facts of their own."""

_CODE = re.compile(r"([0-9])[.,]([0-9]{6})")
_CODE_WITHOUT_POINT = re.compile(r"([0-9])([0-9]{6})")
_YES = frozenset({"1", "có", "x", "true", "yes"})
_DATE_VI = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")


class Mistake(Struct, frozen=True):
    """One thing that is wrong with the snapshot, and its remedy."""

    line: int
    """Counted from 1, the line of the column names; 0 is the file as a whole."""
    column: str
    value: str
    """What stands there, cut to a length that fits a line."""
    remedy: Words
    is_skipped: bool
    """The row was left out; otherwise it was mended, or taken without this value."""

    def __str__(self) -> str:
        """Two lines for a person: where it is, and what to do."""
        return f"{self.line}: {self.column} = {self.value}\n    {self.remedy.vi}\n    {self.remedy.en}"


class Report(Struct, frozen=True, kw_only=True):
    """What became of the rows."""

    rows: int
    taken: int
    repeated: int
    """Rows that say the same as an earlier one; nothing is wrong with leaving them out."""
    missing_columns: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    mistakes_unlisted: int


class Imported(Struct, frozen=True):
    """The catalogue, and what was left out of it."""

    catalogue: Catalogue
    report: Report


class _Findings:
    """Mistakes as they are met. Lifetime: one import. Concurrency: one thread."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.unlisted = 0

    def add(self, line: int, column: str, value: str, vi: str, en: str, *, is_skipped: bool = False) -> None:
        if len(self.mistakes) >= MISTAKES_MAX:
            self.unlisted += 1
            return
        self.mistakes.append(Mistake(line, column, _shown(value), Words(vi, en), is_skipped))


def import_snapshot(data: bytes, *, source: str, snapshot_date: date, handmade: Catalogue | None = None) -> Imported:
    """The catalogue of a snapshot, and a report.

    From `handmade` come short names, synonyms and sayings, and the order: what stands there comes first, then what
    communes do. Its papers and facts come along only where the snapshot still names the same decision.
    """
    findings = _Findings()
    lines = _lines(data, findings)
    columns = _columns(lines[0] if lines else "", findings)
    missing = tuple(name for name in EXPECTED if name not in columns)
    taken: dict[str, Procedure] = {}
    rows = repeated = 0
    if CODE in columns and NAME in columns:
        for number, line in enumerate(lines[1:], start=2):
            if not line.strip():
                continue
            if rows >= ROWS_MAX:
                _too_many(number, findings)
                break
            rows += 1
            procedure = _procedure(number, _cells(line, columns, number, findings), findings)
            if procedure is not None and procedure.code in taken:
                repeated += _is_same(number, procedure, taken[procedure.code], findings)
            elif procedure is not None:
                taken[procedure.code] = procedure
    catalogue = Catalogue(
        source=source,
        snapshot_date=snapshot_date,
        procedures=_ordered(taken, handmade),
        sayings=handmade.sayings if handmade else (),
    )
    return Imported(
        catalogue,
        Report(
            rows=rows,
            taken=len(taken),
            repeated=repeated,
            missing_columns=missing,
            mistakes=tuple(findings.mistakes),
            mistakes_unlisted=findings.unlisted,
        ),
    )


def _lines(data: bytes, findings: _Findings) -> list[str]:
    """Lines as editors count them; letters that are no UTF-8 become �, and the line is named."""
    text = data.decode("utf-8-sig", errors="replace")
    # Not splitlines(): it also splits at signs that stand within names.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if "\ufffd" in line:
            at = line.index("\ufffd")
            findings.add(
                number,
                "",
                line[max(0, at - 20) : at + 20],
                "Dòng có chữ không đọc được; lưu lại tệp ở dạng UTF-8",
                "The line has letters that cannot be read; save the file as UTF-8",
            )
    return lines


def _columns(line: str, findings: _Findings) -> dict[str, int]:
    names = [_text(name).lower() for name in line.split("\t")]
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in columns:
            findings.add(1, name, name, "Cột lặp lại; chỉ đọc cột đầu", "The column repeats; only the first is read")
        elif name in EXPECTED or name in WELCOME:
            columns[name] = at
    for name in (CODE, NAME):
        if name not in columns:
            findings.add(
                1,
                name,
                line,
                f"Thiếu cột {name}; dòng đầu phải là tên cột, cách nhau bằng dấu tab",
                f"The column {name} is missing; the first line must name the columns, with tabs between",
                is_skipped=True,
            )
    return columns


def _cells(line: str, columns: Mapping[str, int], number: int, findings: _Findings) -> dict[str, str]:
    values = line.split("\t")
    if len(values) <= max(columns.values()):
        findings.add(
            number,
            "",
            line,
            "Dòng thiếu cột; kiểm tra dấu xuống dòng giữa ô",
            "The line has too few columns; look for a line break within a cell",
        )
    return {name: _text(values[at]) for name, at in columns.items() if at < len(values)}


def _text(value: str) -> str:
    """NFC, one line, single spaces, without the quotes that a spreadsheet puts around a cell."""
    stripped = value.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        stripped = stripped[1:-1].replace('""', '"')
    plain = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", stripped))
    return " ".join(plain.split())


def _procedure(number: int, cells: Mapping[str, str], findings: _Findings) -> Procedure | None:
    code, name = _code(number, cells.get(CODE, ""), findings), _name(number, cells.get(NAME, ""), findings)
    if not code or not name:
        return None
    plain = manners(cells.get("cach_thuc_300", ""))
    online = cells.get("truc_tuyen", "").casefold()
    return Procedure(
        code=code,
        name=name,
        short_name=Words(cells.get("ten_ngan", "")[:TEXT_LENGTH_MAX] or short_name(name), cells.get("ten_ngan_en", "")),
        field=cells.get("linh_vuc", "")[:TEXT_LENGTH_MAX],
        level=cells.get("cap_thuc_hien", "")[:TEXT_LENGTH_MAX],
        papers=_several(cells.get("giay_to", ""), PAPERS_MAX),
        fee=cells.get("le_phi", "")[:TEXT_LENGTH_MAX] or plain.fee,
        time_limit=cells.get("thoi_han", "")[:TEXT_LENGTH_MAX] or plain.time_limit,
        is_online=online in _YES if online else plain.is_online,
        decision=cells.get("so_quyet_dinh", "")[:TEXT_LENGTH_MAX],
        decision_date=_date(number, cells.get("ngay_quyet_dinh", ""), findings),
        same_day_cutoff=_cutoff(number, cells.get("tra_truoc", ""), findings),
        synonyms=_several(cells.get("tu_khoa", ""), SYNONYMS_MAX),
    )


def _code(number: int, value: str, findings: _Findings) -> str:
    bare = unicodedata.normalize("NFKC", value).replace(" ", "")
    found = _CODE.fullmatch(bare) or _CODE_WITHOUT_POINT.fullmatch(bare)
    if found is None:
        findings.add(
            number,
            CODE,
            value,
            "Mã phải như 1.001193; nếu bảng tính bỏ mất số 0 cuối thì đặt cột là văn bản",
            "A code is like 1.001193; if a spreadsheet dropped the last 0, make the column text",
            is_skipped=True,
        )
        return ""
    code = f"{found[1]}.{found[2]}"
    if code != value:
        findings.add(number, CODE, value, f"Đã đọc là {code}", f"Read as {code}")
    return code


def _name(number: int, value: str, findings: _Findings) -> str:
    if value and len(value) <= NAME_LENGTH_MAX:
        return value
    findings.add(
        number,
        NAME,
        value,
        f"Tên dài quá {NAME_LENGTH_MAX} ký tự; xem có lẫn cột khác" if value else "Thiếu tên thủ tục",
        f"The name is over {NAME_LENGTH_MAX} characters; look for another column in it" if value else "No name",
        is_skipped=True,
    )
    return ""


def _several(value: str, limit: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip()[:TEXT_LENGTH_MAX] for part in value.split(";") if part.strip()))[:limit]


def _date(number: int, value: str, findings: _Findings) -> date | None:
    if not value:
        return None
    vietnamese = _DATE_VI.fullmatch(value)
    try:
        return date(*map(int, vietnamese.group(3, 2, 1))) if vietnamese else date.fromisoformat(value)
    except ValueError:
        findings.add(number, "ngay_quyet_dinh", value, "Ngày phải như 20/07/2026", "A date is like 20/07/2026")
        return None


def _cutoff(number: int, value: str, findings: _Findings) -> time | None:
    try:
        return time.fromisoformat(value) if value else None
    except ValueError:
        findings.add(number, "tra_truoc", value, "Giờ phải như 15:00", "A time is like 15:00")
        return None


def _too_many(number: int, findings: _Findings) -> None:
    findings.add(
        number,
        "",
        "",
        f"Chỉ đọc {ROWS_MAX} dòng đầu; chia tệp hoặc bỏ lĩnh vực không dùng",
        f"Only the first {ROWS_MAX} rows are read; leave out fields that are not used here",
        is_skipped=True,
    )


def _is_same(number: int, later: Procedure, earlier: Procedure, findings: _Findings) -> bool:
    """Whether the row only repeats the earlier one; a different row of the same code is a mistake."""
    if later == earlier:
        return True
    findings.add(
        number,
        CODE,
        later.code,
        f"Mã đã có với tên «{_shown(earlier.name)}»; giữ dòng đầu",
        f"The code stands already with the name «{_shown(earlier.name)}»; the first row is kept",
        is_skipped=True,
    )
    return False


def _ordered(taken: Mapping[str, Procedure], handmade: Catalogue | None) -> tuple[Procedure, ...]:
    """What was written by hand first, in its order; then what communes do; then the rest, each in the file's order."""
    known = {one.code: one for one in handmade.procedures} if handmade else {}
    first = [_enriched(taken[code], known[code]) for code in known if code in taken]
    rest = [one for code, one in taken.items() if code not in known]
    return (*first, *sorted(rest, key=lambda one: "cấp xã" not in one.level.casefold()))


def _enriched(taken: Procedure, known: Procedure) -> Procedure:
    """With the words that were written by hand, and the facts too while their decision stands."""
    is_own = taken.short_name.vi != short_name(taken.name)
    worded = msgspec.structs.replace(
        taken,
        short_name=taken.short_name if is_own else known.short_name,
        synonyms=tuple(dict.fromkeys((*taken.synonyms, *known.synonyms))),
    )
    if not known.decision or taken.decision != known.decision:
        return worded
    return msgspec.structs.replace(
        worded,
        papers=taken.papers or known.papers,
        fee=taken.fee or known.fee,
        time_limit=taken.time_limit or known.time_limit,
        same_day_cutoff=taken.same_day_cutoff or known.same_day_cutoff,
    )


def _shown(value: str) -> str:
    """One line that fits a screen."""
    line = "".join(_printable(value[: VALUE_SHOWN_MAX + 1]))
    return line if len(line) <= VALUE_SHOWN_MAX else line[: VALUE_SHOWN_MAX - 1] + "…"


def _printable(value: str) -> Iterable[str]:
    return (letter if letter.isprintable() else " " for letter in value)
