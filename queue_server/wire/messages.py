"""What the server sends on the feed. The tags are literals; a client skips what it does not know (see `codec`)."""

from datetime import datetime

from msgspec import Raw, Struct

from queue_server.wire.fields import Bilingual

SCHEMA = 1
"""The schema that we speak."""
SCHEMA_MIN = 1
"""The oldest schema that we still understand."""
TOO_SLOW = 4408
"""The close code for a screen that does not read."""


class Welcome(Struct, frozen=True, kw_only=True, tag_field="kind", tag="welcome"):
    """The first message: the versions the server speaks, where the journal stands and what time it is."""

    schema: int = SCHEMA
    schema_min: int = SCHEMA_MIN
    sequence: int
    now: datetime


class ShowView(Struct, frozen=True, kw_only=True, tag_field="kind", tag="view"):
    """Draw this. The view is carried as it was encoded, once for all screens that see the same."""

    sequence: int
    view: Raw


class Audio(Struct, frozen=True, kw_only=True, gc=False):
    """Where the spoken announcement can be fetched; null where there is no voice."""

    vi: str | None = None
    en: str | None = None


class Announce(Struct, frozen=True, kw_only=True, tag_field="kind", tag="announce"):
    """Show and speak a call. A screen that has this sequence already says nothing."""

    sequence: int
    number: int
    shown: str
    counter: int
    label: str
    repeat: bool
    text: Bilingual
    audio: Audio


Message = Welcome | ShowView | Announce
