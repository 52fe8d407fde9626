"""Whether the hall's files changed since they were last read."""

from pathlib import Path

from queue_server.config.catalogue import CATALOGUE_FILE
from queue_server.config.loading import HALL_FILE, HOLIDAYS_FILE

State = tuple[int, int, int]


def fingerprint(folder: Path) -> tuple[State, ...]:
    """A value that differs once a file was replaced or edited; a missing file counts as a state of its own.

    It reads no content, so that it may be asked for every second.
    """
    return tuple(_state(folder / file) for file in (HALL_FILE, HOLIDAYS_FILE))


def catalogue_state(folder: Path) -> State:
    """The same for the catalogue of procedures, which is read by itself: it is large and changes seldom."""
    return _state(folder / CATALOGUE_FILE)


def _state(file: Path) -> State:
    try:
        status = file.stat()
    except OSError:
        return (0, 0, 0)
    return (status.st_mtime_ns, status.st_size, status.st_ino)
