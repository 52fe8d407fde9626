"""Bytes to bodies and messages, and back. What a client does not know it skips and counts."""

import re
from collections import Counter
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from queue_server.wire.hygiene import Unclean, clean
from queue_server.wire.messages import SCHEMA, SCHEMA_MIN, Announce, Message, ShowView, Welcome

T = TypeVar("T")

UNKNOWN_KINDS_MAX = 100
"""Different unknown kinds counted by name; the rest are counted together."""
DEPTH_MAX = 20
"""Lists within lists; a body that is nested deeper is refused."""

_encoder = msgspec.json.Encoder()
_AT = re.compile(r"^(?P<problem>.*?) - at `(?:key in )?\$\.?(?P<field>.*)`$", re.DOTALL)
_NAMED = re.compile(r"`(?P<field>[^`]+)`")

encode = _encoder.encode
"""One value as JSON."""


class Malformed(Exception):
    """These bytes are no JSON: 400."""


class Invalid(Exception):
    """This JSON is not what was asked for: 422."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        """Which one, as `items` or `tickets[2].issued_at`; empty for the whole body."""
        self.problem = problem
        """What is wrong with it, in English."""


class BodyReader(Generic[T]):
    """Reads one kind of body: bounds checked, texts in NFC.

    Lifetime: as long as the process. Concurrency: stateless.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    def read(self, body: bytes) -> T:
        """The body, or raise Malformed or Invalid. An empty body is `{}`."""
        body = body or b"{}"
        try:
            if body.isascii() and b"\\" not in body and b"\x7f" not in body:
                return self._decoder.decode(body)
            return msgspec.convert(_cleaned(msgspec.json.decode(body), ""), self._kind)
        except msgspec.ValidationError as refused:
            _must_be_json(body)
            raise _invalid(str(refused)) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
            raise Malformed(str(broken)) from None


def _must_be_json(body: bytes) -> None:
    try:
        msgspec.json.decode(body, type=Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
        raise Malformed(str(broken)) from None


def _cleaned(value: object, path: str, depth: int = 0) -> object:
    if depth > DEPTH_MAX:
        raise Invalid(path, f"Nested more than {DEPTH_MAX} deep")
    match value:
        case str():
            return _clean_text(value, path)
        case list():
            return [_cleaned(one, f"{path}[{index}]", depth + 1) for index, one in enumerate(value)]
        case dict():
            return {
                _clean_text(key, path): _cleaned(one, f"{path}.{key}" if path else key, depth + 1)
                for key, one in value.items()
            }
        case _:
            return value


def _clean_text(text: str, path: str) -> str:
    cleaned = clean(text)
    if isinstance(cleaned, Unclean):
        raise Invalid(path, f"Character {cleaned.character} at position {cleaned.position} is not allowed")
    return cleaned


def _invalid(message: str) -> Invalid:
    placed = _AT.match(message)
    if placed is not None:
        problem, field = placed["problem"], placed["field"]
        named = _NAMED.search(problem) if "field" in problem else None
        return Invalid(f"{field}.{named['field']}" if named else field, problem)
    named = None if message.startswith("Expected") else _NAMED.search(message)
    return Invalid(named["field"] if named else "", message)


# The feed


def encode_view(sequence: int, view: Struct) -> bytes:
    """A view as a message, encoded once for every screen that sees the same."""
    return encode(ShowView(sequence=sequence, view=Raw(encode(view))))


class _Kind(Struct):
    kind: str = ""


class MessageReader:
    """The client's side of the feed.

    Lifetime: one connection or many. Concurrency: one reader at a time.
    """

    def __init__(self) -> None:
        self._kind = msgspec.json.Decoder(_Kind)
        self._message: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Welcome | ShowView | Announce)
        self.unknown: Counter[str] = Counter()
        """How many messages were skipped, by kind."""

    def read(self, message: bytes | str) -> Message | None:
        """The message; None for a kind that a newer server may send. Raises Malformed where it is no message."""
        try:
            kind = self._kind.decode(message).kind
            if kind in {"welcome", "view", "announce"}:
                return self._message.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as broken:
            raise Malformed(str(broken)) from None
        known = kind in self.unknown or len(self.unknown) < UNKNOWN_KINDS_MAX
        self.unknown[kind if known else "others"] += 1
        return None


def understands(welcome: Welcome) -> bool:
    """Whether we and this server share a schema; where not, one of the two must be updated."""
    return welcome.schema_min <= SCHEMA and welcome.schema >= SCHEMA_MIN
