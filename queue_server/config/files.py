"""Files that are whole after a power cut: written beside, synced, then put in place in one step."""

import os
from pathlib import Path


def write_durably(file: Path, content: bytes, mode: int) -> None:
    """Put this content in place of the file; after a power cut it is the old file or the new one, never a part."""
    unfinished = file.with_name(f".{file.name}.new")
    unfinished.unlink(missing_ok=True)  # Left by a power cut; only one writer is here at a time.
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the files."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
