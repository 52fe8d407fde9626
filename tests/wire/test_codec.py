"""Messages of the feed, and old clients with new servers."""

import json
from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from queue_server.wire import answers, messages, requests, screens
from queue_server.wire.codec import UNKNOWN_KINDS_MAX, Malformed, MessageReader, encode, encode_view, understands
from queue_server.wire.fields import Bilingual

NOW = datetime(2026, 11, 23, 7, 30, 0, 123000, tzinfo=timezone(timedelta(hours=7)))
WELCOME = messages.Welcome(sequence=12, now=NOW)
ANNOUNCE = messages.Announce(
    sequence=13,
    number=1005,
    shown="1005",
    counter=4,
    label="4",
    repeat=False,
    text=Bilingual("Mời số", "Number"),
    audio=messages.Audio(),
)
# What the contract writes down; a change of meaning needs a new schema.
TICKET_KEYS = """
id number service priority state issued_at called_at started_at finished_at counter ahead expected_wait_s wait_p90_s
head key url
"""


def keys(kind: type[msgspec.Struct]) -> list[str]:
    """The keys that stand in the JSON, in order."""
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def test_messages_carry_the_keys_of_the_contract() -> None:
    """Other people's screens rely on these names."""
    assert json.loads(encode(WELCOME)) == {
        "kind": "welcome",
        "schema": 1,
        "schema_min": 1,
        "sequence": 12,
        "now": "2026-11-23T07:30:00.123000+07:00",
    }
    announced = json.loads(encode(ANNOUNCE))
    assert {"kind", "sequence", "number", "counter", "label", "repeat", "text", "audio"} <= announced.keys()
    assert announced["audio"].keys() == announced["text"].keys() == {"vi", "en"}


def test_answers_carry_the_keys_of_the_contract() -> None:
    """Other people's programs rely on these names; more may come, none may go."""
    assert set(TICKET_KEYS.split()) <= set(keys(answers.Ticket))
    assert keys(answers.Lease) == ["day", "service", "numbers", "expires_at"]
    assert keys(answers.LeasedNumber) == ["number", "id", "key"]
    assert keys(answers.Board) == ["sequence", "at", "open", "services", "counters", "calls"]
    assert keys(answers.BoardService) == ["id", "name", "open", "waiting", "expected_wait_s", "wait_p90_s"]
    assert keys(answers.BoardCounter) == ["number", "label", "state", "services", "ticket"]
    assert keys(answers.BoardCall) == ["number", "counter", "at", "reason"]
    assert {"number", "label", "state", "clerk", "services", "ticket", "held", "away", "waiting"} <= set(
        keys(answers.Counter)
    )
    assert keys(answers.HandedOver) == ["tickets", "unused", "refused"]
    assert keys(answers.EventRow) == ["sequence", "at", "kind", "version", "body", "hash"]
    assert keys(answers.Error) == ["code", "message", "detail"]


def test_a_client_reads_back_what_the_server_sent() -> None:
    """One type on both ends: what is sent is what is drawn."""
    reader = MessageReader()
    assert reader.read(encode(WELCOME)) == WELCOME
    assert reader.read(encode(ANNOUNCE)) == ANNOUNCE
    view = screens.LobbyView(
        name=Bilingual("Phường", "Ward"),
        at=NOW,
        open=True,
        opens_at=None,
        calls=(),
        counters=(),
        services=(),
        notices=(),
    )
    shown = reader.read(encode_view(14, view))
    assert isinstance(shown, messages.ShowView)
    assert msgspec.json.decode(shown.view, type=screens.LobbyView) == view


def test_a_kind_of_a_newer_server_is_skipped_and_counted() -> None:
    """An old screen goes on showing calls after the server was updated."""
    reader = MessageReader()
    assert reader.read(b'{"kind":"applause","loud":true}') is None
    assert reader.read(b'{"kind":"applause"}') is None
    assert reader.unknown == {"applause": 2}


def test_unknown_kinds_do_not_fill_the_memory() -> None:
    """A limit on everything."""
    reader = MessageReader()
    for index in range(UNKNOWN_KINDS_MAX + 50):
        reader.read(json.dumps({"kind": f"kind {index}"}))
    assert len(reader.unknown) == UNKNOWN_KINDS_MAX + 1
    assert reader.unknown["others"] == 50


def test_a_new_field_of_a_newer_server_is_ignored() -> None:
    """Fields are only ever added."""
    message = {**json.loads(encode(WELCOME)), "mood": "good"}
    assert MessageReader().read(json.dumps(message)) == WELCOME


@pytest.mark.parametrize("message", [b"", b"nonsense", b'{"kind":"welcome"}', b"[]", b'{"kind":5}', b"\xff"])
def test_a_broken_message_is_malformed(message: bytes) -> None:
    """Broken is not the same as new: the connection must be made afresh."""
    with pytest.raises(Malformed):
        MessageReader().read(message)


@pytest.mark.parametrize(
    ("schema", "schema_min", "is_understood"), [(1, 1, True), (3, 1, True), (3, 2, False), (0, 0, False)]
)
def test_versions_must_overlap(schema: int, schema_min: int, is_understood: bool) -> None:
    """A screen that cannot understand its server says so and draws nothing wrong."""
    assert understands(messages.Welcome(schema=schema, schema_min=schema_min, sequence=1, now=NOW)) is is_understood


def test_every_body_and_answer_has_a_schema() -> None:
    """The public description of the surface is made from these types."""
    for module in (requests, answers, screens, messages):
        kinds = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, msgspec.Struct)]
        schemas, _ = msgspec.json.schema_components(kinds)
        assert len(schemas) == len(kinds)
