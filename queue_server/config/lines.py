"""On which line of a TOML text a key stands; a guess good enough to lead a person there."""

import re
from collections.abc import Iterator

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*(?:=|\.)")


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line, counted from 1, of the longest part of the path that has a line of its own; 0 for none."""
    best, found = 0, 0
    for number, address in _addresses(text):
        length = _shared(address, path)
        if length == len(address) and length > best:
            best, found = length, number
    return found


def _addresses(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    table: tuple[str | int, ...] = ()
    entries: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            name = header[2]
            if header[1] == "[[":
                entries[name] = entries.get(name, -1) + 1
            table = _table(name, entries)
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, key[1])


def _table(name: str, entries: dict[str, int]) -> tuple[str | int, ...]:
    address: tuple[str | int, ...] = ()
    parts = name.split(".")
    for depth, part in enumerate(parts, start=1):
        address = (*address, part)
        entry = entries.get(".".join(parts[:depth]))
        if entry is not None:
            address = (*address, entry)
    return address


def _shared(address: tuple[str | int, ...], path: tuple[str | int, ...]) -> int:
    length = 0
    for ours, theirs in zip(address, path, strict=False):
        if ours != theirs:
            break
        length += 1
    return length
