"""Driving boards that only listen: what they show is sent when it changes, and again now and then."""

from collections.abc import Callable

from devices.errors import DeviceRefused
from devices.kind import Line, Unit
from devices.words import Order, ShowNumber, UnitId

REPAINT_S = 10.0  # A board that lost its power shows the number again after this long; it cannot ask.


class Painter:
    """The driver of boards without an answer. `frame` makes the bytes of what one unit is to show."""

    def __init__(self, units: tuple[Unit, ...], *, frame: Callable[[Unit, ShowNumber], bytes], highest: int) -> None:
        self._unit_by_id = {unit.id: unit for unit in units}
        self._frame = frame
        self._highest = highest
        self._shown: dict[UnitId, ShowNumber] = {}
        self._due: dict[UnitId, None] = {}
        self._line: Line | None = None

    async def run(self, line: Line) -> None:
        """See Driver."""
        self._line = line
        repaint_at = line.now()
        while True:
            if line.now() >= repaint_at:
                self._due |= dict.fromkeys(self._shown)
                repaint_at = line.now() + REPAINT_S
            while self._due:
                await self._paint(line)
            await line.rest(max(repaint_at - line.now(), 0.0))

    async def _paint(self, line: Line) -> None:
        async with line.turn() as turn:
            unit = next(iter(self._due))  # Looked at within the turn: what was ordered last is what is sent.
            turn.send(self._frame(self._unit_by_id[unit], self._shown[unit]))
            self._due.pop(unit, None)

    def order(self, unit: UnitId, order: Order) -> None:
        """See Driver."""
        if not isinstance(order, ShowNumber):
            raise DeviceRefused("not-able", f"{unit} shows numbers, and cannot do {type(order).__name__}")
        check_width(unit, order, self._highest)
        self._shown[unit] = order
        self._due[unit] = None
        if self._line is not None:
            self._line.wake()


def check_width(unit: UnitId, order: ShowNumber, highest: int) -> None:
    """Raise DeviceRefused where the number is wider than the unit: half a number would call somebody else."""
    if order.number is not None and not 0 <= order.number <= highest:
        raise DeviceRefused("too-wide", f"{unit} shows numbers up to {highest}; {order.number} does not fit")
