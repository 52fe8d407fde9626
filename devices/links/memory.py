"""A link that is two objects: for tests and for simulated halls in one process."""

from collections.abc import Callable

from devices.errors import LinkLost
from devices.links.address import Address
from devices.links.link import Inbox


class MemoryLink(Inbox):
    """One end of a pair. What is written here is heard at the other end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._other: MemoryLink | None = None
        self._listener: Callable[[bytes], None] | None = None

    def lead_to(self, other: "MemoryLink") -> None:
        """Let what is written here be heard there."""
        self._other = other

    def on_take_in(self, listener: Callable[[bytes], None]) -> None:
        """Hand what comes to this listener, instead of keeping it for a reader."""
        self._listener = listener

    def take_in(self, data: bytes) -> None:
        """Bytes came."""
        if self._listener is None:
            super().take_in(data)
        else:
            self._listener(data)

    def write(self, data: bytes) -> None:
        """See Link."""
        self.check()
        assert self._other is not None, f"{self._name} was joined to nothing"
        self._other.take_in(data)

    async def close(self) -> None:
        """See Link; the other end hears of it."""
        self.end(f"{self._name}: closed by us")
        if self._other is not None:
            self._other.end(f"{self._name}: the other side closed it")


def memory_pair(name: str = "memory") -> tuple[MemoryLink, MemoryLink]:
    """Two ends, joined."""
    near, far = MemoryLink(name), MemoryLink(name)
    near.lead_to(far)
    far.lead_to(near)
    return near, far


class MemoryPlugs:
    """Named places in memory where a far end waits to be opened. Stands in for `open_link`."""

    def __init__(self) -> None:
        self._waiting: dict[str, MemoryLink] = {}

    def plug(self, name: str) -> MemoryLink:
        """Make `memory://name` openable, once. Gives the far end."""
        near, far = memory_pair(f"memory://{name}")
        self._waiting[name] = near
        return far

    async def open(self, address: Address) -> MemoryLink:
        """The near end. Raises LinkLost where nothing is plugged in."""
        near = self._waiting.pop(address.place, None)
        if near is None:
            raise LinkLost(f"{address}: nothing is plugged in")
        return near
