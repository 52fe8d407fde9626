"""Token buckets: how often one caller may ask."""

from collections import OrderedDict
from collections.abc import Callable

CALLERS_MAX = 20_000  # Beyond it the caller that asked longest ago is forgotten, and so starts with a full bucket.


class Buckets:
    """One bucket for each caller.

    Lifetime: of the application. Concurrency: the loop's thread.
    """

    def __init__(self, monotonic: Callable[[], float], callers_max: int = CALLERS_MAX) -> None:
        self._monotonic = monotonic
        self._callers_max = callers_max
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, per_s: float, burst: int) -> int:
        """Take one from the caller's bucket: 0, or the seconds until there is one again."""
        now = self._monotonic()
        left, since = self._buckets.get(caller, (float(burst), now))
        left = min(float(burst), left + (now - since) * per_s)
        if left < 1.0:
            self._put(caller, left, now)
            return max(1, round((1.0 - left) / per_s + 0.5))
        self._put(caller, left - 1.0, now)
        return 0

    def _put(self, caller: str, left: float, now: float) -> None:
        self._buckets[caller] = (left, now)
        self._buckets.move_to_end(caller)
        if len(self._buckets) > self._callers_max:
            self._buckets.popitem(last=False)
