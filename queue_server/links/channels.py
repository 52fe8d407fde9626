"""The devices of a hall by their units, whichever channel they are on."""

from collections.abc import Iterable

from devices.errors import DeviceRefused
from devices.supervision import Channel
from devices.words import Order, UnitId


class OnChannels:
    """Carries each order to the channel of its unit."""

    def __init__(self, channels: Iterable[Channel]) -> None:
        self._channel_by_unit = {health.unit: channel for channel in channels for health in channel.health()}

    def order(self, unit: UnitId, order: Order) -> None:
        """See Devices."""
        channel = self._channel_by_unit.get(unit)
        if channel is None:
            raise DeviceRefused("unknown-unit", f"no channel has unit {unit}; its settings may have a mistake")
        channel.order(unit, order)
