import re

import pytest

from queue_server.procedures import load
from queue_server.procedures.catalogue import NO_BREAK_SPACE, read

SAMPLE = load()


def test_short_names_fit_a_key() -> None:
    """The kiosk's keys hold 40 characters in two lines and nothing is cut in public."""
    for procedure in SAMPLE.procedures:
        short = procedure.short_name
        assert 0 < len(short.vi) <= 40, short.vi
        assert 0 < len(short.en) <= 40, short.en
        assert "_" not in short.vi + short.en


def test_compounds_hold_together() -> None:
    """A line that ends in "khai" and goes on with "sinh" reads badly; nearly every name has a compound."""
    assert sum(NO_BREAK_SPACE in one.short_name.vi for one in SAMPLE.procedures) > len(SAMPLE.procedures) - 3


def test_codes_are_national_codes_and_unique() -> None:
    """Tickets and dossiers are counted by them."""
    codes = [one.code for one in SAMPLE.procedures]
    assert len(set(codes)) == len(codes) >= 30
    assert all(re.fullmatch(r"\d\.\d{6}", code) for code in codes)


def test_facts_come_with_their_decision() -> None:
    """A fee or a time limit that names no source would be our invention."""
    for one in SAMPLE.procedures:
        assert one.decision or not (one.fee or one.time_limit or one.papers or one.is_online or one.same_day_cutoff)


def test_a_wrong_file_says_where() -> None:
    """A person writes it by hand."""
    with pytest.raises(ValueError, match=r"procedure\[0\]"):
        read('source = "x"\nsnapshot_date = 2026-07-20\n[[procedure]]\ncode = 1')
    with pytest.raises(ValueError, match="line 2"):
        read('source = "x"\nsnapshot_date = today\n')
