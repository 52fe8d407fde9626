"""Numbers in words, digit by digit and as a whole, from 0 to 9999. Pure."""

from typing import Literal

LARGEST = 9999
"""The largest number said as a whole; longer ones are only said digit by digit."""

_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_VI_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
"""How a last digit changes after twenty, thirty and so on."""

_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EN_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def digit_words(tongue: Literal["vi", "en"], number: int) -> str:
    """The digits one by one, as `một, không, không, năm`."""
    digits = _VI if tongue == "vi" else _EN
    return ", ".join(digits[int(sign)] for sign in str(number))


def words(tongue: Literal["vi", "en"], number: int) -> str:
    """The number as a whole, as `mười hai`."""
    assert 0 <= number <= LARGEST, f"{number} is not between 0 and {LARGEST}"
    return _vietnamese(number) if tongue == "vi" else _english(number)


def _vietnamese(number: int) -> str:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        said = f"{_VI[thousands]} nghìn"
        return f"{said} {_vietnamese_hundreds(rest)}" if rest else said
    return _vietnamese_hundreds(number) if number >= 100 else _vietnamese_tens(number)


def _vietnamese_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    said = f"{_VI[hundreds]} trăm"
    if rest == 0:
        return said
    return f"{said} linh {_VI[rest]}" if rest < 10 else f"{said} {_vietnamese_tens(rest)}"


def _vietnamese_tens(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _VI[ones]
    if tens == 1:
        last = "lăm" if ones == 5 else _VI[ones]
        return f"mười {last}" if ones else "mười"
    last = _VI_AFTER_TENS.get(ones, _VI[ones])
    return f"{_VI[tens]} mươi {last}" if ones else f"{_VI[tens]} mươi"


def _english(number: int) -> str:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        said = f"{_EN[thousands]} thousand"
        if rest == 0:
            return said
        return f"{said} {_english(rest)}" if rest >= 100 else f"{said} and {_english(rest)}"
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        said = f"{_EN[hundreds]} hundred"
        return f"{said} and {_english(rest)}" if rest else said
    return _english_tens(number)


def _english_tens(number: int) -> str:
    if number < 10:
        return _EN[number]
    if number < 20:
        return _EN_TEENS[number - 10]
    tens, ones = divmod(number, 10)
    return f"{_EN_TENS[tens]}-{_EN[ones]}" if ones else _EN_TENS[tens]
