"""Durable commands over HTTP, beside an empty aiohttp handler that takes turns with them."""

from collections.abc import Callable

from msgspec import Struct

from tests.bench.commits import commit_ms
from tests.bench.figures import Figure, Plan, Spread
from tests.bench.halls import COUNTERS, SERVICES, Serving, make_hall, running, running_hall
from tests.bench.load import Call, Load, LoadFailed, one_by_one, run

CONNECTIONS = 32
ISSUE_SHARE = 0.5
NEXT_SHARE = 0.45
COMMITS_ALLOWED = 1.5
FLAT = 1.5
FLAT_CONNECTIONS = 8
FEW = 10
WARM_SECONDS = 1.0
CALLS_A_SECOND_MAX = 12_000
"""So many are made to wait for each second of calls; a run at whose end nobody waits is no measurement."""
PREFIX = "/api/v1"
EMPTY = (Call("/empty", '{"service":"ho-tich"}'),)
ISSUES = tuple(Call(f"{PREFIX}/tickets", f'{{"service":"{service}"}}') for service in SERVICES)
NEXTS = tuple(Call(f"{PREFIX}/counters/{number}/next") for number in range(1, COUNTERS + 1))
MIXED = tuple(call for index, number in enumerate(NEXTS) for call in (ISSUES[index % len(ISSUES)], number))


class Pair(Struct, frozen=True):
    """The same run against the server and against the yardstick, one right after the other."""

    ours: Load
    theirs: Load


Prepare = Callable[[Serving], None]


def _alternate(
    plan: Plan, empty: Serving, name: str, calls: tuple[Call, ...], connections: int, role: str, prepare: Prepare
) -> list[Pair]:
    """Runs in turns. Each is a day of its own: a hall that has given a hundred thousand tickets is no hall."""
    pairs = []
    for turn in range(plan.alternations):
        folder = plan.folder / f"{name}-{turn}"
        with running_hall(folder, make_hall(folder, role)) as hall:
            for serving, sent in ((empty, EMPTY), (hall, ISSUES)):
                run(serving, sent, connections=connections, seconds=WARM_SECONDS, scratch=plan.folder)
            prepare(hall)
            loads = {}
            # Who goes first changes, so that a machine that grows slower is fair to both.
            for serving in (hall, empty) if turn % 2 else (empty, hall):
                sent = calls if serving is hall else EMPTY
                loads[serving.port] = run(
                    serving, sent, connections=connections, seconds=plan.seconds, scratch=plan.folder
                )
            pairs.append(Pair(loads[hall.port], loads[empty.port]))
            if calls is NEXTS and not _waiting(hall):
                raise LoadFailed("nobody was waiting at the end, so some calls called nobody")
    return pairs


def measure_issue(plan: Plan) -> list[Figure]:
    """`POST /tickets` from a kiosk's token at 32 connections, then alone."""
    commits: list[float] = []
    with running("tests.bench.empty_handler") as empty:
        crowd = _alternate(plan, empty, "issue", ISSUES, CONNECTIONS, "kiosk", lambda _: None)
        single = _alternate(plan, empty, "alone", ISSUES, 1, "kiosk", lambda _: commits.append(commit_ms(plan.folder)))
    return [_share("POST /tickets", ISSUE_SHARE, crowd), _alone(single, Spread(tuple(commits)).median)]


def measure_next(plan: Plan) -> list[Figure]:
    """`POST …/next` over all counters at 32 connections, with somebody waiting throughout."""

    def prepare(hall: Serving) -> None:
        run(hall, NEXTS, connections=CONNECTIONS, seconds=WARM_SECONDS, scratch=plan.folder)
        while _waiting(hall) < CALLS_A_SECOND_MAX * plan.seconds:
            run(hall, ISSUES, connections=CONNECTIONS, seconds=1, scratch=plan.folder)

    with running("tests.bench.empty_handler") as empty:
        pairs = _alternate(plan, empty, "next", NEXTS, CONNECTIONS, "clerk", prepare)
    return [_share("POST …/next", NEXT_SHARE, pairs)]


def _waiting(hall: Serving) -> int:
    """How many wait, told by the place of one more ticket of each service."""
    return sum(int(answer.partition(b'"ahead":')[2].partition(b",")[0]) for answer in one_by_one(hall, ISSUES))


def measure_flat(plan: Plan) -> list[Figure]:
    """Tickets and calls in turn, in a hall with 10 people waiting and in one with 10,000."""
    tokens = {name: make_hall(plan.folder / name) for name in ("few", "many")}
    ratios, cpus = [], []
    with (
        running_hall(plan.folder / "few", tokens["few"]) as few,
        running_hall(plan.folder / "many", tokens["many"]) as many,
    ):
        for hall, waiting in ((few, FEW), (many, plan.waiting)):
            _line_up(hall, waiting)
        for turn in range(plan.alternations):
            loads = {}
            for hall in (few, many) if turn % 2 else (many, few):
                loads[hall.port] = run(
                    hall, MIXED, connections=FLAT_CONNECTIONS, seconds=plan.seconds, scratch=plan.folder
                )
            ratios.append(loads[few.port].rate / loads[many.port].rate)
            cpus.append(loads[many.port].cpu_us / max(loads[few.port].cpu_us, 1e-9))
    times, cpu = Spread(tuple(ratios)), Spread(tuple(cpus))
    return [
        Figure(
            name=f"tickets and calls over HTTP, {FEW} to {plan.waiting} waiting",
            promise=f"cost grows at most {FLAT} times",
            measured=f"{times.median:.2f} times",
            holds=times.median <= FLAT,
            beside=f"{times.range()}, CPU {cpu.median:.2f} times {cpu.range()}, {FLAT_CONNECTIONS} connections",
        )
    ]


def _line_up(hall: Serving, waiting: int) -> None:
    count = waiting + COUNTERS
    one_by_one(hall, [ISSUES[index % len(ISSUES)] for index in range(count)])
    one_by_one(hall, NEXTS)


def _share(name: str, promise: float, pairs: list[Pair]) -> Figure:
    ratio = Spread(tuple(pair.ours.rate / pair.theirs.rate for pair in pairs))
    ours, theirs = (Spread(tuple(one.rate for one in loads)) for loads in _sides(pairs))
    cpu, cpu_empty = (Spread(tuple(one.cpu_us for one in loads)) for loads in _sides(pairs))
    p99 = Spread(tuple(pair.ours.p99_ms for pair in pairs))
    return Figure(
        name=f"durable {name}, {CONNECTIONS} connections",
        promise=f"at least {promise:.2f} of an empty handler's requests",
        measured=f"{ratio.median:.2f}",
        holds=ratio.median >= promise,
        beside=(
            f"{ratio.range()}, {ours.median:.0f}/s against {theirs.median:.0f}/s, p99 {p99.median:.1f} ms, "
            f"CPU {cpu.median:.0f} against {cpu_empty.median:.0f} µs a request"
        ),
    )


def _alone(pairs: list[Pair], commit: float) -> Figure:
    ours, theirs = (Spread(tuple(one.p50_ms for one in loads)) for loads in _sides(pairs))
    over = Spread(tuple((pair.ours.p50_ms - pair.theirs.p50_ms) / commit for pair in pairs))
    return Figure(
        name="durable POST /tickets, one client",
        promise=f"median at most the empty handler's and {COMMITS_ALLOWED} commits",
        measured=f"the empty handler's and {over.median:.2f} commits",
        holds=over.median <= COMMITS_ALLOWED,
        beside=f"{over.range()}, {ours.median:.2f} ms against {theirs.median:.2f} ms, one commit {commit:.2f} ms",
    )


def _sides(pairs: list[Pair]) -> tuple[list[Load], list[Load]]:
    return [pair.ours for pair in pairs], [pair.theirs for pair in pairs]
