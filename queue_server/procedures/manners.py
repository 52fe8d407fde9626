"""The flattened table of manners, times and fees, as the national portal's pages give it without borders."""

import re

from msgspec import Struct

CUT_LENGTH = 300
"""The snapshot cuts the table here, so the last row of a text this long may be incomplete."""

_HEAD = re.compile(r"\s*Hình thức nộp\s*Thời gian\s*Phí, lệ phí\s*Mô tả")
_MANNER = "Trực tiếp|Trực tuyến|Dịch vụ bưu chính"
_TIME = r"[0-9]{1,3} (?:Ngày làm việc|Ngày|Giờ|Tháng)|[0-9]{1,3}|Không có thông tin|Không"
_FEE = r"Miễn phí|[0-9][0-9,]* (?:Việt Nam Đồng|VNĐ)|Không có thông tin"
_ROW = re.compile(rf"(?P<manner>{_MANNER})(?P<time>{_TIME})\s*(?P<fee>{_FEE})(?P<unit>\(/[^()]{{1,20}}\))?")
_ONLINE = re.compile(r"Trực tuyến(?:[0-9]|Không|Hệ thống)")
_AMOUNT = re.compile(r"([0-9][0-9,]*) (?:Việt Nam Đồng|VNĐ)")


class Manners(Struct, frozen=True):
    """What the table says plainly; all else is empty."""

    is_online: bool = False
    fee: str = ""
    time_limit: str = ""


def manners(text: str) -> Manners:
    """What a visitor at the counter pays and waits, when the row says it without conditions.

    A number without its unit, an amount with an explanation behind it, and a row that may have been cut say nothing.
    """
    head = _HEAD.match(text)
    table = text[head.end() :] if head else text
    is_cut = len(text) >= CUT_LENGTH
    is_online = _ONLINE.match(table) is not None
    fee = time_limit = ""
    rows = list(_ROW.finditer(table))
    for at, row in enumerate(rows):
        is_online = is_online or row["manner"] == "Trực tuyến"
        end = rows[at + 1].start() if at + 1 < len(rows) else len(table)
        is_plain = not table[row.end() : end].strip() and not (is_cut and end == len(table))
        if row["manner"] == "Trực tiếp" and not time_limit:
            time_limit = _time(row["time"])
            fee = _fee(row["fee"], row["unit"] or "") if is_plain else ""
    return Manners(is_online, fee, time_limit)


def _time(words: str) -> str:
    number, _, unit = words.partition(" ")
    return f"{int(number)} {unit.lower()}" if unit and number.isdigit() else ""


def _fee(words: str, unit: str) -> str:
    if words == "Miễn phí":
        return words
    amount = _AMOUNT.fullmatch(words)
    return f"{amount[1].replace(',', '.')} đồng{unit[1:-1]}" if amount else ""
