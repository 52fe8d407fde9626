"""The catalogue of procedures: what may be asked for, a dated snapshot, searched in a citizen's own words."""

from queue_server.procedures.catalogue import ASK_AT_THE_COUNTER, Catalogue, Procedure, Saying, Words, load
from queue_server.procedures.indexing import Index, index
from queue_server.procedures.search import Hit, Query, read_query, search

__all__ = [
    "ASK_AT_THE_COUNTER",
    "Catalogue",
    "Hit",
    "Index",
    "Procedure",
    "Query",
    "Saying",
    "Words",
    "index",
    "load",
    "read_query",
    "search",
]
