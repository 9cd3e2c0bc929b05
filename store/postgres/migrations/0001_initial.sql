-- The models' tables, and the bytes of files. Sealed bytes cannot be compressed; ids and digests are in no
-- statistics, which would keep some of them after their rows went.
CREATE TABLE slot (
    id bytea PRIMARY KEY,
    day date NOT NULL,
    state integer NOT NULL,
    record bytea NOT NULL,
    expires date
);
CREATE TABLE body (
    id bytea PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    envelope bytea NOT NULL
);
CREATE TABLE blob (
    id bytea PRIMARY KEY,
    size bigint NOT NULL,
    day date NOT NULL,
    kept boolean NOT NULL,
    settled boolean NOT NULL,
    expires date,
    claims integer NOT NULL DEFAULT 0
);
CREATE INDEX blob_kept_day_size_expires ON blob (kept, day, size, expires);
CREATE TABLE reply (
    id bytea PRIMARY KEY,
    day date NOT NULL,
    envelope bytea NOT NULL,
    expires date NOT NULL
);
CREATE TABLE mark (
    thing bytea NOT NULL,
    desk bytea NOT NULL,
    PRIMARY KEY (thing, desk)
);
CREATE TABLE desk (
    sign bytea PRIMARY KEY,
    seq bigint NOT NULL,
    manifest bytea NOT NULL
);
CREATE TABLE refused (
    slot bytea NOT NULL,
    desk bytea NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (slot, desk)
);
CREATE TABLE signer (
    sign bytea PRIMARY KEY,
    day date NOT NULL
);
CREATE TABLE trusted (
    id integer PRIMARY KEY,
    keys bytea NOT NULL
);
CREATE TABLE failure (
    day date NOT NULL,
    kind text NOT NULL,
    place text NOT NULL,
    count integer NOT NULL,
    PRIMARY KEY (day, kind, place)
);
-- The bytes of files, some at a time.
CREATE TABLE piece (
    blob bytea NOT NULL,
    number integer NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (blob, number)
);
-- Files of which some pieces are here, and no row yet. writer: what a reply's file tells its writer by; a
-- report's has none, since nobody else knows its id.
CREATE TABLE arriving (
    id bytea PRIMARY KEY,
    size bigint NOT NULL,
    day date NOT NULL,
    writer bytea
);
-- What was last done on which day.
CREATE TABLE done (
    what text PRIMARY KEY,
    day date NOT NULL
);
ALTER TABLE slot ALTER COLUMN record SET STORAGE EXTERNAL;
ALTER TABLE body ALTER COLUMN envelope SET STORAGE EXTERNAL;
ALTER TABLE reply ALTER COLUMN envelope SET STORAGE EXTERNAL;
ALTER TABLE trusted ALTER COLUMN keys SET STORAGE EXTERNAL;
ALTER TABLE piece ALTER COLUMN data SET STORAGE EXTERNAL;
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
            AND a.attnum > 0 AND a.atttypid = 'bytea'::regtype
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', each.relname, each.attname);
    END LOOP;
END
$$;
