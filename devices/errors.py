"""What can go wrong between a program and a device, by what can be done about it."""


class LinkLost(Exception):
    """The cable, port or connection is gone: wait and open it again. The message names the place and the cause."""


class DeviceRefused(Exception):
    """This device cannot do what was ordered, now or ever: tell the staff. Nothing was sent."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        """`not-able`, `too-wide`, `unknown-unit`: for programs. The sentence is for people."""
