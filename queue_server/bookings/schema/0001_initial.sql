-- A booking holds no person: a code, a service and a time. `ticket` is the ticket it was used for, if any.
CREATE TABLE booking (
    code TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    at TEXT NOT NULL,
    ticket TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
