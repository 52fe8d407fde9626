"""The small types that bodies and views share, each with its limit, so that a refusal names the field and the bound."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

ITEMS_MAX = 99
"""Items, dossiers and procedures' outcomes of one ticket."""
PROCEDURES_MAX = 20
SERVICES_MAX = 100
"""Services of one counter."""
LEASE_NUMBERS_MAX = 1000
"""Numbers in one request; the hall's own `lease_max` is usually lower."""
REASON_MAX = 500
"""Characters of a free-text reason."""

ServiceName = Annotated[str, Meta(min_length=1, max_length=64)]
GroupName = Annotated[str, Meta(min_length=1, max_length=64)]
LanguageTag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
ProcedureCode = Annotated[str, Meta(min_length=1, max_length=64)]
DossierCode = Annotated[str, Meta(min_length=1, max_length=200)]
"""As it was scanned or typed; its shape is never a reason to refuse it."""
PersonHash = Annotated[str, Meta(min_length=1, max_length=128)]
"""A hash that the kiosk makes afresh for each day; never a name or a card number."""
TicketName = Annotated[str, Meta(min_length=1, max_length=64)]
AskName = Annotated[str, Meta(min_length=1, max_length=64)]
Key = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=1, le=999_999)]
CounterName = Annotated[int, Meta(ge=1, le=999)]
Items = Annotated[int, Meta(ge=1, le=ITEMS_MAX)]
Instant = Annotated[datetime, Meta(tz=True)]
"""RFC 3339 with an offset; an instant without one is refused."""

Reason = Annotated[str, Meta(max_length=REASON_MAX)]
NeededReason = Annotated[str, Meta(min_length=1, max_length=REASON_MAX)]
Procedures = Annotated[tuple[ProcedureCode, ...], Meta(max_length=PROCEDURES_MAX)]
Dossiers = Annotated[tuple[DossierCode, ...], Meta(max_length=ITEMS_MAX)]

Outcome = Literal["received", "supplement", "refused", "extended", "result", "guidance"]
TicketState = Literal["waiting", "called", "serving", "finished", "held", "away", "absent", "cancelled", "expired"]
CounterState = Literal["closed", "open", "calling", "serving", "paused"]
ServiceState = Literal["open", "paused", "no-numbers", "closed"]
Role = Literal["kiosk", "display", "clerk", "guide", "manager", "auditor", "admin", "device", "observer"]


class Bilingual(Struct, frozen=True, gc=False):
    """A text for people, Vietnamese first."""

    vi: str
    en: str


class CounterDay(Struct, frozen=True, kw_only=True, gc=False):
    """What the counter did today."""

    served: int
    service_mean_s: int | None
    """Mean service time, doubtful visits left out; null before the first."""
    absent: int
    opened_at: datetime | None
