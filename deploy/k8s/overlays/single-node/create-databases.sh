#!/bin/sh
# The image of PostgreSQL runs this once, on an empty data folder: a role and a database of its own for each service.
set -eu
for service in sbom_ingest policy_eval obligations gateway; do
  psql -v ON_ERROR_STOP=1 -v name="licet_$service" -v password="$LICET_DATABASE_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
