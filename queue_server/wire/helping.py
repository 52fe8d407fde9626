"""What the guide's own doors answer."""

from datetime import datetime

from msgspec import Struct


class Help(Struct, frozen=True, kw_only=True):
    """Whether a call for a person stands, and since when."""

    open: bool
    since: datetime | None


class QrCode(Struct, frozen=True, kw_only=True):
    """A QR code without its margin of four modules: rows from the top, 1 for a dark module."""

    rows: tuple[str, ...]
