"""Ids that nobody guesses, drawn from the system's chance in blocks: one system call for many."""

import secrets
from collections.abc import Iterator

BLOCK = 256
ID_BYTES = 8


def _ids() -> Iterator[str]:
    while True:
        block = secrets.token_hex(ID_BYTES * BLOCK)
        for start in range(0, len(block), 2 * ID_BYTES):
            yield block[start : start + 2 * ID_BYTES]


_drawn = _ids()


def new_id() -> str:
    """64 bits by chance in hex; no two are the same in the life of a hall."""
    return next(_drawn)
