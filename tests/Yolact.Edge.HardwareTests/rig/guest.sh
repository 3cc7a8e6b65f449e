#!/usr/bin/env bash
# Makes the guest, kernel and disk, unless it is there: about two minutes.
#
#   guest.sh CACHE          prints the guest's folder below CACHE, whose name follows from the files that it is made from
#
# Debian's updates make no new guest: remove the folder for that. Only the newest one is kept.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
mkdir -p "$1"
cache=$(cd "$1" && pwd)
cd "$(dirname "$0")"

made_from=$(find kernel.sh initrd.sh disk.sh lines.c clock.c guest -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
folder=$cache/guest-$made_from
exec 9>"$cache/lock"
flock 9
if [ ! -e "$folder/base.qcow2" ]; then
    rm -rf "$cache"/guest-*
    # It gets its name when it is whole.
    mkdir "$folder.part" 2>/dev/null || { rm -rf "$folder.part" && mkdir "$folder.part"; }
    root=$([ "$(id -u)" -eq 0 ] || echo sudo)
    ./kernel.sh "$folder.part" >&2
    ./initrd.sh "$folder.part" >&2
    $root ./disk.sh "$folder.part" >&2
    [ -z "$root" ] || $root chown -R "$(id -u):$(id -g)" "$folder.part"
    mv "$folder.part" "$folder"
fi
echo "$folder"
