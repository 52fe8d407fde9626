"""From the hall's files to values: read wholly or refused wholly."""

import re
import stat
import tomllib
from pathlib import Path

from msgspec import Struct

from queue_server.api.settings import Secret
from queue_server.config import opening, sections, services
from queue_server.config.errors import ConfigErrors, Findings
from queue_server.config.table import Table
from queue_server.config.values import HallConfig, width_warnings
from queue_server.core.rules import HallRules, Name

HALL_FILE = "hall.toml"
HOLIDAYS_FILE = "holidays.toml"
KEY_FILE = "keys/hall.key"
FILE_BYTES_MAX = 262_144
"""256 KiB: the largest hall, 60 services and 200 counters, needs a quarter of it."""

_KEY = re.compile(rb"\s*([0-9a-fA-F]{64})\s*")


class HallFiles(Struct, frozen=True, kw_only=True):
    """The files of a hall as bytes; None is a file that is not there."""

    hall: bytes | None
    holidays: bytes | None
    key: bytes | None

    def __repr__(self) -> str:
        """Without any content: one of the files is a secret."""
        return "HallFiles(***)"


def load(folder: Path) -> HallConfig:
    """Read a hall's folder, or raise ConfigErrors with every mistake in it."""
    findings = Findings()
    files = HallFiles(
        hall=_bytes_of(findings, folder, HALL_FILE),
        holidays=_bytes_of(findings, folder, HOLIDAYS_FILE),
        key=_bytes_of(findings, folder, KEY_FILE),
    )
    if findings.errors:
        raise ConfigErrors(findings.errors)
    if _is_open_to_others(folder / KEY_FILE):
        findings.warn(KEY_FILE, (), "key-open")
    return check(files, findings)


def check(files: HallFiles, findings: Findings | None = None) -> HallConfig:
    """Turn the files' content into values, or raise ConfigErrors with every mistake in it."""
    findings = findings or Findings()
    hall = _parsed(findings, HALL_FILE, files.hall)
    days = _parsed(findings, HOLIDAYS_FILE, b"" if files.holidays is None else files.holidays)
    key = _key(findings, files.key)
    config = None
    if hall is not None:
        config = _hall(hall, days or Table(findings, HOLIDAYS_FILE, (), {}), key)
    if findings.errors or config is None:
        raise ConfigErrors(findings.errors)
    return config


def _hall(root: Table, days: Table, key: Secret) -> HallConfig:
    hall = root.table("hall")
    identity, name = hall.id("id") or "", hall.name("name", None) or Name("")
    languages, timezone = sections.languages(hall), sections.timezone(hall)
    hall.done()
    offered = services.services(root)
    rules = HallRules(
        hall=identity,
        name=name,
        services=offered,
        counters=services.counters(root, offered),
        policy=sections.policy(root),
        priority=services.priority(root),
        calendar=opening.calendar(root, days),
        settings=sections.tickets(root, offered),
        scale=sections.rating(root),
        languages=languages,
    )
    server, digits = sections.server(root), sections.device_digits(root)
    root.done()
    warnings = (*root.findings.warnings, *width_warnings(rules, {"[devices] digits_max": digits}))
    return HallConfig(rules=rules, server=server, timezone=timezone, device_digits=digits, key=key, warnings=warnings)


def _parsed(findings: Findings, file: str, content: bytes | None) -> Table | None:
    if content is None:
        findings.error(file, (), None, "file-missing")
        return None
    if len(content) > FILE_BYTES_MAX:
        findings.error(file, (), None, "file-too-large", limit=FILE_BYTES_MAX)
        return None
    try:
        text = content.decode("utf-8-sig")  # Editors on Windows put a byte order mark first.
    except UnicodeDecodeError as fault:
        findings.error(file, (), None, "not-utf8", position=fault.start + 1)
        return None
    findings.knows(file, text)
    try:
        return Table(findings, file, (), tomllib.loads(text))
    except RecursionError:
        findings.error(file, (), None, "not-toml", why="too many brackets within brackets")
    except ValueError as fault:  # Also an integer too long to read, which is no TOMLDecodeError.
        findings.error(file, (), None, "not-toml", why=str(fault)[:200])
    return None


def _key(findings: Findings, content: bytes | None) -> Secret:
    found = None if content is None else _KEY.fullmatch(content)
    if content is None:
        findings.error(KEY_FILE, (), None, "file-missing")
    elif found is None:
        findings.error(KEY_FILE, (), None, "key-malformed")
    return Secret(b"" if found is None else bytes.fromhex(found[1].decode("ascii")))


def _bytes_of(findings: Findings, folder: Path, file: str) -> bytes | None:
    try:
        with (folder / file).open("rb") as handle:
            return handle.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:  # ValueError: a folder's name with a zero byte.
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else type(fault).__name__
        findings.error(file, (), None, "file-unreadable", why=why)
        return None


def _is_open_to_others(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False  # A missing key is said where it is read.
