"""What happened in the hall. An event is a fact: it is written once, never edited, and read for ever.

Each class owns two literals, `KIND` and `VERSION`, which the journal stores; renaming a class changes no byte.
Fields are integers, strings, days and instants; a field is only ever added, with a default. The instant of the event
itself is a column of the journal and not a field. Nothing personal is in an event: where a person said something,
`commitments` holds a salted SHA-256 of it by name, and the words are in the deletable side table.
"""

from queue_server.core.events.base import Event
from queue_server.core.events.counters import (
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterServicesSet,
    HelpAsked,
)
from queue_server.core.events.desk import (
    EndedBy,
    Item,
    Outcome,
    Reason,
    ServiceStarted,
    TicketAbsent,
    TicketCalled,
    TicketFinished,
    TicketHeld,
    TicketRecalled,
    TicketReturned,
    TicketSentAway,
    TicketTransferred,
)
from queue_server.core.events.hall import (
    ClockConfirmed,
    DayOpened,
    DaySealed,
    HallConfigured,
    HallCreated,
    NoTicket,
    ServicePaused,
    ServiceResumed,
    TicketRefused,
    UsedDay,
)
from queue_server.core.events.leases import Lease, LeasedNumber, LeaseGranted, NumbersUnused, TicketHandedLate
from queue_server.core.events.ratings import RatingGiven, RatingOffered, RatingRefused
from queue_server.core.events.tickets import (
    Origin,
    PriorityDecided,
    Promise,
    SlipPrinted,
    TicketCancelled,
    TicketCaughtUp,
    TicketExpired,
    TicketIssued,
    TicketMoved,
    TomorrowPromised,
)

__all__ = [
    "AnyEvent",
    "ClockConfirmed",
    "CounterClosed",
    "CounterOpened",
    "CounterPaused",
    "CounterResumed",
    "CounterServicesSet",
    "DayOpened",
    "DaySealed",
    "EndedBy",
    "Event",
    "HallConfigured",
    "HallCreated",
    "HelpAsked",
    "Item",
    "Lease",
    "LeaseGranted",
    "LeasedNumber",
    "NoTicket",
    "NumbersUnused",
    "Origin",
    "Outcome",
    "PriorityDecided",
    "Promise",
    "RatingGiven",
    "RatingOffered",
    "RatingRefused",
    "Reason",
    "ServicePaused",
    "ServiceResumed",
    "ServiceStarted",
    "SlipPrinted",
    "TicketAbsent",
    "TicketCalled",
    "TicketCancelled",
    "TicketCaughtUp",
    "TicketExpired",
    "TicketFinished",
    "TicketHandedLate",
    "TicketHeld",
    "TicketIssued",
    "TicketMoved",
    "TicketRecalled",
    "TicketRefused",
    "TicketReturned",
    "TicketSentAway",
    "TicketTransferred",
    "TomorrowPromised",
    "UsedDay",
]

AnyEvent = (
    HallCreated
    | HallConfigured
    | ClockConfirmed
    | DayOpened
    | DaySealed
    | ServicePaused
    | ServiceResumed
    | TicketRefused
    | LeaseGranted
    | NumbersUnused
    | TicketHandedLate
    | TicketIssued
    | SlipPrinted
    | TicketMoved
    | PriorityDecided
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | TicketFinished
    | TicketAbsent
    | TicketHeld
    | TicketSentAway
    | TicketReturned
    | TicketTransferred
    | TicketCancelled
    | TicketExpired
    | TicketCaughtUp
    | TomorrowPromised
    | CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterResumed
    | HelpAsked
    | CounterServicesSet
    | RatingOffered
    | RatingGiven
    | RatingRefused
)
"""Every kind of event there is; a new one must be handled in `evolve` before it type-checks."""
