"""The pages that a printer was told to print, each in one state, none twice. Pure."""

from collections import deque
from typing import Literal

from msgspec import Struct

WAITING_MAX = 20  # More visitors than that do not stand before one printer; the hall is told at once.
KEPT_MAX = 1_000  # A day of one printer; older job ids are forgotten, and callers never use one again.

State = Literal["waiting", "sending", "printed", "failed", "unknown"]
Ended = Literal["printed", "failed", "unknown"]


class Job(Struct, kw_only=True):
    """One page."""

    id: str
    page: bytes
    """Empty once it has ended: nobody can print it again by accident."""
    expires_at: float
    state: State = "waiting"
    code: str = ""


class JobBook:
    """First told, first printed. From `sending` on there is no way back to `waiting`: paper may already have moved."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._waiting: deque[str] = deque()
        self._sending: Job | None = None

    def find(self, job: str) -> Job | None:
        """What became of this job; None where it was never told, or long ago."""
        return self._jobs.get(job)

    @property
    def is_full(self) -> bool:
        """No more may be told now."""
        return len(self._waiting) >= WAITING_MAX

    @property
    def waits(self) -> bool:
        """Somebody waits for paper."""
        return bool(self._waiting)

    @property
    def sending(self) -> Job | None:
        """The job whose bytes are on their way."""
        return self._sending

    def tell(self, job: Job) -> None:
        """A new one."""
        assert job.id not in self._jobs, f"{job.id} was told before"
        assert not self.is_full, "told more than the limit"
        self._jobs[job.id] = job
        self._waiting.append(job.id)
        while len(self._jobs) > KEPT_MAX + WAITING_MAX + 1:
            del self._jobs[next(iter(self._jobs))]  # Waiting ones are the youngest, so the oldest has ended.

    def start(self, now: float) -> Job | None:
        """The next one that has not expired, which from now on is being sent. Call `expire` first."""
        assert self._sending is None, "one page at a time"
        if not self._waiting or self._jobs[self._waiting[0]].expires_at <= now:
            return None
        self._sending = self._jobs[self._waiting.popleft()]
        self._sending.state = "sending"
        return self._sending

    def expire(self, now: float, code: str) -> tuple[Job, ...]:
        """Those that waited too long: they have failed, for this reason, and will not be printed."""
        late = tuple(self._jobs[job] for job in self._waiting if self._jobs[job].expires_at <= now)
        for job in late:
            self._waiting.remove(job.id)
            self._end(job, "failed", code)
        return late

    def end(self, outcome: Ended, code: str = "") -> Job:
        """The one being sent has come to its end."""
        job, self._sending = self._sending, None
        assert job is not None, "nothing was being sent"
        self._end(job, outcome, code)
        return job

    def _end(self, job: Job, outcome: Ended, code: str) -> None:
        job.state, job.code, job.page = outcome, code, b""
