import pytest

from queue_server.procedures import index, load, search
from tests.procedures.asked import ASKED

SAMPLE = index(load())


@pytest.mark.parametrize(("query", "code"), ASKED, ids=[query for query, _ in ASKED])
def test_what_was_meant_is_among_the_first_three(query: str, code: str) -> None:
    """A kiosk shows three rows without scrolling; whoever does not see theirs goes to ask a clerk."""
    assert code in [hit.procedure.code for hit in search(SAMPLE, query, 3)]
