#!/bin/sh
# Copies the databases and the blobs of a Licet, which may run meanwhile, into a new folder:
#     PGHOST=… PGUSER=… PGPASSWORD=… deploy/backup/backup.sh /backups/2026-11-28 /data/blobs
# Against the flow of the events, blobs after all: then whatever a later service has heard of is in the dump of the earlier one, and
# every row finds its bytes. Databases are named licet_gateway and so on; LICET_DATABASES is another beginning.
set -eu

target=${1:?the folder to make} blobs=${2:?the folder of blobs} databases=${LICET_DATABASES:-licet_}
[ ! -e "$target" ] || { echo "$target is there already" >&2; exit 1; }
unfinished=$target.unfinished
mkdir "$unfinished"

for service in gateway obligations policy_eval sbom_ingest; do
  pg_dump --format=custom --file="$unfinished/$service.dump" --dbname="$databases$service"
done
# 1: a folder has changed while it was read. Files in it never do.
tar -C "$blobs" --exclude=scratch --exclude='incoming-*' -cf "$unfinished/blobs.tar" . || [ $? -eq 1 ]

(cd "$unfinished" && sha256sum -- *.dump blobs.tar > SHA256SUMS && sync -- *)
mv "$unfinished" "$target"
