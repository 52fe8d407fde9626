"""The rules in force by name: what pages must know of them to speak in names instead of ids."""

from datetime import datetime

from msgspec import Struct

from queue_server.wire.fields import Bilingual, CounterState


class HallService(Struct, frozen=True, kw_only=True, gc=False):
    """A service as pages name it."""

    id: str
    name: Bilingual
    prefix: str
    expected_service_s: int


class HallCounter(Struct, frozen=True, kw_only=True, gc=False):
    """A counter as pages name it."""

    number: int
    label: str
    zone: str
    services: tuple[str, ...]
    state: CounterState
    clerk: str | None


class HallGroup(Struct, frozen=True, kw_only=True, gc=False):
    """A row of the priority table in force today."""

    group: str
    label: Bilingual
    proof: Bilingual
    legal_basis: str
    rank: int


class Hall(Struct, frozen=True, kw_only=True):
    """What pages must know of the rules in force to speak in names instead of ids."""

    name: Bilingual
    at: datetime
    languages: tuple[str, ...]
    services: tuple[HallService, ...]
    counters: tuple[HallCounter, ...]
    priority: tuple[HallGroup, ...]
    min_service_s: int
    """A call that ends sooner than this without a start is doubtful."""
    absent_return_minutes: int
    default_transfer: str
    """The service that a transfer without a target goes to; empty for none."""
    procedures: bool = False
    """Whether `GET /procedures` gives names to codes; without it pages show the codes."""
