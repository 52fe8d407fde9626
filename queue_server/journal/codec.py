"""Events to rows and back: canonical text, the hash chain, and the one place where old versions are lifted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import get_args
from unicodedata import is_normalized

import msgspec

from queue_server.core.events import AnyEvent, HallCreated
from queue_server.journal.port import Row

Leaf = int | str
Body = dict[str, "Leaf | list[Body] | list[Leaf] | Body"]
"""An event's body as plain values."""
Lift = Callable[[Body], Body]
"""Makes a body of the next version; pure, and never changed once released."""

EVENT_TYPES: tuple[type[AnyEvent], ...] = get_args(AnyEvent)
TYPE_BY_KIND: Mapping[str, type[AnyEvent]] = {event_type.KIND: event_type for event_type in EVENT_TYPES}

LIFTS: dict[tuple[str, int], Lift] = {}
"""(kind, version) to what lifts such a body to version + 1. Every version below the present one has its line."""

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODERS: Mapping[str, msgspec.json.Decoder[AnyEvent]] = {
    kind: msgspec.json.Decoder(event_type) for kind, event_type in TYPE_BY_KIND.items()
}


class FromNewerRelease(Exception):
    """The row was written by a release that this one does not know; the remedy is to install that release."""


class BrokenRow(Exception):
    """The row cannot be what the hall wrote; the remedy is to verify, and to restore a backup."""


def instant_text(at: datetime) -> str:
    """The instant as it stands in a row."""
    assert at.utcoffset() is not None, f"there is no offset in the instant {at}"
    assert at.microsecond % 1000 == 0, f"the instant {at.isoformat()} is finer than milliseconds"
    return at.isoformat(timespec="milliseconds")


def encode_row(event: AnyEvent, at: datetime, sequence: int, previous_hash: str, at_text: str | None = None) -> Row:
    """The event as the row that follows `previous_hash`; `at_text` is `instant_text(at)` where it is known already."""
    body = _ENCODER.encode(event).decode()
    assert body.isascii() or is_normalized("NFC", body), f"event {sequence} holds text that is not NFC: {body}"
    at_text = at_text or instant_text(at)
    kind, version = event.KIND, event.VERSION
    return Row(
        sequence, at_text, kind, version, body, chain_hash(previous_hash, sequence, at_text, kind, version, body)
    )


def decode_row(row: Row) -> tuple[AnyEvent, datetime]:
    """The event and its instant. FromNewerRelease or BrokenRow name the sequence, the kind and the remedy."""
    event_type = TYPE_BY_KIND.get(row.kind)
    if event_type is None or row.version > event_type.VERSION:
        raise FromNewerRelease(
            f"event {row.sequence} is of kind {row.kind} version {row.version}, which this release does not know; "
            "install the release that wrote this journal, or a newer one"
        )
    try:
        if row.version == event_type.VERSION:
            event = _DECODERS[row.kind].decode(row.body)
        else:
            event = msgspec.convert(_lifted(row, event_type.VERSION), event_type)
        return event, datetime.fromisoformat(row.at)
    except ValueError as error:  # msgspec's ValidationError and DecodeError are ValueErrors too.
        raise BrokenRow(
            f"event {row.sequence} of kind {row.kind} cannot be read: {error}; "
            "run verify, and restore a backup if it fails"
        ) from error


def genesis_hash(hall: str, created: str) -> str:
    """The hash before event 1: that of the hall's id and creation time."""
    return sha256(f"{hall}|{created}".encode()).hexdigest()


def chain_hash(previous_hash: str, sequence: int, at: str, kind: str, version: int, body: str) -> str:
    """The hash of a row: SHA-256 of the hash before it, a newline, and the five columns."""
    return sha256(f"{previous_hash}\n{sequence}|{at}|{kind}|{version}|{body}".encode()).hexdigest()


def hash_before(first: Row) -> str:
    """The hash that event 1 stands on. BrokenRow if the row does not create a hall."""
    event, _ = decode_row(first)
    if not isinstance(event, HallCreated):
        raise BrokenRow(f"event {first.sequence} is of kind {first.kind}, but a journal begins with hall-created")
    return genesis_hash(event.hall, event.created)


def _lifted(row: Row, version: int) -> Body:
    body: Body = msgspec.json.decode(row.body)
    for old in range(row.version, version):
        lift = LIFTS.get((row.kind, old))
        if lift is None:
            raise ValueError(f"no release ever wrote version {old} of it")
        body = lift(body)
    return body
