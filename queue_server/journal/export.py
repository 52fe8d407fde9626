"""Writing the journal out for auditors: one JSON object of the six columns per line."""

import os
from pathlib import Path

import msgspec

from queue_server.journal.port import Head, Row
from queue_server.journal.stored import stored_rows

_ENCODER = msgspec.json.Encoder()


def export_line(row: Row) -> bytes:
    """The row as one line; the same bytes on every machine and for ever."""
    return _ENCODER.encode(row) + b"\n"


def export(source: Path, to: Path) -> Head:
    """Write the journal of a hall as of one moment, while the server may go on; tells its head.

    The file at `to` is replaced only when the export is whole. UnreadableFile if the journal cannot be read.
    """
    part = to.with_name(f"{to.name}.part")
    head = Head(0, "")
    try:
        with stored_rows(source) as rows, part.open("wb") as file:
            for row in rows:
                file.write(export_line(row))
                head = Head(row.sequence, row.hash)
            file.flush()
            os.fsync(file.fileno())
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return head
