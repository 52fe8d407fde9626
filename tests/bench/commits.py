"""What one durable commit costs on this disk: a one-row INSERT in WAL mode with synchronous FULL."""

import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

COMMITS = 200
BODY = "x" * 300
"""About the size of an event's row."""


def commit_ms(folder: Path, commits: int = COMMITS) -> float:
    """The median, in milliseconds."""
    path = folder / "commits.db"
    times: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL").fetchall()
        connection.execute("CREATE TABLE IF NOT EXISTS event (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        for _ in range(commits):
            start = time.perf_counter()
            connection.execute("INSERT INTO event (body) VALUES (?)", (BODY,))
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000
