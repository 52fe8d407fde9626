"""The dated data file `definitions.toml`: what each figure is called and means, and the targets it is held against."""

import tomllib
from datetime import date

import msgspec
from msgspec import Struct

from queue_server.core.rules import Name

FILE = "definitions.toml"
"""Its name beside this module; whoever may read files reads it."""


class Figure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column of the index."""

    key: str
    name: Name
    meaning: Name


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value that a rule outside the hall asks for."""

    figure: str
    at_most: int | None = None
    at_least_percent: int | None = None
    from_day: date
    source: str
    status: str
    """How well the source is known; an unverified target is shown as such."""


class Weight(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One group of the national service index. The hall feeds evidence to it and never computes it."""

    group: str
    name: Name
    weight: int
    fed_by_hall: bool
    source: str


class Definitions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of names, meanings, targets and weights."""

    version: str
    from_day: date
    figures: tuple[Figure, ...]
    targets: tuple[Target, ...]
    weights: tuple[Weight, ...]


def parse_definitions(text: str) -> Definitions:
    """The definitions in the text of the file. It ships with the program, so a mistake in it is a bug and raises."""
    return msgspec.convert(tomllib.loads(text), Definitions)
