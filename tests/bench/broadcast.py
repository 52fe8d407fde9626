"""From a call to the last of many screens, beside a bare fan-out of the same bytes to as many clients."""

from contextlib import ExitStack, closing

import msgspec

from tests.bench.commits import commit_ms
from tests.bench.figures import Figure, Plan, percentile
from tests.bench.halls import COUNTERS, SERVICES, make_hall, running, running_hall
from tests.bench.load import Call, one_by_one, request_bytes
from tests.bench.screens import Presser, Wall, wall
from tests.bench.throughput import ISSUES, NEXTS, PREFIX

FEED = f"{PREFIX}/feed?view=lobby"
FACTOR = 2.0
SHARE = 0.99
WARM_UP = 5


def is_announcement(text: bytes) -> bool:
    """Whether this message shows and speaks a call."""
    return b'"kind":"announce"' in text


def measure(plan: Plan) -> list[Figure]:
    """One figure for each number of screens."""
    return [_with(plan, count) for count in plan.screens]


def _with(plan: Plan, count: int) -> Figure:
    folder = plan.folder / f"screens-{count}"
    token = make_hall(folder)
    with ExitStack() as stack:
        hall = stack.enter_context(running_hall(folder, token))
        bare = stack.enter_context(running("tests.bench.bare_fanout"))
        waiting = plan.calls + WARM_UP + COUNTERS
        one_by_one(hall, [ISSUES[index % len(SERVICES)] for index in range(waiting)])
        ours = stack.enter_context(wall(hall, FEED, count))
        theirs = stack.enter_context(wall(bare, "/feed", count))
        button, fan_button = (stack.enter_context(closing(Presser(serving))) for serving in (hall, bare))
        calls = [request_bytes(hall, NEXTS[index % COUNTERS]) for index in range(plan.calls + WARM_UP)]
        sent = _sent_by_a_call(ours, button, calls[:WARM_UP])
        fan = request_bytes(bare, Call("/fan", msgspec.json.encode([one.decode() for one in sent]).decode()))
        commits, times, bare_times = [], [], []
        for call in calls[WARM_UP:]:
            times.append(_timed(ours, button, call))
            bare_times.append(_timed(theirs, fan_button, fan))
            if len(times) % 10 == 0:
                commits.append(commit_ms(plan.folder, commits=10))
    return _figure(count, times, bare_times, percentile(commits, 0.5) if commits else commit_ms(plan.folder), sent)


def _sent_by_a_call(screens: Wall, button: Presser, calls: list[bytes]) -> list[bytes]:
    """The messages that one call brings to one screen."""
    sent: list[bytes] = []
    for call in calls:
        screens.drain()
        button.press(call)
        sent = screens.drain()
        button.answer()
    assert any(is_announcement(one) for one in sent), f"a call announced nothing: {sent}"
    return sent


def _timed(screens: Wall, button: Presser, call: bytes) -> float:
    screens.drain()
    took = screens.time_to_last(lambda: button.press(call), is_announcement)
    button.answer()
    return took * 1000


def _figure(count: int, ours: list[float], theirs: list[float], commit: float, sent: list[bytes]) -> Figure:
    last, bare = percentile(ours, SHARE), percentile(theirs, SHARE)
    allowed = FACTOR * bare + commit
    sizes = " and ".join(f"{len(one)} bytes" for one in sent)
    return Figure(
        name=f"a call to the last of {count} screens, p99",
        promise=f"at most {FACTOR:.0f} times a bare fan-out and one commit",
        measured=f"{last:.1f} ms of {allowed:.1f} ms",
        holds=last <= allowed,
        beside=(
            f"bare {bare:.1f} ms, commit {commit:.2f} ms; medians {percentile(ours, 0.5):.1f} and "
            f"{percentile(theirs, 0.5):.1f} ms; {len(ours)} calls of {sizes}"
        ),
    )
