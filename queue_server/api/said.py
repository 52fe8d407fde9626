"""What persons say: it goes to the side table, and only a salted digest of it into the event."""

import hashlib
import secrets
from collections.abc import Mapping

from queue_server.core import reasons
from queue_server.journal.port import Word


class Said:
    """The words of one request, under one salt."""

    def __init__(self) -> None:
        self._salt = ""
        self._words: list[Word] = []

    def add(self, name: str, value: str | None) -> None:
        """Take a word down; nothing where nothing was said."""
        if not value:
            return
        self._salt = self._salt or secrets.token_hex(16)
        self._words.append(Word(name=name, salt=self._salt, value=value))

    def add_dossiers(self, dossiers: tuple[str | None, ...]) -> None:
        """Take down the dossiers' codes under their positions."""
        for position, code in enumerate(dossiers):
            self.add(f"dossier.{position}", code)

    def reason(self, text: str, known: frozenset[str], otherwise: str = reasons.OTHER) -> str:
        """The code that stands in the event: the text itself if it is one, else `otherwise` and the text as a word."""
        if text in known:
            return text
        self.add("reason", text)
        return otherwise if not text else reasons.OTHER

    def commitments(self) -> dict[str, str]:
        """What the event holds of the words."""
        return {one.name: hashlib.sha256(f"{one.salt}|{one.value}".encode()).hexdigest() for one in self._words}

    def words(self, subject: str = "") -> Mapping[str, tuple[Word, ...]]:
        """The words as the engine takes them: of one ticket, or of the first event that commits to any."""
        return {subject: tuple(self._words)} if self._words else {}
