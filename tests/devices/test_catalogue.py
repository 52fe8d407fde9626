"""From what is enrolled to channels: all mistakes at once, and one link for each place."""

from pathlib import Path

import pytest

from devices.catalogue import Enrolled, build, faults, kinds
from devices.errors import LinkLost
from devices.links.address import Address, read_address
from devices.links.opening import open_link
from devices.simulation.ends import Knobs, Player, PtyEnd
from devices.supervision import LoopClock
from devices.words import UnitId
from tests.devices.bench import units_of


def _enrolled(name: str, *, kind: str = "led_board_4", url: str = "/dev/serial/by-id/x", address: int = 1) -> Enrolled:
    return Enrolled(id=UnitId(name), kind=kind, url=url, address=address)


def test_every_driver_file_gives_a_kind_of_its_own_name() -> None:
    """A file that cannot be loaded is named on the health page; here it is not there at all."""
    assert faults() == {}
    assert {"bcd_bus", "cobs_box", "ff68_caller", "led_board_3a", "led_board_4"} <= set(kinds())


async def test_units_of_one_place_share_a_channel() -> None:
    """Two openings of one port would each get half of the bytes."""
    channels, mistakes = build(
        [
            _enrolled("board-1"),
            _enrolled("board-2", address=2),
            _enrolled("keypad", kind="bcd_bus", url="serial:///dev/serial/by-id/x"),
            _enrolled("far", url="socket://10.0.0.9:4001"),
        ],
        hear=lambda report: None,
        clock=LoopClock(),
    )
    assert mistakes == ()
    assert [[health.unit for health in channel.health()] for channel in channels] == [
        ["board-1", "board-2", "keypad"],
        ["far"],
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (_enrolled("x", kind="telegraph"), "there is no kind 'telegraph'"),
        (_enrolled("x", address=256), "address 256 is outside 1 to 255"),
        (_enrolled("x", address=1), "first has address 1"),
        (_enrolled("first", address=3), "first is enrolled twice"),
        (_enrolled("x", address=2, url="/dev/serial/by-id/x?baud=19200"), "runs at 9600 Bd for another device"),
        (_enrolled("x", url="ttyUSB0"), "is no path of a serial port"),
        (_enrolled("x", url="socket://10.0.0.9"), "needs a host and a port"),
        (_enrolled("x", url="/dev/ttyS0?speed=9600"), "'speed' is no setting"),
        (_enrolled("x", url="/dev/ttyS0?baud=fast"), "a baud rate is a number"),
        (_enrolled("x", url="telnet://10.0.0.9:23"), "'telnet' is no kind of link"),
        (_enrolled("x", kind="ff68_caller"), "options of ff68_caller"),
        (
            Enrolled(
                id=UnitId("x"), kind="bcd_bus", url="/dev/y", address=1, options={"keys": {"8G": "next"}}
            ),
            "'8G' is no key code",
        ),
        (
            Enrolled(id=UnitId("x"), kind="bcd_bus", url="/dev/y", address=1, options={"keyz": {}}),
            "unknown field `keyz`",
        ),
    ],
)  # fmt: skip
async def test_a_mistake_is_named_and_the_others_are_driven(wrong: Enrolled, sentence: str) -> None:
    """Whoever enrols a device reads one sentence, and the rest of the hall works meanwhile."""
    channels, mistakes = build([_enrolled("first"), wrong], hear=lambda report: None)
    (mistake,) = mistakes
    assert mistake.unit == wrong.id
    assert sentence in mistake.sentence
    assert [health.unit for channel in channels for health in channel.health()] == ["first"]


def test_addresses_are_read_whole() -> None:
    """What stands in the settings is what is opened."""
    assert read_address("/dev/ttyUSB0", baud=9600) == Address(scheme="serial", place="/dev/ttyUSB0", baud=9600)
    assert str(read_address("serial:///dev/ttyUSB0?baud=19200", baud=9600)) == "/dev/ttyUSB0"
    six = read_address("socket://[::1]:4001", baud=9600)
    assert (six.host, six.port, str(six)) == ("::1", 4001, "socket://[::1]:4001")


async def test_a_port_is_ours_alone(tmp_path: Path) -> None:
    """Two programs on one port each lose half of the presses, and neither notices."""
    kind = kinds()["led_board_4"]
    end = PtyEnd(Player(kind.simulator(units_of(kind)), Knobs()), tmp_path / "usb-board")
    await end.plug()
    link = await open_link(read_address(end.url, baud=9600))
    with pytest.raises(LinkLost, match="locked"):
        await open_link(read_address(end.url, baud=9600))
    await link.close()
    again = await open_link(read_address(end.url, baud=9600))
    await again.close()
    await end.unplug()
    with pytest.raises(LinkLost, match="No such file"):
        await open_link(read_address(end.url, baud=9600))


def test_serial_ports_answer_at_once() -> None:
    """Common adapters hold bytes back for 16 ms unless told not to; the package tells them by itself, by default."""
    import inspect

    import serialx

    assert inspect.signature(serialx.Serial).parameters["low_latency"].default is True
