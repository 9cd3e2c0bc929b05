-- What each web machine tells of itself, so that the doctor can compare them, and which of them has swept.
CREATE TABLE machine (
    name text NOT NULL,
    host bytea NOT NULL,
    day date NOT NULL,
    release text NOT NULL,
    texts bytea NOT NULL,
    static bytea NOT NULL,
    form_keys bytea NOT NULL,
    team integer NOT NULL,
    swept date,
    PRIMARY KEY (name, host)
);
ALTER TABLE machine ALTER COLUMN host SET STATISTICS 0;
ALTER TABLE machine ALTER COLUMN texts SET STATISTICS 0;
ALTER TABLE machine ALTER COLUMN static SET STATISTICS 0;
ALTER TABLE machine ALTER COLUMN form_keys SET STATISTICS 0;
