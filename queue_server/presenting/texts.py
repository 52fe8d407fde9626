"""The texts of both languages, by key. Importing does nothing; `load` reads the files of this package."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from queue_server.wire.fields import Bilingual

Tongue = Literal["vi", "en"]
TONGUES: tuple[Tongue, ...] = ("vi", "en")
Values = Mapping[str, str | int]
NO_VALUES: Values = MappingProxyType({})


class Texts(Struct, frozen=True, eq=False):
    """All texts, each under a key such as `error.nobody-waiting`."""

    by_tongue: Mapping[str, Mapping[str, str]]

    def say(self, tongue: Tongue, key: str, values: Values = NO_VALUES) -> str:
        """One text with its values filled in. A key without a text is a bug: KeyError."""
        text = self.by_tongue[tongue][key]
        return text.format_map(values) if values else text

    def both(self, key: str, values: Values = NO_VALUES, values_en: Values | None = None) -> Bilingual:
        """The text in both languages; `values_en` where the English values differ."""
        in_english = self.say("en", key, values if values_en is None else values_en)
        return Bilingual(vi=self.say("vi", key, values), en=in_english)

    def knows(self, key: str) -> bool:
        """Whether there is a text under this key."""
        return key in self.by_tongue["vi"]

    def error(self, code: str) -> Bilingual:
        """What a person reads for a refusal or an error; a general sentence for a code that has no text yet."""
        key = f"error.{code}"
        return self.both(key if self.knows(key) else "error.conflict")


def load() -> Texts:
    """Read the texts of both languages."""
    folder = files(__package__).joinpath("languages")
    return Texts({tongue: _flat(folder.joinpath(f"{tongue}.toml").read_text("utf-8")) for tongue in TONGUES})


def _flat(document: str) -> dict[str, str]:
    tables: dict[str, dict[str, str]] = tomllib.loads(document)
    return {f"{table}.{key}": text for table, entries in tables.items() for key, text in entries.items()}
