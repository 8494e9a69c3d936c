#!/bin/sh
# Checks that every C file of the project is as clang-format 14 writes it; fails when it saw none.
# Usage: check_format.sh [DIR]    DIR: the project, or a copy of it
set -eu
cd "${1:-$(dirname "$0")/..}"
files=$(find src tests fuzz -name '*.[ch]' 2>/dev/null | sort)
[ -n "$files" ] || { echo "no C file seen: nothing was checked"; exit 1; }
# shellcheck disable=SC2086 -- names hold no spaces
clang-format-14 --dry-run --Werror $files
echo "$(echo "$files" | wc -l) files"
