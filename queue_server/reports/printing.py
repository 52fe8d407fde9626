"""The service index as a table for people, CSV for spreadsheets and JSON for programs; the same bytes every time."""

import csv
import io

import msgspec
from msgspec import structs

from queue_server.reports.figures import Row
from queue_server.reports.service_index import ServiceIndex

COLUMNS = tuple(field.name for field in structs.fields(Row))
TABLE_COLUMNS = ("group", "tickets", "served", "absent", "wait_n", "wait_mean_s", "wait_p90_s", "service_mean_s")


def as_json(index: ServiceIndex) -> str:
    """As the HTTP interface answers, on one line for each row."""
    rows = ",\n".join(msgspec.json.encode(row).decode() for row in index.rows)
    head = msgspec.json.encode(
        {
            "from": index.first_day.isoformat(),
            "to": index.last_day.isoformat(),
            "by": index.by,
            "definitions": index.definitions,
            "journal_head": index.journal_head,
        }
    ).decode()
    return f'{head[:-1]},"rows":[\n{rows}\n]}}'


def as_csv(index: ServiceIndex) -> str:
    """One line for each row under the names of the columns; an empty cell where there is nothing to tell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(["" if value is None else value for value in structs.astuple(row)] for row in index.rows)
    return text.getvalue()


def as_table(index: ServiceIndex) -> str:
    """The main figures for a terminal, in seconds."""
    cells = [TABLE_COLUMNS, *(tuple(_cell(getattr(row, name)) for name in TABLE_COLUMNS) for row in index.rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(TABLE_COLUMNS))]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join((f"{index.first_day} - {index.last_day}, definitions {index.definitions}", *lines))


def _cell(value: str | float | None) -> str:
    return "-" if value is None else str(value)
