"""Procedures that were found, as anybody may see them."""

from collections.abc import Sequence

from queue_server.procedures import Catalogue, Hit, Procedure
from queue_server.wire import procedures as wire
from queue_server.wire.fields import Bilingual


def procedures_view(catalogue: Catalogue, hits: Sequence[Hit], *, is_cut: bool) -> wire.Procedures:
    """What was found, with where it is from and of which day."""
    return wire.Procedures(
        procedures=tuple(procedure_view(one.procedure) for one in hits),
        source=catalogue.source,
        snapshot_date=catalogue.snapshot_date,
        cut=is_cut,
    )


def procedure_view(procedure: Procedure) -> wire.Procedure:
    """One procedure; where its short name has no English, the Vietnamese stands for it."""
    cutoff = procedure.same_day_cutoff
    short = procedure.short_name
    return wire.Procedure(
        code=procedure.code,
        name=procedure.name,
        short_name=Bilingual(vi=short.vi, en=short.en or short.vi),
        field=procedure.field or None,
        level=procedure.level or None,
        papers=procedure.papers,
        fee=procedure.fee or None,
        time_limit=procedure.time_limit or None,
        online=procedure.is_online,
        decision=procedure.decision or None,
        decision_date=procedure.decision_date,
        same_day_cutoff=None if cutoff is None else cutoff.strftime("%H:%M"),
    )
