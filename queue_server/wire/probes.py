"""What the machine asks about the process and the hall."""

from typing import Literal

from msgspec import Struct


class Health(Struct, frozen=True):
    """The process lives."""

    status: Literal["ok"] = "ok"


class Ready(Struct, frozen=True, kw_only=True):
    """Whether the hall takes commands, and what stands in the way."""

    ready: bool
    sequence: int
    waiting_for: tuple[str, ...] = ()
    """Codes such as `starting`, `clock-unconfirmed`, `journal-unavailable`."""
