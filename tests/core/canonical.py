"""A board as bytes: two boards are the same exactly when these are."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from msgspec import Struct

from queue_server.core.board import Board


def canonical(board: Board) -> bytes:
    """The whole board in one order that no dictionary and no hash seed can change."""
    return _text(board).encode()


def digest(board: Board) -> str:
    """The same, short enough to read in a failure."""
    return sha256(canonical(board)).hexdigest()


def _text(value: object) -> str:
    match value:
        case Struct():
            fields = ",".join(f"{name}={_text(getattr(value, name))}" for name in value.__struct_fields__)
            return f"{type(value).__name__}({fields})"
        case Mapping():
            return "{" + ",".join(sorted(f"{_text(key)}:{_text(one)}" for key, one in value.items())) + "}"
        case tuple():
            return "[" + ",".join(map(_text, value)) + "]"
        case date():
            return value.isoformat()
        case str():
            return repr(str(value))
        case None | int():
            return repr(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical text; a board holds no such value")
