"""Asking stations in turn: who is due, who is given up on for a while, and which press was only said twice."""

from collections.abc import Iterator, Sequence

MISSES_UNTIL_DEMOTED = 3
DEMOTED_EVERY_ROUNDS = 20  # A dead station costs the living ones a twentieth of its silence.


class Schedule:
    """Which of these stations to ask in each round. A station that missed three times is asked in every 20th round."""

    def __init__(self, addresses: Sequence[int]) -> None:
        self._misses = dict.fromkeys(addresses, 0)
        self._round = 0

    def next_round(self) -> Iterator[int]:
        """The addresses due now. Dead ones come at different rounds, so that no round bears them all."""
        self._round += 1
        for place, (address, misses) in enumerate(tuple(self._misses.items())):
            if misses < MISSES_UNTIL_DEMOTED or (self._round + place) % DEMOTED_EVERY_ROUNDS == 0:
                yield address

    def answered(self, address: int) -> bool:
        """It lives. Gives whether it had been given up on."""
        was_demoted = self._misses[address] >= MISSES_UNTIL_DEMOTED
        self._misses[address] = 0
        return was_demoted

    def missed(self, address: int) -> bool:
        """It did not answer. Gives whether it is given up on for now."""
        self._misses[address] += 1
        return self._misses[address] >= MISSES_UNTIL_DEMOTED


class Repeats:
    """Tells a press from its repeats on wires that carry no sequence number.

    A keypad says the same frame at each asking until it is answered or the key is let go. So the same frame is the same
    press for as long as it keeps coming; a pause longer than `pause_s` makes it a new one.
    """

    def __init__(self) -> None:
        self._last: dict[int, tuple[bytes, float]] = {}

    def is_new(self, address: int, frame: bytes, at: float, pause_s: float) -> bool:
        """Whether this frame is a press of its own."""
        before = self._last.get(address)
        self._last[address] = (frame, at)
        return before is None or before[0] != frame or at - before[1] > pause_s

    def released(self, address: int) -> None:
        """The keypad says that no key is pressed: whatever comes next is a press of its own."""
        self._last.pop(address, None)
