"""The key of a ticket: whoever has it may see and give up the ticket, and rate the visit. Stored nowhere."""

import hmac
from functools import lru_cache

from queue_server.api.parts import Parts

KEY_LENGTH = 32


@lru_cache(maxsize=2)
def _keyed(secret: bytes) -> hmac.HMAC:
    # A copy of a keyed hash costs a third of `hmac.digest`, which also lets go of the interpreter each time.
    return hmac.new(secret, digestmod="sha256")


def ticket_key(parts: Parts, ticket: str) -> str:
    """HMAC-SHA256 of the ticket's id under the hall's secret: 128 bits in hex."""
    mac = _keyed(parts.live.config.key.reveal()).copy()
    mac.update(ticket.encode("utf-8", "replace"))
    return mac.hexdigest()[:KEY_LENGTH]


def key_fits(parts: Parts, ticket: str, presented: str) -> bool:
    """Whether this is the ticket's key; takes the same time for every wrong one."""
    return hmac.compare_digest(
        ticket_key(parts, ticket).encode(), presented[: 2 * KEY_LENGTH].encode("utf-8", "replace")
    )


def ticket_url(parts: Parts, ticket: str, key: str) -> str | None:
    """Where the citizen follows the ticket; None without a public address."""
    public = parts.live.config.server.public_url
    return f"{public.rstrip('/')}/t/{ticket}?key={key}" if public else None
