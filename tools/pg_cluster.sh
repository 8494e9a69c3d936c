#!/bin/sh
# A private PostgreSQL for tests: on a unix socket, without the disk's guarantees, as nobody's root.
#
# Usage: pg_cluster.sh start DIR   makes DIR, starts, prints the URL of its database
#        pg_cluster.sh stop DIR    stops it and deletes DIR
#        pg_cluster.sh with CMD... starts one in a temporary folder, runs CMD with ANWANG_PG set to
#                                  its URL, stops it; exit is CMD's
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "pg_cluster.sh: install the package postgresql" >&2; exit 3; }

# postgres refuses to run as root
as_user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups env -C / "$@"
	else
		"$@"
	fi
}

start() {
	mkdir -p "$1"
	chmod 0711 "$1"
	if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$1"; fi
	as_user "$bin/initdb" -D "$1/data" -U anwang -A trust -E UTF8 --locale=C --no-sync \
		>"$1/initdb.log" 2>&1 || { cat "$1/initdb.log" >&2; exit 3; }
	# in its file, not on its command line: what stands there no test could set otherwise
	as_user tee -a "$1/data/postgresql.conf" >/dev/null <<-END
		unix_socket_directories = '$1'
		listen_addresses = ''
		fsync = off
		full_page_writes = off
		max_connections = 80
	END
	as_user "$bin/pg_ctl" -D "$1/data" -l "$1/data/log" -w -t 60 -s start || { cat "$1/data/log" >&2; exit 3; }
	as_user "$bin/createdb" -h "$1" -U anwang anwang
	echo "postgresql:///anwang?host=$1&user=anwang"
}

stop() {
	as_user "$bin/pg_ctl" -D "$1/data" -m immediate -s stop || true
	rm -rf "$1"
}

case "${1:-}" in
start) start "$2" ;;
stop) stop "$2" ;;
with)
	shift
	dir=$(mktemp -d /tmp/anwang-pg-XXXXXX)
	trap 'stop "$dir"' EXIT
	trap 'exit 3' INT TERM
	ANWANG_PG=$(start "$dir")
	export ANWANG_PG
	"$@"
	;;
*)
	sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
