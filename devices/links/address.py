"""Where a link leads, read from one line of the settings."""

from typing import Literal
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

Scheme = Literal["serial", "socket", "memory"]


class Address(Struct, frozen=True, kw_only=True):
    """One place to open. Two units with equal places share one open link."""

    scheme: Scheme
    place: str
    """A path such as `/dev/serial/by-id/…`, or `host:port`, or a name in memory."""
    baud: int
    """What the wire runs at, also behind a TCP converter; 0 where nothing has to be paced."""

    def __str__(self) -> str:
        return self.place if self.scheme == "serial" else f"{self.scheme}://{self.place}"

    @property
    def host(self) -> str:
        """The host of `host:port`, without the brackets of an IPv6 one."""
        return self.place.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port of `host:port`."""
        return int(self.place.rpartition(":")[2])


def read_address(url: str, *, baud: int) -> Address:
    """`/dev/…`, `serial:///dev/…`, `socket://host:port` or `memory://name`, each with `?baud=19200` where it differs.

    Raises ValueError with a sentence for whoever edits the settings.
    """
    parts = urlsplit(url)
    baud = _baud(url, parts.query, baud)
    match parts.scheme:
        case "" | "serial":
            if not parts.path.startswith("/") or parts.netloc:
                raise ValueError(f"{url!r} is no path of a serial port; write /dev/serial/by-id/… as `ls` shows it")
            return Address(scheme="serial", place=parts.path, baud=baud)
        case "socket":
            return Address(scheme="socket", place=_host_and_port(url, parts.netloc), baud=baud)
        case "memory":
            return Address(scheme="memory", place=parts.netloc, baud=0)
        case other:
            raise ValueError(f"{url!r}: {other!r} is no kind of link; there are serial, socket and memory")


def _baud(url: str, query: str, baud: int) -> int:
    for name, values in parse_qs(query, keep_blank_values=True).items():
        if name != "baud":
            raise ValueError(f"{url!r}: {name!r} is no setting of a link; there is baud")
        if not values[-1].isdecimal() or not 300 <= int(values[-1]) <= 4_000_000:
            raise ValueError(f"{url!r}: a baud rate is a number from 300 to 4000000")
        baud = int(values[-1])
    return baud


def _host_and_port(url: str, place: str) -> str:
    host, _, port = place.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{url!r} needs a host and a port, such as socket://192.168.1.20:4001")
    return place
