"""The hall's memory: an append-only, hash-chained journal of events, and the few tables beside it."""
