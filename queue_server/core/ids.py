"""Names for the identities that pass through the hall, so that no two can be mistaken for each other."""

from typing import NewType

TicketId = NewType("TicketId", str)
"""One visit of one citizen; drawn at the boundary, never guessed from the number."""

ServiceId = NewType("ServiceId", str)
"""A service of the hall, as written in `hall.toml`."""

CounterNumber = NewType("CounterNumber", int)
"""A counter's number is its identity; its label is what people see and hear."""

LeaseId = NewType("LeaseId", str)
"""A block of numbers that a kiosk may issue while it is cut off."""

AskId = NewType("AskId", str)
"""One invitation to rate one served ticket."""

Actor = NewType("Actor", str)
"""Who asked: an opaque id of a person, a token or the hall itself; never a name."""

Sequence = NewType("Sequence", int)
"""The position of an event in the journal; the first is 1."""

HALL_ITSELF = Actor("hall")
"""The actor of everything the hall does by its own rules, such as ending the day."""


def is_person(actor: Actor) -> bool:
    """Whether an actor is someone who signed in, rather than a token or the hall."""
    return actor.startswith("p-")
