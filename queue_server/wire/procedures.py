"""The catalogue of procedures as it is served. What nobody has told us is null: screens say "ask at the counter"."""

from datetime import date

from msgspec import Struct

from queue_server.wire.fields import Bilingual

QUERY_LENGTH_MAX = 1000
"""Characters of a query that are taken; of these the first 200 are looked at, and `cut` says when there were more."""
LIMIT_DEFAULT, LIMIT_MAX = 10, 50


class Procedure(Struct, frozen=True, kw_only=True):
    """One procedure; facts are in Vietnamese, as its source gives them."""

    code: str
    name: str
    """The full legal name, never cut; over 1,000 characters in places."""
    short_name: Bilingual
    """What a row or a key shows."""
    field: str | None
    level: str | None
    papers: tuple[str, ...]
    """Empty when nobody has told us."""
    fee: str | None
    time_limit: str | None
    online: bool
    """It is known that it can be done online; false says nothing."""
    decision: str | None
    """The number of the decision that published it."""
    decision_date: date | None
    same_day_cutoff: str | None
    """`15:00`: received later, the result comes on the next working day."""


class Procedures(Struct, frozen=True, kw_only=True):
    """What was found, the likeliest first; without a query the most common ones."""

    procedures: tuple[Procedure, ...]
    source: str
    snapshot_date: date
    cut: bool
    """Only the beginning of the query was looked at."""
