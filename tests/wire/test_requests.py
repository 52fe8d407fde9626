"""A body outside its bounds is refused, and the refusal names the field."""

import json
from typing import Any

import pytest

from queue_server.wire import requests
from queue_server.wire.codec import BodyReader, Invalid, Malformed

# A dict of field values: what a client may send, right or wrong.
Fields = dict[str, Any]


def read(kind: type[requests.Body], fields: Fields) -> requests.Body:
    """What the server makes of these fields."""
    return BodyReader(kind).read(json.dumps(fields).encode())


TICKET = {"service": "civil"}
HAND_OVER = {"now": "2026-11-23T09:00:00+07:00"}

REFUSED: list[tuple[type[requests.Body], Fields, str]] = [
    (requests.TakeTicket, {}, "service"),
    (requests.TakeTicket, {"service": ""}, "service"),
    (requests.TakeTicket, {"service": "x" * 65}, "service"),
    (requests.TakeTicket, TICKET | {"items": 0}, "items"),
    (requests.TakeTicket, TICKET | {"items": 100}, "items"),
    (requests.TakeTicket, TICKET | {"items": True}, "items"),
    (requests.TakeTicket, TICKET | {"items": "3"}, "items"),
    (requests.TakeTicket, TICKET | {"items": 1.5}, "items"),
    (requests.TakeTicket, TICKET | {"procedures": ["1.0"] * 21}, "procedures"),
    (requests.TakeTicket, TICKET | {"procedures": ["1.0", ""]}, "procedures[1]"),
    (requests.TakeTicket, TICKET | {"dossiers": ["x" * 201]}, "dossiers[0]"),
    (requests.TakeTicket, TICKET | {"language": "Vietnamese!"}, "language"),
    (requests.TakeTicket, TICKET | {"colour": "red"}, "colour"),
    (requests.CancelTicket, {"reason": "x" * 501}, "reason"),
    (requests.MoveTicket, {"service": "civil"}, "reason"),
    (requests.MoveTicket, {"service": "civil", "reason": ""}, "reason"),
    (requests.SetPriority, {"proof_seen": True}, "group"),
    (requests.RecordSlip, {"result": "burnt"}, "result"),
    (requests.Lease, {"service": "civil", "count": 0}, "count"),
    (requests.Lease, {"service": "civil", "count": 1001}, "count"),
    (requests.Lease, {"service": "civil", "day": "tomorrow"}, "day"),
    (requests.HandOver, {}, "now"),
    (requests.HandOver, {"now": "2026-11-23T09:00:00"}, "now"),
    (requests.HandOver, HAND_OVER | {"tickets": [{"id": "a"}]}, "tickets[0].issued_at"),
    (requests.CallNumber, {"number": 0}, "number"),
    (requests.CallNumber, {"number": 1_000_000}, "number"),
    (requests.SendAway, {}, "reason"),
    (requests.TransferTicket, {"service": "civil", "counter": 4}, "service"),
    (requests.TransferTicket, {"counter": 4, "then": "stay"}, "then"),
    (requests.FinishTicket, {"outcome": "lost"}, "outcome"),
    (requests.FinishTicket, {"outcome": "received", "items": [{}]}, "items"),
    (requests.FinishTicket, {"items": [{}] * 100}, "items"),
    (requests.SetServices, {"services": ["a", "b", "a"], "reason": "load"}, "services"),
    (requests.CatchUp, {"through": 1005}, "reason"),
    (requests.CloseDay, {}, "reason"),
    (requests.Rate, {"score": 5}, "ask"),
    (requests.Rate, {"score": 5, "ask": "a", "ticket": "t"}, "ask"),
    (requests.Rate, {"ask": "a", "score": -1}, "score"),
    (requests.SignIn, {"login": "admin"}, "password"),
    (requests.SignIn, {"login": "admin", "password": "x" * 257}, "password"),
    (requests.AddPerson, {"login": "ha", "name": "Hà", "role": "king"}, "role"),
]


@pytest.mark.parametrize(("kind", "fields", "field"), REFUSED)
def test_a_body_outside_its_bounds_names_the_field(kind: type[requests.Body], fields: Fields, field: str) -> None:
    """Whoever wrote the client must see at once which value to mend."""
    with pytest.raises(Invalid) as refused:
        read(kind, fields)
    assert refused.value.field == field
    assert refused.value.problem


@pytest.mark.parametrize(
    "kind",
    [requests.AtCounter, requests.OpenCounter, requests.FinishTicket, requests.CancelTicket, requests.ConfirmClock],
)
def test_an_empty_body_stands_for_no_fields(kind: type[requests.Body]) -> None:
    """Buttons and `curl -X POST` send nothing; that is no mistake."""
    assert BodyReader(kind).read(b"") == kind()


@pytest.mark.parametrize("body", [b"{", b"[1", b'{"service":"\xff"}', b"nonsense", b'{"service":"\\ud800"}', b"{}{}"])
def test_what_is_no_json_is_malformed_and_not_invalid(body: bytes) -> None:
    """400 and 422 tell a client different things: the first means it cannot even write."""
    with pytest.raises(Malformed):
        BodyReader(requests.TakeTicket).read(body)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null"])
def test_json_of_another_shape_is_invalid(body: bytes) -> None:
    """It could be read, but it is no object."""
    with pytest.raises(Invalid):
        BodyReader(requests.TakeTicket).read(body)


@pytest.mark.parametrize("escaped", ['"a\\u200bb"', '"a\u200bb"', '"a\\nb"', '"a\x7fb"'])
def test_unseen_characters_are_refused_however_they_are_written(escaped: str) -> None:
    """Escapes are no way around the rule."""
    with pytest.raises(Invalid) as refused:
        BodyReader(requests.MoveTicket).read(f'{{"service":"civil","reason":{escaped}}}'.encode())
    assert refused.value.field == "reason"
    assert "U+" in refused.value.problem


def test_texts_arrive_composed_and_are_measured_so() -> None:
    """Five hundred letters stay five hundred, whichever keyboard wrote them."""
    decomposed = "e\u0302\u0301" * 500
    body = BodyReader(requests.CancelTicket).read(json.dumps({"reason": decomposed}, ensure_ascii=False).encode())
    assert body.reason == "ế" * 500


def test_deep_nesting_is_refused_and_does_not_topple_the_server() -> None:
    """A hostile body must cost one answer, not the process."""
    for deep in (b'{"service":' + b"[" * 50 + b'"\\n"' + b"]" * 50 + b"}", b"[" * 100_000):
        with pytest.raises((Invalid, Malformed)):
            BodyReader(requests.TakeTicket).read(deep)


def test_a_whole_ticket_request_is_read() -> None:
    """Every key of the contract is known."""
    body = read(
        requests.TakeTicket,
        {
            "service": "civil",
            "priority": "elderly",
            "language": "vi",
            "procedures": ["2.000815"],
            "items": 3,
            "dossiers": ["H38.12-261119-0042"],
            "person": "0f" * 32,
        },
    )
    assert body == requests.TakeTicket(
        service="civil",
        priority="elderly",
        language="vi",
        procedures=("2.000815",),
        items=3,
        dossiers=("H38.12-261119-0042",),
        person="0f" * 32,
    )
