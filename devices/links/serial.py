"""Serial ports by path: `/dev/ttyUSB0`, lasting names under `/dev/serial/by-id/`, ptys. Always 8N1, for us alone."""

import asyncio

from devices.errors import LinkLost
from devices.links.address import Address
from devices.links.link import StreamLink


async def open_serial(address: Address) -> StreamLink:
    """The port, for us alone: a second opener that asks is refused. Raises LinkLost with the system's reason."""
    import serialx  # Late: halls without serial devices do not need it.

    link = StreamLink(str(address))
    loop = asyncio.get_running_loop()
    try:
        await serialx.create_serial_connection(loop, lambda: link, address.place, baudrate=address.baud)
    except OSError as error:
        raise LinkLost(f"{address}: {error}") from error
    return link
