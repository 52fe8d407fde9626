"""What a hall must never do, one name for each."""

from typing import Literal

from msgspec import Struct

Rule = Literal[
    "chain",  # The journal itself is not whole.
    "lost",  # An answer vouched for something that is not in the journal.
    "number-twice",
    "ticket-twice",
    "double-call",  # A ticket at two counters, or a counter with two tickets.
    "unlawful-call",  # Not whom the policy picks, or not for its reason.
    "overtaken",  # Somebody stood before it in the same line.
    "one-event-for-two",  # Two requests were answered with the same event.
    "key-two-effects",
    "key-answers-differ",
    "key-reused",  # The same key was taken with another body.
    "nobody-asked",  # An event that no request explains.
    "time-order",  # An answered request's event stands after that of a request made later, or the reverse.
    "outside-interval",  # The event's instant is not between request and answer.
    "head-unknown",
    "somebody-waits",  # "Nobody waits" was answered while somebody did all along.
    "untrue-view",
    "announcement",
]


class Violation(Struct, frozen=True):
    """One proven fault."""

    rule: Rule
    words: str

    def __str__(self) -> str:
        """One line for the report of a failed test."""
        return f"{self.rule}: {self.words}"
