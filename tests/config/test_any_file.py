import datetime as dt
from collections.abc import Callable

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from queue_server.config import ConfigErrors, HallConfig, HallFiles, check
from queue_server.config.creating import holidays_text, profile_text
from tests.config.halls import HALL, HOLIDAYS, KEY

scalars = st.one_of(
    st.integers(),
    st.booleans(),
    st.floats(),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.dates(),
    st.times(),
    st.datetimes(min_value=dt.datetime(1, 1, 2), max_value=dt.datetime(9999, 12, 30)),  # noqa: DTZ001
    st.sampled_from(
        ["1001-1999", "2026-02-31", "24:00", "mon", "ho-tich", "Asia/Tokyo", "Asia", "../x", "http://[", ""]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["vi", "en", "id", "x"]), inner),
    max_leaves=6,
)


def reads_or_refuses(hall: bytes, holidays: bytes) -> None:
    """Loading gives a hall or the list of mistakes; anything else fails the test."""
    outcome: HallConfig | ConfigErrors
    try:
        outcome = check(HallFiles(hall=hall, holidays=holidays, key=KEY))
    except ConfigErrors as refused:
        outcome = refused
    assert isinstance(outcome, HallConfig) or (outcome.errors and str(outcome))


def leaves(place: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document where a value can be put."""
    found = [path] if path else []
    entries = place.items() if isinstance(place, dict) else enumerate(place) if isinstance(place, list) else ()
    for key, value in entries:
        found += leaves(value, (*path, key))
    return found


def with_value(text: str, choose: Callable[[list[tuple[str | int, ...]]], tuple[str | int, ...]], value: object) -> str:
    """The document with another value at one place."""
    document = tomlkit.parse(text).unwrap()
    path = choose(leaves(document))
    place = document
    for part in path[:-1]:
        place = place[part]  # type: ignore[index]  # The path was found in this very document.
    place[path[-1]] = value  # type: ignore[index]  # The same.
    return tomlkit.dumps(document)


@given(data=st.data(), value=values)
def test_any_value_at_any_place_loads_or_is_refused(data: st.DataObject, value: object) -> None:
    """A hall's file is edited by hand; whatever stands there, the answer is a list and never a traceback."""
    hall = with_value(HALL, lambda paths: data.draw(st.sampled_from(paths)), value)
    reads_or_refuses(hall.encode(), HOLIDAYS.encode())


@given(data=st.data(), value=values)
def test_any_value_in_the_holidays_loads_or_is_refused(data: st.DataObject, value: object) -> None:
    """The same, for the file that is edited each year."""
    holidays = with_value(HOLIDAYS, lambda paths: data.draw(st.sampled_from(paths)), value)
    reads_or_refuses(HALL.encode(), holidays.encode())


@given(start=st.integers(0, 8000), length=st.integers(0, 60), new=st.binary(max_size=40))
def test_any_damage_to_the_bytes_loads_or_is_refused(start: int, length: int, new: bytes) -> None:
    """A failing disk or a cat on the keyboard."""
    content = profile_text("commune").encode()
    reads_or_refuses(content[:start] + new + content[start + length :], holidays_text().encode())


@given(content=st.binary(max_size=400))
def test_any_bytes_at_all_are_refused(content: bytes) -> None:
    """A picture saved under the wrong name."""
    reads_or_refuses(content, content)
