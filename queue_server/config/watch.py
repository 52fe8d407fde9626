"""Whether the hall's files changed since they were last read."""

from pathlib import Path

from queue_server.config.loading import HALL_FILE, HOLIDAYS_FILE


def fingerprint(folder: Path) -> tuple[tuple[int, int, int], ...]:
    """A value that differs once a file was replaced or edited; a missing file counts as a state of its own.

    It reads no content, so that it may be asked for every second.
    """
    return tuple(_state(folder / file) for file in (HALL_FILE, HOLIDAYS_FILE))


def _state(file: Path) -> tuple[int, int, int]:
    try:
        status = file.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)
