#!/bin/bash
# Takes a base backup, then removes those that are too many, with the log that only they needed.
#
# BACKUP_DIR      where base backups (base/TIME/) and the archived log (wal/) are
# DATABASE_URL    the server, as a role with REPLICATION
# KEEP            how many base backups are kept
# WAL_METHOD      none where the server archives its log to BACKUP_DIR: the backup then waits until it has; stream where it
#                 does not: the backup then holds all that it needs
#
# A backup is named by when it was complete, in UTC: any later moment can be restored from it.
set -euo pipefail
export LC_ALL=C
shopt -s nullglob
base=$BACKUP_DIR/base wal=$BACKUP_DIR/wal

mkdir --parents "$base" "$wal"
# Of a backup that was cut short; two never run at once.
rm --recursive --force "$base"/unfinished
pg_basebackup --dbname "$DATABASE_URL" --no-password --pgdata "$base/unfinished" --format tar --gzip \
  --wal-method "$WAL_METHOD" --checkpoint fast --label colophon
name=$(date --utc +%Y-%m-%dT%H%M%S.%3NZ)
mv --no-target-directory "$base/unfinished" "$base/$name"
sync "$base"
echo "$name is complete: $(du --summarize --human-readable "$base/$name" | cut --fields 1)"

backups=("$base"/*Z)
for old in "${backups[@]:0:$((${#backups[@]} > KEEP ? ${#backups[@]} - KEEP : 0))}"; do
  rm --recursive "$old"
  echo "${old##*/} is removed"
done

# Where the oldest backup that is left begins, the log has to begin. What it is of is in the name's last 16 digits; the
# first 8 are the timeline, and files that tell of timelines stay.
backups=("$base"/*Z)
first=$(tar --extract --gzip --to-stdout --occurrence=1 --file "${backups[0]}/base.tar.gz" backup_label |
  sed --quiet 's/^START WAL LOCATION: .* (file \([0-9A-F]\{24\}\))$/\1/p')
[[ $first =~ ^[0-9A-F]{24}$ ]] || { echo "${backups[0]} does not say where it begins" >&2; exit 1; }
for file in "$wal"/*; do
  segment=${file##*/}
  if [[ $segment =~ ^[0-9A-F]{24}(\.|$) && ${segment:8:16} < ${first:8:16} ]]; then rm "$file"; fi
done
