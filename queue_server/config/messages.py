"""The sentences that say what to do about a mistake in the hall's files, Vietnamese first.

A sentence is found by its code; what is in braces comes from the place where the mistake was found.
"""

from queue_server.core.rules import Name

_SENTENCES: dict[str, Name] = {
    # The files themselves
    "file-missing": Name(
        "không có tệp này; hãy chép lại từ bản sao lưu, hoặc tạo hội trường mới bằng `denluot-server init`",
        "there is no such file; take it from a backup, or make a new hall with `denluot-server init`",
    ),
    "file-unreadable": Name("không đọc được tệp ({why})", "the file cannot be read ({why})"),
    "file-too-large": Name("tệp dài hơn {limit} byte; hãy rút gọn", "the file has more than {limit} bytes; shorten it"),
    "not-utf8": Name(
        "tệp không phải UTF-8 (byte thứ {position}); hãy lưu lại với bảng mã UTF-8",
        "the file is not UTF-8 (byte {position}); save it again as UTF-8",
    ),
    "not-toml": Name("sai cú pháp TOML: {why}", "this is not TOML: {why}"),
    "key-malformed": Name(
        "khóa phải là 64 chữ số thập lục phân; hãy chép lại từ bản sao lưu",
        "the key must be 64 hexadecimal digits; take it from a backup",
    ),
    "key-open": Name(
        "người khác trên máy đọc được khóa; hãy chạy `chmod 600` cho tệp này",
        "others on this machine can read the key; run `chmod 600` on this file",
    ),
    # Keys and kinds of values
    "unknown-key": Name("không có mục này; có phải ý là `{nearest}`?", "no such key; did you mean `{nearest}`?"),
    "unknown-key-here": Name("không có mục này; ở đây chỉ có: {known}", "no such key; the keys here are: {known}"),
    "missing": Name("thiếu mục này; hãy thêm vào", "this key is missing; add it"),
    "want-text": Name("phải là chữ trong dấu ngoặc kép", 'must be a text in quotes, like "text"'),
    "want-whole": Name("phải là số nguyên, không có ngoặc kép", "must be a whole number without quotes"),
    "want-yes-no": Name("phải là true (có) hoặc false (không)", "must be true or false"),
    "want-list": Name("phải là danh sách trong ngoặc vuông", 'must be a list in square brackets, like ["a", "b"]'),
    "want-table": Name("phải là một bảng [{table}]", "must be a table [{table}]"),
    "want-tables": Name("mỗi mục phải là một bảng [[{table}]]", "each entry must be a table [[{table}]]"),
    "want-name": Name(
        'phải là chữ trong ngoặc kép, hoặc {{ vi = "…", en = "…" }}',
        'must be a text in quotes, or {{ vi = "…", en = "…" }}',
    ),
    "out-of-bounds": Name("phải từ {low} đến {high}", "must be from {low} to {high}"),
    "not-one-of": Name("phải là một trong: {allowed}", "must be one of: {allowed}"),
    "not-one-of-near": Name(
        "phải là một trong: {allowed}; có phải ý là `{nearest}`?",
        "must be one of: {allowed}; did you mean `{nearest}`?",
    ),
    "too-few": Name("phải có ít nhất một", "at least one is needed"),
    "too-many": Name("nhiều nhất {limit}", "at most {limit}"),
    "duplicate": Name("đã có ở {other}; mỗi cái chỉ một lần", "already at {other}; each may stand only once"),
    # Texts
    "text-empty": Name("không được để trống", "must not be empty"),
    "text-long": Name("dài {length} ký tự, nhiều nhất {limit}", "has {length} characters, at most {limit}"),
    "text-not-nfc": Name(
        "chữ có dấu viết kiểu tổ hợp ({code_point}); hãy gõ lại bằng bảng mã Unicode dựng sẵn",
        "accents are written apart ({code_point}); type it again in composed form (Unicode NFC)",
    ),
    "text-hidden": Name(
        "có ký tự không nhìn thấy {code_point}; hãy xóa và gõ lại",
        "holds the invisible character {code_point}; delete it and type again",
    ),
    "text-edge": Name("có dấu cách thừa ở đầu hoặc cuối", "has a space at its beginning or end"),
    "bad-id": Name(
        "chỉ dùng chữ thường không dấu, số và gạch nối, bắt đầu bằng chữ, nhiều nhất {limit} ký tự",
        "use lower-case letters a-z, digits and hyphens, a letter first, at most {limit} characters",
    ),
    "bad-prefix": Name("nhiều nhất 3 chữ hoa A-Z hoặc số", "at most three of A-Z and 0-9"),
    "bad-language": Name("phải là mã ngôn ngữ như vi, en, hmn", "must be a language code such as vi, en, hmn"),
    "vietnamese-first": Name("tiếng Việt (vi) phải đứng đầu", "Vietnamese (vi) must be the first"),
    "bad-url": Name(
        "phải bắt đầu bằng http:// hoặc https:// và có tên máy, không có khoảng trắng, ? hay #",
        "must begin with http:// or https:// and a host, without spaces, ? or #",
    ),
    "bad-host": Name(
        'phải là địa chỉ hoặc tên máy, ví dụ "0.0.0.0"', 'must be an address or a host name, such as "0.0.0.0"'
    ),
    "unknown-zone": Name(
        "không có múi giờ này; có phải ý là `{nearest}`? (nếu tên đã đúng: cài gói tzdata)",
        "no such time zone; did you mean `{nearest}`? (if the name is right: install the package tzdata)",
    ),
    # Numbers
    "bad-range": Name(
        'phải viết như "1001-1999", các số từ 1 đến {high}', 'write it like "1001-1999", numbers from 1 to {high}'
    ),
    "range-reversed": Name("số đầu lớn hơn số cuối", "the first number is larger than the last"),
    "range-overlap": Name(
        "trùng số với {other} ({numbers}); mỗi số chỉ thuộc một dịch vụ",
        "shares numbers with {other} ({numbers}); a number belongs to one service only",
    ),
    "reserve-large": Name(
        "nhiều hơn {capacity} số của dịch vụ này", "is more than the {capacity} numbers of this service"
    ),
    "reserve-all": Name(
        "giữ hết số cho máy lấy số; quầy hướng dẫn không cấp được số nào",
        "keeps all numbers for kiosks; staff can issue none",
    ),
    "number-wide": Name(
        "số {number} có {width} chữ số, thiết bị {device} chỉ hiện được {digits}",
        "number {number} has {width} digits, device {device} can show only {digits}",
    ),
    # Who serves what
    "unknown-service": Name(
        "không có dịch vụ này; có phải ý là `{nearest}`? (các dịch vụ: {known})",
        "no such service; did you mean `{nearest}`? (services: {known})",
    ),
    "unserved": Name("chưa quầy nào phục vụ dịch vụ này", "no counter serves this service"),
    "same-label": Name(
        "hai quầy cùng hiện “{label}”; người dân không phân biệt được",
        "two counters show “{label}”; citizens cannot tell them apart",
    ),
    "rows-overlap": Name(
        "đối tượng này đã có ở {other} trong cùng thời gian; sửa ngày `from` hoặc `to`",
        "this group stands at {other} for the same days; change `from` or `to`",
    ),
    # Times
    "bad-time": Name('phải là giờ trong ngày, viết như "07:30"', 'must be a time of day, written like "07:30"'),
    "bad-day": Name(
        'không có ngày này; viết như "2026-11-23" (năm-tháng-ngày)',
        'there is no such day; write it like "2026-11-23" (year-month-day)',
    ),
    "reversed": Name("phải trước `{other}` ({limit})", "must come before `{other}` ({limit})"),
    "not-after": Name("không được trước `{other}` ({limit})", "must not be before `{other}` ({limit})"),
    "tickets-late": Name(
        "phải ngừng cấp số không muộn hơn lúc quầy nghỉ ({limit})",
        "tickets must stop no later than the desks close ({limit})",
    ),
    "sessions-overlap": Name("chồng giờ với {other}", "overlaps {other}"),
    "no-session": Name(
        "hội trường không mở buổi nào; thêm [[calendar.session]] hoặc always_open = true",
        "the hall never opens; add [[calendar.session]] or always_open = true",
    ),
    "sessions-ignored": Name(
        "always_open = true nên các buổi bị bỏ qua", "always_open = true, so the sessions are ignored"
    ),
    "no-holidays": Name(
        "không có ngày nghỉ lễ nào; hội trường sẽ mở cả ngày Tết",
        "no holidays are known; the hall will open even at Tết",
    ),
    "holiday-and-swapped": Name(
        "ngày này vừa là ngày nghỉ vừa là ngày làm bù", "this day is both a holiday and a working day"
    ),
    # Changes by program
    "no-such-entry": Name("không có mục {entry} để sửa", "there is no entry {entry} to change"),
    "no-such-value": Name("giá trị này không ghi được vào tệp", "this value cannot be written to the file"),
}


def sentence(code: str, **values: str | int) -> Name:
    """What to do about a mistake of this kind, in both languages."""
    words = _SENTENCES[code]
    return Name(words.vi.format(**values), words.en.format(**values))
