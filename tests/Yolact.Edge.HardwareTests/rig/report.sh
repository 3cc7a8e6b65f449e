#!/usr/bin/env bash
# Puts what the benches measured last between two marks of a page.
#
#   report.sh RESULTS PAGE [--check]     RESULTS holds a folder for each bench; --check: exit code 1 where the page says something else
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
results=$1 page=$2 check=${3:-}
new=$(mktemp)
trap 'rm -f "$new"' EXIT
tables=$(find "$results" -mindepth 2 -maxdepth 2 -name report.md | LC_ALL=C sort)
[ -n "$tables" ] || { echo "hil report: no bench has run anything yet" >&2; exit 1; }
{
    sed '/<!-- measured -->/q' "$page"
    for table in $tables; do
        echo
        cat "$table"
    done
    echo
    sed -n '/<!-- \/measured -->/,$p' "$page"
} >"$new"
if [ "$check" = --check ]; then
    diff -u "$page" "$new"
else
    cat "$new" >"$page"
    echo "$page"
fi
