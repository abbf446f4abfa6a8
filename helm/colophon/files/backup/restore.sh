#!/bin/bash
# Lays a base backup where PostgreSQL's data are to be, so that the server restores a moment when it starts next.
#
# BACKUP_DIR           where base backups (base/TIME/) and the archived log (wal/) are
# PGDATA               the server's data directory; what is there is put aside, not removed
# RESTORE_TO           the moment, e.g. 2026-11-29 14:00:00+00; the end of the log if empty
# RESTORE_FROM         the base backup to begin with, by name; the last that was complete at the moment if empty
# RESTORE_TIMELINE     1, 2, …: which history to follow, as each restore begins another; the latest if empty
# SERVER_IS_GONE       yes: a pid file is what a crashed server left
set -euo pipefail
export LC_ALL=C
shopt -s nullglob

fail() { echo "$1" >&2; exit 1; }

if [[ -e $PGDATA/postmaster.pid && ${SERVER_IS_GONE:-} != yes ]]; then
  fail "A server runs on $PGDATA, or crashed there. Stop it (scale its StatefulSet to 0); if there is none, set SERVER_IS_GONE=yes."
fi
moment=$(date --utc --date "${RESTORE_TO:-now}" +%Y-%m-%dT%H%M%S.%3NZ) || fail "RESTORE_TO is no time: $RESTORE_TO"
chosen=
for backup in "$BACKUP_DIR"/base/${RESTORE_FROM:-*Z}; do
  if [[ -d $backup && ! ${backup##*/} > $moment ]]; then chosen=$backup; fi
done
[[ -n $chosen ]] || fail "No base backup was complete at $moment. There are: $(cd "$BACKUP_DIR" && echo base/*Z)"

unpacked=$PGDATA.restored
rm --recursive --force "$unpacked"
mkdir --parents --mode 0700 "$unpacked"
tar --extract --gzip --file "$chosen/base.tar.gz" --directory "$unpacked"
if [[ -e $chosen/pg_wal.tar.gz ]]; then tar --extract --gzip --file "$chosen/pg_wal.tar.gz" --directory "$unpacked/pg_wal"; fi

# What an earlier restore has set would otherwise hold again.
sed --in-place '/^\(restore_command\|recovery_target\)/d' "$unpacked/postgresql.auto.conf"
{
  echo "restore_command = 'gunzip --stdout $BACKUP_DIR/wal/%f.gz > %p'"
  echo "recovery_target_timeline = '${RESTORE_TIMELINE:-latest}'"
  if [[ -n ${RESTORE_TO:-} ]]; then
    echo "recovery_target_time = '$RESTORE_TO'"
    echo "recovery_target_action = promote"
  fi
} >> "$unpacked/postgresql.auto.conf"
touch "$unpacked/recovery.signal"

if [[ -e $PGDATA ]]; then
  aside=$PGDATA.before-$(date --utc +%Y-%m-%dT%H%M%S.%3NZ)
  mv --no-target-directory "$PGDATA" "$aside"
  echo "What was there is in $aside: remove it when the restore is proven."
fi
mv --no-target-directory "$unpacked" "$PGDATA"
sync
echo "${chosen##*/} is laid out. Start the server: it restores ${RESTORE_TO:-the end of the log}."
