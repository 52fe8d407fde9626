"""Secrets that we hand out, the digests that we keep of them, and opaque ids.

A secret has 32 random bytes, so one SHA-256 is enough to keep it: nothing can be guessed from the digest, and a look-up
by digest tells nothing by its timing. Passwords, which people choose, are hashed slowly in `passwords`.
"""

import base64
import hashlib
import hmac
import secrets

TOKEN_PREFIX = "dl_"  # noqa: S105  # Not a secret: it lets scanners of leaked files know a token of ours.
SECRET_BYTES = 32


class Secret(str):
    """Text that a repr, and so a log line or a traceback of a value that holds it, shows as `***`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def new_token() -> Secret:
    """A bearer token: `dl_` and 43 characters."""
    return Secret(TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES))


def new_secret() -> Secret:
    """The secret of a session or of a pairing: 43 characters."""
    return Secret(secrets.token_urlsafe(SECRET_BYTES))


def new_id(prefix: str) -> str:
    """An opaque id such as `t-4fz2kq7m`: 40 bits by chance, 8 characters that are easy to read aloud."""
    return f"{prefix}-{base64.b32encode(secrets.token_bytes(5)).decode().lower()}"


def digest_of(presented: str) -> bytes:
    """What is kept of a secret, and what the directory is asked with. Takes any text that a header can bring."""
    return hashlib.sha256(presented.encode("utf-8", "surrogatepass")).digest()


def csrf_of(session: str) -> Secret:
    """The word that a page must send with every change made in this session.

    It is derived from the cookie's secret and kept nowhere; whoever has only the database cannot make it.
    """
    mac = hmac.digest(session.encode("utf-8", "surrogatepass"), b"denluot csrf", "sha256")
    return Secret(base64.urlsafe_b64encode(mac).rstrip(b"=").decode())


def csrf_matches(session: str, presented: str) -> bool:
    """Whether the word belongs to the session; takes the same time for every wrong word."""
    return hmac.compare_digest(csrf_of(session).encode(), presented.encode("utf-8", "surrogatepass"))
