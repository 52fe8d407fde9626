"""The values that the hall's files become: the rules, how the server runs, and the hall's secret."""

import hmac
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct

from queue_server.config.errors import warning
from queue_server.config.messages import sentence
from queue_server.core.rules import HallRules, Name, RatingScale, ScaleLevel

TIMEZONE = "Asia/Ho_Chi_Minh"

SCALE = RatingScale(
    id="hai-long-4",
    version=1,
    levels=(
        ScaleLevel(score=4, label=Name("Rất hài lòng", "Very satisfied"), counts_as="satisfied"),
        ScaleLevel(score=3, label=Name("Hài lòng", "Satisfied"), counts_as="satisfied"),
        ScaleLevel(score=2, label=Name("Chưa hài lòng", "Not satisfied"), counts_as="dissatisfied"),
        ScaleLevel(score=1, label=Name("Rất không hài lòng", "Very dissatisfied"), counts_as="dissatisfied"),
    ),
    reasons=("waiting", "attitude", "procedure", "result"),
)
"""Four faces without a middle; a hall that must use another form writes its own."""


class Secret:
    """Bytes that are never shown: not in a repr, not in a log, not in an error."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The bytes, for the one place that needs them."""
        return self._value

    def __repr__(self) -> str:
        """Three stars."""
        return "***"

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same bytes, in constant time."""
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    __hash__ = None  # type: ignore[assignment]  # A secret as a key of a mapping would be a way to find it.


class ServerSettings(Struct, frozen=True, kw_only=True):
    """How the server listens and where it says no."""

    host: str = "127.0.0.1"
    """Only this machine; a hall's network needs "0.0.0.0"."""
    port: int = 8080
    public_url: str = ""
    """The address that citizens' telephones reach; without it slips carry no link."""
    inbox_max: int = 1024
    """Commands that wait for the writer; one more is answered 503 with Retry-After."""
    body_bytes_max: int = 65_536
    """A longer request body is answered 413."""
    rate_per_s: int = 50
    """Requests a second of one token or session, in the long run; more are answered 429."""
    rate_burst: int = 200
    """Requests that one token or session may send at once."""
    public_rate_per_s: int = 10
    """The same for one address without sign-in."""
    public_rate_burst: int = 60
    screens_max: int = 500
    """Open feeds; one more is answered 503."""
    screens_per_address_max: int = 100
    """Open feeds of one address without sign-in."""
    answers_kept_hours: int = 48
    """How long an answer is kept for a repeated Idempotency-Key."""
    drain_s: int = 4
    """How long a stop waits for requests in hand."""


class HallConfig(Struct, frozen=True, kw_only=True):
    """Everything that the hall's files say, checked."""

    rules: HallRules
    server: ServerSettings = ServerSettings()
    timezone: str = TIMEZONE
    device_digits: int = 0
    """Digits that the narrowest keypad or board shows; 0 when the hall has none."""
    key: Secret
    """The hall's secret, from keys/hall.key."""
    warnings: tuple[str, ...] = ()

    def zone(self) -> ZoneInfo:
        """The hall's time zone; loading has proven that it exists."""
        return ZoneInfo(self.timezone)


def width_warnings(rules: HallRules, digits_by_device: Mapping[str, int]) -> tuple[str, ...]:
    """One line for each service and device where a number is wider than the device can show."""
    found = []
    for position, service in enumerate(rules.services, start=1):
        last = max((numbers.last for numbers in service.ranges), default=0)
        for device, digits in digits_by_device.items():
            if digits and len(str(last)) > digits:
                words = sentence("number-wide", number=last, width=len(str(last)), device=device, digits=digits)
                found.append(warning("hall.toml", f"service[{position}].numbers", words))
    return tuple(found)
