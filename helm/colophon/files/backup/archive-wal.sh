#!/bin/bash
# PostgreSQL's archive_command: puts one finished file of its log into the archive.
#
# Usage: archive-wal.sh FILE TARGET.gz
#
# Succeeds once the target is on disk, whole. PostgreSQL asks again for what it does not know to be archived, for instance
# after a crash: the same content is then fine, another content under the same name never is.
set -euo pipefail
file=$1 target=$2

if [[ -e $target ]]; then
  gunzip --stdout "$target" | cmp --silent - "$file" && exit
  echo "$target holds something else than $file: two servers must not share an archive" >&2
  exit 1
fi
mkdir --parents "${target%/*}"
# A segment that archive_timeout ended early is mostly zeroes: compressed, it is small.
gzip --fast --stdout "$file" > "$target.unfinished"
sync "$target.unfinished"
mv "$target.unfinished" "$target"
sync "${target%/*}"
