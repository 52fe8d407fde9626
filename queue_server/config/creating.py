"""A new hall's folder from a profile: whole or not at all, and never over something that is there."""

import os
import secrets
import shutil
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

import tomlkit
from msgspec import Struct

from queue_server.config.files import write_durably
from queue_server.config.loading import HALL_FILE, HOLIDAYS_FILE, KEY_FILE

Profile = Literal["commune", "ward", "centre", "bench"]
PROFILES: tuple[Profile, ...] = get_args(Profile)

KEY_BYTES = 32


class InitRefused(Exception):
    """No folder was made, and nothing was changed; the message says why."""


class InitResult(Struct, frozen=True, kw_only=True):
    """The hall that was made."""

    folder: Path
    profile: Profile
    hall: str
    """The hall's id, drawn anew each time."""


def init(folder: Path, profile: Profile) -> InitResult:
    """Make a hall's folder, or raise InitRefused and leave everything as it was."""
    if profile not in PROFILES:
        raise InitRefused(f"không có mẫu {profile!r} — no profile {profile!r}; choose one of {', '.join(PROFILES)}")
    target = folder.absolute()
    hall = f"{profile}-{secrets.token_hex(4)}"
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        _refuse_if_taken(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _fill(unfinished, profile, hall)
        os.rename(unfinished, target)  # Takes the place of an empty folder only, and in one step.
    except OSError as fault:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise InitRefused(f"không tạo được {folder} — cannot make {folder}: {fault.strerror or fault}") from fault
    return InitResult(folder=folder, profile=profile, hall=hall)


def profile_text(profile: Profile) -> str:
    """The commented `hall.toml` of a profile, as shipped."""
    return _shipped(f"{profile}.toml")


def holidays_text() -> str:
    """The commented `holidays.toml`, as shipped."""
    return _shipped(HOLIDAYS_FILE)


def _refuse_if_taken(target: Path) -> None:
    if not target.is_symlink() and not target.exists():
        return
    if target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
        return
    words = f"{target} đã có và không bị ghi đè; hãy chọn tên khác"
    raise InitRefused(f"{words} — {target} exists and is never overwritten; choose another name")


def _fill(folder: Path, profile: Profile, hall: str) -> None:
    folder.mkdir(mode=0o700)
    (folder / KEY_FILE).parent.mkdir(mode=0o700)
    document = tomlkit.parse(profile_text(profile))
    document["hall"]["id"] = hall
    write_durably(folder / HALL_FILE, tomlkit.dumps(document).encode(), mode=0o600)
    write_durably(folder / HOLIDAYS_FILE, holidays_text().encode(), mode=0o600)
    write_durably(folder / KEY_FILE, secrets.token_hex(KEY_BYTES).encode() + b"\n", mode=0o600)


def _shipped(file: str) -> str:
    return resources.files("queue_server.config").joinpath("profiles", file).read_text(encoding="utf-8")
