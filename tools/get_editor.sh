#!/bin/sh
# Puts dmn-js, the editor of decision tables, into assets/ (dmn.js, dmn.css, dmn-license.txt), where the
# build embeds it: fetched by npm as editor/package-lock.json says, no script of it run. Silent when it is
# there. Without npm, or when nothing can be fetched, it says so and the build goes on: the policy pages
# then edit tables as text.
set -eu
cd "$(dirname "$0")/.."

wanted=$(sed -n 's/.*"dmn-js": "\(.*\)".*/\1/p' editor/package.json)
if [ -s assets/dmn.js ] && [ "$(sed -n 1p assets/dmn-license.txt)" = "dmn-js $wanted" ]; then
	exit 0
fi
without() {
	echo "$1: built without the editor of decision tables (dmn-js $wanted)" >&2
	exit 0
}
command -v npm >/dev/null || without "npm is not installed"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp editor/package.json editor/package-lock.json editor/.npmrc "$work"
(cd "$work" && npm ci --ignore-scripts --silent >npm.log 2>&1) || without "npm could not fetch it"

from="$work/node_modules/dmn-js"
style="$work/dmn.css"
for name in diagram-js dmn-js-shared dmn-js-drd dmn-js-decision-table dmn-js-decision-table-controls \
	dmn-js-literal-expression dmn-js-boxed-expression dmn-js-boxed-expression-controls; do
	cat "$from/dist/assets/$name.css"
	echo
done >"$style"
# its symbols: one font, in the sheet itself, for the pages load no file from a sheet
{
	printf "@font-face { font-family: 'dmn'; src: url('data:font/woff2;base64,"
	base64 "$from/dist/assets/dmn-font/font/dmn.woff2" | tr -d '\n'
	printf "') format('woff2'); }\n"
	awk '/^@font-face/ { skip = 1 } !skip { print } /^}/ { skip = 0 }' \
		"$from/dist/assets/dmn-font/css/dmn.css"
} >>"$style"
{
	echo "dmn-js $wanted"
	echo
	cat "$from/LICENSE"
} >"$work/license.txt"
cp "$style" assets/dmn.css
cp "$work/license.txt" assets/dmn-license.txt
# last: it says that all is there
cp "$from/dist/dmn-modeler.production.min.js" assets/dmn.js
