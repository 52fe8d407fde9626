"""What all events have in common."""

from typing import ClassVar

from msgspec import Struct


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all events."""

    KIND: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
