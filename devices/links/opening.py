"""From an address to an open link."""

from collections.abc import Awaitable, Callable

from devices.errors import LinkLost
from devices.links.address import Address
from devices.links.link import Link
from devices.links.serial import open_serial
from devices.links.tcp import open_tcp

Opener = Callable[[Address], Awaitable[Link]]


async def open_link(address: Address) -> Link:
    """The link, open. Raises LinkLost with a reason; memory links are opened by their own MemoryPlugs."""
    match address.scheme:
        case "serial":
            return await open_serial(address)
        case "socket":
            return await open_tcp(address)
        case "memory":
            raise LinkLost(f"{address}: memory links lead nowhere outside of tests")
