"""What a journey adds to the figures: once as a ticket, or once for each visit to a desk."""

from collections.abc import Iterable

from queue_server.reports.figures import Case
from queue_server.reports.journeys import Journey, Visit


def ticket_case(journey: Journey, procedure: str | None = None) -> Case:
    """The whole journey as one ticket; of its dossiers only those of `procedure`, where one is given."""
    visits = journey.visits
    first, rated = visits[0], next((visit for visit in visits if visit.is_rated), None)
    is_inaccurate = any(visit.is_inaccurate for visit in visits)
    is_doubtful = any(visit.is_doubtful for visit in visits)
    counts = journey.end == "served" and not is_inaccurate
    stays = [stay for visit in visits if (stay := visit.stay()) is not None]
    return Case(
        end=journey.end,
        is_inaccurate=is_inaccurate,
        is_doubtful=is_doubtful,
        is_offline=journey.is_offline,
        wait=_wait(first, first.first_from) if counts else None,
        open_hours=first.open_hours,
        before_opening=journey.before_opening,
        is_ended_by_start=first.started is not None,
        crosses_break=first.crosses_break,
        second_waits=_present(_wait(visit, visit.second_from) for visit in visits) if counts else (),
        return_waits=_present(_wait(visit, visit.return_from) for visit in visits) if counts else (),
        service=sum(stays) if counts and stays and not is_doubtful else None,
        is_asked=any(visit.is_asked for visit in visits),
        is_rated=rated is not None,
        answer="" if rated is None else rated.answer,
        dossiers=_dossiers(journey, procedure),
        has_claimed=journey.has_claimed,
        is_confirmed=journey.has_claimed and journey.is_confirmed,
    )


def visit_case(journey: Journey, visit: Visit) -> Case:
    """One visit of a journey. What belongs to the ticket alone stands with its first visit."""
    is_first = visit is journey.visits[0]
    counts = visit.end == "served" and not visit.is_inaccurate
    are_brought = is_first and not any(each.dossiers for each in journey.visits)
    return Case(
        end=visit.end,
        is_inaccurate=visit.is_inaccurate,
        is_doubtful=visit.is_doubtful,
        is_offline=is_first and journey.is_offline,
        wait=_wait(visit, visit.first_from) if counts else None,
        open_hours=visit.open_hours,
        before_opening=journey.before_opening if is_first else 0,
        is_ended_by_start=visit.started is not None,
        crosses_break=visit.crosses_break,
        second_waits=_present([_wait(visit, visit.second_from)]) if counts else (),
        return_waits=_present([_wait(visit, visit.return_from)]) if counts else (),
        service=visit.stay() if counts and not visit.is_doubtful else None,
        is_asked=visit.is_asked,
        is_rated=visit.is_rated,
        answer=visit.answer,
        dossiers=journey.brought if are_brought else len(visit.dossiers),
        has_claimed=is_first and journey.has_claimed,
        is_confirmed=is_first and journey.has_claimed and journey.is_confirmed,
    )


def _wait(visit: Visit, begin: int | None) -> int | None:
    if begin is None or visit.waited_until is None:
        return None
    return max(0, visit.waited_until - begin)


def _present(waits: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(wait for wait in waits if wait is not None)


def _dossiers(journey: Journey, procedure: str | None) -> int:
    named = [dossier for visit in journey.visits for dossier in visit.dossiers] or [""] * journey.brought
    return len(named) if procedure is None else sum(dossier in {procedure, ""} for dossier in named)
