-- The contract's six columns, no more: this table and its text are what auditors read.
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- A start finds its day here, however old the hall is.
CREATE INDEX event_day_opened ON event (sequence) WHERE kind = 'day-opened';

-- Words of persons. Deleting them leaves the chain whole.
CREATE TABLE side (
    sequence INTEGER NOT NULL,
    name TEXT NOT NULL,
    salt TEXT NOT NULL,
    value TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (sequence, name)
) WITHOUT ROWID;

-- Answers for repeated requests. The instant leads the key, so that rows that are written together lie together:
-- with the digest alone as key, a batch of 128 took twice as long.
CREATE TABLE kept (
    at TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (at, key)
) WITHOUT ROWID;

-- A door for one statement that writes into all three tables or into none.
-- `head` is an event's own sequence, a word's event, or the head under which an answer is kept.
CREATE VIEW batch (part, head, a, b, c, d, e) AS SELECT 0, 0, 0, 0, 0, 0, 0 WHERE 0;

CREATE TRIGGER batch_event INSTEAD OF INSERT ON batch WHEN NEW.part = 'event' BEGIN
    SELECT RAISE(ABORT, 'outrun') WHERE (SELECT coalesce(max(sequence), 0) FROM event) IS NOT NEW.head - 1;
    INSERT INTO event (sequence, at, kind, version, body, hash) VALUES (NEW.head, NEW.a, NEW.b, NEW.c, NEW.d, NEW.e);
END;

CREATE TRIGGER batch_side INSTEAD OF INSERT ON batch WHEN NEW.part = 'side' BEGIN
    INSERT INTO side (sequence, name, salt, value, subject) VALUES (NEW.head, NEW.a, NEW.b, NEW.c, NEW.d);
END;

CREATE TRIGGER batch_kept INSTEAD OF INSERT ON batch WHEN NEW.part = 'kept' BEGIN
    SELECT RAISE(ABORT, 'outrun') WHERE (SELECT coalesce(max(sequence), 0) FROM event) IS NOT NEW.head;
    INSERT INTO kept (at, key, request, status, answer) VALUES (NEW.a, NEW.b, NEW.c, NEW.d, CAST(NEW.e AS BLOB));
END;

PRAGMA application_id = 0x444c4a31;
