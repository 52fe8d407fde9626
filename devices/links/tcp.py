"""TCP to a serial converter or a device with a socket of its own: `socket://host:port`."""

import asyncio
import socket

from devices.errors import LinkLost
from devices.links.address import Address
from devices.links.link import StreamLink

SILENT_S = 10  # A converter that lost power says nothing; the system asks it, and ends the connection after about 20 s.
ASKED_TIMES = 2


async def open_tcp(address: Address) -> StreamLink:
    """The connection, without delay of small writes. Raises LinkLost with the system's reason."""
    loop = asyncio.get_running_loop()
    try:
        transport, link = await loop.create_connection(lambda: StreamLink(str(address)), address.host, address.port)
    except OSError as error:
        raise LinkLost(f"{address}: {error}") from error
    _notice_silence(transport)
    return link


def _notice_silence(transport: asyncio.Transport) -> None:
    door = transport.get_extra_info("socket")
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", SILENT_S), ("TCP_KEEPINTVL", SILENT_S // 2), ("TCP_KEEPCNT", ASKED_TIMES)):
        if (option := getattr(socket, name, None)) is not None:
            door.setsockopt(socket.IPPROTO_TCP, option, value)
