"""Changes to the hall's files by a program: comments stay, and a wrong change is refused whole.

The lock protects read, check and replacement against another program that changes the same hall; it does not keep a
person's editor out. The calls block on the disk, so a server makes them on a thread of their own.
"""

import fcntl
import json
import os
import time
import tomllib
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from queue_server.config.errors import ConfigError, ConfigErrors, dotted, shown
from queue_server.config.files import write_durably
from queue_server.config.loading import FILE_BYTES_MAX, HALL_FILE, HOLIDAYS_FILE, KEY_FILE, HallFiles, check
from queue_server.config.messages import sentence
from queue_server.config.values import HallConfig

Change = tuple[tuple[str | int, ...], object]
"""Where, and the new value; None takes the key away.

A list of tables is entered by the entry's own name, ("service", "ho-tich", "prefix"), ("counter", "3", "label"), or by
its place counted from 0; the name "+" adds an entry: (("holiday", "+"), {"day": …, "name": …}).
"""

LOCK_FILE = ".hall.lock"
LOG_FILE = "hall.changes.log"
LOG_BYTES_MAX = 1_048_576
"""A longer log moves to `hall.changes.log.1`, and the one before it is dropped."""
HISTORY = 5
"""Earlier versions that are kept: `hall.toml.1`, the latest, to `hall.toml.5`."""
LOCK_WAIT_SECONDS = 5.0
LOCK_RETRY_SECONDS = 0.05

_NAMED_BY = ("id", "number", "group", "day", "score")
_ADD = "+"


class EditRefused(Exception):
    """The files could not be changed just now, and nothing was; the message says why."""


def change(
    folder: Path, changes: Sequence[Change], *, who: str, why: str, at: datetime, file: str = HALL_FILE
) -> HallConfig:
    """Make all the changes and give the new configuration, or raise ConfigErrors or EditRefused and make none.

    `who` is an opaque id, never a person's name.
    """
    assert file in (HALL_FILE, HOLIDAYS_FILE), f"{file} is not a file that programs change"
    try:
        with _locked(folder):
            before = _files(folder)
            text = _changed(before, file, changes)
            config = check(_with(before, file, text.encode()))
            _keep_version(folder / file)
            write_durably(folder / file, text.encode(), mode=(folder / file).stat().st_mode & 0o777)
            _note(folder, {"at": at.isoformat(), "who": who, "why": why, "file": file, "keys": _keys(changes)})
    except OSError as fault:
        raise EditRefused(f"không ghi được {folder} — cannot change {folder}: {fault.strerror or fault}") from fault
    return config


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while not _lock(handle):
            if time.monotonic() > deadline:
                raise EditRefused("chương trình khác đang sửa — another program is changing the hall; try again")
            time.sleep(LOCK_RETRY_SECONDS)
        yield
    finally:
        os.close(handle)  # The lock goes with it.


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _files(folder: Path) -> HallFiles:
    return HallFiles(
        hall=_content(folder / HALL_FILE),
        holidays=_content(folder / HOLIDAYS_FILE),
        key=_content(folder / KEY_FILE),
    )


def _content(file: Path) -> bytes | None:
    try:
        with file.open("rb") as handle:
            return handle.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return None


def _with(files: HallFiles, file: str, content: bytes) -> HallFiles:
    if file == HALL_FILE:
        return HallFiles(hall=content, holidays=files.holidays, key=files.key)
    return HallFiles(hall=files.hall, holidays=content, key=files.key)


def _changed(files: HallFiles, file: str, changes: Sequence[Change]) -> str:
    content = files.hall if file == HALL_FILE else files.holidays
    try:
        document = tomlkit.parse((content or b"").decode("utf-8-sig"))
    except (TOMLKitError, UnicodeDecodeError, RecursionError) as fault:
        check(files)  # Says what is wrong with the file as it stands, every mistake of it.
        raise EditRefused(f"không sửa được {file} — cannot change {file}: {fault}") from fault
    for path, value in changes:
        _apply(document, file, path, value)
    text = tomlkit.dumps(document)
    if tomllib.loads(text) != document.unwrap():
        raise EditRefused(f"không sửa được {file} — {file} would not say what was asked; edit it by hand")
    return text


def _apply(document: tomlkit.TOMLDocument, file: str, path: tuple[str | int, ...], value: object) -> None:
    place: object = document
    try:
        for part in path[:-1]:
            place = _step(place, part)
        _put(place, path[-1], value)
    except LookupError as fault:
        raise _refusal(file, path, value, "no-such-entry", entry=dotted(path)) from fault
    except (TOMLKitError, TypeError, ValueError) as fault:
        raise _refusal(file, path, value, "no-such-value") from fault


def _step(place: object, part: str | int) -> object:
    if isinstance(place, AoT | list):
        return place[_position(place, part)]
    if not isinstance(place, MutableMapping) or not isinstance(part, str):
        raise LookupError(part)
    if part not in place:
        place[part] = tomlkit.table()
    return place[part]


def _put(place: object, part: str | int, value: object) -> None:
    if isinstance(place, AoT | list):
        if part == _ADD:
            place.append(tomlkit.item(value))
        elif value is None:
            del place[_position(place, part)]
        else:
            place[_position(place, part)] = tomlkit.item(value)
    elif isinstance(place, MutableMapping) and isinstance(part, str):
        if part == _ADD:
            raise LookupError(part)
        if value is None:
            place.pop(part, None)
        else:
            place[part] = value
    else:
        raise LookupError(part)


def _position(entries: Sequence[object], part: str | int) -> int:
    if isinstance(part, int):
        if 0 <= part < len(entries):
            return part
        raise LookupError(part)
    for position, entry in enumerate(entries):
        if isinstance(entry, MutableMapping) and any(str(entry[key]) == part for key in _NAMED_BY if key in entry):
            return position
    raise LookupError(part)


def _refusal(file: str, path: tuple[str | int, ...], value: object, code: str, **values: str) -> ConfigErrors:
    words = sentence(code, **values)
    return ConfigErrors(
        [ConfigError(file=file, key=dotted(path), value=shown(value), remedy=words.vi, remedy_en=words.en, code=code)]
    )


def _keep_version(file: Path) -> None:
    if not file.exists():
        return
    for number in range(HISTORY, 1, -1):
        earlier = file.with_name(f"{file.name}.{number - 1}")
        if earlier.exists():
            earlier.replace(file.with_name(f"{file.name}.{number}"))
    write_durably(file.with_name(f"{file.name}.1"), file.read_bytes(), mode=0o600)


def _keys(changes: Sequence[Change]) -> list[str]:
    return [dotted(path) for path, _ in changes]


def _note(folder: Path, line: dict[str, str | list[str]]) -> None:
    log = folder / LOG_FILE
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_name(f"{LOG_FILE}.1"))
    with log.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
