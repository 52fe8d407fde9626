"""Reading one TOML table: every value is checked by kind and bounds, every mistake is added, and reading goes on.

A reader that finds a mistake adds it to the findings and gives the default, or None where there is none, so that
the rest of the file is still checked. Nothing read is used while there are mistakes.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import TypeVar, get_args

from msgspec import Struct, structs

from queue_server.config.errors import Findings, Path, dotted
from queue_server.config.texts import flaw
from queue_server.core.rules import Flag, Name

NAME_LENGTH_MAX = 120
"""Characters of a name; four lines of a kiosk button at its smallest letters."""
TEXT_LENGTH_MAX = 300
"""Characters of any other text: proofs, legal bases, where else to go."""
ID_LENGTH_MAX = 32

_ID = re.compile(r"[a-z][a-z0-9-]*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Bounds = Mapping[str, tuple[int, int]]
SettingsT = TypeVar("SettingsT", bound=Struct)


class Table:
    """One table of a file and the keys asked of it.

    Lifetime: one reading. Concurrency: one task or thread.
    """

    def __init__(self, findings: Findings, file: str, path: Path, values: Mapping[str, object]) -> None:
        self.findings = findings
        self.file = file
        self.path = path
        self._values = values
        self._known: set[str] = set()

    def done(self) -> None:
        """Refuse the keys that nobody asked for, each with the nearest real key."""
        for key, value in self._values.items():
            if key in self._known:
                continue
            near = nearest(key, self._known)
            if near:
                self.error(key, value, "unknown-key", nearest=near)
            else:
                self.error(key, value, "unknown-key-here", known=", ".join(sorted(self._known)))

    def error(self, key: str | int, value: object, code: str, **values: str | int) -> None:
        """Add a mistake at one key of this table."""
        self.findings.error(self.file, (*self.path, key), value, code, **values)

    def warn(self, key: str, code: str, **values: str | int) -> None:
        """Add a warning at one key of this table."""
        self.findings.warn(self.file, (*self.path, key), code, **values)

    def place(self, key: str = "") -> str:
        """This table, or one key of it, as people write it."""
        return dotted((*self.path, key) if key else self.path)

    def raw(self, key: str) -> object:
        """The value as TOML gave it, None when it is missing."""
        self._known.add(key)
        self.findings.asked.add((self.file, re.sub(r"\[\d+\]", "", self.place(key))))
        return self._values.get(key)

    def missing(self, key: str) -> None:
        """Add that a key is missing."""
        self.error(key, None, "missing")

    # One value

    def whole(self, key: str, low: int, high: int, default: int | None) -> int | None:
        """A whole number within bounds, both included."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.missing(key)
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.error(key, value, "want-whole")
            return default
        if not low <= value <= high:
            self.error(key, value, "out-of-bounds", low=low, high=high)
            return default
        return value

    def number(self, key: str, low: int, high: int, default: int) -> int:
        """The same for a number that has a default."""
        value = self.whole(key, low, high, default)
        return default if value is None else value

    def yes_no(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.raw(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.error(key, value, "want-yes-no")
        return default

    def text(self, key: str, default: str | None, limit: int = TEXT_LENGTH_MAX) -> str | None:
        """A text without hidden characters; an empty one only where empty is the default."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.missing(key)
            return default
        if value == "" and default == "":
            return ""
        return self._checked_text(key, value, limit) or default

    def word(self, key: str, default: str, limit: int = TEXT_LENGTH_MAX) -> str:
        """The same for a text that has a default."""
        return self.text(key, default, limit) or ""

    def id(self, key: str) -> str | None:
        """A name for programs: a-z, digits, hyphens."""
        value = self.text(key, None)
        return value if value is None or self.is_id(key, value) else None

    def is_id(self, key: str | int, value: str) -> bool:
        """Whether a text can be an id; a mistake is added when it cannot."""
        if _ID.fullmatch(value) and len(value) <= ID_LENGTH_MAX:
            return True
        self.error(key, value, "bad-id", limit=ID_LENGTH_MAX)
        return False

    def choice(self, key: str, allowed: Collection[str], default: str | None) -> str | None:
        """One of some words."""
        value = self.text(key, default)
        return default if value is None or not self.is_one_of(key, value, allowed) else value

    def is_one_of(self, key: str | int, value: object, allowed: Collection[str]) -> bool:
        """Whether this is one of the words; a mistake is added when it is not."""
        if isinstance(value, str) and value in allowed:
            return True
        near = nearest(value, allowed) if isinstance(value, str) else ""
        code = "not-one-of-near" if near else "not-one-of"
        self.error(key, value, code, allowed=", ".join(allowed), nearest=near)
        return False

    def name(self, key: str, default: Name | None, limit: int = NAME_LENGTH_MAX) -> Name | None:
        """A text for people: a Vietnamese text, or a table of both languages."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.missing(key)
            return default
        if isinstance(value, str):
            words = "" if value == "" and default == Name("") else self._checked_text(key, value, limit)
            return default if words is None else Name(words)
        if not isinstance(value, dict):
            self.error(key, value, "want-name")
            return default
        table = Table(self.findings, self.file, (*self.path, key), value)
        words = table.text("vi", None if default is None or default.vi else "", limit)
        name = Name(words or "", table.word("en", "", limit))
        table.done()
        return name

    def clock(self, key: str) -> int | None:
        """A time of day in minutes; 24:00 is the end of the day."""
        value = self.raw(key)
        if value is None:
            self.missing(key)
            return None
        if isinstance(value, time) and value.tzinfo is None and value.second == value.microsecond == 0:
            return value.hour * 60 + value.minute
        if value == "24:00":
            return 24 * 60
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self.error(key, value, "bad-time")
            return None
        return int(found[1]) * 60 + int(found[2])

    def day(self, key: str, default: date | None) -> date | None:
        """A day of the calendar, with or without quotes."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.missing(key)
            return default
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # The thirty-first of February is said below like any other wrong day.
        self.error(key, value, "bad-day")
        return default

    # More than one value

    def words(self, key: str, default: tuple[str, ...] | None, limit: int) -> tuple[str, ...]:
        """A list of texts, each only once."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self.missing(key)
            return default or ()
        if not isinstance(value, list):
            self.error(key, value, "want-list")
            return default or ()
        if len(value) > limit:
            self.error(key, value, "too-many", limit=limit)
            return default or ()
        return self._once(key, value)

    def _once(self, key: str, values: list[object]) -> tuple[str, ...]:
        taken: dict[str, int] = {}
        entries = Table(self.findings, self.file, (*self.path, key), {})
        for position, value in enumerate(values):
            words = entries._checked_text(position, value, TEXT_LENGTH_MAX)
            if words is not None and words in taken:
                entries.error(position, value, "duplicate", other=dotted((*entries.path, taken[words])))
            elif words is not None:
                taken[words] = position
        return tuple(taken)

    def table(self, key: str) -> "Table":
        """A table in this table; an empty one when it is missing."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self.error(key, value, "want-table", table=self.place(key))
        return Table(self.findings, self.file, (*self.path, key), value if isinstance(value, dict) else {})

    def tables(self, key: str, limit: int, *, needed: bool = False) -> list["Table"]:
        """The entries of a list of tables."""
        value = self.raw(key)
        if value is None or value == []:
            if needed:
                self.error(key, value, "too-few")
            return []
        if not isinstance(value, list):
            self.error(key, value, "want-tables", table=self.place(key))
            return []
        if len(value) > limit:
            self.error(key, len(value), "too-many", limit=limit)
        found = []
        for position, entry in enumerate(value[:limit]):
            path = (*self.path, key, position)
            if isinstance(entry, dict):
                found.append(Table(self.findings, self.file, path, entry))
            else:
                self.findings.error(self.file, path, entry, "want-tables", table=self.place(key))
        return found

    def settings(self, default: SettingsT, bounds: Bounds) -> SettingsT:
        """A struct of numbers, flags and words whose every field has a default; the fields are the keys."""
        changes: dict[str, object] = {}
        for field in structs.fields(default):
            value: object = getattr(default, field.name)
            if field.type == Flag:
                changes[field.name] = int(self.yes_no(field.name, bool(value)))
            elif isinstance(value, bool):
                changes[field.name] = self.yes_no(field.name, value)
            elif isinstance(value, int):
                changes[field.name] = self.number(field.name, *bounds[field.name], value)
            elif isinstance(value, str) and get_args(field.type):
                changes[field.name] = self.choice(field.name, get_args(field.type), value)
            elif isinstance(value, str):
                changes[field.name] = self.word(field.name, value)
        return structs.replace(default, **changes)

    def _checked_text(self, key: str | int, value: object, limit: int) -> str | None:
        if not isinstance(value, str):
            self.error(key, value, "want-text")
            return None
        fault = flaw(value, limit)
        if fault is None:
            return value
        self.error(key, value, fault.code, **fault.values)
        return None


def nearest(word: str, words: Collection[str]) -> str:
    """The word that was probably meant, or nothing."""
    near = difflib.get_close_matches(word[:TEXT_LENGTH_MAX], sorted(words), n=1, cutoff=0.6)
    return near[0] if near else ""
