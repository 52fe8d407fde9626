"""The rules in force, as far as pages must know them to speak in names instead of ids."""

from collections.abc import Mapping
from datetime import datetime

from queue_server.core.board import Board, Counter, rules_of
from queue_server.core.ids import Actor
from queue_server.core.rules import PriorityGroup
from queue_server.views.counters import counter_state
from queue_server.views.names import bilingual
from queue_server.wire import naming
from queue_server.wire.fields import Bilingual

Names = Mapping[Actor, str]
"""Who is who, by opaque id."""


def hall_view(board: Board, *, at: datetime, names: Names) -> naming.Hall:
    """Services, counters and priority groups by name; the day must be open."""
    rules = rules_of(board)
    return naming.Hall(
        name=bilingual(rules.name),
        at=at,
        languages=rules.languages,
        services=tuple(
            naming.HallService(
                id=one.rules.id,
                name=bilingual(one.rules.name),
                prefix=one.rules.prefix,
                expected_service_s=one.rules.expected_service_s,
            )
            for one in board.services.values()
        ),
        counters=tuple(_counter(board, one, names) for one in board.counters.values()),
        priority=tuple(_group(one) for one in rules.priority if one.from_day <= at.date() <= one.to_day),
        min_service_s=rules.settings.min_service_s,
        absent_return_minutes=rules.settings.absent_return_minutes,
        default_transfer=rules.settings.default_transfer,
        procedures=True,
    )


def _counter(board: Board, counter: Counter, names: Names) -> naming.HallCounter:
    return naming.HallCounter(
        number=counter.rules.number,
        label=counter.rules.label,
        zone=counter.rules.zone,
        services=counter.services,
        state=counter_state(board, counter),
        clerk=None if counter.clerk is None else names.get(counter.clerk),
    )


def _group(group: PriorityGroup) -> naming.HallGroup:
    proof = bilingual(group.proof) if group.proof.vi else Bilingual(vi="", en="")
    return naming.HallGroup(
        group=group.group, label=bilingual(group.label), proof=proof, legal_basis=group.legal_basis, rank=group.rank
    )
