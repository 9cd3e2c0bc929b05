#!/bin/sh
# /etc/patroni/first-start.sh: called once by Patroni, as postgres, when the first database machine has made the
# cluster. Makes the site's role and its empty database; who may be that role is in patroni.yml (pg_hba).
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$1" <<'SQL'
SET synchronous_commit TO local; -- the other two machines are not there yet
CREATE ROLE vigil LOGIN CONNECTION LIMIT 80;
CREATE DATABASE vigil OWNER vigil TEMPLATE template0;
REVOKE ALL ON DATABASE vigil FROM PUBLIC;
-- The nightly sweep lets go of the log of changes, and the doctor sees how the copies do.
GRANT pg_checkpoint, pg_monitor TO vigil;
-- Patroni takes no less than 16 MB, and 128 where nothing is said: what the sweep let go of would stay. This counts after
-- its file, and every copy has it too.
ALTER SYSTEM SET wal_keep_size = 0;
SELECT pg_reload_conf() \g /dev/null
\connect vigil
SET synchronous_commit TO local;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO vigil;
SQL
