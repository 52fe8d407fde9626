"""Token buckets."""

from queue_server.api.limits import Buckets


class Clock:
    """Seconds as the test says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_fills_again_and_never_beyond_its_size() -> None:
    """A burst is allowed; a burst after a night is no larger."""
    clock = Clock()
    buckets = Buckets(clock)
    assert [buckets.take("a", 2, 3) for _ in range(4)] == [0, 0, 0, 1]
    clock.now += 0.5
    assert [buckets.take("a", 2, 3) for _ in range(2)] == [0, 1]
    clock.now += 3600
    assert [buckets.take("a", 2, 3) for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.take("b", 2, 3) == 0


def test_the_table_of_callers_is_bounded() -> None:
    """A million addresses take no more memory than the limit."""
    buckets = Buckets(Clock(), callers_max=10)
    for caller in range(1000):
        buckets.take(str(caller), 1, 1)
    assert len(buckets._buckets) == 10
