"""Counters: who opened them, what they serve, when they rest."""

from typing import Literal

from queue_server.core.events.base import Event
from queue_server.core.ids import Actor, CounterNumber, ServiceId
from queue_server.core.rules import Flag


class CounterOpened(Event, frozen=True, kw_only=True):
    """A counter begins to call, with the clerk who signed in there, if any."""

    KIND = "counter-opened"
    counter: CounterNumber
    clerk: Actor | None = None
    channel: Literal["page", "device", "hall"] = "page"
    taken_over: Flag = 0
    """1 when the clerk took the counter from another on purpose."""
    by: Actor
    commitments: dict[str, str] = {}


class CounterClosed(Event, frozen=True, kw_only=True):
    """A counter stops for the day or until it is opened again."""

    KIND = "counter-closed"
    counter: CounterNumber
    by: Actor
    commitments: dict[str, str] = {}


class CounterPaused(Event, frozen=True, kw_only=True):
    """A short break with a reason."""

    KIND = "counter-paused"
    counter: CounterNumber
    reason: str
    by: Actor
    commitments: dict[str, str] = {}


class CounterResumed(Event, frozen=True, kw_only=True):
    """The break is over."""

    KIND = "counter-resumed"
    counter: CounterNumber
    by: Actor
    commitments: dict[str, str] = {}


class HelpAsked(Event, frozen=True, kw_only=True):
    """A counter asks for a colleague."""

    KIND = "help-asked"
    counter: CounterNumber
    by: Actor
    commitments: dict[str, str] = {}


class CounterServicesSet(Event, frozen=True, kw_only=True):
    """What a counter serves today."""

    KIND = "counter-services-set"
    counter: CounterNumber
    services: tuple[ServiceId, ...]
    reason: str
    by: Actor
    commitments: dict[str, str] = {}
