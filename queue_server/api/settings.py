"""What the API is told of the hall's files: the rules, how the server listens and says no, and the hall's secret.

`config` reads the files and stands above; it makes these values, and adds what only the composition root needs.
"""

import hmac

from msgspec import Struct

from queue_server.core.rules import HallRules


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
    """How the server listens and where it says no: `[server]` of `hall.toml`."""

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


class Settings(Struct, frozen=True, kw_only=True):
    """As much of the hall's files as the API looks at."""

    rules: HallRules
    server: ServerSettings = ServerSettings()
    key: Secret
    """The hall's secret, from keys/hall.key."""
