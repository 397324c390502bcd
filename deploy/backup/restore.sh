#!/bin/sh
# Fills empty databases and a folder of blobs from what backup.sh has made, while no service runs; tables get the owners that they had:
#     PGHOST=… PGUSER=… PGPASSWORD=… deploy/backup/restore.sh /backups/2026-11-28 /data/blobs
# Then lets all events be sent again. Each handler takes an event once, whatever it has had, so what one of the dumps had not handled
# yet is done when the services start.
set -eu

source=${1:?the folder of the backup} blobs=${2:?the folder of blobs} databases=${LICET_DATABASES:-licet_}
(cd "$source" && sha256sum --check --quiet SHA256SUMS)

for service in gateway obligations policy_eval sbom_ingest; do
  pg_restore --exit-on-error --single-transaction --dbname="$databases$service" "$source/$service.dump"
done
mkdir -p "$blobs"
tar -C "$blobs" -xf "$source/blobs.tar"
for service in gateway obligations policy_eval sbom_ingest; do
  psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname="$databases$service" --command="UPDATE outbox SET sent_at = NULL"
done
