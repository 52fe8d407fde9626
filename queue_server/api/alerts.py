"""Calls for help that somebody should go to now: of counters and of kiosks.

They are no facts of a ticket, so they stand in memory alone (`Live.alerts`) and go out with the views. That a counter
asked is an event; so after a restart its call is shown again, though somebody may have gone there meanwhile.
"""

import json
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from queue_server.api.parts import Parts
from queue_server.core.effects import CallForHelp
from queue_server.core.events import HelpAsked
from queue_server.core.ids import CounterNumber
from queue_server.engine import Commit
from queue_server.views.guide import ALERT_LASTS, standing_alerts
from queue_server.views.names import label_of
from queue_server.wire.screens import Alert

ALERTS_MAX = 100
"""More than a hall has counters and kiosks; beyond it the oldest call makes room."""
LOOK_BACK = 1000
"""Events that are looked through after a restart."""


class Alerts:
    """All calls for help.

    Lifetime: of the application. Concurrency: the loop's thread; `Live.alerts` is replaced whole.
    """

    def __init__(self, parts: Parts, changed: Callable[[], None]) -> None:
        self._parts = parts
        self._changed = changed

    def follow(self, commit: Commit) -> None:
        """Take note of counters that asked; called by the engine, so it only takes note."""
        for effect in commit.effects:
            if isinstance(effect, CallForHelp):
                self.of_counter(effect.counter, commit.at)

    async def recall(self) -> None:
        """Raise again what counters asked shortly before the start."""
        parts = self._parts
        head = await parts.journal.head()
        now = parts.engine.now()
        for row in await parts.journal.read(max(head.sequence - LOOK_BACK, 0), LOOK_BACK):
            if row.kind == HelpAsked.KIND:
                at = datetime.fromisoformat(row.at)
                if now - at < ALERT_LASTS:
                    self.of_counter(CounterNumber(json.loads(row.body)["counter"]), at)

    def of_counter(self, counter: CounterNumber, at: datetime) -> Alert:
        """A clerk calls for a colleague."""
        label = label_of(self._parts.engine.board, counter)
        return self._raise(
            Alert(id=counter_alert(counter), kind="counter", counter=int(counter), label=label, since=at)
        )

    def of_kiosk(self, actor: str, name: str, at: datetime) -> Alert:
        """A citizen calls for a person; `actor` is the kiosk's opaque id."""
        return self._raise(Alert(id=kiosk_alert(actor), kind="kiosk", counter=None, label=name, since=at))

    def end(self, identity: str) -> None:
        """Somebody is there; without such a call this does nothing."""
        live = self._parts.live
        left = tuple(one for one in live.alerts if one.id != identity)
        if left != live.alerts:
            live.alerts = left
            self._changed()

    def _raise(self, alert: Alert) -> Alert:
        """The alert as it now stands: whoever asks again still waits since the first time."""
        live = self._parts.live
        standing = standing_alerts(live.alerts, alert.since)
        known = next((one for one in standing if one.id == alert.id), None)
        if known is not None:
            alert = replace(alert, since=known.since)
        others = tuple(one for one in standing if one.id != alert.id)
        live.alerts = (*others[-(ALERTS_MAX - 1) :], alert)
        self._changed()
        return alert


def counter_alert(counter: CounterNumber) -> str:
    """The id of a counter's call."""
    return f"counter-{counter}"


def kiosk_alert(actor: str) -> str:
    """The id of a kiosk's call."""
    return f"kiosk-{actor}"
