"""Numbers are said as people say them; a wrong word sends a citizen to the wrong counter."""

import pytest

from queue_server.presenting.numerals import digit_words, words

# Written out by hand, so that the rules for mốt, tư, lăm and mười are not taken from the code under test.
VI_BELOW_100 = """
không | một | hai | ba | bốn
năm | sáu | bảy | tám | chín
mười | mười một | mười hai | mười ba | mười bốn
mười lăm | mười sáu | mười bảy | mười tám | mười chín
hai mươi | hai mươi mốt | hai mươi hai | hai mươi ba | hai mươi tư
hai mươi lăm | hai mươi sáu | hai mươi bảy | hai mươi tám | hai mươi chín
ba mươi | ba mươi mốt | ba mươi hai | ba mươi ba | ba mươi tư
ba mươi lăm | ba mươi sáu | ba mươi bảy | ba mươi tám | ba mươi chín
bốn mươi | bốn mươi mốt | bốn mươi hai | bốn mươi ba | bốn mươi tư
bốn mươi lăm | bốn mươi sáu | bốn mươi bảy | bốn mươi tám | bốn mươi chín
năm mươi | năm mươi mốt | năm mươi hai | năm mươi ba | năm mươi tư
năm mươi lăm | năm mươi sáu | năm mươi bảy | năm mươi tám | năm mươi chín
sáu mươi | sáu mươi mốt | sáu mươi hai | sáu mươi ba | sáu mươi tư
sáu mươi lăm | sáu mươi sáu | sáu mươi bảy | sáu mươi tám | sáu mươi chín
bảy mươi | bảy mươi mốt | bảy mươi hai | bảy mươi ba | bảy mươi tư
bảy mươi lăm | bảy mươi sáu | bảy mươi bảy | bảy mươi tám | bảy mươi chín
tám mươi | tám mươi mốt | tám mươi hai | tám mươi ba | tám mươi tư
tám mươi lăm | tám mươi sáu | tám mươi bảy | tám mươi tám | tám mươi chín
chín mươi | chín mươi mốt | chín mươi hai | chín mươi ba | chín mươi tư
chín mươi lăm | chín mươi sáu | chín mươi bảy | chín mươi tám | chín mươi chín
"""
EN_BELOW_20 = """
zero one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def vietnamese_table() -> list[str]:
    """What is said for 0 to 9999, made of the table above."""
    below_100 = [word.strip() for line in VI_BELOW_100.strip().split("\n") for word in line.split("|")]
    after_hundred = ["", *(f" linh {word}" for word in below_100[1:10]), *(f" {word}" for word in below_100[10:])]
    hundreds = [f"{digit} trăm{rest}" for digit in below_100[:10] for rest in after_hundred]
    below_1000 = [*below_100, *hundreds[100:]]
    thousands = [f"{digit} nghìn {rest}" for digit in below_100[1:10] for rest in hundreds]
    # A round thousand ends there: nobody says "hai nghìn không trăm".
    return [*below_1000, *(word.removesuffix(" không trăm") for word in thousands)]


def english_table() -> list[str]:
    """What is said for 0 to 9999, British."""
    digits = EN_BELOW_20.split()
    below_100 = list(digits)
    for word in EN_TENS:
        below_100 += [word, *(f"{word}-{ones}" for ones in digits[1:10])]
    below_1000 = list(below_100)
    for digit in digits[1:10]:
        below_1000 += [f"{digit} hundred", *(f"{digit} hundred and {word}" for word in below_100[1:])]
    table = list(below_1000)
    for digit in digits[1:10]:
        small = [f"{digit} thousand and {word}" for word in below_100[1:]]
        table += [f"{digit} thousand", *small, *(f"{digit} thousand {word}" for word in below_1000[100:])]
    return table


def test_every_whole_number_is_said_right_in_vietnamese() -> None:
    """All of 0 to 9999: mười, mươi, mốt, tư, lăm, linh, không trăm."""
    table = vietnamese_table()
    assert len(table) == 10_000
    assert [words("vi", number) for number in range(10_000)] == table


def test_every_whole_number_is_said_right_in_english() -> None:
    """All of 0 to 9999."""
    table = english_table()
    assert len(table) == 10_000
    assert [words("en", number) for number in range(10_000)] == table


@pytest.mark.parametrize(
    ("number", "vietnamese"),
    [
        (12, "mười hai"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (44, "bốn mươi tư"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (2000, "hai nghìn"),
        (9999, "chín nghìn chín trăm chín mươi chín"),
    ],
)
def test_known_numbers_are_said_right(number: int, vietnamese: str) -> None:
    """Spot checks that a reader can verify at a glance."""
    assert words("vi", number) == vietnamese


def test_every_number_is_said_digit_by_digit() -> None:
    """Digit by digit, 1005 cannot be mistaken for 1500; the digits come back from the words for every number."""
    said = dict(zip(VI_DIGITS, "0123456789", strict=True))
    spoken = dict(zip(EN_BELOW_20.split()[:10], "0123456789", strict=True))
    for number in range(10_000):
        assert "".join(said[word] for word in digit_words("vi", number).split(", ")) == str(number)
        assert "".join(spoken[word] for word in digit_words("en", number).split(", ")) == str(number)


def test_six_digit_numbers_are_said_digit_by_digit() -> None:
    """Benches and long ranges give numbers of six digits."""
    assert digit_words("vi", 100_234) == "một, không, không, hai, ba, bốn"
