"""Requests that are one by their key, the events they came to, and the order that clocks outside the hall prove."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from math import inf

from tests.hall.facts import Fact
from tests.hall.history import Answer, Asked, Claim, Entry, History
from tests.hall.violation import Violation

REFUSED_FOR_GOOD = 409
"""The rules of the hall said no: nothing happened and nothing will. Other refusals may precede a repeat."""


class Operation:
    """One request with all its repeats.

    An answer binds when it vouches for an event of its own or refuses for good: from then on every repeat gets the
    same. One that found nothing to do, such as "nobody waits", is not kept, so a repeat may still do something.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Entries of one key, or a single one without."""
        self.asked: Asked = entries[0].asked
        self.entries = [entry for entry in entries if entry.asked.body == self.asked.body]
        self.strangers = [entry for entry in entries if entry.asked.body != self.asked.body]
        self.answers = [(entry, entry.answer) for entry in self.entries if entry.answer is not None]
        self.done = [(entry, answer) for entry, answer in self.answers if answer.is_granted and answer.claims]
        self.started = min(entry.started for entry in self.entries)
        self.ended = min((entry.ended for entry, _ in self.done), default=inf)
        self.low: int | None = None
        """The journal's sequence before its first event, or the one that it saw; None where it may be any."""
        self.high: int | None = None
        """The journal had come at least so far; None where nothing is known."""

    @property
    def binding(self) -> list[tuple[Entry, Answer]]:
        """The answers that every repeat must give again."""
        refused = [(entry, answer) for entry, answer in self.answers if answer.status == REFUSED_FOR_GOOD]
        return [*self.done, *refused]

    @property
    def is_unknown(self) -> bool:
        """Whether it may have come to something without anybody being told."""
        return not self.binding and any(entry.answer is None for entry in self.entries)

    def span(self, low: int, high: int) -> None:
        """Place it in the journal: before it stood `low`, after it stands `high`."""
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)

    def __str__(self) -> str:
        """The request, for a report."""
        return f"{self.asked.method} {self.asked.path} by {self.asked.door} key {self.asked.key!r}"


def operations_of(history: History) -> list[Operation]:
    """All operations in the order in which they were first asked."""
    by_key: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for index, entry in enumerate(sorted(history.entries, key=lambda one: one.started)):
        by_key[entry.asked.operation if entry.asked.key else (str(index),)].append(entry)
    return [Operation(entries) for entries in by_key.values()]


def key_faults(operations: Iterable[Operation]) -> Iterator[Violation]:
    """A repeat gets the same answer; the same key with another body gets none."""
    for operation in operations:
        for stranger in operation.strangers:
            if stranger.answer is not None and stranger.answer.is_granted:
                yield Violation("key-reused", f"{operation} was granted with another body: {stranger.asked.body}")
        if not operation.asked.may_share:
            yield from _answered_otherwise(operation)


def _answered_otherwise(operation: Operation) -> Iterator[Violation]:
    binding = operation.binding
    bound = min((entry.ended for entry, _ in binding), default=inf)
    later = [answer for entry, answer in operation.answers if answer.is_granted and entry.started > bound]
    identities = {answer.identity for answer in (*(answer for _, answer in binding), *later)}
    if len(identities) > 1:
        yield Violation("key-answers-differ", f"{operation} was answered {sorted(map(str, identities))}")


class Ledger:
    """Which event belongs to which operation.

    Lifetime: one proof.
    """

    def __init__(self, facts: Sequence[Fact], history: History, slack: timedelta) -> None:
        """All facts of the journal, none of them claimed. `slack` is how far the clocks may be apart."""
        self.owner: dict[int, Operation] = {}
        self._history = history
        self._slack = slack
        self._facts = facts
        self._by_ticket: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        self._number_of: dict[str, int] = {}
        for fact in facts:
            if fact.ticket:
                self._by_ticket[fact.event.KIND, fact.ticket].append(fact)
            if fact.number is not None:
                self._number_of[fact.ticket] = fact.number

    def settle(self, operation: Operation) -> Iterator[Violation]:
        """Find the events that the answers of an operation vouch for."""
        found: dict[str, set[int]] = defaultdict(set)
        for _, answer in operation.done:
            for claim in answer.claims:
                fact = self.find(claim)
                if fact is None:
                    yield Violation("lost", f"{operation} was answered with {claim}, which is not in the journal")
                    continue
                found[claim.kind].add(fact.sequence)
                yield from self._own(operation, fact)
        for kind, sequences in found.items():
            if len(sequences) > 1 and not operation.asked.may_share:
                yield Violation("key-two-effects", f"{operation} came to {kind} as events {sorted(sequences)}")

    def find(self, claim: Claim) -> Fact | None:
        """The event that a claim names, the last one that fits."""
        if self._number_of.get(claim.ticket) != claim.number:
            return None
        for fact in reversed(self._by_ticket[claim.kind, claim.ticket]):
            fits_counter = claim.counter is None or fact.counter in (None, claim.counter)
            if fits_counter and (claim.at is None or fact.at == claim.at):
                return fact
        return None

    def _own(self, operation: Operation, fact: Fact) -> Iterator[Violation]:
        if operation.asked.may_share:
            # Nobody outside knows which of several such requests made the event, so it orders none of them.
            if fact.at >= self._history.wall(operation.started) - self._slack:
                self.owner.setdefault(fact.sequence, operation)
            return
        owner = self.owner.setdefault(fact.sequence, operation)
        operation.span(fact.sequence - 1, fact.sequence)
        if owner is not operation:
            words = f"event {fact.sequence} ({fact.event.KIND}) answers both {owner} and {operation}"
            yield Violation("one-event-for-two", words)

    def unexplained(self, operations: Iterable[Operation]) -> Iterator[Violation]:
        """Events of the kinds that were asked for, but that no request explains, lost ones included."""
        asked = [operation for operation in operations if operation.asked.wanted.kind]
        kinds = {operation.asked.wanted.kind for operation in asked}
        unknown = [operation for operation in asked if operation.is_unknown]
        for fact in self._facts:
            if fact.asked_as not in kinds or fact.sequence in self.owner:
                continue
            one = next((one for one in unknown if self._explains(one, fact)), None)
            if one is None:
                yield Violation("nobody-asked", f"event {fact.sequence} ({fact.event.KIND} {fact.ticket})")
            else:
                unknown.remove(one)

    def _explains(self, operation: Operation, fact: Fact) -> bool:
        wanted = operation.asked.wanted
        return (
            wanted.kind == fact.asked_as
            and wanted.counter in (None, fact.counter)
            and wanted.service in ("", fact.service)
            and fact.at >= self._history.wall(operation.started) - self._slack
        )


class Order:
    """What must have come before what: an operation that was answered before another was asked.

    Lifetime: one proof.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        """Operations whose place in the journal is known; the others order nothing."""
        placed = tuple(operations)
        by_end = sorted((one.ended, one.high) for one in placed if one.high is not None and one.ended < inf)
        self._ends = [ended for ended, _ in by_end]
        self._highest = list(accumulate((high for _, high in by_end), max))
        by_start = sorted(((one.started, one.low) for one in placed if one.low is not None), reverse=True)
        self._starts = [-started for started, _ in by_start]
        self._lowest = list(accumulate((low for _, low in by_start), min))

    def earliest(self, started: float) -> int:
        """The journal had come so far before this instant, as somebody knew already."""
        count = bisect_left(self._ends, started)
        return self._highest[count - 1] if count else 0

    def latest(self, ended: float, last: int) -> int:
        """The journal had not come further at this instant, for what follows was not asked for yet."""
        count = bisect_left(self._starts, -ended) if ended < inf else 0
        return min(self._lowest[count - 1], last) if count else last

    def faults(self, operations: Iterable[Operation]) -> Iterator[Violation]:
        """Operations that stand in the journal before something that was answered before they were asked."""
        for one in operations:
            if one.low is not None and (earliest := self.earliest(one.started)) > one.low:
                words = f"{one} stands after event {one.low}, but event {earliest} was answered before it was asked"
                yield Violation("time-order", words)
