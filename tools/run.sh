#!/bin/sh
# Makes the demo city in ./var if there is none, and serves it. Usage: run.sh HOST:PORT
set -eu
cd "$(dirname "$0")/.."
db=sqlite:var/demo.db
policy=policy/keelung

mkdir -p var
if [ ! -f var/demo.done ]; then
	rm -f var/demo.db*
	build/anwang init --db "$db" --policy "$policy"
	build/anwang demo --db "$db" --policy "$policy"
	touch var/demo.done
else
	build/anwang init --db "$db" --policy "$policy" 2>/dev/null
fi
exec build/anwang serve --db "$db" --policy "$policy" --listen "$1" --witness var/witness.txt
