"""Events to text and back, and what may never be in the text."""

from datetime import date, datetime, timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect

from queue_server.core.events import AnyEvent, HelpAsked, SlipPrinted
from queue_server.core.ids import HALL_ITSELF, Actor, CounterNumber, TicketId
from queue_server.journal import codec
from queue_server.journal.codec import BrokenRow, FromNewerRelease, decode_row, encode_row, genesis_hash
from queue_server.journal.port import Row
from tests.journal.chains import HANOI, START, rows_after
from tests.journal.chains import NOTHING as NO_HEAD

HELP = HelpAsked(counter=CounterNumber(3), by=Actor("p-1"))
Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def _strategy(kind: inspect.Type) -> st.SearchStrategy[object]:
    """Values of a type as msgspec sees it, so that a new event or field is tried without a change here."""
    match kind:
        case inspect.StructType():
            fields = {field.name: _field(field) for field in kind.fields}
            return st.fixed_dictionaries(fields).map(
                lambda values: kind.cls(**{name: value for name, value in values.items() if value is not ...})
            )
        case inspect.UnionType():
            return st.one_of([_strategy(one) for one in kind.types])
        case inspect.VarTupleType():
            return st.lists(_strategy(kind.item_type), max_size=3).map(tuple)
        case inspect.DictType():
            return st.dictionaries(_strategy(kind.key_type), _strategy(kind.value_type), max_size=3)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.StrType():
            return st.text(st.sampled_from('abcđểũ"\\/\n{}:,.0123456789'), max_size=12)
        case inspect.IntType():
            return st.integers(-(2**53), 2**53)
        case inspect.DateType():
            return st.dates(date(2000, 1, 1), date(2999, 12, 31))
        case inspect.DateTimeType():
            return _instants()
        case inspect.NoneType():
            return st.none()
        case _:
            raise AssertionError(f"{kind} is no type for an event: a body holds integers, strings, days and instants")


def _field(field: inspect.Field) -> st.SearchStrategy[object]:
    values = _strategy(field.type)
    return values if field.required else st.one_of(st.just(...), values)


def _instants() -> st.SearchStrategy[datetime]:
    milliseconds = st.integers(0, 10**12)
    return milliseconds.map(lambda count: datetime(2000, 1, 1, tzinfo=HANOI) + timedelta(milliseconds=count))


def _leaves(value: Plain) -> list[Plain]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in _leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]


@pytest.mark.parametrize("event_type", codec.EVENT_TYPES, ids=lambda event_type: event_type.KIND)
def test_every_event_is_integers_and_strings_and_comes_back_equal(event_type: type[AnyEvent]) -> None:
    """A float or a null has more than one spelling, and the chain would hang on who printed it."""

    @settings(max_examples=25, deadline=None)
    @given(_strategy(inspect.type_info(event_type)), _instants())
    def check(event: AnyEvent, at: datetime) -> None:
        row = encode_row(event, at, 7, "0" * 64)
        body: dict[str, Plain] = msgspec.json.decode(row.body)
        assert {type(leaf) for leaf in _leaves(body)} <= {int, str}
        assert msgspec.json.encode(body, order="sorted").decode() == row.body
        assert decode_row(row) == (event, at)
        assert encode_row(event, at, 7, "0" * 64) == row

    check()


def _optional(kind: inspect.Type, where: str) -> list[str]:
    """Fields that could put a null, a yes, a no or a fraction into a body."""
    match kind:
        case inspect.StructType():
            wrong: list[str] = []
            for field in kind.fields:
                inner = field.type
                if isinstance(inner, inspect.UnionType) and inner.includes_none:
                    # None is left out when it is the default, and the struct leaves defaults out.
                    if field.default is not None or not kind.cls.__struct_config__.omit_defaults:
                        wrong.append(f"{where}.{field.name}")
                    inner = inspect.UnionType(tuple(one for one in inner.types if one != inspect.NoneType()))
                wrong += _optional(inner, f"{where}.{field.name}")
            return wrong
        case inspect.UnionType():
            return [one for inner in kind.types for one in _optional(inner, where)]
        case inspect.VarTupleType():
            return _optional(kind.item_type, where)
        case inspect.DictType():
            return _optional(kind.value_type, where)
        case inspect.LiteralType():
            return [where for value in kind.values if type(value) not in (int, str)]
        case inspect.StrType() | inspect.IntType() | inspect.DateType() | inspect.DateTimeType():
            return []
        case _:
            return [where]


@pytest.mark.parametrize("event_type", codec.EVENT_TYPES, ids=lambda event_type: event_type.KIND)
def test_no_field_of_an_event_can_hold_a_null_a_yes_or_a_fraction(event_type: type[AnyEvent]) -> None:
    """The same promise, from the declared types: no value that chance did not try can break it."""
    assert _optional(inspect.type_info(event_type), event_type.KIND) == []


def test_every_kind_is_known_by_one_name() -> None:
    """Two events of one name would be read as each other."""
    assert len(codec.TYPE_BY_KIND) == len(get_args(AnyEvent))
    assert all(event_type.KIND and event_type.VERSION >= 1 for event_type in codec.EVENT_TYPES)


def test_a_row_is_written_as_the_contract_says() -> None:
    """Auditors compute the same hash with their own tools; these two were made with sha256sum."""
    row = encode_row(HELP, START, 5, "ab" * 32)
    assert row == Row(
        sequence=5,
        at="2026-11-23T07:30:00.123+07:00",
        kind="help-asked",
        version=1,
        body='{"by":"p-1","counter":3}',
        hash="0c5268950d5a27b363d2bb298be33196f12566f201d1c781af7ae94c8e126d4c",
    )
    assert genesis_hash("h", "t") == "2fbe26d962a39e41d9e20aeab53823cec1e27538e5e5357db58c2535aacd5c92"


@pytest.mark.parametrize(
    "at", [START.replace(tzinfo=None), START.replace(microsecond=123456)], ids=["without offset", "microseconds"]
)
def test_an_instant_is_exact(at: datetime) -> None:
    """What is cut off at writing would make the replayed board another than the live one."""
    with pytest.raises(AssertionError):
        encode_row(HELP, at, 1, "")


def test_text_must_be_composed() -> None:
    """The same Vietnamese letter in two spellings would be two different facts."""
    with pytest.raises(AssertionError, match="NFC"):
        encode_row(HelpAsked(counter=CounterNumber(1), by=Actor("a\u0323")), START, 1, "")


@pytest.mark.parametrize(("kind", "version"), [("tea-served", 1), ("help-asked", 2)])
def test_a_row_of_a_newer_release_is_refused_with_the_remedy(kind: str, version: int) -> None:
    """After a downgrade the hall must say what to install, and not skip what it cannot read."""
    row = msgspec.structs.replace(rows_after(NO_HEAD, 3)[2], kind=kind, version=version)
    with pytest.raises(FromNewerRelease, match=rf"event 3 .*{kind} version {version}.*install"):
        decode_row(row)


@pytest.mark.parametrize("body", ["", "{", "{}", '{"by":"p","counter":"3"}', "[]", "null"])
def test_a_body_that_is_no_event_is_refused_with_the_remedy(body: str) -> None:
    """A damaged row names itself."""
    row = msgspec.structs.replace(rows_after(NO_HEAD, 3)[2], body=body)
    with pytest.raises(BrokenRow, match=r"event 3 of kind help-asked .*run verify"):
        decode_row(row)


def test_an_old_version_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal of ten years ago still opens, through every form that the event has had."""
    monkeypatch.setattr(HelpAsked, "VERSION", 3)
    monkeypatch.setitem(codec.LIFTS, ("help-asked", 1), lambda body: {"desk": body["desk_number"], "by": body["by"]})
    monkeypatch.setitem(codec.LIFTS, ("help-asked", 2), lambda body: {"counter": body["desk"], "by": body["by"]})
    oldest = Row(1, "2026-11-23T07:30:00.123+07:00", "help-asked", 1, '{"by":"p-1","desk_number":3}', "")
    older = msgspec.structs.replace(oldest, version=2, body='{"by":"p-1","desk":3}')
    assert decode_row(oldest) == decode_row(older) == (HELP, START)


def test_a_version_that_never_was_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A forged version number must not crash the reader."""
    row = msgspec.structs.replace(rows_after(NO_HEAD, 3)[2], version=0)
    with pytest.raises(BrokenRow, match="no release ever wrote version 0"):
        decode_row(row)


def test_every_old_version_has_its_lift() -> None:
    """Whoever raises a VERSION is told here to say how the old ones are read."""
    old = {(kind, one) for kind, event_type in codec.TYPE_BY_KIND.items() for one in range(1, event_type.VERSION)}
    assert set(codec.LIFTS) == old


def test_fields_at_their_default_take_no_room() -> None:
    """Six million tickets a hall: what is not said is not stored."""
    row = encode_row(SlipPrinted(ticket=TicketId("t"), result="shown", by=HALL_ITSELF), START, 1, "")
    assert row.body == '{"by":"hall","result":"shown","ticket":"t"}'
