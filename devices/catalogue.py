"""All kinds of devices, found by walking `drivers/`: a new file there is known at once."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import msgspec
from msgspec import Struct

from devices import drivers
from devices.kind import Kind, Unit
from devices.links.address import Address, read_address
from devices.links.opening import Opener, open_link
from devices.supervision import Channel, Clock, LoopClock
from devices.words import Health, Report, UnitId


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name."""
    return {kind.name: kind for kind in (_load(name) for name in _files()) if isinstance(kind, Kind)}


FAULTS_OF_A_FILE = (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError, LookupError, OSError)
"""What loading a driver file that is broken or half copied comes to."""


@cache
def faults() -> Mapping[str, str]:
    """Driver files that gave no kind, and why. The hall opens without them."""
    return {name: fault for name in _files() if isinstance(fault := _load(name), str)}


def _files() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(drivers.__path__))


def _load(name: str) -> Kind | str:
    try:
        kind = importlib.import_module(f"devices.drivers.{name}").KIND
    except FAULTS_OF_A_FILE as fault:
        return f"devices/drivers/{name}.py: {fault!r}"
    return kind if isinstance(kind, Kind) else f"devices/drivers/{name}.py: KIND is no Kind"


class Enrolled(Struct, frozen=True, kw_only=True):
    """One device as the settings name it."""

    id: UnitId
    kind: str
    url: str
    address: int = 0
    options: dict[str, object] = {}


class Mistake(Struct, frozen=True):
    """Why a device is not driven; the others are."""

    unit: UnitId
    sentence: str


def build(
    enrolled: Sequence[Enrolled],
    *,
    hear: Callable[[Report], None],
    changed: Callable[[Health], None] = lambda health: None,
    opener: Opener = open_link,
    clock: Clock | None = None,
) -> tuple[tuple[Channel, ...], tuple[Mistake, ...]]:
    """One channel for each link, with all its units, and what is wrong in the settings. Opens nothing yet."""
    mistakes: list[Mistake] = []
    by_place: dict[tuple[str, str], tuple[Address, dict[str, list[Unit]]]] = {}
    taken: dict[tuple[str, str, str, int], UnitId] = {}
    for device in enrolled:
        try:
            kind, address, unit = _read(device)
            _claim(taken, device, address)
            known, units = by_place.setdefault((address.scheme, address.place), (address, {}))
            if known != address:
                raise ValueError(f"{address} runs at {known.baud} Bd for another device, {address.baud} for this one")
            units.setdefault(kind.name, []).append(unit)
        except ValueError as mistake:
            mistakes.append(Mistake(device.id, str(mistake)))
    time = clock or LoopClock()
    channels = tuple(
        Channel(address, _of_kinds(by_kind), open_link=opener, clock=time, hear=hear, changed=changed)
        for address, by_kind in by_place.values()
        if by_kind
    )
    return channels, tuple(mistakes)


def _of_kinds(by_kind: dict[str, list[Unit]]) -> list[tuple[Kind, list[Unit]]]:
    return [(kinds()[name], units) for name, units in by_kind.items()]


def _read(device: Enrolled) -> tuple[Kind, Address, Unit]:
    kind = kinds().get(device.kind)
    if kind is None:
        raise ValueError(f"there is no kind {device.kind!r}; there are {', '.join(sorted(kinds()))}")
    if device.address not in kind.addresses:
        raise ValueError(
            f"address {device.address} is outside {kind.addresses[0]} to {kind.addresses[-1]} of {kind.name}"
        )
    try:
        options = msgspec.convert(device.options, kind.options)
    except msgspec.ValidationError as mistake:
        raise ValueError(f"options of {kind.name}: {mistake}") from mistake
    return kind, read_address(device.url, baud=kind.baud), Unit(id=device.id, address=device.address, options=options)


def _claim(taken: dict[tuple[str, str, str, int], UnitId], device: Enrolled, address: Address) -> None:
    place = (address.scheme, address.place, device.kind, device.address)
    other = taken.setdefault(place, device.id)
    if other != device.id:
        raise ValueError(f"{other} has address {device.address} on {address} already")
    if list(taken.values()).count(device.id) > 1:
        raise ValueError(f"{device.id} is enrolled twice")
