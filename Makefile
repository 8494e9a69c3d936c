# The two commands people need, and two for those who work on it. Everything else is meson's.
#   make run     installs what is missing, builds, makes the demo city if there is none, serves it
#   make test    installs what is missing, builds with sanitizers, runs every test
#   make build   the release binary build/anwang
#   make bench   measures, prints ratios, writes bench/results/*.json
#   make torture [NAME...]  kills, cuts the power, fills the disk; prints what was lost (docs/reliability.md)
#   make fuzz    each parser's fuzz target for ten minutes, one after the other (tools/fuzz.py --help)
#   make static  clang-tidy and gcc -fanalyzer over src/
#   make threads the tests with threads and a served city under ThreadSanitizer
# what stands behind torture is the names of tortures, and no target
NAMES := $(if $(filter torture,$(firstword $(MAKECMDGOALS))),$(wordlist 2,99,$(MAKECMDGOALS)))
PORT ?= 8080
LISTEN ?= 127.0.0.1:$(PORT)

.PHONY: run test build bench torture fuzz static threads $(NAMES)
.DEFAULT_GOAL := build

run:
	@tools/install.sh build
	@$(MAKE) -s build
	@exec tools/run.sh $(LISTEN)

test:
	@tools/install.sh test
	@exec tools/test.py

build:
	@tools/get_editor.sh
	@[ -f build/build.ninja ] || meson setup build --buildtype=release -Dtests=false >/dev/null
	@ninja -C build --quiet anwang

bench: build
	@exec bench/run.py

torture: build
	@exec tests/torture/run.py $(NAMES)

fuzz:
	@exec tools/fuzz.py --seconds 600

static:
	@exec tools/check_static.py

threads:
	@exec tools/check_threads.py

$(NAMES):
	@:
