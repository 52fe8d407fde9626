"""The closed lists of reasons. A code stands in the event; what else a person writes is a word of the side table."""

CALL = frozenset({"appointment", "came-back", "escorted", "keypad", "mistake", "on-behalf", "priority", "urgent"})
"""Why a clerk may call a number out of order; there is no `other` here, because these are counted against the clerk."""

OTHER = "other"

TRANSFER = frozenset({"escalation", "next-step", "wrong-service", "workload", "return", OTHER})
AWAY = frozenset({"copy", "fee", "form", "missing-paper", "signature", OTHER})
CANCEL = frozenset({"citizen-left", "duplicate", "mistake", "undo", "wrong-service", OTHER})
PAUSE = frozenset({"break", "consultation", "meeting", "technical", OTHER})
MANAGE = frozenset({"absence", "load", "mistake", "technical", "served-by-hand", OTHER})
"""Why a manager changes counters or services."""
MOVE = frozenset({"guide", "wrong-service", OTHER})
