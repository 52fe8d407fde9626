"""Device files that are no serial ports: `/dev/usb/lp0`, a USB printer. Bytes both ways, no settings."""

import asyncio
import os

from devices.errors import LinkLost
from devices.links.link import UNSENT_BYTES_MAX, Inbox

READ_BYTES = 4096


class DeviceFileLink(Inbox):
    """An open device file. Lifetime: until it is closed or pulled out; the file is closed then, once."""

    def __init__(self, path: str, door: int) -> None:
        super().__init__()
        self._path, self._door = path, door
        self._unsent = bytearray()
        self._is_open = True
        self._loop.add_reader(door, self._readable)

    def write(self, data: bytes) -> None:
        """See Link. What the device does not take at once leaves when it does."""
        self.check()
        self._unsent += data
        self._writable()
        if len(self._unsent) > UNSENT_BYTES_MAX:
            self._drop(f"{self._path} takes no bytes any more")
        self.check()

    async def close(self) -> None:
        """See Link."""
        self._drop(f"{self._path}: closed by us")

    def _readable(self) -> None:
        try:
            data = os.read(self._door, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._drop(f"{self._path}: {error.strerror}")
            return
        if data:
            self.take_in(data)
        else:
            self._drop(f"{self._path}: it is gone")

    def _writable(self) -> None:
        try:
            sent = os.write(self._door, self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self._drop(f"{self._path}: {error.strerror}")
            return
        del self._unsent[:sent]
        self._loop.remove_writer(self._door)
        if self._unsent:
            self._loop.add_writer(self._door, self._writable)

    def _drop(self, why: str) -> None:
        self.end(why)
        if self._is_open:
            self._is_open = False
            self._loop.remove_reader(self._door)
            self._loop.remove_writer(self._door)
            os.close(self._door)


async def open_device_file(path: str) -> DeviceFileLink:
    """The file, open for reading and writing. Raises LinkLost with the system's reason."""
    await asyncio.sleep(0)  # Opening never waits, but callers give way here as with every other link.
    try:
        door = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise LinkLost(f"{path}: {error.strerror}") from error
    return DeviceFileLink(path, door)
