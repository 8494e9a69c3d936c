#!/bin/sh
# Installs the Debian 12 packages that are missing, as root or with sudo; says nothing when none is.
# Usage: install.sh build    what `make run` needs
#        install.sh test     and what `make test` needs
set -eu

build="gcc libc6-dev make meson ninja-build pkg-config python3 libseccomp-dev libjansson-dev
	libsqlite3-dev libpq-dev libsodium-dev libicu-dev libopencc-dev libxml2-dev libyaml-dev
	libzip-dev liboath-dev libqrencode-dev"
test="git libcmocka-dev libmicrohttpd-dev clang libclang-rt-14-dev clang-format-14 clang-tidy-14
	postgresql chromium fonts-noto-cjk curl sqlite3 systemd"

wanted="$build"
# the editor of decision tables is fetched by npm; any Node of 18 or newer will do
command -v node >/dev/null || wanted="$wanted nodejs"
command -v npm >/dev/null || wanted="$wanted npm"
if [ "${1:-}" = test ]; then
	wanted="$wanted $test"
elif [ "${1:-}" != build ]; then
	echo "usage: install.sh build|test" >&2
	exit 2
fi

missing=""
for package in $wanted; do
	case "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" in
	installed) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
	as_root="sudo"
	command -v sudo >/dev/null || {
		echo "These packages are missing, and neither root nor sudo is at hand:$missing" >&2
		exit 3
	}
fi
echo "Installing:$missing" >&2
log=$(mktemp)
# PostgreSQL's own cluster is not wanted: the tests start one of their own
if $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >"$log" 2>&1 &&
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends \
		$missing >>"$log" 2>&1; then
	rm -f "$log"
else
	tail -20 "$log" >&2
	echo "apt-get failed; all of it stands in $log" >&2
	exit 3
fi
