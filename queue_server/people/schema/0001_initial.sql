-- Instants are milliseconds since 1970 in UTC, so that they compare as integers whatever the hall's offset is.
-- What must always hold stands here, in indexes and triggers, so that the server and the command line cannot differ.

CREATE TABLE token (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    role TEXT NOT NULL,
    counter INTEGER,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    issued_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX token_live_name ON token (name_key) WHERE revoked_ms IS NULL;

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    counter INTEGER,
    password TEXT NOT NULL,
    password_number INTEGER NOT NULL DEFAULT 1,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    added_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;

CREATE UNIQUE INDEX person_live_login ON person (login) WHERE ended_ms IS NULL;

CREATE TABLE session (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    person TEXT NOT NULL REFERENCES person (id),
    address TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX session_person ON session (person, opened_ms);

-- Another role, another password or the end of the account ends what was signed in with the old one.
CREATE TRIGGER person_changed_ends_sessions
AFTER UPDATE OF role, password_number, ended_ms ON person
WHEN new.role <> old.role OR new.password_number <> old.password_number OR new.ended_ms IS NOT old.ended_ms
BEGIN
    DELETE FROM session WHERE person = new.id;
END;

-- A person has at most 10 sessions; the oldest gives way.
CREATE TRIGGER session_limit
AFTER INSERT ON session
BEGIN
    DELETE FROM session
    WHERE person = new.person AND id NOT IN (
        SELECT id FROM session WHERE person = new.person ORDER BY opened_ms DESC, rowid DESC LIMIT 10
    );
END;
