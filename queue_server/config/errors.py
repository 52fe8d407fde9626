"""Mistakes in the hall's files: gathered, named by file, line, key and value, and shown together."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from queue_server.config.lines import line_of
from queue_server.config.messages import sentence
from queue_server.core.rules import Name

Path = tuple[str | int, ...]
"""Where a value stands: keys, and places in lists counted from 0."""

VALUE_SHOWN_MAX = 60
"""Characters of a wrong value that are shown; the rest is cut."""
ERRORS_MAX = 200
"""Mistakes that are listed; more than these would hide each other."""


class ConfigError(Struct, frozen=True, kw_only=True):
    """One mistake and its remedy."""

    file: str
    key: str
    """The key as a path; entries of lists count from 1, as people count: `service[2].numbers`."""
    value: str
    """What stands there now, as TOML writes it; a secret is `***`."""
    remedy: str
    """What to do, in Vietnamese."""
    remedy_en: str
    code: str
    """The kind of mistake, for programs."""
    line: int = 0
    """The line in the file, 0 when it is not known."""

    def __str__(self) -> str:
        """Two lines for a person: where it is, and what to do."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        what = f"{self.key} = {self.value}" if self.value else self.key
        return f"{place}  {what}".rstrip() + f"\n    {self.remedy}\n    {self.remedy_en}"


class ConfigErrors(Exception):
    """The files are refused whole: here is everything that is wrong with them."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class Findings:
    """What was found while reading the hall's files.

    Lifetime: one reading. Concurrency: one task or thread.
    """

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []
        self.warnings: list[str] = []
        self.asked: set[tuple[str, str]] = set()
        """Every (file, key) that was looked for; a test compares it with default.toml."""
        self._texts: dict[str, str] = {}

    def knows(self, file: str, text: str) -> None:
        """Take a file's text, so that mistakes in it can name their line."""
        self._texts[file] = text

    def error(self, file: str, path: Path, value: object, code: str, **values: str | int) -> None:
        """Add one mistake; those beyond the limit are dropped."""
        if len(self.errors) >= ERRORS_MAX:
            return
        remedy = sentence(code, **values)
        self.errors.append(
            ConfigError(
                file=file,
                key=dotted(path),
                value=shown(value),
                remedy=remedy.vi,
                remedy_en=remedy.en,
                code=code,
                line=line_of(self._texts.get(file, ""), path),
            )
        )

    def warn(self, file: str, path: Path, code: str, **values: str | int) -> None:
        """Add something that is allowed but probably not meant."""
        self.warnings.append(warning(file, dotted(path), sentence(code, **values)))


def warning(file: str, key: str, words: Name) -> str:
    """One line for a person: where it is, and what may go wrong."""
    return f"{file}: {key}: {words.vi} — {words.en}" if key else f"{file}: {words.vi} — {words.en}"


def dotted(path: Path) -> str:
    """The path as it is shown: `("service", 1, "numbers")` is `service[2].numbers`."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if words else part)
    return words


def shown(value: object) -> str:
    """A wrong value as TOML writes it, cut to a length that fits a line; nothing for a missing one."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            words = f'"{_printable(value)}"'
        case Mapping():
            words = "{…}"
        case list():
            words = "[…]" if any(isinstance(entry, list | dict) for entry in value) else f"[{_entries(value)}]"
        case _:
            words = _printable(_plain(value))
    return words if len(words) <= VALUE_SHOWN_MAX else words[: VALUE_SHOWN_MAX - 1] + "…"


def _entries(values: Sequence[object]) -> str:
    return ", ".join(shown(value) for value in values[:VALUE_SHOWN_MAX])


def _plain(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 4 * VALUE_SHOWN_MAX:
        return "…"  # Python refuses to write integers of more than some thousands of digits.
    return str(value)


def _printable(words: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in words[:VALUE_SHOWN_MAX])
